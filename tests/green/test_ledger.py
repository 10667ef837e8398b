"""The green ledger: values worked out by hand."""

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from landcheck.green.ledger import UNBOUNDED, Claims, balance, bounds, ledger_rows, settle, to_add, transfers_of


def claims(need: list[float], have: list[float], district: list[int], approved: list[int] | None = None) -> Claims:
    return Claims(
        np.array(need, float), np.array(have, float), np.array(district, np.intp),
        np.array(approved if approved is not None else [1] * len(need), np.int8),
    )  # fmt: skip


def test_a_park_covers_itself_first() -> None:
    result = balance(claims([100, 50], [100, 80], [0, 0]))
    assert result.drawn.tolist() == [0, 0]
    assert result.given.tolist() == [0, 0]
    assert result.uncovered.tolist() == [0, 0]


def test_what_is_short_is_shared_pro_rata() -> None:
    # short 600 and 300, the third park has 300 over: a third of each shortfall is covered, 200 and 100
    result = balance(claims([1000, 500, 0], [400, 200, 300], [0, 0, 0]))
    assert result.drawn.tolist() == [200, 100, 0]
    assert result.given.tolist() == [0, 0, 300]
    assert result.uncovered.tolist() == [400, 200, 0]


def test_nothing_crosses_a_district() -> None:
    result = balance(claims([100, 0], [0, 500], [0, 1]))
    assert result.uncovered.tolist() == [100, 0]
    assert result.given.tolist() == [0, 0]


def test_a_park_without_approval_leaves_its_share_to_the_others() -> None:
    # both short 100, 100 to give: the one refused draws nothing and the other is covered whole
    result = balance(claims([100, 100, 0], [0, 0, 100], [0, 0, 0], [-1, 1, 1]))
    assert result.drawn.tolist() == [0, 100, 0]
    assert result.uncovered.tolist() == [100, 0, 0]


def test_an_unknown_approval_draws_its_share_and_is_not_judged_where_it_suffices() -> None:
    known = claims([100, 100, 0], [0, 0, 200], [0, 0, 0], [0, 1, 1])
    none = np.zeros(3)
    result, uncovered = settle(bounds(known, none, none))
    assert result.drawn.tolist() == [100, 100, 0]
    assert np.isnan(uncovered[0])
    assert uncovered[1:].tolist() == [0, 0]


def test_an_unknown_approval_fails_where_its_share_does_not_suffice_anyway() -> None:
    known = claims([100, 100, 0], [0, 0, 100], [0, 0, 0], [0, 1, 1])
    _, uncovered = settle(bounds(known, np.zeros(3), np.zeros(3)))
    assert uncovered.tolist() == [50, 50, 0]


def test_a_row_of_unknown_area_leaves_the_whole_district_open() -> None:
    # the second park's reduction has no area: it may ask for all the green there is
    known = claims([100, 0, 0], [0, 0, 100], [0, 0, 0])
    _, uncovered = settle(bounds(known, np.array([0, UNBOUNDED, 0]), np.zeros(3)))
    assert np.isnan(uncovered[:2]).all()
    assert uncovered[2] == 0


def test_a_park_of_unknown_district_may_be_anywhere() -> None:
    # it may take what the first park counts on; and in that district the surplus of 150 covers it, half and half
    known = claims([100, 50, 0], [0, 0, 150], [0, -1, 0])
    _, uncovered = settle(bounds(known, np.zeros(3), np.zeros(3)))
    assert uncovered[0] == 0
    assert np.isnan(uncovered[1])
    known = claims([100, 50, 0], [0, 0, 149], [0, -1, 0])
    _, uncovered = settle(bounds(known, np.zeros(3), np.zeros(3)))
    assert np.isnan(uncovered[0])
    assert uncovered[1] > 0


def test_a_park_of_unknown_district_fails_where_no_district_could_cover_it() -> None:
    # no green anywhere; 60 in one district and 70 in another, of which it may lie in one; 30 and 69 of parks that may
    # lie in its own. Then green that would do
    for have, district in ([0, 0, 0], [-1, 0, 1]), ([0, 60, 70], [-1, 0, 1]), ([0, 30, 69], [-1, -1, -1]):
        known = claims([100, 0, 0], have, district)
        assert settle(bounds(known, np.zeros(3), np.zeros(3)))[1][0] == 100, have
    for have, district in ([0, 60, 100], [-1, 0, 1]), ([0, 40, 60], [-1, -1, -1]), ([0, 40, 60], [-1, -1, 1]):
        known = claims([100, 0, 0], have, district)
        assert np.isnan(settle(bounds(known, np.zeros(3), np.zeros(3)))[1][0]), have


