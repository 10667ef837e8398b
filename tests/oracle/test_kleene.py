"""The oracle's own logic, on truth tables and sums written out by hand."""

from __future__ import annotations

from fractions import Fraction

from kleene import FALSE, TRUE, Fact, Number, all_of, any_of, at_least, at_most, more_than, share, total

A, B = Fact(None, frozenset({"a"})), Fact(None, frozenset({"b"}))


def test_false_and_unknown_is_false_true_or_unknown_is_true() -> None:
    assert all_of(FALSE, A).truth is False
    assert all_of(TRUE, A).truth is None
    assert any_of(TRUE, A).truth is True
    assert any_of(FALSE, A).truth is None


def test_an_unknown_names_all_it_lacks_and_nothing_else() -> None:
    assert all_of(A, TRUE, B).missing == {"a", "b"}
    assert any_of(A, FALSE).missing == {"a"}
    assert any_of(A, TRUE).missing == frozenset()


def test_limits_include_themselves_and_a_billionth_more() -> None:
    # 2 x 1e-9 = 0.000000002 is allowed below 2, 0.000000003 is not
    assert at_least(Number(Fraction(2)), Fraction(2)).truth is True
    assert at_least(Number(Fraction("1.999999998")), Fraction(2)).truth is True
    assert at_least(Number(Fraction("1.999999997")), Fraction(2)).truth is False
    # 50 x 1e-9 = 0.00000005
    assert at_most(Number(Fraction("50.00000005")), Fraction(50)).truth is True
    assert at_most(Number(Fraction("50.00000006")), Fraction(50)).truth is False


def test_more_means_more_than_the_tolerance() -> None:
    assert more_than(Number(Fraction("2.000000002")), Number(Fraction(2))).truth is False
    assert more_than(Number(Fraction("2.01")), Number(Fraction(2))).truth is True
    assert more_than(Number(Fraction(1)), Number(Fraction(0))).truth is True
    assert more_than(Number(Fraction(0)), Number(Fraction(0))).truth is False


def test_a_share_of_nothing_lacks_the_whole() -> None:
    assert share(Number(Fraction(3)), Number(Fraction(10)), "whole").value == Fraction(3, 10)
    assert share(Number(Fraction(3)), Number(Fraction(0)), "whole") == Number(None, frozenset({"whole"}))


def test_a_sum_with_an_unknown_part_is_unknown() -> None:
    assert total(Number(Fraction("0.1")), Number(Fraction("0.2"))).value == Fraction(3, 10)
    assert total(Number(Fraction(1)), Number(None, frozenset({"b"}))).missing == {"b"}
