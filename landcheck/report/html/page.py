"""The page put together: the frame with its words and small tables, and in it what is packed."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain
from typing import Any

import jinja2
import markupsafe

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.messages.visible import shortened
from landcheck.model import Level, Report, Rule, Verdict
from landcheck.report.content import labels, overview, report_tables
from landcheck.report.content.causes import Cause, cause_words, entries, gravity, together_note
from landcheck.report.content.labels import GRAVEST_FIRST
from landcheck.report.content.rollup_tables import rollup_tables, telling
from landcheck.report.content.rule_cards import applies, formulas, left_out, requirement
from landcheck.report.content.screen import firsts
from landcheck.report.html import assets
from landcheck.report.html.flow import flow
from landcheck.report.html.payload import LISTED, Payload, payload, verdict_word
from landcheck.report.options import NOTEWORTHY, Options, shown_count

# On paper a cause takes a seventh of a page and a finding with its sums half a one.
LINES, SINGLY = 40, 20
ROWS = 150  # of a roll-up
# An id with a hyphen, as escaped text has it; a longer one may be parted.
HYPHENED = re.compile(r"(?<![\w.#&-])(?=[\w.-]{3,24}(?![\w.-]))[\w.]+-[\w.-]+", re.ASCII)
# By their ids, in the summary, and after what was found.
TABLES = {"conflicts": report_tables.disagreements, "asks": report_tables.asks}
NOTES = {"interpretations": report_tables.hanging, "waivers": report_tables.waivers}


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The page as text, piece by piece."""
    held = payload(report, options)
    styles = (assets.style(*(() if held.octets is None else (assets.LEAFLET_STYLE,)), *assets.STYLES),)
    scripts = (*(() if held.octets is None else (assets.leaflet(),)), assets.script())
    context = _context(report, held, options.lang) | _causes(report, options)
    yield from filled("page.html", options.lang, styles, scripts, **context)


def filled(name: str, lang: Lang, styles: Sequence[str], scripts: Sequence[str] = (), **context: Any) -> Iterator[str]:
    """A template with styles and scripts as they are, and under a policy that lets nothing else in."""
    context |= {"html_lang": "zh-CN" if lang == "zh" else "en", "policy": assets.policy(styles, scripts)}
    context["styles"] = [markupsafe.Markup(text) for text in styles]  # noqa: S704 - files of this package
    context["scripts"] = [markupsafe.Markup(text) for text in scripts]  # noqa: S704 - files of this package
    yield from _environment(lang).get_template(name).generate(context)
    yield "\n"


def _environment(lang: Lang) -> jinja2.Environment:
    """The templates, every text escaped, speaking that language."""
    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(assets.HERE / "templates", encoding="utf-8"), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        # Style, script and packed data come as Markup, another type, and stay as they are.
        finalize=lambda value: shortened(value) if type(value) is str else value,
    )  # fmt: skip
    environment.globals |= {"lang": lang, "t": lambda code, **values: say(code, lang, **values)}
    environment.filters["whole"] = _whole
    return environment


def _whole(text: str) -> markupsafe.Markup:
    """The text with its short ids marked, so that no line parts them at a hyphen."""
    safe = str(markupsafe.escape(shortened(text)))
    return markupsafe.Markup(HYPHENED.sub(r'<span class="id">\g<0></span>', safe))  # noqa: S704 - escaped above


