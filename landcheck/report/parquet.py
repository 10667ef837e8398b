"""Findings for a database: a folder of Parquet files, a row a finding, typed, with the whole run told in each file."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec.structs import asdict

from landcheck.messages import Lang
from landcheck.model import Finding, Report
from landcheck.report.csv import finding_row, other_rows
from landcheck.report.options import Options
from landcheck.report.result.encode import comparison_line, run_line, short_lists

if TYPE_CHECKING:
    import pyarrow as pa

# findings of one file, and of one row group in it
PER_FILE = 1_000_000
PER_GROUP = 65_536
# what a file that landcheck wrote holds of the run, as JSON
RUN = b"landcheck"
OUTCOME = ("name", "verdict", "operator", "unit")
NUMBERS = ("margin", "margin_m2")

Row = dict[str, Any]


def write(report: Report, options: Options, path: Path) -> None:
    """Write part-00000.parquet and so on into a new folder at ``path``.

    A row that is no finding says so in ``record``: ``data`` (``verdict`` holds its level) or ``conflict``. A report
    without findings is one file without rows.
    """
    import pyarrow.parquet as pq

    path.mkdir()
    schema = finding_schema(report, options)
    batches = _groups(chain(finding_tables(report, options, schema), _others(report, options, schema)))
    first = next(batches, schema.empty_table())
    for number, some in enumerate(_files(chain([first], batches))):
        with pq.ParquetWriter(path / f"part-{number:05}.parquet", schema) as file:
            for table in some:
                file.write_table(table)


def ours(path: Path) -> bool:
    """Whether a folder holds nothing but a report that landcheck wrote."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        return all(RUN in (pq.read_schema(file).metadata or {}) for file in path.iterdir())
    except (OSError, pa.ArrowInvalid):
        return False


def _files(batches: Iterator[pa.Table]) -> Iterator[Iterator[pa.Table]]:
    """The batches of each file."""
    for first in batches:
        yield chain([first], islice(batches, PER_FILE // PER_GROUP - 1))


def _groups(tables: Iterable[pa.Table]) -> Iterator[pa.Table]:
    """The same rows, as many at a time as a row group holds."""
    import pyarrow as pa

    held: list[pa.Table] = []
    for table in tables:
        held.append(table)
        while sum(len(one) for one in held) >= PER_GROUP:
            whole = pa.concat_tables(held)
            yield whole.slice(0, PER_GROUP)
            held = [whole.slice(PER_GROUP)]
    if rest := [one for one in held if len(one)]:
        yield pa.concat_tables(rest)


def finding_schema(report: Report, options: Options) -> pa.Schema:
    """The columns of a finding; the run as a whole is told in the metadata."""
    import pyarrow as pa

    text, number, texts = pa.string(), pa.float64(), pa.list_(pa.string())
    outcome = pa.struct([
        *((name, text) for name in OUTCOME), ("measured", number), ("measured_word", text), ("limit", number),
        ("limit_words", texts), *((name, number) for name in NUMBERS), ("missing", texts),
    ])  # fmt: skip
    columns = [
        ("record", text), ("rule", text), ("subject_type", text), ("subject", text), ("row", pa.int64()),
        ("verdict", text), ("clause", text), ("requirements", pa.list_(outcome)), ("missing", texts), ("waived", text),
        ("known", pa.bool_()), ("message", text), ("remedy", text), ("longitude", number), ("latitude", number),
    ]  # fmt: skip
    run = run_line(report, options, **short_lists(report, options.lang))
    return pa.schema(columns, {RUN: run.encode("utf-8", "backslashreplace")})


def finding_tables(report: Report, options: Options, schema: pa.Schema) -> Iterator[pa.Table]:
    """The findings wanted, a row each."""
    from landcheck.report.content.filled import worked
    from landcheck.report.content.typed import typed

    return worked(report, options.show, lambda block: typed(block, lambda one: _row(one, options.lang), schema))


def _others(report: Report, options: Options, schema: pa.Schema) -> Iterator[pa.Table]:
    """What else was found."""
    import pyarrow as pa

    others = ({name: sound(value) for name, value in row.items()} for row in other_rows(report, options.lang))
    while some := list(islice(others, PER_GROUP)):
        yield pa.Table.from_pylist(some, schema)


def _row(finding: Finding, lang: Lang) -> Row:
    return finding_row(finding, lang) | {
        "requirements": [asdict(comparison_line(outcome, lang)) for outcome in finding.requirements],
        "waived": None if finding.waived is None else finding.waived.number,
        "known": finding.known,
    }


def sound(value: Any) -> Any:
    """Text as UTF-8 can hold it: a lone surrogate of an undecodable name is written out."""
    return value.encode("utf-8", "backslashreplace").decode() if isinstance(value, str) else value
