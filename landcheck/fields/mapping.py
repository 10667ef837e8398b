"""Which column of a file holds which field, and in which unit."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from landcheck.errors import InputError, UsageError, nearest
from landcheck.fields import units
from landcheck.fields.catalogue import (
    FALLBACK,
    NOT_A_FIELD,
    cut_headings,
    english_words,
    field,
    fields,
    known_headings,
    look_alikes,
    qualified,
)
from landcheck.fields.field_names import named_field
from landcheck.fields.headings import Heading, heading, key, may_be_cut, twin
from landcheck.fields.units import Unit
from landcheck.messages import Message
from landcheck.model import Field, Kind, Role
from landcheck.request import ColumnRef


@dataclass(frozen=True, slots=True)
class Match:
    """What a heading says. Where ``field`` is None, ``doubt`` says why, and ``near`` which fields it may mean."""

    column: str
    field: str | None = None
    rank: int = 0
    unit: Unit | None = None
    evidence: str = ""
    doubt: Message | None = None
    near: tuple[str, ...] = ()


def match(role: Role, column: str, columns: Sequence[str]) -> Match:
    """The field of ``role`` that a column holds by its heading; ``columns`` are all of the file's."""
    head = heading(column)
    known = known_headings(role)
    alike = look_alikes(role).get(head.whole)
    if alike is None and head.unit and head.whole not in known:
        alike = look_alikes(role).get(head.stem)
    if alike is not None:
        return Match(column, unit=head.unit, doubt=Message("fields-look-alike", {"column": column}), near=alike)
    exact = known.get(head.whole) or _before_unit(role, head) or _restated(role, head)
    if exact is not None:
        found = Match(column, exact[0], exact[1], head.unit, "alias" if exact[1] else "name")
        return _unless_twin(role, found, columns)
    if head.bracket and head.base in known:
        return _bracket(role, head, column)
    candidates = cut_headings(role).get(head.whole, frozenset()) if may_be_cut(column) else frozenset()
    if len(candidates) == 1 and NOT_A_FIELD not in candidates:
        return _unless_twin(role, Match(column, next(iter(candidates)), 1, None, "cut"), columns)
    names = tuple(sorted(candidates - {NOT_A_FIELD}))
    called = tuple(field(role, name).named for name in names)
    doubt = Message("fields-cut-ambiguous", {"column": column, "fields": called}) if names else None
    return Match(column, unit=head.unit, doubt=doubt, near=names)


def _before_unit(role: Role, head: Heading) -> tuple[str, int] | None:
    """The field before a unit. ``name_ha`` is a name in Hausa and no area; ``编号(公顷)`` is a mistake to be told."""
    found = known_headings(role).get(head.stem) if head.unit else None
    measured = found is not None and field(role, found[0]).kind is Kind.NUMBER
    return found if measured or head.bracket else None


def _restated(role: Role, head: Heading) -> tuple[str, int] | None:
    """The field of a heading that says it twice, ``容积率(FAR)``, or gives it a short code, ``用地面积(S)(公顷)``."""
    known = known_headings(role)
    found = known.get(head.base) if head.said else None
    if found is None or (head.unit and field(role, found[0]).kind is not Kind.NUMBER):
        return None
    own = english_words(role, found[0])

    def restates(text: str) -> bool:
        if meant := known.get(key(text)):
            return meant[0] == found[0]
        return units.find(text) is None and bool(_SHORT.fullmatch(text) or own.issuperset(text.split()))

    return found if all(map(restates, head.said)) else None


_SHORT = re.compile(r"[a-z][a-z0-9]?")


def _unless_twin(role: Role, found: Match, columns: Sequence[str]) -> Match:
    other = twin(found.column, columns)
    if other is None:
        return found
    doubt = named("fields-cut-twin", role, found.column, str(found.field), other=other)
    return Match(found.column, unit=found.unit, doubt=doubt, near=(str(found.field),))


def _bracket(role: Role, head: Heading, column: str) -> Match:
    code, name = "fields-unit-cut" if head.unclosed else "fields-bracket", known_headings(role)[head.base][0]
    return Match(column, doubt=named(code, role, column, name), near=(name,))


def named(code: str, role: Role, column: str, name: str, **more: str) -> Message:
    """A message about a column and the field that it may hold."""
    return Message(code, {"column": column, "field": qualified(of := field(role, name)), "label": of.label, **more})


# as reading calls a column whose name stands before it already
_AGAIN = re.compile(r"(.+) \(\d+\)")


Together = Callable[[Field, tuple[str, ...]], bool]
ROW = "#row"
"""Stands for a column in ``--map``: the number of the row, from 1."""


@dataclass(frozen=True, slots=True)
class ColumnUse:
    """A column that holds a field. ``unit`` is a symbol of ``units.UNITS`` (empty for what is no number).

    ``factor``: field units in one unit of the column, for reports; ``units.convert`` is what converts exactly.
    ``evidence``: ``map`` (the user said so), ``name`` (canonical), ``alias``, or ``cut`` (cut off by a shapefile).
    ``others`` are further columns of the same field: where they differ from this one nobody knows the value.
    """

    field: Field
    column: str
    factor: float
    unit: str
    evidence: str
    others: tuple[ColumnUse, ...] = ()

    @property
    def columns(self) -> tuple[str, ...]:
        """All columns of the field."""
        return self.column, *(other.column for other in self.others)


