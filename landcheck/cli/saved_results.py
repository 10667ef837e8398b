"""What can be done with saved results: ``landcheck report``, ``diff`` and ``baseline``."""

from __future__ import annotations

import sys
from functools import partial
from pathlib import Path

from landcheck.cli import console
from landcheck.cli.invocation import Invocation, command
from landcheck.cli.judging import CLEAN, WORSE, tell_inputs
from landcheck.errors import LandcheckError, UsageError


@command("report")
def report(asked: Invocation) -> None:
    """Write a saved result in other formats."""
    from landcheck import api
    from landcheck.report.write import destinations, in_language, pieces

    files, inputs, shape = asked["output"] or [], [asked["result"]], asked.shape(asked.setting("show") or "findings")
    destinations(files, inputs)
    saved = in_language(api.load_report(asked["result"], asked["pack"] or (), large=asked["large"]), asked.lang)
    if saved.saved_in is None:
        console.note(saved.notices[0].say(asked.lang))
    write = partial(api.write_files, saved, files, asked.lang, shape.show, inputs)
    failed = console.failure(partial(write, keep_geometry=shape.keep_geometry))
    if asked["output_format"] or not files:
        form = asked["output_format"] or ("table" if sys.stdout.isatty() else "plain")
        console.put(pieces(saved, form, shape))
        if asked["verbose"]:
            tell_inputs(saved, form, shape)
    if failed is not None:
        raise failed


@command("diff")
def diff(asked: Invocation) -> int:
    """Compare two saved results; 1 where something is new or worse."""
    from landcheck import api
    from landcheck.report.pages import diff_page as page

    old, new = (api.load_report(asked[name], asked["pack"] or (), large=asked["large"]) for name in ("old", "new"))
    found = api.difference(old, new)
    asked.put_page(page.text, page.json, old, new, found)
    return CLEAN if found.clean else WORSE


@command("baseline")
def baseline(asked: Invocation) -> None:
    """Write the baseline of a saved result; a file appears whole or not at all."""
    from landcheck.exceptions.baseline import load_baseline
    from landcheck.temporary import Folder

    output, known = asked["output"], load_baseline(asked["result"], large=asked["large"]).lines()
    if output is None:
        console.put(known)
        return
    path = Path(output)
    if path.resolve() == Path(asked["result"]).resolve():
        raise UsageError("report-target-is-input", file=output)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with Folder(path.parent) as folder:
            draft = Path(folder) / path.name
            draft.write_bytes("".join(known).encode("utf-8"))
            draft.replace(path)
    except OSError as error:
        from landcheck.bounded import reason

        raise LandcheckError("report-not-written", file=output, reason=reason(error)) from error
