"""The ink of reports on paper. Every verdict has a pattern besides its colour: the page may be printed in grey."""

from __future__ import annotations

from dataclasses import dataclass

from landcheck.model import Verdict

INK, QUIET, PARK, PAPER = "#1c2733", "#5c6773", "#1f4e79", "#ffffff"
TILE = 8


@dataclass(frozen=True, slots=True)
class Style:
    """``ground`` and ``line`` are colours; ``mark`` is what the pattern draws on the ground, as SVG."""

    ground: str
    line: str
    mark: str = ""


DOTS = '<g fill="#8a5200"><circle cx="2" cy="2" r="1.1"/><circle cx="6" cy="6" r="1.1"/></g>'
LEVELS = '<path d="M0 2H8M0 6H8" stroke="#4a3f8f" stroke-width="1"/>'
DIAGONALS = '<path d="M-1 9L9 -1M-1 1L1 -1M7 9L9 7" stroke="#a3201d" stroke-width="1.4"/>'

STYLES = {
    Verdict.FAIL: Style("#f3b3ac", "#8f1512", DIAGONALS),
    Verdict.UNDETERMINED: Style("#dcd9f3", "#453a87", LEVELS),
    Verdict.REVIEW: Style("#fbe3b0", "#7a4700", DOTS),
    Verdict.PASS: Style("#cfe8da", "#1b6e4b"),
    Verdict.NOT_APPLICABLE: Style("#f7f8f9", "#98a2ad"),
}
WORST_FIRST = tuple(STYLES)


def patterns() -> str:
    """The definitions that ``fill`` refers to."""
    return "".join(
        f'<pattern id="v{int(verdict)}" width="{TILE}" height="{TILE}" patternUnits="userSpaceOnUse">'
        f'<rect width="{TILE}" height="{TILE}" fill="{style.ground}"/>{style.mark}</pattern>'
        for verdict, style in STYLES.items()
        if style.mark
    )


def fill(verdict: Verdict) -> str:
    """The paint of a verdict: its colour, or its pattern."""
    return f"url(#v{int(verdict)})" if STYLES[verdict].mark else STYLES[verdict].ground
