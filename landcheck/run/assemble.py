"""The report put together from what the run collected: findings, data findings, and what else a reader must know."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np

from landcheck.facts.complete import zones_unmet
from landcheck.facts.mapped import MappedLayer
from landcheck.facts.unused_columns import overlooked_columns, unread_columns
from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.catalogue import titled
from landcheck.geometry.crs import systems
from landcheck.green.parks import Parks
from landcheck.messages import Message
from landcheck.model import (
    Assumption,
    DataFinding,
    DrawnRows,
    Pack,
    Report,
    Role,
    Rollup,
    Rule,
    Summary,
    TableLines,
    Validity,
    as_found,
    lines_of,
)
from landcheck.quality.alike import MANY, fewer, told
from landcheck.quality.ids import idents
from landcheck.request import Request
from landcheck.run.batches import Run
from landcheck.verdicts.conflicts import Conflicts, conflict_notices
from landcheck.verdicts.gather import FindingContext, Findings, RuleVerdicts, ask_first
from landcheck.verdicts.interpretations import area_notices
from landcheck.verdicts.reliance import FALLBACK, RESTING
from landcheck.verdicts.ruleset import RuleSet
from landcheck.verdicts.totals import EveryVerdict, ReportRows, RowSelection, Totals

ROLES = ("parcels", "attributes", "parks", "zones", "green", "buildings")
LAPSED = ("pack-presumed-lapsed", "pack-lapsed")


def assemble(run: Run, park_rules: RuleSet, parks: Parks | None) -> Report:
    """Totals proven complete, findings ready to be made, notices and data findings sorted."""
    request, packs, collected = run.request, run.packs, run.collected
    totals, rows, park_verdicts = Totals(park_rules.rules), RowSelection(), EveryVerdict()
    if parks is not None:
        for accumulator in (totals, rows, park_verdicts, collected.interpretations):
            accumulator.add(parks.result)
    verdicts = collected.totals.finish() | totals.finish()
    subjects = {"parcel": collected.totals.rows, "park": totals.rows}
    ruled = _in_order(packs, {"parcel": collected.rows.finish(), "park": rows.finish()})
    inputs = tuple(run.layers[name].info for name in sorted(run.layers, key=ROLES.index))
    lines = lines_of(inputs)
    context = FindingContext(request.reading, run.parameters, request.show_all, lines)
    conflicts = Conflicts(ruled, packs, context)
    interpretations = collected.interpretations.finish(packs)
    drawn = {"parcel": SubjectLayer(run.parcels, run.rules.rules, collected.verdicts)}
    if "parks" in run.layers:
        drawn["park"] = SubjectLayer(run.layers["parks"], park_rules.rules, park_verdicts)
    return Report(
        packs=tuple(packs),
        as_of=request.as_of,
        reading=request.reading,
        notices=(*_notices(run, parks), *area_notices(interpretations), *conflict_notices(conflicts)),
        inputs=inputs,
        assumptions=tuple(_assumptions(run)),
        summary=Summary(
            subjects, {rule.id: verdicts[rule.id] for pack in packs for rule in pack.rules}, collected.windows.within
        ),
        findings=Findings(ruled, context),
        data=_data(run, parks, lines),
        ledger=() if parks is None else parks.ledger,
        transfers=() if parks is None else parks.transfers,
        parameters=run.parameters,
        asks=ask_first(ruled, context),
        conflicts=conflicts,
        interpretations=interpretations,
        drawing=RunDrawing(request, drawn),
        project=request.project,
        rollups=_called(collected.rollups.finish(), run) if collected.rollups else (),
        headroom=collected.rooms.finish() if collected.rooms else None,
        not_judged=run.not_judged,
    )


def _called(rollups: Sequence[Rollup], run: Run) -> tuple[Rollup, ...]:
    """The roll-ups, those of parks with the name that the layer of parks gives them."""
    if run.companions.parks is None:
        return tuple(rollups)
    texts = run.companions.parks.batch.texts
    names = dict(zip(texts["park_id"].to_pylist(), texts["name"].to_pylist(), strict=True))
    return tuple(replace(one, name=names.get(one.key)) if one.by == "park" and one.key else one for one in rollups)


def _in_order(packs: Sequence[Pack], rows: Mapping[str, ReportRows | None]) -> list[RuleVerdicts]:
    """Every rule in the packs' order, with the rows that the report shows of its kind of subject."""
    lines: dict[str, int] = {}
    ruled = []
    for rule in (rule for pack in packs for rule in pack.rules):
        line = lines[rule.per] = lines.get(rule.per, -1) + 1
        ruled.append(RuleVerdicts(rule, line, rows[rule.per]))
    return ruled


