"""Documents that are no layers: only ordinary files, only within bounds, only inside their own folder."""

from __future__ import annotations

import errno
import io
import os
import re
import sys
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from types import SimpleNamespace

import pytest

from landcheck import bounded
from landcheck.bounded import DIGITS, ITEMS, KEYS, NESTING, is_inside, octets, reason, toml
from landcheck.cli import config
from landcheck.errors import SHOWN, FaultsError, InputError, LandcheckError, PackError, UsageError
from landcheck.exceptions.baseline import load_baseline
from landcheck.exceptions.register_area import read_area
from landcheck.exceptions.written_register import read_register
from landcheck.messages import Message, catalogue
from landcheck.report.result.decode import load_report
from landcheck.rulebook import load_pack, new_pack

posix = pytest.mark.skipif(sys.platform == "win32", reason="pipes and links of POSIX")
READERS: dict[str, Callable[[str], object]] = {
    "result": load_report, "baseline": load_baseline, "configuration": config.load,
    "register": read_register, "table of a register": read_register,
    "pack": lambda path: load_pack(str(Path(path).parent)),
}  # fmt: skip
NAMES = {"result": "r.json", "baseline": "b.json", "configuration": "c.toml", "register": "w.toml",
         "table of a register": "w.csv", "pack": "pack.toml"}  # fmt: skip


def refused(call: Callable[[], object]) -> LandcheckError:
    with pytest.raises(LandcheckError) as caught:
        call()
    assert caught.value.exit_status in (2, 4)
    return caught.value


def codes(error: LandcheckError) -> set[str]:
    return {error.message.code, *(fault.code for fault in getattr(error, "faults", ()))}


@posix
@pytest.mark.parametrize("reader", READERS)
def test_a_pipe_is_not_waited_for(reader: str, tmp_path: Path) -> None:
    path = tmp_path / NAMES[reader]
    os.mkfifo(path)
    error = refused(lambda: READERS[reader](str(path)))
    assert codes(error) & {"read-no-ordinary-file", "pack-no-header"}


@posix
def test_a_pipe_in_a_pack_is_not_waited_for(tmp_path: Path) -> None:
    new_pack(tmp_path / "mine")
    for name in ("policy.txt", "vocabulary.toml"):
        (tmp_path / "mine" / name).unlink(missing_ok=True)
        os.mkfifo(tmp_path / "mine" / name)
    error = refused(lambda: load_pack(str(tmp_path / "mine")))
    assert isinstance(error, PackError)
    assert [fault.code for fault in error.faults].count("read-no-ordinary-file") == 2


@pytest.mark.parametrize("reader", ["result", "baseline", "configuration", "register"])
def test_a_document_beyond_its_bound_names_file_and_bound(
    reader: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for bound in ("RESULT", "SETTINGS", "REGISTER"):
        for module in ("bounded", "report.result.decode", "exceptions.baseline", "exceptions.written_register"):
            monkeypatch.setattr(f"landcheck.{module}.{bound}", bounded.MEGABYTE, raising=False)
    path = tmp_path / NAMES[reader]
    path.write_bytes(b" " * (bounded.MEGABYTE + 1))
    error = refused(lambda: READERS[reader](str(path)))
    assert error.message.code in {"document-too-large", "document-too-large-result"}
    assert error.message.values["megabytes"] == 1
    assert path.name in str(error)
    path.write_bytes(b" " * bounded.MEGABYTE)
    if reader == "configuration":
        assert READERS[reader](str(path))


def test_large_reads_what_is_beyond_the_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("landcheck.exceptions.baseline.RESULT", 10)
    path = tmp_path / "b.json"
    path.write_text('{"baseline_version": "1", "pack": [], "reading": "threshold", "parameters": {}, "known": []}')
    assert refused(lambda: load_baseline(str(path))).message.code.startswith("document-too-large")
    assert load_baseline(str(path), large=True).findings == {}


def test_standard_input_is_read_within_the_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * 11)))
    assert refused(lambda: octets("-", "-", 10)).message.code == "document-too-large"
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(b"x" * 10)))
    assert octets("-", "-", 10) == b"x" * 10


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("x = " + "[" * (NESTING + 1), "document-nested"), ("x = " + "{a=" * (NESTING + 1), "document-nested"),
        ("a." * NESTING + "b.c = 1", "document-nested"), ("[" + "a . " * NESTING + "b.c]", "document-nested"),
        ("\n".join(f"k{n} = 1" for n in range(KEYS + 1)), "document-keys"),
        ("x = 1" + "0" * DIGITS, "document-digits"), (f"x = 1e{DIGITS}", "document-digits"),
        (f"[a]\nx = [0.{'0' * DIGITS}1]", "document-digits"),
    ],
)  # fmt: skip
def test_what_goes_beyond_a_bound_is_refused(text: str, code: str) -> None:
    error = refused(lambda: toml(text.encode(), "c.toml"))
    assert (error.message.code, type(error)) == (code, UsageError)


