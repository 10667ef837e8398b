"""What to change so that a requirement holds: exact amounts, rounded in the lawful direction.

Areas are in m² and rounded to 0.01 m², as areas are stated, always to the side that complies. Decimal arithmetic on the
written values, so that the amount suffices and a hundredth less does not.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import partial
from math import isnan
from typing import Any

import numpy as np
from numpy.typing import NDArray

from landcheck.measures import measure
from landcheck.model import Change, JointRemedy, Operator, Reading, Requirement, Rule, Test, Verdict
from landcheck.verdicts.decide import Evaluation

Values = Mapping[str, Decimal]
NumberLists = dict[str, list[float]]
Ways = tuple[tuple[Change, ...], ...]

OTHER, LIVING = ("other_use_share", "other_use_share_of_far_gfa"), ("living_share", "living_share_of_far_gfa")
WHOLE = dict(zip((*OTHER, *LIVING), ("above_ground_gfa_m2", "far_gfa_m2") * 2, strict=True))
JOINT = (("far", Operator.AT_LEAST), *((name, Operator.AT_MOST) for name in WHOLE))
CENT = Decimal("0.01")
NOUGHT = Decimal(0)


def ways(test: Test, limit: Any, measured: Any, values: Values) -> Ways:
    """The single changes that would make a broken comparison hold, each enough by itself; none where none is known.

    ``limit`` and ``measured`` as the outcome states them, in the test's unit.
    """
    find = BY_MEASURE.get((test.measure, test.operator))
    if find is not None:
        return find(_exact(limit) * test.scale, values)
    if not isinstance(limit, float) or not isinstance(measured, float):
        return ()
    return ((Change(test.measure, float(_exact(limit) - _exact(measured)), test.unit),),)


def joint(limits: Mapping[str, Decimal], values: Values) -> JointRemedy:
    """The least total change that meets FAR, the share of other uses and the share of living facilities together.

    ``limits`` by measure, those that apply to the parcel. Floor area is added for main industry, which enlarges the
    whole; living area becomes main or other industry, other area becomes main industry. A square metre added spares
    the conversion of 0.3 at most, so nothing is added beyond what the FAR asks for.
    """
    added = _missing_floor(limits.get("far"), values)
    shares = [name for name in limits if name != "far"]
    whole = values[WHOLE[shares[0]] if shares else "above_ground_gfa_m2"] + added
    living, other = values["living_gfa_m2"], values["other_industry_gfa_m2"]
    from_living = _over(living, _first(limits, LIVING), whole)
    from_both = _over(living + other, _first(limits, OTHER), whole)
    living_to_other = max(from_living - from_both, NOUGHT)
    other_to_main = min(max(from_both - from_living, NOUGHT), other)
    living_to_main = max(from_both, from_living) - living_to_other - other_to_main
    deltas = {
        "far_gfa_m2": added,
        "above_ground_gfa_m2": added,
        "living_gfa_m2": -living_to_main - living_to_other,
        "other_industry_gfa_m2": living_to_other - other_to_main,
    }
    changes = tuple(Change(name, float(by), "m2") for name, by in deltas.items() if by)
    return JointRemedy(changes, float(added + living_to_main + living_to_other + other_to_main))


def _first(limits: Mapping[str, Decimal], names: tuple[str, ...]) -> Decimal | None:
    return next((limits[name] for name in names if name in limits), None)


def _missing_floor(limit: Decimal | None, values: Values) -> Decimal:
    if limit is None or "far_gfa_m2" not in values or "site_area_m2" not in values:
        return NOUGHT
    return _up(limit * values["site_area_m2"] - values["far_gfa_m2"])


def _over(part: Decimal, limit: Decimal | None, whole: Decimal) -> Decimal:
    return NOUGHT if limit is None else _up(part - limit * whole)


def _by_far(operator: Operator, limit: Decimal, v: Values) -> Ways:
    """More floor or less land for a FAR too low, less floor for one too high; the FAR itself where it was declared."""
    if "far_gfa_m2" not in v or "site_area_m2" not in v:
        return ((Change("far", float(limit - v["far"]), "1"),),) if "far" in v else ()
    if operator is Operator.AT_MOST:
        return ((Change("far_gfa_m2", -float(_over(v["far_gfa_m2"], limit, v["site_area_m2"])), "m2"),),)
    land = _up(v["site_area_m2"] - v["far_gfa_m2"] / limit)
    return (
        (Change("far_gfa_m2", float(_missing_floor(limit, v)), "m2"),),
        (Change("site_area_m2", -float(land), "m2"),),
    )


def _fewer_other_uses(whole: str, limit: Decimal, v: Values) -> Ways:
    over = _over(v["other_industry_gfa_m2"] + v["living_gfa_m2"], limit, v[whole])
    from_other = min(v["other_industry_gfa_m2"], over)
    convert = (("other_industry_gfa_m2", -from_other), ("living_gfa_m2", from_other - over))
    return (
        tuple(Change(name, float(by), "m2") for name, by in convert if by),
        *_larger_whole(whole, v["other_industry_gfa_m2"] + v["living_gfa_m2"], limit, v),
    )


def _less_living(whole: str, limit: Decimal, v: Values) -> Ways:
    over = _over(v["living_gfa_m2"], limit, v[whole])
    return ((Change("living_gfa_m2", -float(over), "m2"),), *_larger_whole(whole, v["living_gfa_m2"], limit, v))


def _larger_whole(whole: str, part: Decimal, limit: Decimal, v: Values) -> Ways:
    """None where nothing at all is allowed: no whole is large enough."""
    return ((Change(whole, float(_up(part / limit - v[whole])), "m2"),),) if limit else ()


BY_MEASURE: Mapping[tuple[str, Operator], Callable[[Decimal, Values], Ways]] = {
    **{("far", operator): partial(_by_far, operator) for operator in (Operator.AT_LEAST, Operator.AT_MOST)},
    **{(name, Operator.AT_MOST): partial(_fewer_other_uses, WHOLE[name]) for name in OTHER},
    **{(name, Operator.AT_MOST): partial(_less_living, WHOLE[name]) for name in LIVING},
    ("uncovered_m2", Operator.EQUALS): lambda limit, v: (
        (Change("green.area_m2", float(_up(v["uncovered_m2"] - limit)), "m2"),),
    ),
}


def _exact(number: float) -> Decimal:
    return Decimal(repr(number))


def _up(amount: Decimal) -> Decimal:
    """At least nought, and the next hundredth that is not less."""
    return max(amount, NOUGHT).quantize(CENT, ROUND_CEILING)


def number_lists(evaluation: Evaluation, names: Collection[str]) -> NumberLists:
    """The columns of those names that hold numbers, as lists."""
    columns = {name: evaluation.columns[name] for name in names if name in evaluation.columns}
    return {name: column.tolist() for name, column in columns.items() if column.dtype == np.float64}


def decimals(held: NumberLists, row: int) -> dict[str, Decimal]:
    """The known numbers of one row, as they are written."""
    one = ((name, column[row]) for name, column in held.items())
    return {name: Decimal(repr(number)) for name, number in one if not isnan(number)}


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
            if (test.measure, test.operator) in JOINT and test.number is not None:
                yield JointTest(rule, line, requirement, test)


def joint_remedies(
    rule: Rule, verdicts: NDArray[np.int8], evaluation: Evaluation, reading: Reading, tests: Sequence[JointTest]
) -> Sequence[JointRemedy | None]:
    """Row by row the least change that meets all broken requirements on floor areas, where there are two or more.

    ``verdicts`` (rules x rows); nothing for a rule that has no such requirement.
    """
    found: list[JointRemedy | None] = [None] * verdicts.shape[1]
    own = next((one for one in tests if one.rule is rule), None)
    if own is None:
        return found
    bound, broken = _bound(verdicts, evaluation, reading, tests)
    limits = [(one.test, Decimal(repr(evaluation.limit(one.test)))) for one in tests]
    held = number_lists(evaluation, {name for one in tests for name in measure(one.test.measure, "parcel").inputs})
    for i in np.flatnonzero((verdicts[own.line] == Verdict.FAIL) & (broken >= 2)).tolist():
        found[i] = _joint(_strictest([limit for limit, met in zip(limits, bound, strict=True) if met[i]]),
                          decimals(held, i))  # fmt: skip
    return found


def _bound(
    verdicts: NDArray[np.int8], evaluation: Evaluation, reading: Reading, tests: Sequence[JointTest]
) -> tuple[list[NDArray[np.bool_]], NDArray[np.int64]]:
    """For each test where it has to be met: it is, or its requirement fails; and how many measures miss theirs."""
    bound: list[NDArray[np.bool_]] = []
    missed: dict[str, NDArray[np.bool_]] = {}
    for one in tests:
        judged = (verdicts[one.line] == Verdict.PASS) | (verdicts[one.line] == Verdict.FAIL)
        fails = judged & (evaluation.judged(one.requirement, "parcel", reading) == Verdict.FAIL)
        bound.append(fails | (judged & (evaluation.holds(one.test, "parcel") > 0)))
        missed[one.test.measure] = missed.get(one.test.measure, np.False_) | fails
    return bound, np.sum(list(missed.values()), axis=0)


def _strictest(limits: Sequence[tuple[Test, Decimal]]) -> dict[str, Decimal]:
    """By measure; several texts may limit the same."""
    found: dict[str, Decimal] = {}
    for test, limit in limits:
        choose = max if test.operator is Operator.AT_LEAST else min
        found[test.measure] = choose(limit, found.get(test.measure, limit))
    return found


def _joint(limits: Mapping[str, Decimal], values: Mapping[str, Decimal]) -> JointRemedy | None:
    wanted = {"above_ground_gfa_m2", "living_gfa_m2", "other_industry_gfa_m2"}
    wanted |= {"far_gfa_m2", "site_area_m2"} if "far" in limits else set()
    wanted |= {WHOLE[name] for name in limits if name in WHOLE}
    return joint(limits, values) if wanted <= values.keys() else None
