"""The plugin as files: into the profiles of QGIS on this machine, or as the zip that QGIS installs."""

from __future__ import annotations

import json
import os
import zipfile
from collections.abc import Iterator
from pathlib import Path

from landcheck.errors import UsageError
from landcheck.messages import catalogue
from landcheck.temporary import Folder
from landcheck.version import __version__

NAME = "landcheck_qgis"
"""The plugin's folder. Not ``landcheck``: the package of that name would be hidden in QGIS."""
HERE = Path(__file__).parent / "plugin"
METADATA, TEXTS = "metadata.txt", "texts.json"
SPOKEN = ("qgis-", "help-")
DEFAULT_PROFILE = "default"
GENERATIONS = ("QGIS3", "QGIS4")
HOMES = (
    "{XDG_DATA_HOME}/QGIS", "~/.local/share/QGIS", "~/.var/app/org.qgis.qgis/data/QGIS", "{APPDATA}/QGIS",
    "~/Library/Application Support/QGIS",
)  # fmt: skip
LONG_AGO = (1980, 1, 1, 0, 0, 0)


def plugin_files() -> dict[str, bytes]:
    """The plugin by the names of its files: its code as it stands here, its version, and what it says."""
    found = {path.name: path.read_bytes() for path in sorted(HERE.iterdir()) if path.is_file()}
    found[METADATA] = found[METADATA].replace(b"{version}", __version__.encode())
    texts = {code: {"zh": text.zh, "en": text.en} for code, text in catalogue().items() if code.startswith(SPOKEN)}
    found[TEXTS] = json.dumps({"version": __version__, "texts": texts}, ensure_ascii=False, indent=1).encode()
    return found


def write_zip(path: str | os.PathLike[str]) -> None:
    """The zip for QGIS: Plugins, Install from ZIP. The same bytes for the same code."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in plugin_files().items():
            packed.writestr(zipfile.ZipInfo(f"{NAME}/{name}", LONG_AGO), content, zipfile.ZIP_DEFLATED)


def install(profile: str | None, folder: str | None) -> list[Path]:
    """Put the plugin into ``folder``, else into the profile of every QGIS of this user; gives where it is now.

    UsageError where there is no such profile, or something else stands in its place.
    """
    places = [Path(folder)] if folder is not None else [one / "python" / "plugins" for one in _chosen(profile)]
    targets = [place / NAME for place in places]
    for target in targets:
        if os.path.lexists(target) and not _is_ours(target):
            raise UsageError("qgis-foreign-folder", folder=str(target))
    for target in targets:
        _put(target)
    return targets


def _chosen(profile: str | None) -> list[Path]:
    found = list(_profiles())
    chosen = [path for path in found if path.name == (profile or DEFAULT_PROFILE)]
    if not chosen and profile is None and len(found) == 1:
        return found
    if not chosen:
        names = sorted({path.name for path in found})
        raise UsageError("qgis-no-profile", name=profile or DEFAULT_PROFILE, profiles=names)
    return chosen


def _profiles() -> Iterator[Path]:
    """The profiles of this user, by the places where QGIS keeps them on Linux, Windows and macOS."""
    own = os.environ.get("QGIS_CUSTOM_CONFIG_PATH")
    known = {name: os.environ.get(name, "") for name in ("XDG_DATA_HOME", "APPDATA")}
    homes = [home for home in HOMES if all(value or f"{{{name}}}" not in home for name, value in known.items())]
    usual = [Path(home.format_map(known)).expanduser() / one for home in homes for one in GENERATIONS]
    seen: set[Path] = set()
    for root in [Path(own)] if own else usual:
        places = sorted((root / "profiles").glob("*/")) if (root / "profiles").is_dir() else []
        yield from (place for place in places if place.is_dir() and place.resolve() not in seen)
        seen.update(place.resolve() for place in places)


def _is_ours(folder: Path) -> bool:
    """Whether an older one of the same plugin stands there."""
    metadata = folder / METADATA
    if folder.is_symlink() or not (folder / TEXTS).is_file() or not metadata.is_file():
        return False
    return b"name=landcheck\n" in metadata.read_bytes().replace(b"\r\n", b"\n")


def _put(target: Path) -> None:
    """The folder appears whole or not at all; an older one goes."""
    target.parent.mkdir(parents=True, exist_ok=True)
    with Folder(target.parent) as workshop:
        made = Path(workshop) / "new"
        made.mkdir()
        for name, content in plugin_files().items():
            (made / name).write_bytes(content)
        if target.exists():
            target.rename(Path(workshop) / "old")
        made.rename(target)
