"""What became of every waiver: the verdicts it covers, or why it covers none."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from landcheck.exceptions.register import Entry
from landcheck.exceptions.waivers import COVERED, TOLD, Seen, Waivers
from landcheck.messages import Message
from landcheck.model import Covered, DataFinding, Grant, Level, Subject, Verdict, Waived

Place = tuple[str, str, int]


@dataclass(slots=True)
class Settled:
    """``covered``: by rule, kind of subject and row (from 1) the document that covers the verdict."""

    covered: dict[Place, Waived] = field(default_factory=dict)
    grants: list[Grant] = field(default_factory=list)
    findings: list[DataFinding] = field(default_factory=list)


def settle(waivers: Waivers, as_of: dt.date) -> Settled:
    """Apply every entry, those that name their subject before those of an area."""
    settled = Settled()
    order = sorted(range(len(waivers.register.entries)), key=lambda at: waivers.register.entries[at].subject is None)
    grants = {at: _settle(at, waivers, as_of, settled) for at in order}
    settled.grants = [grants[at] for at in sorted(grants)]
    return settled


def _settle(at: int, waivers: Waivers, as_of: dt.date, settled: Settled) -> Grant:
    entry = waivers.register.entries[at]
    tell = Teller(entry, waivers.register.file)
    covers = {Verdict.FAIL: 0, Verdict.REVIEW: 0}
    whole = _whole(entry, at, waivers, as_of)
    if whole is not None:
        settled.findings.append(tell.finding(*whole))
    else:
        for one in waivers.seen[at]:
            settled.findings += [tell.finding(*told, one) for told in _each(entry, one)]
            place = (entry.rule_id, entry.type, one.row)
            if _holds(entry, one) and place not in settled.covered:
                settled.covered[place] = entry.waived
                covers[one.verdict] += 1
    scope = "area" if entry.area is not None else entry.type
    counts = Covered(covers[Verdict.FAIL], covers[Verdict.REVIEW])
    return Grant(entry.waived, entry.granted, entry.rule_id, scope, entry.subject, counts)


@dataclass(frozen=True, slots=True)
class Teller:
    """Findings about one entry."""

    entry: Entry
    file: str

    def finding(self, level: Level, message: Message, one: Seen | None = None) -> DataFinding:
        """The finding, about the subject where one is meant, else about the document."""
        entry = self.entry
        values = {"file": self.file, "place": entry.place, "number": entry.waived.number, "rule": entry.rule_id,
                  "id": one.id if one is not None else entry.subject or "-"}  # fmt: skip
        ident = one.id if one is not None else entry.subject
        subject = Subject("waiver", entry.waived.number) if ident is None else Subject(entry.type, ident)
        told = Message(message.code, {**values, **message.values})
        return DataFinding("data/waiver", level, subject, told, one.row if one is not None else None)


Told = tuple[Level, Message]


def _whole(entry: Entry, at: int, waivers: Waivers, as_of: dt.date) -> Told | None:
    """Why the entry as a whole covers nothing; None where it may cover something."""
    seen = waivers.seen[at]
    if entry.rule is None:
        return Level.WARNING, Message("waiver-rule-not-run")
    if entry.subject is not None and not seen:
        return Level.WARNING, Message("waiver-no-subject")
    if entry.subject is not None and len(seen) > 1:
        return Level.ERROR, Message("waiver-ambiguous", {"rows": [one.row for one in seen]})
    outdated = _outdated(entry, as_of)
    if outdated is not None:
        return Level.ERROR if any(one.verdict in TOLD for one in seen) else Level.WARNING, outdated
    if at in waivers.unplaced:
        return Level.ERROR, Message("waiver-unplaced")
    return _idle(entry, seen, waivers.inside[at])


def _outdated(entry: Entry, as_of: dt.date) -> Message | None:
    """Not yet granted, or expired, at the date of the check."""
    if entry.granted is not None and as_of < entry.granted:
        return Message("waiver-not-yet", {"granted": entry.granted, "as_of": as_of})
    if entry.waived.expires < as_of:
        return Message("waiver-expired", {"expires": entry.waived.expires, "as_of": as_of})
    return None


def _idle(entry: Entry, seen: Sequence[Seen], inside: int) -> Told | None:
    """Nothing to cover: the rule passes or does not apply, or nobody in the area breaks it."""
    if entry.subject is not None:
        idle = {Verdict.PASS: "waiver-passes", Verdict.NOT_APPLICABLE: "waiver-not-applicable"}
        code = idle.get(seen[0].verdict)
        return None if code is None else (Level.WARNING, Message(code))
    if any(one.inside for one in seen):
        return None
    if not seen or inside:
        return Level.WARNING, Message("waiver-area-idle" if inside else "waiver-area-empty", {"count": inside})
    return None


def _each(entry: Entry, one: Seen) -> Iterator[Told]:
    """What is to be told of one subject."""
    if one.verdict is Verdict.UNDETERMINED:
        if one.inside is not False:
            yield Level.WARNING, Message("waiver-undetermined")
    elif one.open:
        yield Level.WARNING, Message("waiver-open")
    elif entry.area is not None and not one.inside:
        yield _outside(entry)
    elif entry.fingerprint is not None and one.mark is None:
        yield Level.ERROR, Message("waiver-no-shape")
    elif entry.fingerprint is not None and one.mark != entry.fingerprint:
        yield Level.ERROR, Message("waiver-outgrown", {"was": entry.fingerprint, "now": one.mark})
    elif entry.fingerprint is None and one.mark is not None:
        yield Level.WARNING, Message("waiver-no-fingerprint", {"now": one.mark})


def _outside(entry: Entry) -> Told:
    if entry.subject is None:
        return Level.WARNING, Message("waiver-partly-inside")
    return Level.ERROR, Message("waiver-left-area")


def _holds(entry: Entry, one: Seen) -> bool:
    """Whether the entry covers the verdict as it stands."""
    return (
        one.verdict in COVERED
        and not one.open
        and (entry.area is None or one.inside is True)
        and (entry.fingerprint is None or one.mark == entry.fingerprint)
    )
