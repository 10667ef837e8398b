"""JUnit XML: a suite a rule, a case a subject. Undetermined is an error: no runner may take it for a success."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from xml.etree import ElementTree as ET

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import DataFinding, Finding, Level, Report, Rule, Verdict
from landcheck.report import anchors, content, labels
from landcheck.report.options import Options, shown
from landcheck.report.text import visible
from landcheck.report.words import message, remedy

TAGS = {
    Verdict.FAIL: "failure",
    Verdict.UNDETERMINED: "error",
    Verdict.REVIEW: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Level.ERROR: "failure",
    Level.WARNING: "skipped",
}
COUNTS = {"failure": "failures", "error": "errors", "skipped": "skipped"}

# No XML 1.0 document may hold them, not even as a reference; ``visible`` spells out all the others.
_NO_CHARACTER = re.compile("[\ufffe\uffff]")


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The run, then a suite for each rule and one for the data, one at a time: a run may have millions of cases."""
    lang = options.lang
    of_rule: dict[str, list[Finding]] = {rule.id: [] for rule in content.rules(report)}
    for finding in shown(report, options.show):
        of_rule[finding.rule.id].append(finding)
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="landcheck">\n'
    yield _piece(_run(report, lang))
    for rule in content.rules(report):
        yield _piece(_suite(rule, of_rule.pop(rule.id), report, lang))
    if report.data:
        yield _piece(_data_suite(report, lang))
    yield "</testsuites>\n"


def _run(report: Report, lang: Lang) -> ET.Element:
    """A suite without cases: what the run rests on."""
    suite = ET.Element("testsuite", {"name": "landcheck", **_totals([])})
    properties = ET.SubElement(suite, "properties")
    facts = [("version", version.__version__), ("as_of", str(report.as_of)), ("reading", report.reading.value)]
    facts += [("pack", pack.id) for pack in report.packs]
    facts += [(f"parameter.{name}", f"{value:f}") for name, value in report.parameters.items()]
    facts += [(f"input.{info.role}", f"{info.path} sha256:{info.sha256}") for info in report.inputs]
    facts += [(f"assumed.{a.role}.{a.field}", f"{a.value} x {a.rows}") for a in report.assumptions]
    for name, value in facts:
        ET.SubElement(properties, "property", name=_clean(name), value=_clean(value))
    lines = [*content.notices(report, lang), *content.basis(report, lang), content.totals(report, lang)]
    for table in content.closing(report, lang):
        lines += [f"{table.title}: " + "; ".join(row) for row in table.rows]
    ET.SubElement(suite, "system-out").text = "\n".join(map(_clean, lines))
    return suite


def _suite(rule: Rule, findings: list[Finding], report: Report, lang: Lang) -> ET.Element:
    names: Counter[str] = Counter()
    cases = [_case(finding, names, report, lang) for finding in findings] or [_unlisted(rule, report, lang)]
    suite = ET.Element("testsuite", {"name": _clean(rule.id), **_totals(cases)})
    properties = ET.SubElement(suite, "properties")
    ET.SubElement(properties, "property", name="title", value=_clean(rule.title.say(lang)))
    for verdict in labels.VERDICTS:
        count = str(report.summary.verdicts[rule.id][verdict])
        ET.SubElement(properties, "property", name=verdict.word, value=count)
    suite.extend(cases)
    return suite


def _case(finding: Finding, names: Counter[str], report: Report, lang: Lang) -> ET.Element:
    case = _element(finding, names, report, lang)
    if finding.excused:
        mark = "waived" if finding.waived is not None else "known"
        _outcome(case, Verdict.REVIEW, mark, (message(finding, lang), remedy(finding, lang) or ""))
    elif finding.verdict in TAGS:
        told = message(finding, lang)
        clause = say("report-clause", lang, number=finding.rule.clause.number, quote=finding.rule.clause.quote)
        _outcome(case, finding.verdict, finding.verdict.word, (told, remedy(finding, lang) or "", clause))
    return case


def _unlisted(rule: Rule, report: Report, lang: Lang) -> ET.Element:
    """One case for a rule whose verdicts are not listed singly; it succeeds only where something passed."""
    counts = report.summary.verdicts[rule.id]
    told = tuple(f"{labels.verdict(verdict, lang)} {counts[verdict]}" for verdict in labels.VERDICTS if counts[verdict])
    name = say("ci-listed-with-all", lang, counts=told)
    case = ET.Element("testcase", classname=_clean(f"landcheck.{rule.id}"), name=_clean(name))
    if not counts[Verdict.PASS]:
        _outcome(case, Verdict.NOT_APPLICABLE, Verdict.NOT_APPLICABLE.word, (name,))
    return case


def _data_suite(report: Report, lang: Lang) -> ET.Element:
    names: Counter[str] = Counter()
    cases = []
    for fault in report.data:
        case = _element(fault, names, report, lang)
        _outcome(case, fault.level, fault.level.value, (fault.message.say(lang),))
        cases.append(case)
    suite = ET.Element("testsuite", {"name": "data", **_totals(cases)})
    suite.extend(cases)
    return suite


def _element(one: Finding | DataFinding, names: Counter[str], report: Report, lang: Lang) -> ET.Element:
    rule = one.rule.id if isinstance(one, Finding) else one.rule
    name = content.subject(one.subject, None, lang)
    names[f"{rule} {name}"] += 1
    count = names[f"{rule} {name}"]
    case = ET.Element("testcase", classname=_clean(f"landcheck.{rule}"),
                      name=_clean(name if count == 1 else f"{name} ({count})"))  # fmt: skip
    if report.inputs:
        case.set("file", _clean(anchors.path(report.inputs[anchors.source(report, one.subject)])))
    return case


def _outcome(case: ET.Element, rank: Verdict | Level, word: str, lines: tuple[str, ...]) -> None:
    told = ET.SubElement(case, TAGS[rank], type=word, message=_clean(lines[0]))
    told.text = "\n".join(_clean(line) for line in lines if line)


def _totals(cases: list[ET.Element]) -> dict[str, str]:
    found = Counter(outcome.tag for case in cases for outcome in case)
    return {"tests": str(len(cases)), **{attribute: str(found[tag]) for tag, attribute in COUNTS.items()}}


def _clean(told: str) -> str:
    return _NO_CHARACTER.sub(lambda match: f"\\u{ord(match[0]):x}", visible(told))


def _piece(suite: ET.Element) -> str:
    ET.indent(suite, level=1)
    return "  " + ET.tostring(suite, encoding="unicode") + "\n"
