"""Files that were brought: their names made harmless, which of them belong together, and what each is likely to be."""

from __future__ import annotations

import re
import shutil
from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, Any

from landcheck.messages import Message
from landcheck.read.layer import ROLE_WORDS, called_like
from landcheck.web.bounds import FILES, UPLOAD
from landcheck.web.sessions import CONFIGURATION, Session

HARMLESS = re.compile(r"[^\w .()\[\]（）【】·,，、+=@#&-]")
DEVICES = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)
"""Names that Windows takes for something else."""
LONGEST = 180
"""Bytes of a name; the system takes 255, and drafts and unpacked copies have longer ones."""
HEADS = (".shp", ".tab", ".mif")
PARTS = (".shx", ".dbf", ".prj", ".cpg", ".qix", ".sbn", ".sbx", ".qpj", ".cst", ".shp.xml", ".dat", ".map", ".id",
         ".ind", ".mid")  # fmt: skip
BESIDE = ("-wal", "-shm", "-journal")
TABLES = (".xlsx", ".xls", ".xlsm", ".ods", ".csv")
ROLES = tuple(ROLE_WORDS)


def harmless(name: str) -> str:
    """The last part of a name without what a shell, a path, an option or a reader would take for something else.

    Empty where nothing is left of it.
    """
    last = HARMLESS.sub("_", re.split(r"[/\\]", name)[-1]).rstrip(". ").lstrip(".- ")
    if DEVICES.match(last):
        last = f"_{last}"
    stem, point, ending = last.rpartition(".")
    while len(last.encode()) > LONGEST and stem:
        stem = stem[:-1]
        last = f"{stem}{point}{ending}"
    return last if len(last.encode()) <= LONGEST else ""


def refusal(session: Session, uploads: Sequence[tuple[str, int]]) -> Message | None:
    """Why these names and sizes cannot be taken in, if they cannot."""
    names = [harmless(name) for name, _ in uploads]
    folded = [name.casefold() for name in names]
    staying = [file for file in session.place("files").iterdir() if file.name.casefold() not in folded]
    if "" in names:
        return Message("web-nameless", {"file": uploads[names.index("")][0]})
    if CONFIGURATION in folded:
        return Message("web-reserved", {"file": CONFIGURATION})
    if twice := sorted({name for name, low in zip(names, folded, strict=True) if folded.count(low) > 1}):
        return Message("web-twice", {"files": twice})
    if len(names) + len([file for file in staying if file.name != CONFIGURATION]) > FILES:
        return Message("web-too-many", {"most": FILES})
    if sum(file.stat().st_size for file in staying) + sum(size for _, size in uploads) > UPLOAD:
        return Message("web-too-large", {"megabytes": UPLOAD >> 20})
    return None


def keep(session: Session, uploads: Sequence[tuple[str, IO[bytes]]]) -> None:
    """Write them into the session's folder; one of the same name is replaced."""
    folder = session.place("files")
    for name, stream in uploads:
        there = {file.name.casefold(): file for file in folder.iterdir()}
        there.get(harmless(name).casefold(), folder / harmless(name)).unlink(missing_ok=True)
        with (folder / harmless(name)).open("xb") as target:
            shutil.copyfileobj(stream, target)
    guess(session)


def names_in(session: Session) -> list[str]:
    """The files of the session by name, but for the configuration."""
    return sorted(file.name for file in session.place("files").iterdir() if file.name != CONFIGURATION)


def together(names: Collection[str]) -> dict[str, list[str]]:
    """Each file that can be read by itself, with those that belong to it."""
    low = {name.casefold(): name for name in names}
    heads = {name: head for name in names if (head := _head(name.casefold(), low)) is not None}
    parts: dict[str, list[str]] = {name: [] for name in names if name not in heads}
    for name, head in heads.items():
        if head in parts:
            parts[head].append(name)
    return parts


def _head(name: str, low: Mapping[str, str]) -> str | None:
    """The file that the one of that name belongs to."""
    for ending in BESIDE:
        if name.removesuffix(ending) in low and name.endswith(ending):
            return low[name.removesuffix(ending)]
    stems = [name.removesuffix(part) for part in PARTS if name.endswith(part)]
    return next((low[stem + head] for stem in stems for head in HEADS if stem + head in low), None)


def guess(session: Session) -> None:
    """Give each file without a role the one that its name speaks of, as layers of one source get theirs.

    The parcels are else the first file that is no table, and a table beside them is the one to join.
    """
    sources = list(together(names_in(session)))
    session.roles = {name: session.roles.get(name, "") for name in sources}
    taken = set(session.roles.values())
    for name, role in _named(name for name in sources if not session.roles[name]):
        if role not in taken and not session.roles[name]:
            session.roles[name] = role
            taken.add(role)
    left = [name for name in sources if not session.roles[name]]
    shapes = [name for name in left if not name.casefold().endswith(TABLES)]
    if "parcels" not in taken and left:
        session.roles[(shapes or left)[0]] = "parcels"
    tables = [name for name in left if name not in shapes and not session.roles[name]]
    if "attributes" not in taken and tables:
        session.roles[tables[0]] = "attributes"


def _named(names: Iterator[str]) -> Iterator[tuple[str, str]]:
    """Names with the roles they speak of: first those that are such a word, then those that hold one."""
    stems = [(name, Path(name).stem.casefold()) for name in names]
    yield from ((name, role) for name, stem in stems for role in ROLES if called_like(stem, role))
    words = sorted(((word, role) for role in ROLES for word in ROLE_WORDS[role]), key=lambda one: -len(one[0]))
    yield from ((name, found) for name, stem in stems if (found := next((r for w, r in words if w in stem), None)))


def files_page(session: Session) -> dict[str, Any]:
    """What the page of files shows."""
    parts = together(names_in(session))
    folder = session.place("files")
    endings = {name: [part[len(Path(name).stem) :] for part in parts[name]] for name in parts}
    rows = [(name, (folder / name).stat().st_size, endings[name], session.roles.get(name, "")) for name in parts]
    return {"rows": rows}
