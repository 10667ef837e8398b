"""A map of the parcels or parks by their gravest verdict, as a figure of matplotlib; the extra ``plot``."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING

from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.patches import Patch

from landcheck.messages import Lang, say
from landcheck.model import Verdict
from landcheck.report.content import labels
from landcheck.report.gis.qgis_style import COLOURS

if TYPE_CHECKING:
    from geopandas import GeoDataFrame
    from matplotlib.axes import Axes

FONT = Path(__file__).parent / "pdf" / "font" / "LandcheckSansSC-Regular.otf"
"""Holds the Chinese words, which the fonts of matplotlib lack."""


class VerdictFigure(Figure):
    """One that no window knows of; a notebook shows it."""

    def _repr_png_(self) -> bytes:
        held = BytesIO()
        self.savefig(held, format="png", dpi=120)
        return held.getvalue()


def draw(frame: GeoDataFrame, lang: Lang, axes: Axes | None) -> Figure:
    """The figure of ``axes``, else a new one: a row of the wide table a shape, in the colours of every report."""
    axes = VerdictFigure(layout="constrained").subplots() if axes is None else axes
    keys = []
    for verdict in (verdict for verdict in COLOURS if isinstance(verdict, Verdict)):
        rows = frame[frame["worst"] == verdict.word]
        if len(rows):
            fill, edge = COLOURS[verdict]
            rows.plot(ax=axes, color=fill, edgecolor=edge, linewidth=0.6, aspect=None)
            words = f"{labels.verdict(verdict, lang)} {len(rows)}"
            keys.append(Patch(facecolor=fill, edgecolor=edge, label=words))
    axes.set_aspect("equal")
    axes.set_axis_off()
    axes.legend(handles=keys, title=say("xlsx-head-gravest", lang), prop=FontProperties(fname=FONT),
                title_fontproperties=FontProperties(fname=FONT), loc="upper left", bbox_to_anchor=(1, 1))  # fmt: skip
    figure = axes.get_figure()
    assert isinstance(figure, Figure)
    return figure
