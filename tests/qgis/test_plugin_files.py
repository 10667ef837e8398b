"""The plugin as files: what QGIS needs to know of it, what it imports, where ``landcheck qgis install`` puts it."""

from __future__ import annotations

import ast
import configparser
import json
import os
import re
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from landcheck import UsageError
from landcheck.qgis.installing import HERE, NAME, install, plugin_files, write_zip
from landcheck.version import __version__

SOURCES = sorted(HERE.glob("*.py"))
PLUGINS = Path("python") / "plugins"


def test_the_metadata_is_what_qgis_asks_for() -> None:
    metadata = configparser.ConfigParser(interpolation=None)
    metadata.read_string(plugin_files()["metadata.txt"].decode())
    general = dict(metadata["general"])
    assert {"name", "description", "about", "version", "qgisminimumversion", "author", "email"} <= general.keys()
    assert all(general.values())
    assert general["version"] == __version__
    assert general["qgisminimumversion"] == "3.22"
    assert general["hasprocessingprovider"] == "yes"
    assert general["icon"] in plugin_files()


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: path.name)
def test_a_module_needs_python_38_the_standard_library_and_qgis(path: Path) -> None:
    source = ast.parse(path.read_text(encoding="utf-8"), feature_version=(3, 8))
    for node in ast.walk(source):
        names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom) and not node.level:
            names.append(node.module or "")
        for name in names:
            assert name.split(".")[0] in {*sys.stdlib_module_names, "qgis", "processing"}
            assert "PyQt5" not in name
            assert "PyQt6" not in name


def test_every_text_that_the_plugin_says_comes_along() -> None:
    texts = json.loads(plugin_files()["texts.json"])["texts"]
    for path in SOURCES:
        for code, more in re.findall(r'say\(f?"([a-z0-9_-]+)({?)', path.read_text(encoding="utf-8")):
            assert any(one == code or (more and one.startswith(code)) for one in texts), code
    assert all(text[lang] for text in texts.values() for lang in ("zh", "en"))


def test_the_zip_holds_one_folder_and_is_the_same_each_time(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write_zip(tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    with zipfile.ZipFile(tmp_path / "a.zip") as packed:
        assert {name: packed.read(f"{NAME}/{name}") for name in plugin_files()} == plugin_files()
        assert len(packed.namelist()) == len(plugin_files())


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("QGIS_CUSTOM_CONFIG_PATH", "XDG_DATA_HOME", "APPDATA"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("USERPROFILE", str(tmp_path))
    return tmp_path


@pytest.mark.parametrize(
    "place",
    [
        ".local/share/QGIS/QGIS3", ".local/share/QGIS/QGIS4", "Library/Application Support/QGIS/QGIS3",
        ".var/app/org.qgis.qgis/data/QGIS/QGIS3", "roaming/QGIS/QGIS3",
    ],
)  # fmt: skip
def test_the_profile_is_found_where_each_system_keeps_it(
    home: Path, place: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("APPDATA", str(home / "roaming"))
    profile = home / place / "profiles" / "default"
    profile.mkdir(parents=True)
    (profile.parent / "other").mkdir()
    assert install(None, None) == [profile / PLUGINS / NAME]
    assert {path.name for path in (profile / PLUGINS).iterdir()} == {NAME}
    assert {path.name: path.read_bytes() for path in (profile / PLUGINS / NAME).iterdir()} == plugin_files()
    assert install("other", None) == [profile.parent / "other" / PLUGINS / NAME]


def test_a_place_that_the_user_set_counts_alone(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (home / ".local/share/QGIS/QGIS3/profiles/default").mkdir(parents=True)
    monkeypatch.setenv("QGIS_CUSTOM_CONFIG_PATH", str(home / "mine"))
    (home / "mine/profiles/plan").mkdir(parents=True)
    assert install(None, None) == [home / "mine/profiles/plan" / PLUGINS / NAME]  # the only one


def test_an_older_one_is_replaced_whole(home: Path) -> None:
    (target,) = install(None, str(home))
    (target / "left.py").touch()
    (target / "icon.svg").write_text("old")
    install(None, str(home))
    assert {path.name: path.read_bytes() for path in target.iterdir()} == plugin_files()
    assert [path.name for path in home.iterdir()] == [NAME]


@pytest.mark.parametrize("there", ["file", "folder", "link", "other plugin"])
def test_what_is_not_ours_is_never_written_over(home: Path, there: str) -> None:
    target, elsewhere = home / NAME, home / "elsewhere"
    install(None, str(elsewhere))
    if there == "file":
        target.write_text("mine")
    elif there == "link":
        target.symlink_to(elsewhere / NAME)
    else:
        target.mkdir()
        (target / "metadata.txt").write_text("[general]\nname=other\n" if there == "other plugin" else "")
    before = target.lstat()
    with pytest.raises(UsageError) as refused:
        install(None, str(home))
    assert refused.value.message.code == "qgis-foreign-folder"
    assert target.lstat() == before


def test_a_profile_that_is_not_there_is_told_with_those_that_are(home: Path) -> None:
    with pytest.raises(UsageError) as refused:
        install(None, None)
    assert "there are: none" in refused.value.say("en")
    for name in ("a", "b"):
        (home / ".local/share/QGIS/QGIS3/profiles" / name).mkdir(parents=True)
    with pytest.raises(UsageError) as refused:
        install("c", None)
    assert "there is no QGIS profile c; there are: a, b." in refused.value.say("en")


def test_the_command_says_where_it_is_and_how_it_is_enabled(home: Path) -> None:
    words = [sys.executable, "-m", "landcheck", "qgis", "install", "--folder", str(home), "--lang"]
    root = {"PYTHONPATH": str(HERE.parents[2])}
    said = subprocess.run([*words, "en"], env=os.environ | root, capture_output=True, text=True, check=True).stdout
    assert str(home / NAME) in said
    assert "qgis_process plugins enable landcheck_qgis" in said
    both = subprocess.run([*words, "zh", "--profile", "x"], env=os.environ | root, capture_output=True, check=False)
    assert both.returncode == 2
    assert "只能给一个" in both.stderr.decode()