def _context(report: Report, held: Payload, lang: Lang) -> dict[str, Any]:
    verdict, state = overview.state(report, "html-state", lang)
    notices, notes = overview.notices(report, lang), [(table(report, lang), name) for name, table in NOTES.items()]
    return {
        "version": version.__version__,
        "held": held,
        "basis": [*overview.project(report, lang), *overview.settings(report, lang)],
        "packs": list(overview.packs(report, lang)),
        "notices": notices,
        "notes": notes,
        "noted": bool(notices) or any(table.rows for table, _ in notes),
        "totals": overview.totals(report, lang),
        "firsts": tuple(firsts(report, lang)),
        "rollups": [_first(table, lang) for table in rollup_tables(report, telling(report), lang)],
        "state": state,
        "state_verdict": int(verdict),
        "counts": [_count(one, report, held, lang) for one in GRAVEST_FIRST],
        "errors": sum(fault.level is Level.ERROR for fault in report.data),
        "listed": LISTED,
        "rules": [_rule(rule, report, lang) for rule in overview.rules(report)],
        "unruled": [line for pack in report.packs for line in left_out(pack, lang)],
        "data": len(report.data),
        "ledger": bool(report.ledger),
        "transfers": bool(report.transfers),
        "flow": flow(report, lang),
        "tables": [(table(report, lang), name) for name, table in TABLES.items()],
        "assumptions": report_tables.assumptions(report, lang),
        "inputs": report_tables.inputs(report, lang),
        "input_notes": overview.notes(report, lang),
        "verdicts": [(int(one), verdict_word(one, lang)) for one in GRAVEST_FIRST],
    }


def _first(table: report_tables.Table, lang: Lang) -> report_tables.Table:
    """As much of a table as a page shows, with how much it leaves out."""
    if len(table.rows) <= ROWS:
        return table
    rest = say("report-rest-rows", lang, count=f"{len(table.rows) - ROWS:,}")
    return replace(table, rows=table.rows[:ROWS], note=f"{rest} {table.note}")


def _causes(report: Report, options: Options) -> dict[str, Any]:
    """The causes of the findings, and how many findings they leave out; ``singly``: paper has all findings by rule."""
    singly, lang = shown_count(report, options.show) <= SINGLY, options.lang
    found = entries(report, options.show, 0 if singly else LINES)
    every = sorted(chain.from_iterable(found.values()), key=gravity)
    return {
        "singly": singly,
        "causes": [
            (int(one.verdict), cause_words(one, lang), _park(one), one.gravest.rule.title.say(lang))
            for one in every[:LINES]
        ],
        "causes_left_out": sum(one.count for one in every[LINES:]),
        "causes_note": together_note(every, lang),
    }


def _park(cause: Cause) -> str:
    """The park of the one parcel that a cause speaks of."""
    return cause.gravest.park or "" if cause.count == 1 else ""


def _count(verdict: Verdict, report: Report, held: Payload, lang: Lang) -> dict[str, Any]:
    """A verdict's number, and of the noteworthy ones how many subjects have it."""
    known = verdict in NOTEWORTHY and not held.findings.left_out
    subjects = f"{len(held.findings.spoken_of[verdict]):,}"
    return {
        "verdict": int(verdict),
        "word": verdict_word(verdict, lang),
        "count": f"{overview.sums(report)[verdict]:,}",
        "subjects": say("html-subjects", lang, count=subjects) if known else "",
    }


def _rule(rule: Rule, report: Report, lang: Lang) -> dict[str, Any]:
    """A rule's section: its clause, conditions, requirements and formulas, and how often it gave each verdict."""
    counts = report.summary.verdicts.get(rule.id, (0,) * len(Verdict))
    return {
        "id": rule.id,
        "title": rule.title.say(lang),
        "name": labels.rule(rule, lang),
        "number": labels.clause_number(rule, lang),
        "clause": rule.clause,
        "applies": applies(rule, lang),
        "requires": [requirement(rule, one, lang) for one in rule.requires],
        "formulas": formulas(rule, lang),
        "evidence": rule.evidence.say(lang),
        "counts": [(int(verdict), verdict_word(verdict, lang), counts[verdict]) for verdict in GRAVEST_FIRST],
        "bar": list(_bar(counts)),
        "noteworthy": sum(counts[verdict] for verdict in NOTEWORTHY),
    }


def _bar(counts: Sequence[int]) -> Iterator[tuple[int, float, float]]:
    """Verdict, start and width in percent, of those verdicts that say something of the subject."""
    applied = [verdict for verdict in GRAVEST_FIRST if verdict is not Verdict.NOT_APPLICABLE]
    total, x = sum(counts[verdict] for verdict in applied), 0.0
    for verdict in applied:
        if counts[verdict]:
            width = 100 * counts[verdict] / total
            yield int(verdict), round(x, 2), round(width, 2)
            x += width