def test_rounding_is_no_green_area() -> None:
    # 0.1 + 0.2 of green for 0.3 of need: binary floating point leaves 5.6e-17 uncovered
    result = balance(claims([0.3], [0.1 + 0.2 - 1e-16], [0]))
    assert result.uncovered.tolist() == [0]


def test_gifts_add_up_to_what_was_drawn() -> None:
    parks = ["A", "B", "C", "D"]
    given_claims = claims([300, 100, 0, 0], [0, 0, 100, 300], [0, 0, 0, 0])
    result = balance(given_claims)
    gifts = transfers_of(given_claims, result, parks)
    # 400 asked, 400 there: A takes 75 from C and 225 from D
    assert [(g.giver, g.taker, g.area_m2) for g in gifts] == [
        ("C", "A", 75), ("C", "B", 25), ("D", "A", 225), ("D", "B", 75),
    ]  # fmt: skip
    table = ledger_rows(given_claims, result, parks, ["x"] * 4)
    assert sum(row.from_district_m2 for row in table) == sum(row.given_m2 for row in table) == 400


def test_what_a_park_adds_it_no_longer_draws() -> None:
    # 1,100 asked for and 500 there: each has to make up for what is asked beyond, 600, at most all of its own; one
    # whose help is not approved, or may not be, or whose district is not known, for all of its own
    assert to_add(claims([1000, 100, 0], [0, 0, 500], [0, 0, 0])).tolist() == [600, 100, 0]
    assert to_add(claims([1000, 100, 0], [0, 0, 500], [0, 0, 0], [-1, 0, 1])).tolist() == [1000, 100, 0]
    assert to_add(claims([1000, 100, 0], [0, 0, 1000], [0, 0, 0], [-1, 1, 1])).tolist() == [1000, 0, 0]
    assert to_add(claims([1000, 100, 0], [0, 0, 1050], [0, -1, 0])).tolist() == [50, 100, 0]
    assert np.isnan(to_add(claims([UNBOUNDED, 100], [0, 0], [0, 0]))).tolist() == [True, False]


amounts = st.floats(0, 1e6).map(lambda x: round(x, 2))


@given(st.lists(st.tuples(amounts, amounts, st.integers(0, 2), st.sampled_from([-1, 0, 1])), min_size=1, max_size=12))
def test_no_square_metre_is_used_twice_and_order_changes_nothing(parks: list[tuple[float, float, int, int]]) -> None:
    need, have, district, approved = (list(column) for column in zip(*parks, strict=True))
    result = balance(claims(need, have, district, approved))
    for d in set(district):
        here = np.array(district) == d
        assert np.isclose(result.drawn[here].sum(), result.given[here].sum())
    assert (result.given <= result.surplus + 1e-6).all()
    backwards = balance(claims(need[::-1], have[::-1], district[::-1], approved[::-1]))
    assert np.allclose(result.uncovered, backwards.uncovered[::-1])


cents = st.integers(0, 1_000)


@given(
    st.lists(st.tuples(cents, cents, st.integers(-1, 1), st.sampled_from([-1, 0, 1])), min_size=1, max_size=6),
    st.integers(1, 5),
)
def test_with_what_is_to_be_added_a_park_is_covered_and_with_less_it_is_not(
    parks: list[tuple[int, int, int, int]], less: int
) -> None:
    need, have, district, approved = (list(column) for column in zip(*parks, strict=True))

    def covered(number: int, more: float) -> bool:
        held = [one + more * (at == number) for at, one in enumerate(have)]
        known = claims(need, held, district, approved)
        return bool(settle(bounds(known, np.zeros(len(need)), np.zeros(len(need))))[1][number] == 0)

    for number, wanted in enumerate(to_add(claims(need, have, district, approved)).tolist()):
        assert covered(number, wanted)
        assert wanted == 0 or not covered(number, max(wanted - less, 0))