def map_columns(
    role: Role,
    columns: Sequence[str],
    given: Mapping[str, ColumnRef],
    file: str,
    *,
    elsewhere: Collection[str] = (),
    together: Together = lambda _field, _columns: False,
) -> tuple[ColumnUse, ...]:
    """The columns of a file that hold fields of ``role``, in the order of the catalogue.

    ``given`` are the user's own (``parse_map``), those of other layers among them; ``elsewhere`` the columns of a
    second file under the same mapping (an attribute table beside a layer), where a given column may stand instead.
    ``together`` says whether several columns of one field may be read together.

    UsageError: a given column that the file has not, an unknown unit, or one that does not fit. InputError: two
    columns for one field that may not, or a heading whose unit does not fit its field.
    """
    uses = _given(role, columns, given, file, elsewhere)
    taken = {use.column for use in uses.values()}
    matches = [_claim(role, column, columns) for column in columns if column not in taken]
    elsewhere_only = {named_field(name).name for name in given} - uses.keys()
    for a_field in fields(role):
        if a_field.name not in uses and (a_field.required or a_field.name not in elsewhere_only):
            claims = [found for found in matches if found.field == a_field.name]
            if best := _best(a_field, claims, file, together):
                use, *others = (_use(a_field, claim, file) for claim in best)
                uses[a_field.name] = replace(use, others=tuple(others))
    return tuple(uses[a_field.name] for a_field in fields(role) if a_field.name in uses)


def _claim(role: Role, column: str, columns: Sequence[str]) -> Match:
    """What a heading says; of one that stands twice in the file both say the same."""
    again = _AGAIN.fullmatch(column)
    if again is None or again[1] not in columns:
        return match(role, column, columns)
    return replace(match(role, again[1], columns), column=column)


def _given(
    role: Role, columns: Sequence[str], given: Mapping[str, ColumnRef], file: str, elsewhere: Collection[str]
) -> dict[str, ColumnUse]:
    uses: dict[str, ColumnUse] = {}
    for name, ref in given.items():
        a_field = named_field(name)
        if a_field.role is not role:
            continue
        column, unit = present(ref, columns, elsewhere)
        if column is None and ref.column == ROW and a_field.kind is Kind.TEXT:
            uses[a_field.name] = _used(a_field, ROW, None, "map")
            continue
        if column is None:
            near = set(nearest(ref.column, columns))
            named = sorted(columns, key=lambda name: name not in near)
            raise UsageError("fields-map-column", file=file, field=a_field.named, column=ref.column, columns=named)
        if column in columns:
            if list(columns).count(column) > 1:
                raise InputError("fields-column-twice", file=file, field=a_field.named, column=column)
            uses[a_field.name] = _given_use(a_field, column, unit, file)
    return uses


def present(ref: ColumnRef, columns: Sequence[str], elsewhere: Collection[str]) -> tuple[str | None, str]:
    """The column as the file spells it, and the unit; a colon may belong to the name, its unit may be left out."""
    texts = ref.column.removeprefix("TEXT@")  # the column of a drawing's texts is called as their layer
    for place in (columns, elsewhere):
        for wanted, unit in ((f"{ref.column}:{ref.unit}", ""), (ref.column, ref.unit), (texts, ref.unit)):
            for column in place:
                if _plain(column) == _plain(wanted):
                    return column, unit
        named = [column for column in place if (head := heading(column)).unit and head.stem == key(ref.column)]
        if len(named) == 1:
            return named[0], ref.unit
    return None, ""


def _plain(name: str) -> str:
    return " ".join(unicodedata.normalize("NFKC", name).split())


def _given_use(a_field: Field, column: str, written: str, file: str) -> ColumnUse:
    if not written:
        unit = heading(column).unit if a_field.kind is Kind.NUMBER else None
        return _use(a_field, Match(column, a_field.name, 0, unit, "map"), file)
    unit = units.UNITS.get(written) or units.find(written)
    if unit is None:
        raise UsageError("fields-map-unit", field=a_field.named, unit=written, known=_fitting(a_field))
    if not _fits(unit, a_field):
        raise UsageError("fields-map-unit-misfit", field=a_field.named, unit=unit.label, known=_fitting(a_field))
    return _used(a_field, column, unit, "map")


def _best(a_field: Field, claims: Sequence[Match], file: str, together: Together) -> Sequence[Match]:
    least = min((claim.rank for claim in claims), default=0)
    strong = [claim for claim in claims if claim.rank < FALLBACK]
    best = strong or [claim for claim in claims if claim.rank == least]
    if len(best) == 1 or (not strong and a_field.kind is Kind.TEXT and not a_field.required):
        return best[:1]  # a second column of remarks stops nobody
    names = tuple(claim.column for claim in best)
    if best and not together(a_field, names):
        raise InputError(
            "fields-two-columns", file=file, field=a_field.name, label=a_field.label,
            columns=names, map=f"{qualified(a_field)}={names[0]}",
        )  # fmt: skip
    return best


def _use(a_field: Field, claim: Match, file: str) -> ColumnUse:
    if claim.unit is not None and not _fits(claim.unit, a_field):
        way_out = f"{qualified(a_field)}={claim.column}" + (f":{a_field.unit}" if a_field.unit else "")
        raise InputError(
            "fields-heading-unit", file=file, field=a_field.name, label=a_field.label,
            column=claim.column, unit=claim.unit.label, map=way_out,
        )  # fmt: skip
    return _used(a_field, claim.column, claim.unit or units.UNITS.get(a_field.unit), claim.evidence)


def _used(a_field: Field, column: str, unit: Unit | None, evidence: str) -> ColumnUse:
    factor, symbol = (units.factor(unit.symbol, a_field.unit), unit.symbol) if unit else (1.0, "")
    return ColumnUse(a_field, column, factor, symbol, evidence)


def _fits(unit: Unit, a_field: Field) -> bool:
    return a_field.kind is Kind.NUMBER and unit.dimension == units.UNITS[a_field.unit].dimension


def _fitting(a_field: Field) -> tuple[str, ...]:
    return tuple(unit.symbol for unit in units.UNITS.values() if _fits(unit, a_field))
