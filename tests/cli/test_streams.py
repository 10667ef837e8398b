"""What is written on standard output and standard error acts on no terminal and no runner, wherever it came from."""

from __future__ import annotations

import json
import re
import subprocess
import sys
import unicodedata
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = str(ROOT / "sample_parcels" / "small.geojson")
WORD = "x\x1b[31m\n::error::y\r::warning::z\x9b\u202e\u3164 ##[error]w"
QUOTED = json.dumps(WORD, ensure_ascii=True)
COMMAND = re.compile(r"^\s*::|##\w*\[", re.MULTILINE)
HIDDEN = {"Cc", "Cf", "Zl", "Zp"}
WAIVER = f"""[[waiver]]
number = {json.dumps("::error::" + WORD)}
approver = {QUOTED}
reason = {QUOTED}
expires = 2027-01-01
rule = "far-industrial"
parcel = {QUOTED}
"""


def run(start: Callable[..., Any], folder: Path, *arguments: str) -> str:
    ran = start(*arguments, "--lang", "en", cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    out, err = ran.communicate()
    return (out + b"\n" + err).decode("utf-8")


@pytest.mark.skipif(sys.platform == "win32", reason="names that Windows does not allow")
@pytest.mark.parametrize(
    ("files", "arguments"),
    [
        ({"landcheck.toml": f"{QUOTED} = 1"}, ("check", SAMPLE)),
        ({"landcheck.toml": f"[map]\n{QUOTED} = 'x'"}, ("check", SAMPLE)),
        ({"w.toml": f"[[waiver]]\n{QUOTED} = 1"}, ("check", SAMPLE, "--waivers", "w.toml")),
        ({"w.toml": WAIVER}, ("check", SAMPLE, "--waivers", "w.toml")),
        ({"w.toml": WAIVER}, ("check", SAMPLE, "--waivers", "w.toml", "--output-format", "table")),
        ({f"{WORD.replace('/', '')}/pack.toml": f"{QUOTED} = 1"}, ("rules", "test", WORD)),
        ({"r.json": json.dumps({"schema_version": WORD})}, ("report", "r.json")),
        ({}, ("check", WORD)), ({}, ("check", SAMPLE, f"--{WORD}")), ({}, (WORD,)), ({}, ("init", WORD)),
        ({}, ("rules", "new", WORD)), ({}, ("check", SAMPLE, "--map", WORD)), ({}, ("check", SAMPLE, "-o", WORD)),
    ],
)  # fmt: skip
def test_no_text_acts(
    start: Callable[..., Any], tmp_path: Path, files: dict[str, str], arguments: tuple[str, ...]
) -> None:
    for name, content in files.items():
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(content, encoding="utf-8")
    said = run(start, tmp_path, *arguments)
    assert "internal error" not in said
    assert "Traceback" not in said
    assert {one for one in said if unicodedata.category(one) in HIDDEN or one == "\u3164"} == {"\n"}
    assert not COMMAND.search(said)
