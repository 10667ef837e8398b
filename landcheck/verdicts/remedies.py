"""What to change so that a requirement holds: exact amounts, rounded in the lawful direction, a column at a time.

Areas are in m² and rounded to 0.01 m², as areas are stated, always to the side that complies, so that the amount
suffices and a hundredth less does not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from itertools import product
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import GREEN_TO_ADD, MEASURES, Columns, measure
from landcheck.model import Operator, Reading, Requirement, Rule, Test, Tri, Verdict
from landcheck.verdicts.decide import Evaluation
from landcheck.verdicts.exact import Formula, Numbers, Ratio, Rounded, difference, exactly, settled, upwards

OTHER, LIVING = ("other_use_share", "other_use_share_of_far_gfa"), ("living_share", "living_share_of_far_gfa")
WHOLE = dict(zip((*OTHER, *LIVING), ("above_ground_gfa_m2", "far_gfa_m2") * 2, strict=True))
POOLED = "pooled_"  # of a share that is the pool's where pooling is recognised, else the plot's as without it
GREEN = ("plot_green_share", "ground_green_share", "park_green_share", "attached_green_share")
JOINT = (("far", Operator.AT_LEAST), *((name, Operator.AT_MOST) for name in WHOLE))
FLOOR, LAND, OTHER_AREA, LIVING_AREA = "far_gfa_m2", "site_area_m2", "other_industry_gfa_m2", "living_gfa_m2"
MOVED = (FLOOR, "above_ground_gfa_m2", LIVING_AREA, OTHER_AREA)  # what a joint remedy changes
NEEDED = {FLOOR, LAND, OTHER_AREA, LIVING_AREA, *WHOLE.values()}


class ChangeColumn(NamedTuple):
    """A field to change and by how much in each row, NaN where it is not to be changed."""

    field: str
    by: Numbers
    unit: str


WayColumns = tuple[tuple[ChangeColumn, ...], ...]
Ways = Callable[[Columns, Decimal], WayColumns]


class JointColumns(NamedTuple):
    """Changes that meet several requirements at once and the area touched in all; NaN where there are none."""

    changes: tuple[ChangeColumn, ...]
    total_m2: Numbers


def ways(test: Test, per: str, limit: float, columns: Columns) -> WayColumns:
    """The single changes of fields that would make a broken comparison hold, each enough by itself, if any is known.

    ``limit`` as the outcome states it, in the test's unit.
    """
    number = Decimal(repr(limit)) * test.scale
    find = BY_MEASURE.get((test.measure, test.operator))
    if find is not None:
        return find(columns, number)
    if test.measure in MEASURES:
        return ()
    held = settled(columns[test.measure], np.abs(columns[test.measure]), 15)
    known = np.isfinite(held)
    by = spread(difference(float(number), held[known]), known)
    return ((ChangeColumn(test.measure, by, measure(test.measure, per).unit),),)


def _where_known(formula: Formula, limits: Sequence[Decimal], *columns: Numbers) -> list[Numbers]:
    """As ``exactly``, amounts rounded up; NaN in the rows that lack a number."""
    known = np.all(np.isfinite(columns), axis=0)
    found = exactly(lambda down, *held: formula(upwards(down), *held), limits, *(column[known] for column in columns))
    return [spread(one, known) for one in found]


def spread(found: Numbers, rows: NDArray[np.bool_]) -> Numbers:
    """What was found for some rows, NaN in the others."""
    spread = np.full(len(rows), np.nan)
    spread[rows] = found
    return spread


def _changed(field: str, by: Numbers) -> ChangeColumn:
    """Floor or land area to be changed; nought is no change."""
    return ChangeColumn(field, np.where(by == 0, np.nan, by), "m2")


def _by_far(operator: Operator, columns: Columns, limit: Decimal) -> WayColumns:
    """More floor or less land for a FAR too low, less floor for one too high; the FAR itself where it was declared."""
    floor, land, declared = columns[FLOOR], columns[LAND], columns["far"]
    without = np.isnan(floor + land) & np.isfinite(declared)
    stated = ChangeColumn("far", spread(difference(float(limit), declared[without]), without), "1")

    def amounts(up: Rounded, least: Ratio, floor: Any, land: Any) -> list[Any]:
        short = land * least[0] - floor * least[1]
        return [up(-short, least[1])] if operator is Operator.AT_MOST else [up(short, least[1]), up(short, least[0])]

    by = _where_known(amounts, [limit], floor, land)
    if operator is Operator.AT_MOST:
        return ((ChangeColumn(FLOOR, -by[0], "m2"), stated),)
    return (ChangeColumn(FLOOR, by[0], "m2"), stated), (ChangeColumn(LAND, -by[1], "m2"),)


def _fewer_other_uses(whole: str, columns: Columns, limit: Decimal) -> WayColumns:
    """Other uses become main industry, other industry first; or the whole grows."""

    def amounts(up: Rounded, most: Ratio, other: Any, living: Any, whole: Any) -> list[Any]:
        over = (other + living) * most[1] - whole * most[0]
        from_other = np.minimum(other, up(over, most[1]))
        return [from_other, up(over, most[1]) - from_other, *([up(over, most[0])] if limit else [])]

    held = (columns[name] for name in (OTHER_AREA, LIVING_AREA, whole))
    from_other, from_living, *larger = _where_known(amounts, [limit], *held)
    convert = _changed(OTHER_AREA, -from_other), _changed(LIVING_AREA, -from_living)
    # where nothing at all is allowed no whole is large enough
    return convert, *((ChangeColumn(whole, by, "m2"),) for by in larger)


def _less_living(whole: str, columns: Columns, limit: Decimal) -> WayColumns:
    """Living facilities become another use; or the whole grows."""

    def amounts(up: Rounded, most: Ratio, living: Any, whole: Any) -> list[Any]:
        over = living * most[1] - whole * most[0]
        return [up(over, most[1]), *([up(over, most[0])] if limit else [])]

    over, *larger = _where_known(amounts, [limit], columns[LIVING_AREA], columns[whole])
    return (ChangeColumn(LIVING_AREA, -over, "m2"),), *((ChangeColumn(whole, by, "m2"),) for by in larger)


def _more_green(columns: Columns, limit: Decimal) -> WayColumns:
    """New green of the park itself, which takes the place of what it would draw; no green at all may be wanting."""
    if limit:
        return ()
    (by,) = _where_known(lambda up, once, wanted: [up(wanted, once[1])], [Decimal(1)], columns[GREEN_TO_ADD])
    return ((ChangeColumn("green.area_m2", by, "m2"),),)


def _plot_alone(own: Ways, columns: Columns, limit: Decimal) -> WayColumns:
    """As of a plot in no pool; none where the share is a pool's, or may be."""
    alone = columns["pool_recognised"] == Tri.FALSE
    found = own(columns, limit)
    return tuple(tuple(change._replace(by=np.where(alone, change.by, np.nan)) for change in way) for way in found)


