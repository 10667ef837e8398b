"""Columns that hold no field: what a user should know of those whose headings look like one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from difflib import get_close_matches
from functools import cache

from landcheck.errors import InputError
from landcheck.fields.catalogue import field, fields, known_headings, line_name
from landcheck.fields.headings import heading
from landcheck.fields.mapping import ROW, ColumnUse, Match, match, named
from landcheck.messages import Message
from landcheck.model import Role

TELLING = {True: 6, False: 3}
"""Letters (ASCII) or characters that a heading must hold of a known one to look like it."""
SLIP, CLOSE, PART = 2, 0.8, 2
"""How many letters a slip adds or takes, how much must be alike by difflib's ratio, and what a part must hold."""


def notes(role: Role, columns: Sequence[str], uses: Sequence[ColumnUse], file: str) -> tuple[Message, ...]:
    """Headings that may mean a field which another column holds, or none, and why they were not used."""
    held = {use.field.name for use in uses}
    matches = [found for found in _unused(role, columns, uses) if held.issuperset(_near(found))]
    alike = [found.column for found in matches if found.doubt and found.doubt.code == "fields-look-alike"]
    said = [found.doubt for found in matches if found.doubt and found.doubt.code != "fields-look-alike"]
    passed = [found for found in matches if found.field]
    listed = [Message("fields-look-alikes", {"columns": tuple(alike)})] if alike else []
    listed += [Message("fields-together", {"columns": use.columns, "field": use.field.name, "label": use.field.label})
               for use in uses if use.others]  # fmt: skip
    listed += [named("fields-passed-over", role, found.column, str(found.field)) for found in passed]
    return tuple(Message("fields-note", {"file": file, "note": note}) for note in (*said, *listed))


def overlooked(
    role: Role, columns: Sequence[str], uses: Sequence[ColumnUse], held: Collection[str], layer: str
) -> Iterator[Message]:
    """A message for each unused column that looks like fields which no column holds, with the lines that take it."""
    for found in _unused(role, columns, uses):
        near = [field(role, name) for name in _near(found) or _resembled(role, found.column) if name not in held]
        if near:
            doubt = found.doubt if found.doubt and found.doubt.code != "fields-look-alike" else None
            unit = ":UNIT" if doubt and doubt.code == "fields-unit-cut" else ""
            yield Message("fields-overlooked-doubt" if doubt else "fields-overlooked", {
                "why": doubt, "column": found.column, "fields": tuple(one.name for one in near),
                "labels": tuple(one.label for one in near),
                "map": tuple(f"--map {line_name(one, layer)}={found.column}{unit}" for one in near),
            })  # fmt: skip


def _unused(role: Role, columns: Sequence[str], uses: Sequence[ColumnUse]) -> Iterator[Match]:
    used = {column for use in uses for column in use.columns}
    return (match(role, column, columns) for column in columns if column not in used)


def _near(found: Match) -> tuple[str, ...]:
    return found.near or ((found.field,) if found.field else ())


def _resembled(role: Role, column: str) -> tuple[str, ...]:
    """The field whose known heading a heading holds, the longest of several; else those it is a slip or part of."""
    whole = heading(column).stem
    held = [known for known in _telling(role) if known in whole]
    found = [max(held, key=len)] if held else _slips(role, whole) or _wholes(role, whole)
    return tuple(dict.fromkeys(known_headings(role)[known][0] for known in found))


def _slips(role: Role, whole: str) -> list[str]:
    """Known headings that a heading differs from by a slip: ``is_stok``, ``存量工业用的``."""
    near = [known for known in _telling(role) if abs(len(known) - len(whole)) <= SLIP and known[0] == whole[0]]
    return get_close_matches(whole, near, cutoff=CLOSE) if near else []


def _wholes(role: Role, whole: str) -> list[str]:
    """Known headings that a heading is a part of, if they all mean one field: ``存量``."""
    if len(whole) < PART or whole.isascii():
        return []
    wider = [known for known in known_headings(role) if whole in known]
    return wider if len({known_headings(role)[known][0] for known in wider}) == 1 else []


@cache
def _telling(role: Role) -> tuple[str, ...]:
    return tuple(known for known in known_headings(role) if len(known) > TELLING[known.isascii()])


def require(
    role: Role, columns: Sequence[str], uses: Iterable[ColumnUse], file: str, layer: str,
    distinct: Callable[[], Sequence[str]] = tuple,
) -> None:  # fmt: skip
    """InputError where no column holds a required field (the id of the layer).

    ``distinct`` gives the columns whose values are all there and different: any of them may be meant.
    """
    held = {use.field.name for use in uses}
    for a_field in fields(role):
        if a_field.required and a_field.name not in held:
            line, near = line_name(a_field, layer), distinct() if columns else ()
            code = "fields-required-distinct" if near else "fields-required" if columns else "fields-no-columns"
            raise InputError(
                code, file=file, field=a_field.name, label=a_field.label, columns=tuple(near or columns),
                map=f"{line}={near[0] if near else '…'}", rows=f"{line}={ROW}",
            )  # fmt: skip
