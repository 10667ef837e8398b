"""JUnit XML: a suite a rule, a case a subject. Undetermined is an error: no runner may take it for a success."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from xml.etree import ElementTree as ET

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.messages.visible import visible
from landcheck.model import DataFinding, Finding, Level, Report, Rule, Verdict
from landcheck.report.ci.anchors import path_of
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.filled import counts, gravest, remarks
from landcheck.report.content.sentences import Remark, subject_words
from landcheck.report.options import Options, wanted

TAGS = {
    Verdict.FAIL: "failure",
    Verdict.UNDETERMINED: "error",
    Verdict.REVIEW: "skipped",
    Verdict.NOT_APPLICABLE: "skipped",
    Level.ERROR: "failure",
    Level.WARNING: "skipped",
}
LISTED = 50_000
"""Cases at most, the gravest first: GitLab reads 500,000 of a pipeline, and each is held in memory here and there."""
COUNTS = {"failure": "failures", "error": "errors", "skipped": "skipped"}

Worded = tuple[Finding, Remark]


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The run, then a suite for each rule and one for the data, one at a time: a run may have millions of cases."""
    lang = options.lang
    of_rule: dict[str, list[Worded]] = {rule.id: [] for rule in overview.rules(report)}
    room = gravest(report, options.show, LISTED)
    for finding, words in remarks(report, options.show, lang, room):
        of_rule[finding.rule.id].append((finding, words))
    told = wanted(options.show) if counts(report, options.show).total() > LISTED else ()
    yield '<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="landcheck">\n'
    yield _piece(_run(report, lang))
    for rule in overview.rules(report):
        yield _piece(_rule_suite(rule, of_rule.pop(rule.id), told, report, lang))
    if report.data:
        names: Counter[str] = Counter()
        yield _piece(_suite("data", (), [_data_case(fault, names, report, lang) for fault in report.data]))
    yield "</testsuites>\n"


def _run(report: Report, lang: Lang) -> ET.Element:
    """A suite without cases: what the run rests on."""
    facts = [("version", version.__version__), ("as_of", str(report.as_of)), ("reading", report.reading.value)]
    facts += [("pack", pack.id) for pack in report.packs]
    facts += [(f"parameter.{name}", f"{value:f}") for name, value in report.parameters.items()]
    facts += [(f"input.{info.role}", f"{info.path} sha256:{info.sha256}") for info in report.inputs]
    facts += [(f"assumed.{a.role}.{a.field}", f"{a.value} x {a.rows}") for a in report.assumptions]
    suite = _suite("landcheck", facts, [])
    lines = [*overview.notices(report, lang), *overview.basis(report, lang), overview.totals(report, lang)]
    lines += [line for table in report_tables.closing(report, lang) for line in table.entries(lang)]
    ET.SubElement(suite, "system-out").text = "\n".join(map(visible, lines))
    return suite


def _rule_suite(rule: Rule, findings: list[Worded], told: Sequence[Verdict], report: Report, lang: Lang) -> ET.Element:
    """``told``: the verdicts that are listed one by one, where there are too many to list all."""
    names: Counter[str] = Counter()
    given = report.summary.verdicts[rule.id]
    cases = [_case(*one, names, report, lang) for one in findings]
    listed = Counter(finding.verdict for finding, _ in findings)
    if left := Counter({verdict: given[verdict] for verdict in told}) - listed:
        cases.append(_rest(rule, left, lang))
    cases = cases or [_unlisted(rule, given, lang)]
    title = ("title", rule.title.say(lang))
    return _suite(rule.id, [title, *((verdict.word, str(given[verdict])) for verdict in labels.VERDICTS)], cases)


def _suite(name: str, properties: Sequence[tuple[str, str]], cases: Sequence[ET.Element]) -> ET.Element:
    found = Counter(outcome.tag for case in cases for outcome in case)
    totals = {"tests": str(len(cases)), **{attribute: str(found[tag]) for tag, attribute in COUNTS.items()}}
    suite = ET.Element("testsuite", {"name": visible(name), **totals})
    held = ET.SubElement(suite, "properties") if properties else suite
    for key, value in properties:
        ET.SubElement(held, "property", name=visible(key), value=visible(value))
    suite.extend(cases)
    return suite


def _case(finding: Finding, words: Remark, names: Counter[str], report: Report, lang: Lang) -> ET.Element:
    case = _element(finding, finding.rule.id, names, report, lang)
    if finding.excused:
        mark = "waived" if finding.waived is not None else "known"
        _outcome(case, Verdict.REVIEW, mark, (words.message, words.remedy))
    elif finding.verdict in TAGS:
        clause, _ = overview.clause(finding.rule, lang)
        _outcome(case, finding.verdict, finding.verdict.word, (words.message, words.remedy, clause))
    return case


def _data_case(fault: DataFinding, names: Counter[str], report: Report, lang: Lang) -> ET.Element:
    case = _element(fault, fault.rule, names, report, lang)
    _outcome(case, fault.level, fault.level.value, (fault.message.say(lang),))
    return case


def _unlisted(rule: Rule, counts: Sequence[int], lang: Lang) -> ET.Element:
    """One case for a rule whose verdicts are not listed singly; it succeeds only where something passed."""
    each = labels.counted({verdict: counts[verdict] for verdict in labels.VERDICTS}, lang)
    name = say("ci-listed-with-all", lang, counts=each)
    case = ET.Element("testcase", classname=visible(f"landcheck.{rule.id}"), name=visible(name))
    if not counts[Verdict.PASS]:
        _outcome(case, Verdict.NOT_APPLICABLE, Verdict.NOT_APPLICABLE.word, (name,))
    return case


def _rest(rule: Rule, left: Mapping[Verdict, int], lang: Lang) -> ET.Element:
    """One case for those of a rule for which there is no room, as grave as the gravest of them."""
    text = say("ci-rest", lang, counts=labels.counted(left, lang), limit=LISTED)
    case = ET.Element("testcase", classname=visible(f"landcheck.{rule.id}"), name=visible(text))
    if (worst := min(left, key=labels.GRAVEST_FIRST.index)) in TAGS:
        _outcome(case, worst, worst.word, (text,))
    return case


def _element(one: Finding | DataFinding, rule: str, names: Counter[str], report: Report, lang: Lang) -> ET.Element:
    """A case with a name of its own: ``names`` counts those of the suite."""
    name = subject_words(one.subject, None, lang)
    names[f"{rule} {name}"] += 1
    count = names[f"{rule} {name}"]
    full = name if count == 1 else f"{name} ({count})"
    case = ET.Element("testcase", classname=visible(f"landcheck.{rule}"), name=visible(full))
    if report.inputs:
        case.set("file", visible(path_of(report, one.subject)))
    return case


def _outcome(case: ET.Element, rank: Verdict | Level, word: str, lines: tuple[str, ...]) -> None:
    outcome = ET.SubElement(case, TAGS[rank], type=word, message=visible(lines[0]))
    outcome.text = "\n".join(visible(line) for line in lines if line)


def _piece(suite: ET.Element) -> str:
    ET.indent(suite, level=1)
    return "  " + ET.tostring(suite, encoding="unicode") + "\n"
