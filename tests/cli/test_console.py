"""Standard output that takes nothing, and reports that would be confused with what is there."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SAMPLE = str(ROOT / "sample_parcels" / "small.geojson")
pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="a POSIX shell")


def shell(redirected: str, *arguments: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "landcheck", *arguments]
    environment = os.environ | {"PYTHONPATH": str(ROOT)}
    return subprocess.run(
        ["/bin/sh", "-c", f'"$@" {redirected}', "sh", *command], capture_output=True, env=environment, check=False
    )


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no device that is always full")
@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_full_disk_behind_standard_output_is_told(form: str) -> None:
    ran = shell(">/dev/full", "check", SAMPLE, "--lang", "en", "--output-format", form)
    assert ran.returncode == 4
    assert ran.stderr.decode().splitlines()[-1].startswith("landcheck: standard output cannot be written (No space")
    assert b"internal error" not in ran.stderr
    assert b"Traceback" not in ran.stderr
    assert shell(">/dev/full", "--version").returncode == 4


@pytest.mark.parametrize("form", ["plain", "json"])
def test_a_closed_standard_output_is_told_and_no_file_takes_its_place(tmp_path: Path, form: str) -> None:
    out = tmp_path / "r.json"
    ran = shell(">&-", "check", SAMPLE, "--lang", "en", "--output-format", form, "-o", str(out))
    assert ran.returncode == 4
    assert ran.stderr.decode().splitlines()[-1].startswith("landcheck: standard output cannot be written")
    assert b"internal error" not in ran.stderr
    assert out.read_bytes().startswith(b"{")
    assert shell(">&- 2>&- <&-", "check", SAMPLE).returncode == 4


def test_a_closed_standard_error_changes_no_status() -> None:
    assert shell("2>&-", "check", SAMPLE).returncode == shell("", "check", SAMPLE).returncode


def test_empty_names_are_usage_errors() -> None:
    for arguments in (["check", ""], ["check", SAMPLE, "-o", ""], ["fields", ""]):
        ran = shell("", *arguments)
        assert (ran.returncode, b"Traceback" in ran.stderr) == (2, False)


@pytest.mark.parametrize("suffix", ["gpkg", "geojson"])
def test_a_chinese_name_is_read_where_the_locale_knows_no_chinese(tmp_path: Path, suffix: str) -> None:
    source = ROOT / "sample_parcels" / ("plan.gpkg" if suffix == "gpkg" else "small.geojson")
    path = tmp_path / f"地块.{suffix}"
    path.write_bytes(source.read_bytes())
    plain = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run(
        [sys.executable, "-m", "landcheck", "check", str(path), "-o", str(tmp_path / "r.json")],
        capture_output=True, env=os.environ | plain, check=False,
    )  # fmt: skip
    assert ran.returncode in (0, 1, 3), ran.stderr
    assert path.name in (tmp_path / "r.json").read_text(encoding="utf-8")