def test_within_the_bounds_all_is_read() -> None:
    deep = "x = " + "[" * NESTING + "]" * NESTING
    assert "x" in toml(deep.encode(), "c.toml")
    text = "\ufeffa = '" + "[" * 99 + '\'\r\nb = "\\"' + "{" * 99 + '" # ' + "[" * 99
    assert toml(text.encode(), "c.toml") == {"a": "[" * 99, "b": '"' + "{" * 99}
    assert toml(b'''a = """x\\"\n[[[[""" \nb = 1.50\nc = inf''', "c.toml")["b"] == Decimal("1.50")


def test_a_register_names_no_file_outside_its_folder(tmp_path: Path) -> None:
    inside = tmp_path / "in"
    inside.mkdir()
    (tmp_path / "area.geojson").write_text("{}")
    names = ["../area.geojson", str(tmp_path / "area.geojson"), "PG:dbname=x"]
    if sys.platform != "win32":
        (inside / "link.geojson").symlink_to("../area.geojson")
        names.append("link.geojson")
    for name in names:
        error = refused(lambda name=name: read_area({"polygon": name}, str(inside / "w.toml")))  # type: ignore[misc]
        assert error.message.values["reason"].code == "waiver-polygon-outside"
    assert is_inside(inside / "sub" / "area.geojson", inside)


def test_a_pack_names_no_file_outside_its_folder(tmp_path: Path) -> None:
    new_pack(tmp_path / "mine")
    header = tmp_path / "mine" / "pack.toml"
    (tmp_path / "other.toml").write_text("")
    text = header.read_text(encoding="utf-8")
    header.write_text(text.replace('rules = ["', 'rules = ["../other", "'), encoding="utf-8")
    error = refused(lambda: load_pack(str(tmp_path / "mine")))
    assert "pack-file-outside" in codes(error)


@posix
def test_a_link_in_a_pack_leads_nowhere_else(tmp_path: Path) -> None:
    new_pack(tmp_path / "mine")
    policy = tmp_path / "mine" / "policy.txt"
    policy.rename(tmp_path / "policy.txt")
    policy.symlink_to("../policy.txt")
    assert "pack-file-outside" in codes(refused(lambda: load_pack(str(tmp_path / "mine"))))


def test_a_register_of_very_many_entries_is_refused_and_of_many_faults_the_first_are_told(tmp_path: Path) -> None:
    register = tmp_path / "w.toml"
    register.write_text("[[waiver]]\n" * (ITEMS + 1))
    assert codes(refused(lambda: read_register(str(register)))) == {"document-items"}
    error = FaultsError("waivers-faults", [Message("toml-value")] * (SHOWN + 1234), file="w.toml", count=1)
    lines = error.say("en").splitlines()
    assert len(lines) == 1 + SHOWN + 1
    assert lines[-1] == "  and 1,234 more; correct these and run again"


