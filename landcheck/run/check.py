"""check(): the stages of a run, written out once."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import Decimal

from landcheck.errors import InputError, UsageError
from landcheck.exceptions.baseline import load_baseline
from landcheck.exceptions.excuse import excused, waivers_of
from landcheck.facts.companions import survey, with_buildings
from landcheck.facts.layers import Sheetful, open_inputs
from landcheck.facts.relations import has_pools, locate_buildings, pools_of
from landcheck.geometry.crs.frame import declared_crs
from landcheck.green.parks import parks_of
from landcheck.model import Pack, Report
from landcheck.request import Request
from landcheck.rulebook import load_packs
from landcheck.run.assemble import assemble
from landcheck.run.stages import Run, read_by
from landcheck.verdicts.decide import rules_per
from landcheck.verdicts.interpretations import as_read

Progress = Callable[[int, int], None]


def check(request: Request, progress: Progress | None = None) -> Report:
    """Read the layers, judge every subject by every rule, and report.

    ``progress`` is called with the parcels done and the parcels in all. Raises UsageError, PackError, InputError and
    InternalError; whatever is wrong with single rows or values is a finding instead.
    """
    return run_check(request, progress)[1]


def run_check(request: Request, progress: Progress | None = None) -> tuple[Run, Report]:
    """``check``, with the run itself for those who ask further."""
    begun = begin(request)
    run, around, parcels = begun.run, begun.run.around, begun.run.sheet
    homes = locate_buildings(around, parcels, request)
    with_buildings(around, request, None if homes is None else homes.finish())
    if has_pools(parcels, around, run.shown.columns):
        around.pools = pools_of(parcels, around, request).finish()
    for rows in run.through(parcels.batches(request)):
        if progress is not None:
            progress(rows, parcels.layer.info.rows)
    return run, begun.conclude()


@dataclass(frozen=True, slots=True)
class Begun:
    """A run with everything around the parcels read, before the first parcel and after the last."""

    packs: tuple[Pack, ...]
    sheets: dict[str, Sheetful]
    run: Run

    def conclude(self) -> Report:
        """The report, once every parcel was added to the run."""
        run, around = self.run, self.run.around
        if not run.totals.rows:
            raise InputError("nothing-evaluated", file=run.sheet.file)
        parks = parks_of(around, run.request, read_by(rules_per(self.packs, "park")))
        return excused(assemble(run, parks, self.packs, self.sheets), run.waivers, run.held, parks, around.parks)


def begin(request: Request) -> Begun:
    """Load the packs, open the layers, and read all but the parcels."""
    packs = as_read(load_packs(request.packs), request.share_denominator)
    if request.crs is not None:
        declared_crs(request.crs)
    parameters = _parameters(packs, request)
    waivers = waivers_of(request, packs, parameters)
    held = None if request.baseline is None else load_baseline(request.baseline)
    sheets = open_inputs(request)
    around = survey(sheets, request)
    run = Run(request, sheets["parcels"], around, packs, parameters, waivers=waivers, held=held)
    return Begun(packs, sheets, run)


def _parameters(packs: Sequence[Pack], request: Request) -> dict[str, Decimal]:
    """The packs' parameters with the user's in their place. UsageError for a name no pack has."""
    known = {p.name: p.value for pack in packs for p in pack.parameters}
    for name in request.parameters:
        if name not in known:
            raise UsageError("set-unknown-parameter", name=name, known=sorted(known))
    return {**known, **request.parameters}
