"""A report at hand in Python: the result of a run with what may be asked of it, as tables, pages and files."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, fields, replace
from html import escape
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from landcheck.errors import UsageError
from landcheck.messages import Lang, Message
from landcheck.messages.visible import visible
from landcheck.model import Explanation, Finding, Pair, Report
from landcheck.report.options import Options, Show
from landcheck.request import Request
from landcheck.verdicts.gather import Findings

if TYPE_CHECKING:
    import pyarrow as pa

T = TypeVar("T")
SHAPES = ("wide", "long")
HEIGHT_PX = 640


class FindingTables(Sequence[Finding]):
    """The findings of ``report`` one by one, and as tables in ``lang``; libraries take them as an Arrow stream."""

    report: Report
    lang: Lang

    def to_arrow(self) -> pa.Table:
        """A row a finding, typed as in the report's .parquet."""
        import pyarrow as pa

        from landcheck.report.parquet import finding_schema, finding_tables

        options = Options(self.lang, "all")
        schema = finding_schema(self.report, options)
        return pa.concat_tables([schema.empty_table(), *finding_tables(self.report, options, schema)])

    def __arrow_c_stream__(self, requested_schema: object | None = None) -> object:
        return self.to_arrow().__arrow_c_stream__(requested_schema)

    def to_pandas(self) -> Any:
        """The same as a DataFrame of pandas."""
        return self.to_arrow().to_pandas()

    def to_geodataframe(
        self, verdicts: Literal["wide", "long"] = "wide", subject: Literal["parcel", "park"] = "parcel"
    ) -> Any:
        """The parcels or parks as a GeoDataFrame in their own coordinate system.

        ``wide``: a row a subject, a column of verdicts a rule, besides ``worst``, what is found and what may help.
        ``long``: a row a finding, with the shape of its subject. UsageError where there are no shapes.
        """
        import geopandas

        from landcheck.report.gis.gis_layers import subject_layer

        if verdicts not in SHAPES:
            raise UsageError("bad-choice", name="verdicts", value=verdicts, known=list(SHAPES))
        layer = subject_layer(self.report, subject, Options(self.lang), "GeoDataFrame")
        if layer is None:
            raise UsageError("findings-no-shapes", layer=Message(f"report-layer-{subject}s"))
        wide = geopandas.GeoDataFrame(layer.table.to_pandas(), geometry=layer.shapes, crs=layer.wkt)
        if verdicts == "wide":
            return wide
        found = self.to_pandas()
        found = found[(found["subject_type"] == subject) & found["row"].notna()]
        shapes = wide.set_index("row").geometry.loc[found["row"]].array
        return geopandas.GeoDataFrame(found.reset_index(drop=True), geometry=shapes, crs=layer.wkt)


class FindingsOfRun(Findings, FindingTables):
    """Those of a run, made only while somebody looks at them."""

    def __init__(self, report: Report, held: Findings, lang: Lang) -> None:
        vars(self).update(vars(held))
        self.report, self.lang = report, lang


class SavedFindings(FindingTables):
    """Those of a result that was read again."""

    def __init__(self, report: Report, lang: Lang) -> None:
        self.report, self.lang = report, lang

    def __getitem__(self, at: Any) -> Any:
        return self.report.findings[at]

    def __len__(self) -> int:
        return len(self.report.findings)


class Answer(tuple[T, ...]):
    """What was asked of one parcel, item by item; ``print`` it, or show it in a notebook, to read it."""

    said: str

    @classmethod
    def of(cls, items: Iterable[T], text: Iterable[str]) -> Answer[T]:
        """The items, and all of them in words."""
        made = cls(items)
        made.said = "".join(text)
        return made

    def __str__(self) -> str:
        return self.said

    def _repr_html_(self) -> str:
        return f"<pre>{escape(self.said)}</pre>"


class PagePart(str):
    """A page of HTML as text; a notebook shows it apart from its own page, without a request to anywhere."""

    __slots__ = ()

    def _repr_html_(self) -> str:
        style = f"width:100%;height:{HEIGHT_PX}px;border:1px solid #ccc"
        return f'<iframe sandbox="allow-scripts allow-downloads" style="{style}" srcdoc="{escape(self)}"></iframe>'


