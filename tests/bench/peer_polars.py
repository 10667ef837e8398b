"""The nine rules as polars expressions: null is unknown, & and | are Kleene's."""

from __future__ import annotations

from functools import reduce

import polars as pl
from columns import DAY, Columns, arrow
from contest import FAIL, NOT_APPLICABLE, PASS, REVIEW, UNDETERMINED, Entry, tally

NOTE = "lazy query, every core"
ROWS = None
SLACK = 1e-9

c = pl.col


def prepare(columns: Columns) -> Entry:
    """One lazy query: rules as columns."""
    query = pl.from_arrow(arrow(columns)).lazy().select(**{name: verdict(*rule) for name, rule in rules().items()})
    return Entry(query.collect, lambda found: tally(found.to_numpy().T))


def rules() -> dict[str, tuple[pl.Expr, pl.Expr, int]]:
    """By rule: when it applies, what it requires, and what a broken one is called."""
    industrial, clause = c("land_class").is_in([0, 1]), c("land_class") <= 3
    raised = (_far() > c("far_before") * (1 + SLACK)) | (
        c("underground_gfa_m2") > c("underground_gfa_before_m2") * (1 + SLACK)
    )
    stock = c("is_stock") & industrial & raised
    single = clause & c("single_use")
    whole = pl.when(c("above_ground_gfa_m2") > 0).then(c("above_ground_gfa_m2"))
    other = (c("other_industry_gfa_m2") + c("living_gfa_m2")) / whole
    return {
        "term-50": (c("land_class") == 0, _term(), FAIL),
        "far-industrial": (industrial, _far() >= 2 * (1 - SLACK), FAIL),
        "far-rd-general": (c("land_class") == 2, _far() >= 3 * (1 - SLACK), FAIL),
        "stock-approval": (stock, c("increase_approved"), FAIL),
        "stock-no-premium": (stock & c("increase_approved"), c("extra_land_price_cny") == 0, FAIL),
        "surplus-transfer": (c("is_surplus_part"), _transfer(), FAIL),
        "mixed-use-30": (single, other <= 0.3 * (1 + SLACK), FAIL),
        "living-15": (single, c("living_gfa_m2") / whole <= 0.15 * (1 + SLACK), FAIL),
        "roof-greening": (c("roof_greening").is_not_null(), c("roof_greening"), REVIEW),
    }


def verdict(applies: pl.Expr, holds: pl.Expr, broken: int) -> pl.Expr:
    """The verdict as a small integer."""
    applies = c("in_high_tech_zone") & (c("approval_date") >= DAY) & applies
    judged = pl.when(holds.is_null()).then(UNDETERMINED).when(holds).then(PASS).otherwise(broken)
    return (
        pl.when(applies.is_null()).then(UNDETERMINED).when(applies).then(judged).otherwise(NOT_APPLICABLE).cast(pl.Int8)
    )


def _far() -> pl.Expr:
    computed = pl.when(c("site_area_m2") > 0).then(c("far_gfa_m2") / c("site_area_m2"))
    return pl.coalesce(computed, c("far"))


def _term() -> pl.Expr:
    most, base = 50 * (1 + SLACK), 20 * (1 + SLACK)
    return (c("term_years") <= most) & ((c("recognition") < 4) | (c("term_years") <= base))


def _transfer() -> pl.Expr:
    needed = [
        c("land_class") == 0, c("subdivision_permitted"), c("transfer_channel") == 0, c("listing") == 0,
        c("transferee") < 2,
    ]  # fmt: skip
    return reduce(lambda a, b: a & b, needed)
