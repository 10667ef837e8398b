"""The commands that judge parcels: ``landcheck check``, ``explain``, ``whatif`` and ``compare``."""

from __future__ import annotations

import sys
from collections.abc import Collection, Sequence
from dataclasses import replace
from functools import partial
from itertools import chain
from typing import TYPE_CHECKING, Any

from landcheck.cli import console
from landcheck.cli.invocation import Invocation, command
from landcheck.errors import UsageError
from landcheck.messages import Lang, say
from landcheck.request import Cluster

if TYPE_CHECKING:
    from landcheck.model import Report, Verdict
    from landcheck.report.options import Options

CLEAN, BROKEN, OPEN = 0, 1, 3
LINES = ("table", "plain")  # the forms that tell of inputs themselves
WORSE = 1


@command("check")
def check(asked: Invocation) -> int:
    """Check parcels against the rule packs."""
    from landcheck import api
    from landcheck.cli.progress import watched
    from landcheck.report.output_formats import format_named
    from landcheck.report.write import destinations, inputs_of, pieces

    request, lang, cluster = asked.request(), asked.lang, _cluster(asked)
    stops, files, inputs = asked.setting("fail_on") or ("undetermined",), asked["output"] or [], inputs_of(request)
    written = destinations(files, inputs)
    if asked.setting("keep_geometry") or any(to.format.headroom for to in written):
        request = replace(request, headroom=True)
    form = asked["output_format"] or ("table" if sys.stdout.isatty() else "plain")
    format_named(form)
    if asked.config.path and not asked["quiet"]:
        console.note(say("config-read", lang, file=asked.config.path))
    shape = asked.shape("all" if request.show_all else "findings")
    with watched(quiet=asked["quiet"]) as progress:
        report = api.check(request, progress, cluster)
        progress.stage("progress-writing")
        write = partial(api.write_files, report, files, lang, shape.show, inputs, headroom=shape.headroom)
        failed = console.failure(partial(write, keep_geometry=shape.keep_geometry))
    in_lines = form in LINES
    if asked["verbose"]:
        tell_inputs(report, form, shape)
    found = status(report, stops)
    ended = CLEAN if asked["exit_zero"] else found
    if asked["output_format"] or not (asked["quiet"] and files):
        tally = (
            [_tally(report, files, ended, found, lang) + "\n"] if in_lines and not (asked["quiet"] or failed) else []
        )
        console.put(chain(pieces(report, form, shape), tally))
    if failed is not None:
        raise failed
    return ended


@command("explain")
def explain(asked: Invocation) -> None:
    """Tell the sum behind each verdict of one parcel."""
    from landcheck import api
    from landcheck.report.pages import explain_page as page

    asked.put_page(page.text, page.json, *api.explain(asked.request(), asked["parcel"], asked["rule"] or ()))


@command("whatif")
def whatif(asked: Invocation) -> None:
    """Judge one parcel again with values changed."""
    from landcheck import api
    from landcheck.report.pages import whatif_page as page

    request, changes = asked.request(), {}
    for text in asked["set"]:
        name, equals, value = text.partition("=")
        if not equals or not name.strip():
            raise UsageError("whatif-malformed", text=text)
        changes[name.strip()] = value.strip()
    found = api.whatif(request, asked["parcel"], changes)
    asked.put_page(page.text, page.json, found.report, found.pairs, found.changes)


@command("compare")
def compare(asked: Invocation) -> int:
    """Judge the parcels at two dates, or by two packs, and tell which verdicts change."""
    from landcheck import api
    from landcheck.cli.progress import watched
    from landcheck.report.pages import diff_page as page

    old, new = (asked.request(**side) for side in _sides(asked["as_of"] or [], asked["pack"] or []))
    with watched(quiet=asked["quiet"]) as progress:
        found = api.compare(old, new, progress)
    asked.put_page(page.text, page.json, found.old, found.new, found.difference)
    return CLEAN if found.difference.clean else WORSE


def status(report: Report, fail_on: Collection[str]) -> int:
    """The exit status: 0 nothing wrong, 1 a failure or a data error, 3 something open that ``fail_on`` counts."""
    from landcheck.model import Level, Verdict
    from landcheck.run.assemble import LAPSED

    def given(verdict: Verdict) -> int:
        """How often that verdict was given and nothing excuses it."""
        return sum(counts[verdict] for counts in report.summary.verdicts.values()) - report.excused.get(verdict, 0)

    if given(Verdict.FAIL) or any(finding.level is Level.ERROR for finding in report.data):
        return BROKEN
    stops = set(fail_on) - {"lapsed"} or {"undetermined"}
    if (stops != {"fail"} and given(Verdict.UNDETERMINED)) or ("review" in stops and given(Verdict.REVIEW)):
        return OPEN
    return OPEN if "lapsed" in fail_on and any(notice.code in LAPSED for notice in report.notices) else CLEAN


def _tally(report: Report, files: Sequence[str], ended: int, found: int, lang: Lang) -> str:
    """The last line of a check: what was found, what was written, and how it ends."""
    from landcheck.messages.visible import visible
    from landcheck.model import Verdict
    from landcheck.report.content.overview import verdict_line

    written = say("tally-written", lang, known=[visible(file) for file in files]) if files else ""
    excused = "-excused" if ended != BROKEN and report.excused.get(Verdict.FAIL) else ""
    reason = say("tally-exit-zero" if ended != found else f"tally-exit-{ended}{excused}", lang)
    return say("tally", lang, verdicts=verdict_line(report, lang), written=written, status=ended, reason=reason)


def _cluster(asked: Invocation) -> Cluster | None:
    """Where the work is done, None for this process; a scheduler or a number of workers means Dask. UsageError."""
    named = asked["engine"] == "local"  # then what the configuration says of a cluster does not count
    scheduler, workers = (asked[name] if named else asked.setting(name) for name in ("scheduler", "workers"))
    engine = asked.setting("engine") or ("dask" if scheduler or workers is not None else "local")
    if (engine == "local" and (scheduler or workers is not None)) or (scheduler and workers is not None):
        raise UsageError("cluster-options-clash")
    if workers is not None and workers < 1:
        raise UsageError("cluster-workers-number", value=workers)
    if engine == "local":
        return None
    from landcheck.cluster.client import refuse_without_dask

    refuse_without_dask()
    return Cluster(scheduler, workers)


def _sides(dates: list[str], packs: list[str]) -> list[dict[str, Any]]:
    """The options in which the two differ. UsageError where there are not two dates or two packs, but not both."""
    if len(dates) == 2 and len(packs) != 2:
        return [{"as_of": date, "pack": packs} for date in dates]
    if len(packs) == 2 and len(dates) < 2:
        return [{"as_of": "".join(dates) or None, "pack": [pack]} for pack in packs]
    raise UsageError("compare-two-of-one", dates=len(dates), packs=len(packs))


def tell_inputs(report: Report, form: str, shape: Options) -> None:
    """How each input was read, where a report in that form does not say it by itself."""
    if form in LINES and shape.detail == "whole":
        return
    for info in report.inputs:
        console.note(say("input-read", shape.lang, path=info.path, layer=info.layer, rows=info.rows,
                         crs=info.crs, encoding=info.encoding))  # fmt: skip
        for message in info.notes:
            console.note("  " + message.say(shape.lang))