@dataclass(frozen=True, slots=True)
class CheckedReport(Report):
    """A report of which more can be asked; ``request`` is the run's, None of a saved result; ``lang`` what it says."""

    findings: FindingTables
    request: Request | None = field(default=None, repr=False)
    lang: Lang = "en"

    def explain(self, parcel: str, rules: Sequence[str] = ()) -> Answer[Explanation]:
        """The sum behind each verdict of a parcel, or of those rules alone, to be redone by hand.

        UsageError for an unknown rule or a saved result, InputError where there is no such parcel.
        """
        from landcheck.report.pages.explain_page import text
        from landcheck.run.one_parcel import explain

        report, found = explain(self._asked("explain"), parcel, rules)
        return Answer.of(found, text(report, found, Options(self.lang)))

    def whatif(self, parcel: str, **changes: object) -> Answer[Pair]:
        """The parcel judged again with fields set to other values, None for missing: ``whatif("A1", far_gfa_m2=2e4)``.

        Each rule's finding as it is and as it would be.

        UsageError for a field or value that cannot be, or a saved result, InputError where there is no such parcel.
        """
        from landcheck.report.pages.whatif_page import text
        from landcheck.run.one_parcel import whatif

        written = {name: "" if value is None else str(value) for name, value in changes.items()}
        found = whatif(self._asked("whatif"), parcel, written)
        return Answer.of(found.pairs, text(found.report, found.pairs, found.changes, Options(self.lang)))

    def write(self, path: str | Path, *, lang: Lang | None = None, keep_geometry: bool = False) -> None:
        """Write the report in the format of the suffix, whole or not at all, never over an input.

        UsageError for a path that cannot be, LandcheckError where the disk refuses.
        """
        from landcheck.report.output_formats import format_of_file
        from landcheck.report.write import inputs_of, write_files

        report: Report = self
        inputs = [] if self.request is None else inputs_of(self.request)
        show: Show = "all" if self.request is not None and self.request.show_all else "findings"
        if self.headroom is None and self.request and (keep_geometry or format_of_file(Path(path).name).headroom):
            from landcheck.run.check import check

            report = check(replace(self.request, headroom=True))
        asked = keep_geometry or (self.request is None or self.request.headroom)
        write_files(report, [path], lang or self.lang, show, inputs, keep_geometry=keep_geometry, headroom=asked)

    def explore(self) -> PagePart:
        """The whole report as a page with its map, which needs no network; a notebook shows it."""
        from landcheck.report.html.page import pieces

        return PagePart("".join(pieces(self, Options(self.lang, "findings"))))

    def plot(self, subject: Literal["parcel", "park"] = "parcel", *, axes: Any = None) -> Any:
        """A map of the subjects by their gravest verdict, in ``axes`` of matplotlib where they are given; its Figure.

        UsageError without matplotlib (``landcheck[plot]``), or where there are no shapes.
        """
        try:
            from landcheck.report.verdict_figure import draw
        except ModuleNotFoundError as error:
            if "matplotlib" not in (error.name or ""):
                raise
            raise UsageError("plot-no-matplotlib") from None
        return draw(self.findings.to_geodataframe("wide", subject), self.lang, axes)

    def _repr_html_(self) -> str:
        """How often each rule gave each verdict, and the totals."""
        from landcheck.report.content import overview, report_tables

        table = report_tables.summary(self, self.lang)
        rows = "".join(_row("td", row) for row in table.rows)
        said = (overview.totals(self, self.lang), *overview.notices(self, self.lang))
        notes = "".join(f"<p>{escape(visible(text))}</p>" for text in said)
        return f"<div><table>{_row('th', table.heads)}{rows}</table>{notes}</div>"

    def _asked(self, name: str) -> Request:
        """The request. UsageError of a result that was read again: what it was made of is not at hand."""
        if self.request is None:
            raise UsageError("saved-asked", name=name)
        return self.request


def _row(cell: str, texts: Iterable[str]) -> str:
    return "<tr>" + "".join(f"<{cell}>{escape(visible(text))}</{cell}>" for text in texts) + "</tr>"


def at_hand(report: Report, request: Request | None, lang: Lang) -> CheckedReport:
    """The report with what may be asked of it."""
    held = report.findings
    values = {one.name: getattr(report, one.name) for one in fields(Report)}
    values["findings"] = (
        FindingsOfRun(report, held, lang) if isinstance(held, Findings) else SavedFindings(report, lang)
    )
    return CheckedReport(**values, request=request, lang=lang)