def _data(run: Run, parks: Parks | None, lines: Mapping[str, TableLines]) -> tuple[DataFinding, ...]:
    """All data findings that a reader looks at, sorted by rule, subject and row, their rows as people find them."""
    found = [*run.companions.findings, *run.collected.data_findings()]
    found += run.collected.matched.finish(run.companions, run.collected.ids.all)
    found += zones_unmet(run.companions, run.collected.counts)
    found += overlooked_columns(run.layers)
    found += run.companions.pools.findings if run.companions.pools is not None else ()
    if parks is not None:
        found += parks.result.findings
    for layer in run.layers.values():
        found += layer.told
    listed = told([as_found(one, lines) for one in fewer(found, MANY)])
    return tuple(sorted(listed, key=DataFinding.place))


@dataclass(frozen=True, slots=True)
class SubjectLayer:
    """One kind of subject: the layer it is read from, and the verdicts of the rules for it."""

    layer: MappedLayer
    rules: Sequence[Rule]
    verdicts: EveryVerdict


@dataclass(frozen=True, slots=True)
class RunDrawing:
    """Implements :class:`landcheck.model.Drawing`: shapes and verdicts by subject, the layers of the run read again."""

    request: Request
    subjects: dict[str, SubjectLayer]

    def crs(self, subject: str) -> str | None:
        """The coordinate system as WKT; None where it is unknown."""
        frame = self.subjects[subject].layer.frame if subject in self.subjects else None
        return None if frame is None or frame.known is None else systems.coded(frame.known).to_wkt()

    def of(self, subject: str) -> Iterator[DrawnRows]:
        """The subjects batch by batch; none where the layer has no shapes."""
        if subject not in self.subjects:
            return
        source = self.subjects[subject]
        rules, verdicts = tuple(rule.id for rule in source.rules), source.verdicts.finish()
        for batch in source.layer.batches(self.request, again=True):
            if batch.wkb is not None:
                rows = np.arange(batch.first_row, batch.first_row + batch.rows)
                yield DrawnRows(tuple(idents(batch).to_pylist()), rows, batch.wkb, rules, verdicts[:, rows])


def _assumptions(run: Run) -> Iterator[Assumption]:
    """Every assumption taken, with the rows it was taken for."""
    special: dict[str, Any] = {"approval_date": run.request.as_of.isoformat(), "floors_below": 0}
    for role in ("parcels", "parks", "green", "buildings"):
        counts = run.collected.counts if role == "parcels" else run.companions.counts
        for name, rows in counts.of(role).items():
            value = special[name] if name in special else catalogue_field(Role(role), name).assumed
            yield Assumption(role, name, value, rows)


def _notices(run: Run, parks: Parks | None) -> Iterator[Message]:
    """What every report says beside its verdicts, in the order a reader needs it."""
    if run.not_judged:
        yield Message("rules-not-judged", {"rules": [rule.named for rule in run.not_judged]})
    yield from _overlooked(run)
    yield from _unread(run)
    yield Message("mechanical-check")
    yield Message("plan-prevails")
    yield from _validity(run)
    yield from _changed_parameters(run)
    yield from _unjudged(run, parks)
    yield from _fallbacks(run)
    for name, rows in run.companions.counts.of("summed").items():
        yield Message("summed-from-green", {"field": catalogue_field(Role.PARKS, name).label, "rows": rows})


