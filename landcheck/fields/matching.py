"""One column against the catalogue: which field its heading means, or why that cannot be told."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from landcheck.fields.catalogue import NOT_A_FIELD, cut_headings, field, known_headings, look_alikes, qualified
from landcheck.fields.headings import Heading, heading, may_be_cut, twin
from landcheck.fields.units import Unit
from landcheck.messages import Message
from landcheck.model import Kind, Role


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading says. ``field`` is None where it says nothing, or nothing for certain: then ``doubt`` says why."""

    column: str
    field: str | None = None
    rank: int = 0
    unit: Unit | None = None
    evidence: str = ""
    doubt: Message | None = None


def match(role: Role, column: str, columns: Sequence[str]) -> Match:
    """The field of ``role`` that a column holds by its heading; ``columns`` are all of the file's."""
    head = heading(column)
    known = known_headings(role)
    if head.whole in look_alikes(role) or (head.unit and head.stem in look_alikes(role) and head.whole not in known):
        return Match(column, unit=head.unit, doubt=Message("fields-look-alike", {"column": column}))
    exact = known.get(head.whole) or _before_unit(role, head)
    if exact is not None:
        found = Match(column, exact[0], exact[1], head.unit, "alias" if exact[1] else "name")
        return _unless_twin(role, found, columns)
    if head.bracket and head.stem in known:
        return _bracket(role, head, column)
    candidates = cut_headings(role).get(head.whole, frozenset()) if may_be_cut(column) else frozenset()
    if len(candidates) == 1 and NOT_A_FIELD not in candidates:
        return _unless_twin(role, Match(column, next(iter(candidates)), 1, None, "cut"), columns)
    return Match(column, unit=head.unit, doubt=_doubt(column, candidates))


def notes(role: Role, columns: Sequence[str], used: Collection[str], file: str) -> tuple[Message, ...]:
    """What a user should know of the columns that were not used: headings that may mean a field, and why none was."""
    left = [column for column in columns if column not in used]
    matches = [match(role, column, columns) for column in left]
    alike = [found.column for found in matches if found.doubt and found.doubt.code == "fields-look-alike"]
    said = [found.doubt for found in matches if found.doubt and found.doubt.code != "fields-look-alike"]
    passed = [found for found in matches if found.field]
    listed = [Message("fields-look-alikes", {"columns": tuple(alike)})] if alike else []
    listed += [_named("fields-passed-over", role, found.column, str(found.field)) for found in passed]
    return tuple(Message("fields-note", {"file": file, "note": note}) for note in (*said, *listed))


def _before_unit(role: Role, head: Heading) -> tuple[str, int] | None:
    """The field before a unit. ``name_ha`` is a name in Hausa and no area; ``编号(公顷)`` is a mistake to be told."""
    found = known_headings(role).get(head.stem) if head.unit else None
    measured = found is not None and field(role, found[0]).kind is Kind.NUMBER
    return found if measured or head.bracket else None


def _unless_twin(role: Role, found: Match, columns: Sequence[str]) -> Match:
    other = twin(found.column, columns)
    if other is None:
        return found
    doubt = _named("fields-cut-twin", role, found.column, str(found.field), other=other)
    return Match(found.column, unit=found.unit, doubt=doubt)


def _bracket(role: Role, head: Heading, column: str) -> Match:
    code = "fields-unit-cut" if head.unclosed else "fields-bracket"
    return Match(column, doubt=_named(code, role, column, known_headings(role)[head.stem][0]))


def _named(code: str, role: Role, column: str, name: str, **more: str) -> Message:
    return Message(code, {"column": column, "field": qualified(field(role, name)), **more})


def _doubt(column: str, candidates: frozenset[str]) -> Message | None:
    names = tuple(sorted(candidates - {NOT_A_FIELD}))
    return Message("fields-cut-ambiguous", {"column": column, "fields": names}) if names else None
