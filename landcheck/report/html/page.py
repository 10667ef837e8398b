"""The page put together: the frame with its words and small tables around what is packed."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from landcheck import version
from landcheck.messages import Lang, say
from landcheck.model import Level, Report, Rule, Verdict
from landcheck.report import content, labels
from landcheck.report.html import assets
from landcheck.report.html.flow import flow
from landcheck.report.html.payload import LISTED, ORDER, Listing, Packed, packed, verdict_word
from landcheck.report.html.sums import formulas
from landcheck.report.options import NOTEWORTHY, Options
from landcheck.report.rule_pages import applies, left_out, requirement
from landcheck.report.text import visible

STATES = {
    Verdict.FAIL: "html-state-fail",
    Verdict.UNDETERMINED: "html-state-undetermined",
    Verdict.REVIEW: "html-state-review",
    Verdict.PASS: "html-state-pass",
}


def pieces(report: Report, options: Options) -> Iterator[str]:
    """The page as text, piece by piece."""
    yield from environment(options.lang).get_template("page.html").generate(**_context(report, options))
    yield "\n"


def environment(lang: Lang) -> Any:
    """The templates, every text escaped, speaking that language."""
    import jinja2  # 68 ms, which no other report needs

    environment = jinja2.Environment(
        loader=jinja2.FileSystemLoader(assets.HERE / "templates", encoding="utf-8"), autoescape=True,
        undefined=jinja2.StrictUndefined, trim_blocks=True, lstrip_blocks=True,
        # Style and script come as Markup, another type, and keep their line ends.
        finalize=lambda value: visible(value) if type(value) is str else value,
    )  # fmt: skip
    environment.globals["t"] = lambda code, **values: say(code, lang, **values)
    return environment


def _context(report: Report, options: Options) -> dict[str, Any]:
    lang, held = options.lang, packed(report, options)
    return {
        "lang": lang,
        "html_lang": "zh-CN" if lang == "zh" else "en",
        "version": version.__version__,
        **_sheets(with_map=held.octets is not None),
        "held": held,
        "basis": content.basis(report, lang)[len(report.packs) :],
        "packs": list(content.packs(report, lang)),
        "notices": content.notices(report, lang),
        "totals": content.totals(report, lang),
        **_state(report, lang),
        "counts": [_count(verdict, report, held.listing, lang) for verdict in ORDER],
        "errors": sum(fault.level is Level.ERROR for fault in report.data),
        "listed": LISTED,
        "rules": [_rule(rule, report, lang) for rule in content.rules(report)],
        "unruled": [line for pack in report.packs for line in left_out(pack, lang)],
        "data": len(report.data),
        "ledger": bool(report.ledger),
        "transfers": bool(report.transfers),
        "flow": flow(report, lang),
        "disagreements": content.disagreements(report, lang),
        "hanging": content.hanging(report, lang),
        "asks": content.asks(report, lang),
        "waivers": content.waivers(report, lang),
        "assumptions": content.assumptions(report, lang),
        "inputs": content.inputs(report, lang),
        "input_notes": content.input_notes(report, lang),
        "verdicts": [(int(verdict), verdict_word(verdict, lang)) for verdict in ORDER],
        "map_notes": _map_notes(report, held, lang),
    }


def _sheets(*, with_map: bool) -> dict[str, Any]:
    """Style and scripts as they are, and the policy that lets them in."""
    import markupsafe

    styles = (assets.style(with_map=with_map),)
    scripts = (assets.leaflet(), assets.script()) if with_map else (assets.script(),)
    return {
        "policy": assets.policy(styles, scripts),
        "styles": [markupsafe.Markup(text) for text in styles],  # noqa: S704 - files of this package
        "scripts": [markupsafe.Markup(text) for text in scripts],  # noqa: S704 - files of this package
    }


def _sum_of(report: Report, verdict: Verdict) -> int:
    return sum(counts[verdict] for counts in report.summary.verdicts.values())


def _state(report: Report, lang: Lang) -> dict[str, Any]:
    """The result in one sentence: the gravest verdict there is, or that no clause applied."""
    gravest = next((verdict for verdict in STATES if _sum_of(report, verdict)), None)
    if gravest is None:
        return {"state": say("html-state-none", lang), "state_verdict": int(Verdict.NOT_APPLICABLE)}
    told = say(STATES[gravest], lang, count=f"{_sum_of(report, gravest):,}")
    return {"state": told, "state_verdict": int(gravest)}


def _count(verdict: Verdict, report: Report, found: Listing, lang: Lang) -> dict[str, Any]:
    """A verdict's number, and of the noteworthy ones how many subjects have it."""
    subjects = len(found.spoken_of[verdict]) if verdict in NOTEWORTHY and not found.left_out else None
    return {
        "verdict": int(verdict),
        "word": verdict_word(verdict, lang),
        "count": f"{_sum_of(report, verdict):,}",
        "subjects": None if subjects is None else say("html-subjects", lang, count=f"{subjects:,}"),
    }


def _rule(rule: Rule, report: Report, lang: Lang) -> dict[str, Any]:
    """A rule's section: its clause, conditions, requirements and formulas, and how often it gave each verdict."""
    counts = report.summary.verdicts.get(rule.id, (0,) * len(Verdict))
    return {
        "id": rule.id,
        "title": rule.title.say(lang),
        "per": labels.subject(rule.per, lang),
        "number": rule.clause.number,
        "quote": rule.clause.quote,
        "translation": rule.clause.translation,
        "applies": applies(rule, lang),
        "requires": [requirement(rule, one, lang) for one in rule.requires],
        "formulas": formulas(rule, lang),
        "evidence": rule.evidence.say(lang),
        "counts": [(int(verdict), verdict_word(verdict, lang), counts[verdict]) for verdict in ORDER],
        "bar": _bar(counts),
        "noteworthy": sum(counts[verdict] for verdict in NOTEWORTHY),
    }


def _bar(counts: Sequence[int]) -> list[tuple[int, float, float]]:
    """Verdict, start and width in percent, of those verdicts that say something of the subject."""
    told = [verdict for verdict in ORDER if verdict is not Verdict.NOT_APPLICABLE]
    total = sum(counts[verdict] for verdict in told)
    bar, x = [], 0.0
    for verdict in told:
        width = 100 * counts[verdict] / total if total else 0.0
        if width:
            bar.append((int(verdict), round(x, 2), round(width, 2)))
        x += width
    return bar


def _map_notes(report: Report, held: Packed, lang: Lang) -> list[str]:
    """What the map does not show, and what it is drawn in."""
    if held.octets is None:
        return []
    notes = [held.plane]
    if held.only_findings:
        count = f"{report.summary.subjects['parcel']:,}"
        notes.append(say("html-map-only-findings", lang, count=count))
    if held.unshaped:
        notes.append(say("html-map-unshaped", lang, count=held.unshaped))
    notes += [say("html-map-untold", lang, layer=layer) for layer in held.untold]
    return notes
