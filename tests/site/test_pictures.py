"""The pictures of reports in the documents: of every format for people, small, and drawn by a command."""

from __future__ import annotations

import re
import struct
import subprocess
import zlib
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

ROOT = Path(__file__).parents[2]
SHOWN = re.compile(r"!\[([^]]+)\]\(pictures/([\w.]+)\)")
PAGES = (("reports.md", "people", "en"), ("reports.zh-CN.md", "人", "zh"))


def unpacked(png: bytes) -> np.ndarray:
    """The pixels of a PNG as the command writes them: a palette, no line filtered."""
    parts, rest = {}, png[8:]
    while rest:
        (length,) = struct.unpack(">I", rest[:4])
        name, data = rest[4:8], rest[8 : 8 + length]
        assert struct.unpack(">I", rest[8 + length : 12 + length]) == (zlib.crc32(name + data),)
        parts[name], rest = data, rest[12 + length :]
    columns, rows, depth, colour, *plain = struct.unpack(">IIBBBBB", parts[b"IHDR"])
    assert (depth, colour, plain) == (8, 3, [0, 0, 0])
    lines = np.frombuffer(zlib.decompress(parts[b"IDAT"]), np.uint8).reshape(rows, columns + 1)
    assert not lines[:, 0].any()
    return np.frombuffer(parts[b"PLTE"], np.uint8).reshape(-1, 3)[lines[:, 1:]]


@pytest.mark.parametrize(("name", "people", "lang"), PAGES)
def test_every_format_for_people_has_a_picture_with_words(name: str, people: str, lang: str) -> None:
    text = (ROOT / "docs" / name).read_text(encoding="utf-8")
    rows = re.findall(rf"^\| ([^|]+) \| {people} \|", text, re.MULTILINE)
    formats = {"table", *(suffix for row in rows for suffix in re.findall(r"`\.(\w+)`", row))}
    assert formats == {"table", "html", "xlsx", "docx", "pdf"}
    shown = {picture: words for words, picture in SHOWN.findall(text)}
    assert set(shown) == {f"{one}.{lang}.png" for one in formats}
    assert all(bool(re.search("[\u3400-\u9fff]{4}", words)) == (lang == "zh") for words in shown.values())


def test_every_picture_is_shown_and_small(pictures: ModuleType) -> None:
    named = {picture for path in (ROOT / "docs").glob("*.md") for _, picture in SHOWN.findall(path.read_text("utf-8"))}
    assert named == {path.name for path in pictures.PICTURES.iterdir()}
    assert named == {f"{name}.{lang}.png" for name in pictures.DRAWN for lang in ("zh", "en")}
    for name in named:
        png = (pictures.PICTURES / name).read_bytes()
        assert len(png) <= 120 * 1024, name
        assert unpacked(png).shape[1] == pictures.WIDE


def test_a_picture_of_few_colours_keeps_them_all(pictures: ModuleType) -> None:
    few = np.array([[[255, 255, 255], [200, 0, 0], [255, 255, 255]], [[0, 0, 0], [0, 0, 90], [0, 0, 0]]], np.uint8)
    assert (unpacked(pictures.png(few)) == few).all()


def test_a_colour_that_is_left_out_becomes_the_nearest_of_the_frequent_ones(pictures: ModuleType) -> None:
    alike = np.array([[[250, 250, 250]] * 3 + [[251, 251, 251]] + [[16, 0, 0]]], np.uint8)
    assert unpacked(pictures.png(alike)).tolist() == [[[250, 250, 250]] * 4 + [[16, 0, 0]]]


def test_the_terminal_is_shown_from_its_command_to_the_last_whole_finding(pictures: ModuleType) -> None:
    lines = [
        "\x1b[1;31mVerdict: 1 fail\x1b[0m",
        *[f"  line {at} <b>" for at in range(43)],
        "\x1b[1mparcel A\x1b[0m",
        "x",
    ]
    page = pictures.terminal_page("\n".join([*lines, "  beyond"]))
    assert pictures.first_lines("\n".join([*lines, "  beyond"])) == lines[:-2]
    assert f"<b>$ {' '.join(pictures.COMMAND)}</b>" in page
    assert "Verdict: 1 fail" in page
    assert "line 42 &lt;b&gt;" in page
    assert "parcel A" not in page
    assert f"size: {pictures.WIDE}px {(44 + 2) * 21 + 36}px" in page


def test_the_reports_are_those_of_the_sample_plan(pictures: ModuleType, tmp_path: Path) -> None:
    pictures.write_reports(tmp_path, "zh")
    assert {path.name for path in tmp_path.iterdir()} >= {"report.html", "report.docx", "report.xlsx", "report.ansi"}
    told = (tmp_path / "report.ansi").read_text(encoding="utf-8")
    assert told.startswith("\x1b[")
    assert "不符合 14 项" in told.splitlines()[0]


def test_a_picture_whose_program_is_not_installed_stays_as_it_is(
    pictures: ModuleType, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    (tmp_path / "report.ansi").write_text("  a line", encoding="utf-8")
    (tmp_path / "pdf.zh.png").write_bytes(b"as it was")
    told = list(pictures.draw(tmp_path, "zh", tmp_path))
    lacking = ("chromium", "chromium", "chromium", "pdftoppm", "soffice", "soffice")
    assert len(told) == len(lacking)
    for line, picture, name in zip(told, pictures.DRAWN, lacking, strict=True):
        assert line.startswith(f"{picture}.zh.png stays as it is: {name}")
        assert line.endswith(" is not installed")
    assert (tmp_path / "pdf.zh.png").read_bytes() == b"as it was"
    assert [path.name for path in tmp_path.glob("*.png")] == ["pdf.zh.png"]


def test_the_font_of_the_report_is_known_for_so_long(pictures: ModuleType, tmp_path: Path) -> None:
    before = pictures.os.environ.get("FONTCONFIG_FILE")
    with pictures.fonts_of_the_report(tmp_path):
        listed = pictures.shutil.which("fc-list")
        fonts = (
            subprocess.run([listed], capture_output=True, check=True).stdout.decode() if listed else "Landcheck Sans SC"
        )
        assert "Landcheck Sans SC" in fonts
    assert pictures.os.environ.get("FONTCONFIG_FILE") == before
