"""Findings and data findings as remarks: the words of each, part by part."""

from __future__ import annotations

from dataclasses import dataclass

from landcheck.messages import Lang, say
from landcheck.model import DataFinding, Finding, Subject
from landcheck.report.content import labels
from landcheck.report.content.sentences import message, remedy, verdict_word


@dataclass(frozen=True, slots=True)
class Remark:
    """A finding in words, or a data finding, whose weight stands for the verdict; what there is not is empty."""

    verdict: str
    rule: str
    subject: str
    clause: str
    message: str
    remedy: str


def remark(one: Finding | DataFinding, lang: Lang) -> Remark:
    """The finding in words."""
    who = subject(one.subject, one.row, lang)
    if isinstance(one, DataFinding):
        return Remark(labels.level(one.level, lang), one.rule, who, "", one.message.say(lang), "")
    clause = one.rule.clause.number
    return Remark(verdict_word(one, lang), one.rule.id, who, clause, message(one, lang), remedy(one, lang) or "")


def subject(who: Subject, row: int | None, lang: Lang) -> str:
    """A subject by its kind and id, and the row it stands in."""
    name = say("report-subject", lang, kind=labels.subject(who.type, lang), id=who.id)
    return name if row is None else say("report-subject-row", lang, subject=name, row=row)
