"""What a judge said is heard whole, and only what is listed is let stand."""

from __future__ import annotations

from pathlib import Path

import pytest
from objections import Allowed, Objection, read_list, weigh

CSS = Objection("vnu", "plan-zh.html", "error: CSS: an odd value")
TWICE = Objection("vnu", "plan-zh.html", "error: Duplicate ID “a”.")
ODD = Allowed("vnu", "^error: CSS:", "of another's style sheet")


def test_what_is_not_on_the_list_stays() -> None:
    outcome = weigh([CSS, TWICE, TWICE], [ODD], ["vnu"])
    assert (outcome.objections, outcome.used, outcome.idle) == ([TWICE], {ODD: 1}, [])


def test_an_entry_is_for_its_own_judge() -> None:
    assert weigh([Objection("axe", CSS.file, CSS.said)], [ODD], []).objections


@pytest.mark.parametrize(("heard", "idle"), [(["vnu"], [ODD]), (["axe"], [])])
def test_an_entry_that_nobody_needs_is_named_if_its_judge_was_asked(heard: list[str], idle: list[Allowed]) -> None:
    assert weigh([], [ODD], heard).idle == idle


def test_every_entry_of_the_list_has_a_reason_and_a_judge_that_is_asked() -> None:
    from ask import JUDGES

    allowed, never = read_list(Path(__file__).parent / "allowed.toml")
    assert {entry.judge for entry in allowed} <= set(JUDGES)
    assert all(len(entry.reason) > 20 for entry in allowed)
    assert not set(never) & set(JUDGES)
    assert all(len(reason) > 20 for reason in never.values())
    assert len(allowed) <= 8
