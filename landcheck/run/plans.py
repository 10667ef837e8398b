"""The plans that lie in a folder: by the names of files and layers, as a check chooses them, and by their columns."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import NamedTuple

from landcheck.errors import LandcheckError
from landcheck.facts.mapped import COMPANIONS
from landcheck.fields.catalogue import ATTRIBUTES
from landcheck.read import called_like, layer_names, sources_in

OPENED = 100
"""Sources of a folder that are looked into."""
OF_A_REPORT = "landcheck_run"
SAVED_RESULT = b'"schema_version"'
PARTS = (*COMPANIONS, ATTRIBUTES)


class Plan(NamedTuple):
    """A source of parcels; what else a check of it would read, by its option; ``certain`` by its name."""

    parcels: str
    beside: Mapping[str, str]
    certain: bool


def plans_in(folder: Path, given: Collection[str] = ()) -> tuple[list[Plan], list[str]]:
    """The plans of a folder, and the names of the sources that are in none of them.

    A plan is a source called like the parcels; where none is, any that is not called like another part may be one.
    ``given`` parts are told already. InputError for a folder of very many files.
    """
    there = sources_in(folder)
    inside = {path: list(_names(path)) for path in there[:OPENED]}
    sources = {path.name: _parts(path, names) for path, names in inside.items() if not _is_report(path, names)}
    certain = [name for name, parts in sources.items() if "parcels" in parts]
    parcels = certain or [name for name, parts in sources.items() if not parts]
    called = {part: [name for name, parts in sources.items() if part in parts and name not in parcels]
              for part in PARTS if part not in given}  # fmt: skip
    alone = {part: names[0] for part, names in called.items() if len(names) == 1}
    plans = [
        Plan(name, {part: file for part, file in alone.items() if part not in sources[name]}, bool(certain))
        for name in parcels
    ]
    used = {*parcels, *(alone.values() if parcels else ())}
    return plans, [name for name in (*sources, *(path.name for path in there[OPENED:])) if name not in used]


def _parts(path: Path, names: Sequence[str]) -> set[str]:
    """The parts of a run that a source is called like, itself or a layer in it."""
    return {part for part in ("parcels", *PARTS) for name in (path.stem, *names) if called_like(name, part)}


def _names(path: Path) -> Iterator[str]:
    """The layers of a source; an archive is not unpacked for its name, and one that cannot be read has none."""
    if path.suffix.lower() != ".zip":
        with suppress(LandcheckError):
            yield from layer_names(path)


def _is_report(path: Path, names: Sequence[str]) -> bool:
    """Whether the program itself wrote it: a GeoPackage with the notes of a run, a saved result that can be read."""
    if path.suffix.lower() == ".json":
        with suppress(OSError), path.open("rb") as file:
            return SAVED_RESULT in file.read(200)
    return OF_A_REPORT in names