@pytest.mark.parametrize("name", ["known", "parameters", "pack"])
def test_a_wrong_type_is_told_with_its_place_and_what_belongs_there(name: str, tmp_path: Path) -> None:
    path = tmp_path / "b.json"
    whole = {"baseline_version": '"1"', "pack": "[]", "reading": '"threshold"', "parameters": "{}", "known": "[]"}
    path.write_text("{" + ", ".join(f'"{key}": {value}' for key, value in (whole | {name: "7"}).items()) + "}")
    error = refused(lambda: load_baseline(str(path)))
    wanted = "object" if name == "parameters" else "array"
    assert f"$.{name} must be {wanted}, and is int" in error.say("en")
    assert f"$.{name} 应为 {wanted}，实为 int" in error.say("zh")


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ('lang = zh\n', "第1行第8列：等号后不是 TOML 的值"),
        ('as_of = ', "文件末尾：等号后不是 TOML 的值"),
        ('[map]\n[map]\n', "第2行第5列：同一个键或表写了两次"),
        ('pack = ["auto"\nlang = "zh"', "第2行第1列：引号或括号没有闭合"),
        ('crs = "EPSG', "文件末尾：引号或括号没有闭合"),
        ('lang = "zh" "en"', "第1行第13列：每行应为一个"),
        ('用地面积 = "AREA"', "第1行第1列：每行应为一个"),
        ('encoding = "C:\\quelle"', "第1行第17列：文字中有不允许的字符"),
        ('lang = "\x01"', "第1行第9列：文字中有不允许的字符"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_toml_is_said_in_the_language_of_the_run(text: str, zh: str, tmp_path: Path) -> None:
    for name, read in (("landcheck.toml", config.load), ("w.toml", read_register)):
        (tmp_path / name).write_text(text, encoding="utf-8")
        error = refused(lambda: read(str(tmp_path / name)))  # noqa: B023
        assert f"无法读取（{zh}" in error.say("zh")
        assert re.search(r": (line \d+, column \d+|at the end of the file): [a-z]", error.say("en"))
    new_pack(tmp_path / "mine")
    (tmp_path / "mine" / "far-floor.toml").write_text(text, encoding="utf-8")
    assert zh in refused(lambda: load_pack(str(tmp_path / "mine"))).say("zh")


@pytest.mark.parametrize(
    ("text", "zh"),
    [
        ('{\n "a": }', "第2行第7列起不是 JSON"), ("", "第1行第1列起不是 JSON"),
        ('{"a":' * 100_000 + "1" + "}" * 100_000, "列表和对象的层数太多"),
    ],
)  # fmt: skip
def test_what_is_no_json_is_said_in_the_language_of_the_run(text: str, zh: str, tmp_path: Path) -> None:
    (tmp_path / "r.json").write_text(text)
    for read in (load_report, load_baseline):
        assert f"（{zh}）" in refused(lambda: read(str(tmp_path / "r.json"))).say("zh")  # noqa: B023


def test_a_number_that_python_does_not_read_is_told_by_its_bound(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text("x = " + "9" * 5000)
    assert codes(refused(lambda: config.load(str(tmp_path / "c.toml")))) == {"document-digits"}


def test_a_byte_that_is_no_utf_8_is_told_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "landcheck.toml").write_bytes(b'lang = "zh"\ncrs = "\xb5\xd8"\n')
    error = refused(lambda: config.load(str(tmp_path / "landcheck.toml")))
    assert "第2行有不是 UTF-8 的字节" in error.say("zh")
    assert "a byte in line 2 is not UTF-8" in error.say("en")


@posix
def test_what_the_system_refuses_is_said_in_the_language_of_the_run(tmp_path: Path) -> None:
    loop = tmp_path / "loop.toml"
    loop.symlink_to(loop)
    assert "符号链接循环" in refused(lambda: config.load(str(loop))).say("zh")
    assert "是文件夹，不是文件" in refused(lambda: load_report(str(tmp_path))).say("zh")
    assert "Is a directory" in refused(lambda: load_report(str(tmp_path))).say("en")
    named = {code.removeprefix("os-") for code in catalogue() if code.startswith("os-")}
    for name in named:
        number = getattr(errno, name)
        assert reason(OSError(number, "x")) == Message(f"os-{name}")
        assert Message(f"os-{name}").say("en") == os.strerror(number)
    odd = OSError(errno.EXDEV, os.strerror(errno.EXDEV))
    assert [reason(odd).say(lang) for lang in ("zh", "en")] == [
        "原文：Invalid cross-device link",
        "Invalid cross-device link",
    ]
    assert reason(OSError("of a library")).say("en") == "of a library"


def test_input_errors_stay_input_errors(tmp_path: Path) -> None:
    assert isinstance(refused(lambda: load_report(str(tmp_path))), InputError)
