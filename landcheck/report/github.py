"""Annotations for GitHub Actions: worst first, ten of each level, which is what GitHub shows of one step."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from landcheck.messages import Lang, say
from landcheck.model import DataFinding, Finding, Level, Report, Subject, Verdict
from landcheck.report import content
from landcheck.report.options import Options, shown
from landcheck.report.text import visible

LIMIT = 10
LEVELS = ("error", "warning", "notice")
OF_VERDICT = {Verdict.FAIL: "error", Verdict.UNDETERMINED: "warning", Verdict.REVIEW: "notice"}
OF_DATA = {Level.ERROR: "error", Level.WARNING: "warning"}
OF_SUBJECT = {
    "parcel": "parcels",
    "park": "parks",
    "zone": "zones",
    "green": "green",
    "building": "buildings",
    "waiver": "waivers",
}


@dataclass(slots=True)
class Shelf:
    """The first annotations of one level, and how many there were."""

    kept: list[str] = field(default_factory=list)
    count: int = 0

    def add(self, annotation: str) -> None:
        """Keep it while there is room."""
        self.count += 1
        if len(self.kept) < LIMIT:
            self.kept.append(annotation)

    @property
    def rest(self) -> int:
        """How many had no room."""
        return self.count - len(self.kept)


def pieces(report: Report, options: Options) -> Iterator[str]:
    """Annotations, then lines of the log: what was left out, the totals, the basis and the notices."""
    shelves = {level: Shelf() for level in LEVELS}
    for finding in shown(report, "findings"):
        if not finding.known:  # counted below
            shelves[_level(finding)].add(_finding(finding, report, options.lang))
    for fault in report.data:
        shelves[OF_DATA[fault.level]].add(_data(fault, report, options.lang))
    for level in LEVELS:
        yield from shelves[level].kept
    yield from map(_log, _closing(report, shelves, options.lang))


def _closing(report: Report, shelves: dict[str, Shelf], lang: Lang) -> Iterator[str]:
    yield from content.basis(report, lang)
    yield from (say("report-notice", lang, notice=notice) for notice in content.notices(report, lang))
    for table in (content.summary(report, lang), *content.closing(report, lang)):
        yield table.title
        yield from (
            "; ".join(f"{head}: {cell}" for head, cell in zip(table.heads, row, strict=True)) for row in table.rows
        )
    yield content.totals(report, lang)
    errors, warnings, notices = (shelves[level].rest for level in LEVELS)
    if errors or warnings or notices:
        yield say("report-annotations-rest", lang, errors=errors, warnings=warnings, notices=notices, limit=LIMIT)


def _finding(finding: Finding, report: Report, lang: Lang) -> str:
    told = content.told(finding, lang)
    text = f"{told.message}\n{told.remedy}" if told.remedy else told.message
    name = f"{told.rule} {told.subject} ({told.verdict})"
    return _annotation(_level(finding), name, f"{told.subject}: {text}", _file(report, finding.subject))


def _level(finding: Finding) -> str:
    return "notice" if finding.excused else OF_VERDICT[finding.verdict]


def _data(fault: DataFinding, report: Report, lang: Lang) -> str:
    who = content.subject(fault.subject, fault.row, lang)
    text = f"{who}: {fault.message.say(lang)}"
    return _annotation(OF_DATA[fault.level], f"{fault.rule} {who}", text, _file(report, fault.subject))


def _file(report: Report, subject: Subject) -> str:
    """The file the subject stands in; none where it is not known, rather than a wrong one."""
    role = OF_SUBJECT.get(subject.type)
    return next((info.path for info in report.inputs if info.role == role), "")


def _annotation(level: str, title: str, text: str, file: str) -> str:
    where = f"file={_property(file)},line=1," if file else ""
    return f"::{level} {where}title={_property(title)}::{_escaped(text)}\n"


def _escaped(text: str) -> str:
    """As the runner reads it back: its own escapes for percent and the ends of lines, the rest visible."""
    lines = text.replace("%", "%25").split("\n")
    return "%0A".join(map(visible, lines))


def _property(text: str) -> str:
    return visible(text.replace("%", "%25")).replace(":", "%3A").replace(",", "%2C")


def _log(line: str) -> str:
    # The runner obeys :: at the head of a line, and its older ##[ anywhere in one.
    return "landcheck: " + visible(line).replace("##[", "# #[") + "\n"
