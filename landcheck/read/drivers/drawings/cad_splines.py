"""Free-form curves (SPLINE) as chords: rational B-splines, by de Boor's algorithm for many places at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
from numpy.typing import NDArray

Points = NDArray[np.float64]

CHORD = 0.001
"""Drawing units between the curve and its chords; four times as much where they are twice as long."""
STEPS = 8  # chords from knot to knot, to begin with
MOST_POINTS = 1_000_000
HIGHEST_DEGREE = 25


def spline_points(
    degree: int, knots: Sequence[float], control: Sequence[Any], weights: Sequence[float]
) -> Points | None:
    """Points on the curve; None where it has no control points, its numbers do not go together, or it takes too many.

    Of points to pass through alone no curve follows: each program joins them otherwise.
    """
    at, points, count = np.asarray(knots, float), np.asarray([one[:2] for one in control], float), len(control)
    weight = np.asarray(weights or np.ones(count), float)
    if not 1 <= degree <= min(HIGHEST_DEGREE, count - 1) or (len(at), len(weight)) != (count + degree + 1, count):
        return None
    breaks = np.unique(at[degree : count + 1])
    sound = np.isfinite([*at, *points.ravel()]).all() and (np.diff(at) >= 0).all() and (weight > 0).all()
    if not sound or len(breaks) < 2:
        return None
    weighted, steps = np.column_stack([points * weight[:, None], weight]), STEPS
    while steps * len(breaks) < MOST_POINTS:
        within = breaks[:-1, None] + np.diff(breaks)[:, None] * np.arange(steps) / steps
        curve = _on_curve(degree, at, weighted, np.append(within.ravel(), breaks[-1]))
        off = np.hypot(*(curve[1::2] - (curve[:-1:2] + curve[2::2]) / 2).T).max()
        if off <= 4 * CHORD:
            curve[-1] = curve[0] if np.allclose(curve[0], curve[-1], rtol=0, atol=1e-6) else curve[-1]
            return curve
        steps *= 2
    return None


def _on_curve(degree: int, knots: Points, weighted: Points, where: Points) -> Points:
    """The points at these parameters."""
    last = np.searchsorted(knots, where[-1]) - 1
    span = np.minimum(np.searchsorted(knots, where, "right") - 1, last)
    held = [weighted[span - degree + j] for j in range(degree + 1)]
    for level in range(1, degree + 1):
        for j in range(degree, level - 1, -1):
            low, high = knots[span - degree + j], knots[span + 1 + j - level]
            part = ((where - low) / (high - low))[:, None]
            held[j] = (1 - part) * held[j - 1] + part * held[j]
    return np.asarray(held[degree][:, :2] / held[degree][:, 2:])
