from __future__ import annotations

import os
import stat
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from landcheck.errors import LandcheckError, UsageError
from landcheck.model import Finding, Report
from landcheck.report import output_formats
from landcheck.report.options import Options
from landcheck.report.write import destinations, render, write_files


@pytest.fixture(autouse=True)
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


class Broken(tuple[Finding, ...]):
    """Findings that fail to come after the first."""

    __slots__ = ()

    def __iter__(self) -> Iterator[Finding]:
        yield self[0]
        raise KeyboardInterrupt


def test_each_suffix_gets_its_format(report: Report, here: Path) -> None:
    write_files(report, ["a.json", "b.jsonl", "c.csv", "D.MD"], "zh")
    assert sorted(path.name for path in here.iterdir()) == ["D.MD", "a.json", "b.jsonl", "c.csv"]
    assert (here / "a.json").read_text(encoding="utf-8") == "".join(render(report, "json", Options("zh")))
    assert (here / "D.MD").read_text(encoding="utf-8").startswith("# ")
    assert (here / "c.csv").read_bytes().startswith(b"\xef\xbb\xbfrecord,")
    assert b"\xef\xbb\xbf" not in (here / "c.csv").read_bytes()[3:]


def test_a_report_replaces_an_older_one_and_may_be_read_by_others(report: Report, here: Path) -> None:
    (here / "a.json").write_text("old")
    (here / "plain").write_text("")
    write_files(report, ["a.json"], "zh")
    assert (here / "a.json").read_text(encoding="utf-8").startswith("{")
    assert stat.S_IMODE((here / "a.json").stat().st_mode) == stat.S_IMODE((here / "plain").stat().st_mode)


def test_an_interrupted_run_leaves_everything_as_it_was(report: Report, here: Path) -> None:
    (here / "a.json").write_text("old")
    broken = replace(report, findings=Broken(report.findings))
    with pytest.raises(KeyboardInterrupt):
        write_files(broken, ["a.json", "b.csv"], "zh")
    assert [path.name for path in here.iterdir()] == ["a.json"]
    assert (here / "a.json").read_text() == "old"


def test_a_report_that_fails_takes_no_other_with_it(
    report: Report, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls = []

    def full(descriptor: int) -> None:
        calls.append(descriptor)
        if len(calls) == 2:
            raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(LandcheckError, match=r"b\.csv could not be written: No space left on device") as caught:
        write_files(report, ["a.json", "b.csv", "c.md"], "zh")
    assert caught.value.exit_status == 4
    assert sorted(path.name for path in here.iterdir()) == ["a.json", "c.md"]


def test_each_report_that_fails_is_named_whatever_stopped_it(
    report: Report, here: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise KeyError("gone")

    monkeypatch.setattr("landcheck.report.md.pieces", broken)
    monkeypatch.setattr("landcheck.report.ci.junit.pieces", broken)
    (here / "b.md").write_text("old")
    with pytest.raises(LandcheckError) as caught:
        write_files(report, ["a.json", "b.md", "c.junit.xml"], "zh")
    assert caught.value.exit_status == 4
    assert "b.md could not be written" in str(caught.value)
    assert "c.junit.xml could not be written" in str(caught.value)
    assert sorted(path.name for path in here.iterdir()) == ["a.json", "b.md"]
    assert (here / "b.md").read_text() == "old"


@pytest.mark.parametrize(
    ("name", "code"),
    [
        ("a.txt", "report-suffix-unknown"),
        ("a", "report-suffix-unknown"),
        ("folder.json", "report-target-not-a-file"),
        ("parcels.csv/a.json", "report-folder-missing"),
        ("parcels.csv", "report-target-is-input"),
        ("./sub/../parcels.csv", "report-target-is-input"),
        ("link.csv", "report-target-is-input"),
    ],
)
def test_a_place_that_cannot_be_written_to_is_refused_before_any_work(here: Path, name: str, code: str) -> None:
    (here / "folder.json").mkdir()
    (here / "sub").mkdir()
    (here / "parcels.csv").write_text("input")
    (here / "link.csv").symlink_to("parcels.csv")
    with pytest.raises(UsageError) as caught:
        destinations([name], inputs=["parcels.csv"])
    assert caught.value.message.code == code
    for lang in ("zh", "en"):
        assert caught.value.say(lang)


def test_the_same_file_twice_is_refused_however_it_is_spelt() -> None:
    with pytest.raises(UsageError) as caught:
        destinations(["a.json", "./a.json"])
    assert caught.value.message.code == "report-target-twice"


def test_a_folder_without_permission_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "access", lambda *_: False)
    with pytest.raises(UsageError) as caught:
        destinations(["a.json"])
    assert caught.value.message.code == "report-folder-unwritable"


def test_a_suffix_without_a_format_names_those_with_one() -> None:
    with pytest.raises(UsageError, match=r"a\.xls: the suffix names no report format; use one of .*\.xlsx"):
        destinations(["a.xls"])


def test_a_format_whose_library_is_not_installed_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(output_formats, "find_spec", lambda _: None)
    with pytest.raises(UsageError, match=r"a\.pdf: writing PDF takes typst.*landcheck\[pdf\]"):
        destinations(["a.pdf"])
    assert destinations(["a.docx"])


def test_an_unknown_format_for_standard_output_is_refused(report: Report) -> None:
    with pytest.raises(UsageError, match=r"use one of table, plain, json, jsonl, csv, md, github"):
        list(render(report, "xml", Options("en")))


def test_nothing_is_printed(report: Report, capfd: pytest.CaptureFixture[str]) -> None:
    write_files(report, ["a.json", "a.csv", "a.md"], "en", "all")
    for name in ("table", "plain", "github"):
        list(render(report, name, Options("en", "all", colour=True)))
    assert capfd.readouterr() == ("", "")
