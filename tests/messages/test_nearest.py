from __future__ import annotations

import pytest

from landcheck.errors import nearest

RULES = ("term-50", "far-industrial", "far-rd-general", "living-15")


@pytest.mark.parametrize(
    ("name", "near"),
    [
        ("far-industrail", ["far-industrial"]),
        ("far", ["far-industrial", "far-rd-general"]),
        ("FAR", ["far-industrial", "far-rd-general"]),
        ("nosuch", list(RULES)),
        ("", list(RULES)),
    ],
)
def test_a_wrong_name_gets_those_it_is_like_then_those_that_hold_it_then_all(name: str, near: list[str]) -> None:
    assert nearest(name, RULES) == near
