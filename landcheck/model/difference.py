"""What lies between two results."""

from __future__ import annotations

from dataclasses import dataclass

from landcheck.messages import Text
from landcheck.model.results import Finding
from landcheck.model.values import Verdict

Pair = tuple[Finding, Finding]


@dataclass(frozen=True, slots=True)
class Topic:
    """What verdicts of two results are set side by side by: a rule of both, else the ``matter`` of rules of each.

    ``per`` is the kind of subject, ``old`` and ``new`` are the rules of either side.
    """

    name: str
    label: Text
    per: str
    matter: bool
    old: tuple[str, ...]
    new: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Transition:
    """How many subjects went from one verdict to another on a topic."""

    topic: Topic
    old: Verdict
    new: Verdict
    count: int


@dataclass(frozen=True, slots=True)
class Difference:
    """The findings of two results by what became of them.

    Each entry holds the old finding and the new one; None where that result tells of none. ``dropped`` were open, and
    no rule of the new result speaks of their subject or topic. ``settled`` went from ``pass`` to ``not_applicable`` or
    back; these, the transitions, and the side of ``new`` and ``fixed`` that is not open are known where both results
    hold every verdict.
    """

    new: tuple[tuple[Finding | None, Finding], ...]
    fixed: tuple[tuple[Finding, Finding | None], ...]
    changed: tuple[Pair, ...]
    worse: tuple[Pair, ...]
    better: tuple[Pair, ...]
    settled: tuple[Pair, ...] = ()
    dropped: tuple[tuple[Finding, Finding | None], ...] = ()
    transitions: tuple[Transition, ...] = ()
    topics: tuple[Topic, ...] = ()

    @property
    def clean(self) -> bool:
        """Whether nothing is new and nothing got worse."""
        return not self.new and not self.worse and not any(_graver(*pair) for pair in self.changed)


def _graver(old: Finding, new: Finding) -> bool:
    """A graver verdict, or the same one that lost its waiver."""
    return new.verdict > old.verdict or (new.verdict is old.verdict and new.waived is None)