def _green_of_share(name: str, operator: Operator, columns: Columns, limit: Decimal) -> WayColumns:
    """More or less green on the same land."""
    part, whole = MEASURES[name].inputs
    sign = 1 if operator is Operator.AT_LEAST else -1

    def amounts(up: Rounded, share: Ratio, green: Any, land: Any) -> list[Any]:
        return [up((land * share[0] - green * share[1]) * sign, share[1])]

    (by,) = _where_known(amounts, [limit], columns[part], columns[whole])
    return ((_changed(part, sign * by),),)


def _beyond(signs: Mapping[str, int], columns: Columns, limit: Decimal) -> WayColumns:
    """Less of the first field where the sum of all is over its limit; none where there is not so much of it."""
    (first, *_), held = signs, [columns[name] for name in signs]

    def amounts(up: Rounded, once: Ratio, most: Any, *each: Any) -> list[Any]:
        return [up(sum(one * sign for one, sign in zip(each, signs.values(), strict=True)) - most, once[1])]

    (by,) = _where_known(amounts, [Decimal(1)], np.full(len(held[0]), float(limit)), *held)
    return ((ChangeColumn(first, -np.where(by > held[0], np.nan, by), measure(first, "parcel").unit),),)


BY_PLOT: Mapping[tuple[str, Operator], Ways] = {
    **{(name, Operator.AT_MOST): partial(_fewer_other_uses, WHOLE[name]) for name in OTHER},
    **{(name, Operator.AT_MOST): partial(_less_living, WHOLE[name]) for name in LIVING},
}
BY_MEASURE: Mapping[tuple[str, Operator], Ways] = {
    **{("far", operator): partial(_by_far, operator) for operator in (Operator.AT_LEAST, Operator.AT_MOST)},
    **BY_PLOT,
    **{(POOLED + name, operator): partial(_plot_alone, own) for (name, operator), own in BY_PLOT.items()},
    **{
        (name, way): partial(_green_of_share, name, way)
        for name, way in product(GREEN, (Operator.AT_LEAST, Operator.AT_MOST))
    },
    ("lease_and_grant_years", Operator.AT_MOST): partial(_beyond, {"term_years": 1, "lease_years": 1}),
    ("pool_concentrated_excess_m2", Operator.AT_MOST): partial(
        _beyond, {"pool_concentrated_gfa_m2": 1, "above_ground_gfa_m2": -1, OTHER_AREA: 1, LIVING_AREA: 1}
    ),
    ("uncovered_m2", Operator.EQUALS): _more_green,
}


@dataclass(frozen=True, slots=True)
class JointTest:
    """A test that a joint remedy has to meet: the line of its rule in the verdict matrix, and its requirement."""

    rule: Rule
    line: int
    requirement: Requirement
    test: Test


def joint_tests(rule: Rule, line: int) -> Iterator[JointTest]:
    """The tests of a rule on FAR or a share of floor area."""
    for requirement in rule.requires if rule.per == "parcel" else ():
        for test in requirement.any:
            if (_of_plot(test), test.operator) in JOINT and test.number is not None:
                yield JointTest(rule, line, requirement, test)


