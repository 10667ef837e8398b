"""The findings of a report in the texts that a writer makes of one, all findings that are alike at once."""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import partial
from itertools import groupby, islice
from typing import TypeVar

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.beside import side_by_side
from landcheck.messages import Lang
from landcheck.model import Finding, Report, Verdict
from landcheck.report.content.labels import GRAVEST_FIRST
from landcheck.report.content.listed import ListedFindings
from landcheck.report.content.sentences import Remark, remark
from landcheck.report.content.slots import SlotCells, Write
from landcheck.report.options import Show, wanted
from landcheck.verdicts.finding_block import FindingBlock
from landcheck.verdicts.gather import BLOCK, Findings

T = TypeVar("T")
Room = Mapping[Verdict, int]
Block = FindingBlock | ListedFindings
ASIDE = 2  # blocks worked on at a time
Texts = Callable[[Finding], Sequence[str | None]]


def blocks(report: Report, show: Show, room: Room | None = None) -> Iterator[Block]:
    """The findings wanted, in the order given, so many at a time; of each verdict the first for which there is room."""
    return worked(report, show, lambda block: block, room)


def counts(report: Report, show: Show) -> Counter[Verdict]:
    """How many findings are wanted of each verdict."""
    held = report.findings
    found = held.counts() if isinstance(held, Findings) else Counter(finding.verdict for finding in held)
    return Counter({verdict: found[verdict] for verdict in wanted(show)})


def gravest(report: Report, show: Show, most: int) -> dict[Verdict, int]:
    """How many of each verdict are among the gravest findings wanted, so many at most."""
    there, room = counts(report, show), dict[Verdict, int]()
    for verdict in GRAVEST_FIRST:
        room[verdict] = min(there[verdict], most - sum(room.values()))
    return room


def worked(report: Report, show: Show, work: Callable[[Block], T], room: Room | None = None) -> Iterator[T]:
    """What some work makes of each block, in their order; some are worked on side by side."""
    makers = _makers(report, dict.fromkeys(wanted(show), sys.maxsize) if room is None else room)
    return side_by_side(lambda make: work(make()), makers, ASIDE)


def _makers(report: Report, room: Room) -> Iterator[Callable[[], Block]]:
    if isinstance(report.findings, Findings):
        yield from (partial(report.findings.block, *part) for part in report.findings.parts(room))
        return
    for _, of_rule in groupby(_within(report.findings, room), lambda finding: finding.rule.id):
        while some := list(islice(of_rule, BLOCK)):
            yield partial(ListedFindings, some)


def _within(findings: Iterable[Finding], room: Room) -> Iterator[Finding]:
    left = Counter(room)
    for finding in findings:
        if left[finding.verdict]:
            left[finding.verdict] -= 1
            yield finding


def filled(report: Report, show: Show, texts: Texts, fit: Write | None = None) -> Iterator[list[pa.Array]]:
    """The columns of texts of each block; ``fit`` is what the format does to a text of the data, ids as a rule."""
    return worked(report, show, lambda block: of_block(block, texts, fit))


def by_subject(
    report: Report, show: Show, text: Callable[[Finding], str], fit: Write | None = None
) -> Iterator[pa.Array]:
    """The text of each finding, parcels in the order of their layer and then parks, of each subject by rule."""

    def work(make: Callable[[], Block]) -> tuple[NDArray[np.intp], pa.Array]:
        block = make()
        return block.rows, of_block(block, lambda one: (text(one),), fit)[0]

    for span in _spans(report, show):
        made = list(side_by_side(work, span, ASIDE))
        order = np.argsort(np.concatenate([rows for rows, _ in made]), kind="stable")
        yield pa.concat_arrays([texts for _, texts in made]).take(pa.array(order))


def _spans(report: Report, show: Show) -> Iterator[list[Callable[[], Block]]]:
    """What to make blocks of, for some subjects at a time by every rule."""
    findings = report.findings
    if isinstance(findings, Findings):
        for span in findings.spans(wanted(show)):
            yield [partial(findings.block, *part) for part in span]
        return
    left = sorted((one for one in findings if one.verdict in wanted(show)), key=lambda one: one.subject.type)
    for _, of_kind in groupby(left, lambda one: one.subject.type):
        yield [partial(ListedFindings, list(some)) for _, some in groupby(of_kind, lambda one: one.rule.id)]


def of_block(block: Block, texts: Texts, fit: Write | None = None) -> list[pa.Array]:
    """The columns of texts of the findings of a block."""
    places, parts = block.alike(), list[list[pa.Array]]()
    for rows in places:
        cells = SlotCells(rows)
        said = texts(block.finding(int(rows[0]), cells))
        parts.append([pa.nulls(len(rows), pa.string()) if text is None else cells.marks.filled(text, len(rows), fit)
                      for text in said])  # fmt: skip
    return [in_order(places, column) for column in zip(*parts, strict=True)]


def in_order(places: Sequence[NDArray[np.intp]], parts: Sequence[pa.Array]) -> pa.Array:
    """The texts of the rows that are alike, put together in the order of all rows."""
    if len(parts) == 1:
        return parts[0]
    back = np.empty(sum(map(len, places)), np.int64)
    back[np.concatenate(places)] = np.arange(len(back))
    return pa.concat_arrays(parts).take(pa.array(back))


def remarks(report: Report, show: Show, lang: Lang, room: Room | None = None) -> Iterator[tuple[Finding, Remark]]:
    """Each finding wanted with its words, of each verdict the first for which there is room."""
    for block in blocks(report, show, room):
        yield from zip(block, in_words(block, lang), strict=True)


def in_words(block: Block, lang: Lang) -> Iterator[Remark]:
    """The words of each finding of a block."""
    columns = of_block(block, lambda finding: remark(finding, lang))
    return map(Remark, *(column.to_pylist() for column in columns))


def fitted(suspicious: str, fit: Callable[[str], str]) -> Write:
    """What ``fit`` does to a text, done to a column: to those that the regular expression (of RE2) finds suspicious."""

    def write(column: pa.Array) -> pa.Array:
        flagged = pc.fill_null(pc.match_substring_regex(column, suspicious), fill_value=False)
        if not pc.any(flagged).as_py():
            return column
        several = column.filter(flagged).dictionary_encode()
        texts = pa.array([fit(text) for text in several.dictionary.to_pylist()], pa.string())
        return pc.replace_with_mask(column, flagged, texts.take(several.indices))

    return write


def octets(column: pa.Array) -> bytes:
    """The texts one after the other in UTF-8."""
    _, bounds, data = column.buffers()
    ends = np.frombuffer(bounds, np.int32)[column.offset : column.offset + len(column) + 1]
    return b"" if data is None else memoryview(data)[ends[0] : ends[-1]].tobytes()
