"""``Report.plot``: the parcels and parks by their gravest verdict, without a state that others share."""

from __future__ import annotations

import sys

import pytest
from frames import AS_OF, small

from landcheck import Report, UsageError, check


@pytest.fixture(scope="module")
def report(plan: str) -> Report:
    return check(plan, as_of=AS_OF, lang="zh")


def test_without_matplotlib_it_is_said_what_to_do(report: Report, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "matplotlib.figure", None)
    monkeypatch.delitem(sys.modules, "landcheck.report.verdict_figure", raising=False)
    with pytest.raises(UsageError, match=r"landcheck\[plot\]"):
        report.plot()


def test_every_parcel_is_drawn_in_the_colour_of_its_verdict(report: Report) -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    from matplotlib.colors import to_hex

    figure = report.plot()
    (axes,) = figure.axes
    drawn = {to_hex(one.get_facecolor()[0]): len(one.get_paths()) for one in axes.collections}
    wide = report.findings.to_geodataframe()
    counts, parts = wide["worst"].value_counts(), wide.explode()["worst"].value_counts()
    # before geopandas 1.2 each part of a shape is drawn by itself
    assert drawn["#f2b8b3"] in (counts["fail"], parts["fail"])
    assert sum(drawn.values()) in (len(wide), parts.sum())
    legend = axes.get_legend()
    assert {text.get_text() for text in legend.get_texts()} >= {f"不符合 {counts['fail']}"}
    assert figure._repr_png_().startswith(b"\x89PNG")  # a missing character would be a warning, and an error here
    assert "matplotlib.pyplot" not in sys.modules or not sys.modules["matplotlib.pyplot"].get_fignums()


def test_parks_and_axes_of_the_user(report: Report) -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    from matplotlib.figure import Figure

    mine = Figure()
    assert report.plot("park", axes=mine.subplots()) is mine
    assert sum(len(one.get_paths()) for one in mine.axes[0].collections) == report.summary.subjects["park"]


def test_parks_that_were_not_given_are_named() -> None:
    pytest.importorskip("matplotlib", reason="the extra plot is not installed")
    with pytest.raises(UsageError, match="no shapes of parks"):
        check(small(), as_of=AS_OF, lang="en").plot("park")
