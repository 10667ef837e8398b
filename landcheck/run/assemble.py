"""The report put together from what the run collected."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from landcheck.facts.companions import lonlat, spot
from landcheck.facts.layers import Sheetful
from landcheck.geometry.overlap.pairs import Overlap
from landcheck.green.parks import Parks
from landcheck.messages import Message
from landcheck.model import DataFinding, Level, Pack, Report, Rule, Subject, Summary
from landcheck.run.drawing import Drawn, Subjects, Verdicts
from landcheck.run.notices import area_decides, assumptions, notices
from landcheck.run.stages import Run, read_by
from landcheck.verdicts.conflicts import Conflicts, conflict_notices
from landcheck.verdicts.decide import judge, rules_per
from landcheck.verdicts.gather import FindingContext, Findings, RuleVerdicts, ask_first
from landcheck.verdicts.interpretations import alternative_readings
from landcheck.verdicts.totals import ReportRows, RowSelection, Totals, VerdictCounts

ROLES = ("parcels", "attributes", "parks", "zones", "green", "buildings")


def assemble(run: Run, parks: Parks | None, packs: tuple[Pack, ...], sheets: dict[str, Sheetful]) -> Report:
    """Totals proven complete, findings ready to be made, notices and data findings sorted."""
    request = run.request
    park_rules = rules_per(packs, "park")
    park_totals, park_kept, park_verdicts = _judge_parks(parks, park_rules, run)
    kept = run.shown.finish()
    subjects = {"parcel": run.totals.rows, "park": 0 if parks is None else parks.batch.rows}
    verdicts = run.totals.finish() | park_totals
    ruled = _in_order(packs, kept, park_kept)
    context = FindingContext(request.reading, run.parameters, request.show_all)
    conflicts = Conflicts(ruled, packs, context)
    interpretations = run.interpretations.finish(packs)
    return Report(
        packs=packs,
        as_of=request.as_of,
        reading=request.reading,
        notices=(*notices(run, parks, packs), *area_decides(interpretations), *conflict_notices(conflicts)),
        inputs=tuple(sheets[name].info for name in sorted(sheets, key=ROLES.index)),
        assumptions=assumptions(run),
        summary=Summary(
            subjects, {rule.id: verdicts[rule.id] for pack in packs for rule in pack.rules}, run.windows.within
        ),
        findings=Findings(ruled, context),
        data=_data(run, parks, sheets),
        ledger=() if parks is None else parks.ledger,
        transfers=() if parks is None else parks.transfers,
        parameters=run.parameters,
        asks=ask_first(ruled, context),
        conflicts=conflicts,
        interpretations=interpretations,
        drawing=_drawing(run, park_rules, park_verdicts, sheets),
    )


def _judge_parks(
    parks: Parks | None, rules: list[Rule], run: Run
) -> tuple[dict[str, VerdictCounts], ReportRows | None, Verdicts]:
    totals, every = Totals(rules), Verdicts()
    if parks is None:
        return totals.finish(), None, every
    columns, rows = parks.batch.columns, parks.batch.rows
    verdicts = judge(rules, columns, rows, run.request.reading, run.parameters)
    run.interpretations.add(alternative_readings(rules, run.request), columns, verdicts, parks.ids)
    totals.add(verdicts)
    every.add(0, verdicts)
    shown = RowSelection(read_by(rules), run.request.show_all)
    wanted = shown.wanted(verdicts)
    kept = {name: columns[name][wanted] for name in shown.columns}
    shown.add(ReportRows(parks.ids.take(wanted), wanted, verdicts[:, wanted], kept, parks.places[wanted]))
    return totals.finish(), shown.finish(), every


def _drawing(run: Run, park_rules: Sequence[Rule], of_parks: Verdicts, sheets: Mapping[str, Sheetful]) -> Drawn:
    subjects = {"parcel": Subjects(run.sheet, run.rules, run.verdicts)}
    if "parks" in sheets:
        subjects["park"] = Subjects(sheets["parks"], park_rules, of_parks)
    return Drawn(run.request, subjects)


def _in_order(packs: Sequence[Pack], kept: ReportRows | None, park_kept: ReportRows | None) -> list[RuleVerdicts]:
    """Every rule in the packs' order, with the kept subjects it was put to."""
    lines: dict[str, int] = {}
    ruled = []
    for rule in (rule for pack in packs for rule in pack.rules):
        line = lines[rule.per] = lines.get(rule.per, -1) + 1
        ruled.append(RuleVerdicts(rule, line, park_kept if rule.per == "park" else kept))
    return ruled


def _data(run: Run, parks: Parks | None, sheets: Mapping[str, Sheetful]) -> tuple[DataFinding, ...]:
    """All data findings, sorted by rule, subject and row."""
    found = [
        *run.around.findings,
        *run.findings,
        *run.implausible.finish(run.sheet.file),
        *_zones_unmet(run),
        *run.ids.finish(),
        *_overlaps(run),
        *run.splits.finish(run.sheet, run.request),
        *([] if run.neighbours is None else run.neighbours.finish(run.sheet.frame)),
    ]
    if parks is not None:
        found += parks.findings
    if run.around.attributes is not None:
        found += run.around.attributes.unmet()
    if run.around.sums is not None:
        found += run.around.sums.unmet(sheets["buildings"].file)
    for sheet in sheets.values():
        found += [*sheet.layer.findings, *sheet.findings]
    return tuple(sorted(found, key=DataFinding.place))


def _zones_unmet(run: Run) -> list[DataFinding]:
    """A warning where the layer that says where the texts apply lies away from every parcel."""
    ground, counted = run.around.zones or run.around.parks, run.counts.of("zone")
    if ground is None or counted.get("met") or not counted.get("unmet"):
        return []
    values = {"file": ground.sheet.file, "layer": ground.sheet.name}
    return [DataFinding("data/location", Level.WARNING, Subject("layer", ground.sheet.name),
                        Message("zones-unmet", values))]  # fmt: skip


def _overlaps(run: Run) -> list[DataFinding]:
    if run.overlaps is None:
        return []
    found = run.overlaps.finish()
    if not found:
        return []
    x, y = np.array([o.x for o in found]), np.array([o.y for o in found])
    places = lonlat(x, y, run.sheet.frame)
    named = run.ids.named([row for o in found for row in (o.row_a, o.row_b)])
    told = [_overlap(o, named, spot(place)) for o, place in zip(found, places, strict=True)]
    return [*told, _more_overlaps(run, len(found))] if run.overlaps.truncated else told


def _more_overlaps(run: Run, count: int) -> DataFinding:
    values = {"file": run.sheet.file, "count": count}
    return DataFinding("data/overlap", Level.ERROR, Subject("layer", "parcels"), Message("overlaps-cut", values))


def _overlap(o: Overlap, named: Mapping[int, str], place: tuple[float, float] | None) -> DataFinding:
    values = {"a": named[o.row_a], "b": named[o.row_b], "row_a": o.row_a + 1, "row_b": o.row_b + 1,
              "area": round(o.area_m2, 2)}  # fmt: skip
    subject, rows = Subject("parcel", named[o.row_a]), (o.row_a + 1, o.row_b + 1)
    message = Message("overlap", values)
    return DataFinding("data/overlap", Level.ERROR, subject, message, rows[0], place, rows[1], o.shape)
