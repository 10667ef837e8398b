"""One set of inputs judged twice, at two dates or by two packs: which verdicts differ, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from landcheck.errors import UsageError, nearest
from landcheck.model import Difference, Report
from landcheck.request import Request
from landcheck.rulebook import load_packs
from landcheck.run.check import Progress, run_check
from landcheck.verdicts.difference import difference_of_runs


@dataclass(frozen=True, slots=True)
class Compared:
    """Both reports, and what lies between them."""

    old: Report
    new: Report
    difference: Difference


def compare(old: Request, new: Request, progress: Progress | None = None) -> Compared:
    """Judge the inputs as either request asks and set the results side by side.

    What excuses a finding changes no verdict and is left out. Raises what ``check`` raises.
    """
    asked = (replace(request, show_all=True, waivers=None, baseline=None) for request in _with_own_parameters(old, new))
    before, after = (run_check(request, progress)[1] for request in asked)
    return Compared(before, after, difference_of_runs(before, after))


def _with_own_parameters(old: Request, new: Request) -> Iterator[Request]:
    """Each request with the parameters its packs have. UsageError for a name that neither knows."""
    known = [{p.name for pack in load_packs(request.packs) for p in pack.parameters} for request in (old, new)]
    for name in old.parameters:
        if name not in known[0] | known[1]:
            raise UsageError("set-unknown-parameter", name=name, known=nearest(name, sorted(known[0] | known[1])))
    for request, names in zip((old, new), known, strict=True):
        yield replace(request, parameters={n: v for n, v in request.parameters.items() if n in names})