def _overlooked(run: Run) -> Iterator[Message]:
    """First what may stand in a column that was not used while its value was assumed."""
    for finding in overlooked_columns(run.layers):
        role = run.layers[finding.subject.id].role.value
        counts = (run.collected.counts if role == "parcels" else run.companions.counts).of(role)
        taken = [(name, line) for name, line in zip(*map(finding.message.values.get, ("fields", "map")), strict=True)
                 if name in counts]  # fmt: skip
        for name, line in taken:
            column = {"file": finding.message.values["file"], "column": finding.message.values["column"]}
            yield Message(
                "overlooked-assumed", column | {"field": titled(Role(role), name), "rows": counts[name], "map": line}
            )


def _unread(run: Run) -> Iterator[Message]:
    """Then columns of which nothing was read, where fields were assumed that no column holds: one may state it."""
    told = {(one.subject.id, one.message.values["column"]) for one in overlooked_columns(run.layers)}
    for layer in run.layers.values():
        held, unread = unread_columns(run.layers, layer)
        columns = [column for column in unread if (layer.name, column) not in told]
        counts = (run.collected.counts if layer.role is Role.PARCELS else run.companions.counts).of(layer.role.value)
        assumed = [titled(layer.role, name) for name in counts if name not in held]
        if assumed and columns:
            yield Message("columns-unread", {"file": layer.file, "columns": columns, "fields": assumed})


def _validity(run: Run) -> Iterator[Message]:
    """For each text that ends: whether the check is dated after its end, and the parcels that are."""
    as_of = run.request.as_of.isoformat()
    for text, count in run.collected.windows.ended.items():
        end = "" if text.in_force_until is None else text.in_force_until.isoformat()
        stated = text.validity is Validity.STATED
        named = {"pack": text.number, "until": end, "source": text.validity_source}
        if as_of > end:
            code = "pack-lapsed" if stated else "pack-presumed-lapsed"
            undated = Message("pack-lapsed-undated", {"count": count.assumed_after}) if count.assumed_after else ""
            yield Message(code, named | {"as_of": as_of, "undated": undated})
        if count.recorded_after:
            code = "dated-after-end" if stated else "dated-after-presumed-end"
            rest = count.recorded_after - len(count.first)
            more = (Message("and-more", {"count": rest}),) if rest else ()
            yield Message(code, named | {"count": count.recorded_after, "parcels": (*count.first, *more)})


def _changed_parameters(run: Run) -> Iterator[Message]:
    for parameter in (p for pack in run.packs for p in pack.parameters):
        value = run.parameters[parameter.name]
        if value != parameter.value:
            yield Message("parameter-set", {
                "name": parameter.name, "meaning": parameter.meaning, "value": str(value), "own": str(parameter.value),
                "source": parameter.source,
            })  # fmt: skip


def _unjudged(run: Run, parks: Parks | None) -> Iterator[Message]:
    rules = [rule.named for pack in run.packs for rule in pack.rules if rule.per == "park"]
    if rules and parks is None:
        yield Message("no-parks", {"rules": rules})
    elif rules and (run.companions.green is None or not run.companions.green.batch.rows):
        yield Message("no-green", {"rules": rules})


def _fallbacks(run: Run) -> Iterator[Message]:
    codes = {"buildings": "filled-from-buildings", "pool": "summed-over-pool", "place": "derived-from-place",
             "plan": "derived-from-plan", "code": "derived-from-code"}  # fmt: skip
    counts = run.collected.counts
    rows = counts.of(FALLBACK)
    for name, verdicts in counts.of(RESTING).items():
        source, _, filled = name.partition(":")
        effect = {"rows": rows[name], "rest": Message("verdicts-rest", {"count": verdicts})}
        if filled:
            yield Message(codes[source], {"field": catalogue_field(Role.PARCELS, filled).label, **effect})
        else:
            yield Message("far-as-declared", effect)
