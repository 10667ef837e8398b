"""Verdicts that have no room for a pattern are told apart by eyes that see no red, no green or no blue."""

from __future__ import annotations

import re
from itertools import combinations

import numpy as np
import pytest

from landcheck.report.html.assets import HERE

# Machado, Oliveira, Fernandes 2009, severity 1: linear RGB as such eyes see it
SEEN = {
    "protanopia": ((0.152286, 1.052583, -0.204868), (0.114503, 0.786281, 0.099216), (-0.003882, -0.048116, 1.051998)),
    "deuteranopia": ((0.367322, 0.860646, -0.227968), (0.280085, 0.672501, 0.047413), (-0.01182, 0.04294, 0.968881)),
    "tritanopia": ((1.255528, -0.076749, -0.178779), (-0.078411, 0.930809, 0.147602), (0.004733, 0.691367, 0.3039)),
    "none": ((1, 0, 0), (0, 1, 0), (0, 0, 1)),
}
TO_XYZ = ((0.4124564, 0.3575761, 0.1804375), (0.2126729, 0.7151522, 0.072175), (0.0193339, 0.119192, 0.9503041))
WHITE = (0.95047, 1.0, 1.08883)
APART = 20  # of CIE 1976; about 2 is just noticed when both lie side by side


def lab(colour: str, eyes: str) -> np.ndarray:
    rgb = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    x, y, z = np.cbrt(np.maximum(np.array(TO_XYZ) @ np.clip(np.array(SEEN[eyes]) @ linear, 0, 1) / WHITE, 1e-4))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


def small() -> list[str]:
    return re.findall(r"small: '(#\w{6})'", (HERE / "static" / "paint.js").read_text(encoding="utf-8"))


def shares() -> list[str]:
    """Those of the bars, by verdict; a failure has the colour of its word."""
    styles = (HERE / "static" / "tables.css").read_text(encoding="utf-8")
    failing = re.search(r"--v3: (#\w{6})", (HERE / "static" / "page.css").read_text(encoding="utf-8"))
    assert failing is not None
    return [*re.findall(r"\.share \.v\d \{ fill: (#\w{6}); \}", styles), failing[1]]


@pytest.mark.parametrize("eyes", SEEN)
def test_no_two_verdicts_look_alike(eyes: str) -> None:
    assert len(small()) == 5
    assert len(shares()) == 4
    for colours in (small(), shares()):
        near = {(a, b): float(np.linalg.norm(lab(a, eyes) - lab(b, eyes))) for a, b in combinations(colours, 2)}
        assert {pair: distance for pair, distance in near.items() if distance < APART} == {}
