"""check(): the road from top to bottom: read, map, normalise, complete, measure, decide, gather, report."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from decimal import Decimal

from landcheck.errors import InputError, UsageError, nearest
from landcheck.facts.companions import read_companions, sum_floor_areas
from landcheck.facts.mapped import open_layers, without_rows
from landcheck.facts.relations import has_pools, locate_buildings, pools_of, shapes_of
from landcheck.geometry.crs.frame import declared_crs
from landcheck.green.parks import parks_of
from landcheck.model import Pack, Report
from landcheck.request import Request
from landcheck.rulebook import load_packs
from landcheck.run.assemble import assemble
from landcheck.run.batches import Accumulators, Run
from landcheck.run.chosen_rules import chosen_rules
from landcheck.verdicts.interpretations import as_read
from landcheck.verdicts.ruleset import RuleSet

Progress = Callable[[int, int], None]


def check(request: Request, progress: Progress | None = None) -> Report:
    """Read the layers, judge every subject by every rule, and report.

    ``progress`` is called with the parcels done and the parcels in all. Raises UsageError, PackError, InputError and
    InternalError; whatever is wrong with single rows or values is a finding instead.
    """
    return run_check(request, progress)[1]


def run_check(request: Request, progress: Progress | None = None) -> tuple[Run, Report]:
    """``check``, with the run itself for those who ask further.

    ``begin`` reads and maps; ``through`` normalises, completes, measures and decides; ``conclude`` gathers and reports.
    """
    run = begin(request)
    parcels, companions = run.parcels, run.companions
    located = locate_buildings(companions, parcels, request)
    sum_floor_areas(companions, request, *(() if located is None else located.finish()))
    if has_pools(parcels, companions, run.rules.columns):
        companions.pools = pools_of(parcels, companions, request).finish()
    for rows in run.through(parcels.batches(request)):
        if progress is not None:
            progress(rows, parcels.source.info.rows)
    splits = run.collected.splits
    splits.parents = shapes_of(splits.wanted(), parcels, request)
    return run, conclude(run)


def begin(request: Request) -> Run:
    """Load the packs, open the layers and map their columns, and read all layers but the parcels."""
    packs, not_judged = chosen_rules(as_read(load_packs(request.packs), request.share_denominator), request)
    if request.crs is not None:
        declared_crs(request.crs)
    parameters = _parameters(packs, request)
    waivers = baseline = None
    if request.waivers is not None:
        from landcheck.exceptions.excuse import waivers_of

        waivers = waivers_of(request, packs, parameters)
    if request.baseline is not None:
        from landcheck.exceptions.baseline import load_baseline

        baseline = load_baseline(request.baseline, large=request.large).of_others_than(not_judged)
    layers = open_layers(request)
    companions = read_companions(layers, request)
    rules = RuleSet(packs, "parcel", request, parameters)
    collected = Accumulators(request, packs, rules, layers["parcels"], waivers)
    return Run(request, packs, parameters, layers, companions, rules, collected, baseline, not_judged)


def conclude(run: Run) -> Report:
    """Judge the parks, gather and report, once every parcel was added. InputError where there was none."""
    if not run.collected.totals.rows:
        raise without_rows("parcels", run.parcels.source)
    park_rules = RuleSet(run.packs, "park", run.request, run.parameters)
    parks = parks_of(run.companions, run.request, park_rules.columns)
    if parks is not None:
        park_rules.judge(parks.result)
    report, waivers = assemble(run, park_rules, parks), run.collected.waivers
    if not any(map(any, report.summary.verdicts.values())):
        raise InputError("nothing-judged", rules=[rule.named for pack in run.packs for rule in pack.rules])
    if waivers is None and run.baseline is None:
        return report
    from landcheck.exceptions.excuse import excused

    if waivers is not None and parks is not None:
        waivers.add(parks.result)
    return excused(report, waivers, run.baseline)


def _parameters(packs: Sequence[Pack], request: Request) -> dict[str, Decimal]:
    """The packs' parameters with the user's in their place. UsageError for a name no pack has."""
    known = {p.name: p.value for pack in packs for p in pack.parameters}
    for name in request.parameters:
        if name not in known:
            raise UsageError("set-unknown-parameter", name=name, known=nearest(name, sorted(known)))
    return {**known, **request.parameters}