def joint_remedies(
    rule: Rule, verdicts: NDArray[np.int8], evaluation: Evaluation, reading: Reading, tests: Sequence[JointTest]
) -> JointColumns | None:
    """Changes that meet all broken requirements on floor areas at once, in the rows where there are two or more.

    ``verdicts`` (rules x rows); nothing for a rule that has no such requirement.
    """
    own = next((one for one in tests if one.rule is rule), None)
    if own is None:
        return None
    bound, broken = _bound(verdicts, evaluation, reading, tests)
    wanted = (verdicts[own.line] == Verdict.FAIL) & (broken >= 2) & _judged_alone(own.test, evaluation)
    if not wanted.any():
        return None
    none = np.full(len(wanted), np.nan)
    found = np.tile(none, (len(MOVED) + 1, 1))
    kinds = np.sum([mask.astype(np.int64) << bit for bit, mask in enumerate(bound)], axis=0)
    for kind in np.unique(kinds[wanted]).tolist():
        rows = wanted & (kinds == kind)
        limits = _strictest([one for bit, one in enumerate(tests) if kind >> bit & 1], evaluation)
        held = {name: evaluation.columns.get(name, none)[rows] for name in NEEDED}
        found[:, rows] = joint(limits, held)
    return JointColumns(tuple(map(_changed, MOVED, found)), found[-1])


def joint(limits: Mapping[str, Decimal], columns: Columns) -> Numbers:
    """Changes that meet FAR, the share of other uses and that of living facilities together, none larger than need be.

    ``limits`` by measure, those that apply to the parcels. A row each of ``MOVED`` and the sum of what is changed, NaN
    where a number is wanting. Floor area is added for main industry, as far as the FAR asks for, and counts above
    ground as far as the shares need it; living area and area of other industry become main industry.
    """
    shares = [name for name in limits if name != "far"]
    whole = WHOLE[shares[0]] if shares else FLOOR
    names = (*((LAND, FLOOR) if "far" in limits else (whole, whole)), whole, LIVING_AREA, OTHER_AREA)
    each = [next((limits[name] for name in names if name in limits), None) for names in (("far",), LIVING, OTHER)]

    def amounts(up: Rounded, far: Ratio, of_living: Ratio, of_both: Ratio, *held: Any) -> list[Any]:
        land, floor, all_floors, living, other = held
        none = land * 0
        added = none if each[0] is None else up(land * far[0] - floor * far[1], far[1])
        grown = all_floors + added
        from_living = none if each[1] is None else up(living * of_living[1] - grown * of_living[0], of_living[1])
        over = none if each[2] is None else up((living + other) * of_both[1] - grown * of_both[0], of_both[1])
        from_both = np.maximum(over, from_living)
        from_other = np.minimum(from_both - from_living, other)
        left = living - from_both + from_other
        needed = none
        for part, most in ((left, of_living), (left + other - from_other, of_both)):
            needed = np.maximum(needed, up(part * most[1] - all_floors * most[0], most[0])) if most[0] else needed
        above = none if whole == FLOOR else needed
        return [added, above, left - living, -from_other, added + above + from_both]

    most = [limit or Decimal(0) for limit in each]
    return np.array(_where_known(amounts, most, *(columns[name] for name in names)))


def _of_plot(test: Test) -> str:
    """What the test measures of a plot in no pool."""
    return test.measure.removeprefix(POOLED)


def _judged_alone(test: Test, evaluation: Evaluation) -> NDArray[np.bool_] | np.bool_:
    """Where the plot itself is judged, and no pool."""
    pooled = test.measure.startswith(POOLED)
    return np.asarray(evaluation.columns["pool_recognised"] == Tri.FALSE) if pooled else np.True_


def _bound(
    verdicts: NDArray[np.int8], evaluation: Evaluation, reading: Reading, tests: Sequence[JointTest]
) -> tuple[list[NDArray[np.bool_]], NDArray[np.int64]]:
    """For each test where it has to be met: it is, or its requirement fails; and how many measures miss theirs."""
    bound: list[NDArray[np.bool_]] = []
    missed: dict[str, NDArray[np.bool_]] = {}
    for one in tests:
        judged = (verdicts[one.line] == Verdict.PASS) | (verdicts[one.line] == Verdict.FAIL)
        judged &= _judged_alone(one.test, evaluation)
        fails = judged & (evaluation.judged(one.requirement, "parcel", reading) == Verdict.FAIL)
        bound.append(fails | (judged & (evaluation.holds(one.test, "parcel") > 0)))
        missed[_of_plot(one.test)] = missed.get(_of_plot(one.test), np.False_) | fails
    return bound, np.sum(list(missed.values()), axis=0)


def _strictest(tests: Sequence[JointTest], evaluation: Evaluation) -> dict[str, Decimal]:
    """By measure; several texts may limit the same."""
    found: dict[str, Decimal] = {}
    for test in (one.test for one in tests):
        limit = Decimal(repr(evaluation.limit(test)))
        choose = max if test.operator is Operator.AT_LEAST else min
        found[_of_plot(test)] = choose(limit, found.get(_of_plot(test), limit))
    return found
