"""Remedies: how a broken requirement can be met, as a template of its card.

``{limit}``, ``{gap}`` and ``{measured}`` are the number's own; ``{gap_m2}``, and whatever else is not always known,
stands in square brackets: what is in brackets is said only where each of its values is known.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from string import Formatter

PLACEHOLDERS = frozenset({"gap", "gap_m2", "limit", "measured"})
BRACKETS = re.compile(r"\[([^\[\]]*)\]")


def names(template: str) -> frozenset[str]:
    """The placeholders of a template. ValueError where its braces do not match."""
    return frozenset(name for _, name, _, _ in Formatter().parse(template) if name is not None)


def fill(template: str, values: Mapping[str, str | None]) -> str:
    """The remedy with its values; a part in brackets is left out where one of its values is missing or None."""
    known = {name: value for name, value in values.items() if value is not None}

    def part(match: re.Match[str]) -> str:
        return match[1] if names(match[1]) <= known.keys() else ""

    return BRACKETS.sub(part, template).format_map(known)
