"""How far a check has come: a line on standard error that a person watches, and a word where the run is interrupted.

A program that started the run asks for it with ``LANDCHECK_PROGRESS=json``: then each step is a line of JSON.
"""

from __future__ import annotations

import json
import os
import shutil
import sys
import time
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager

from landcheck.cli.console import LANG, alive
from landcheck.messages import Message, say

PAUSE = 0.3  # seconds between two looks at the line
WORTH_TELLING = 65_536  # parcels; fewer are done before anybody reads a line


class ProgressLine:
    """Called with the parcels done and the parcels in all; ``total`` below ``done`` means that nobody knows yet."""

    def __init__(self, *, shown: bool, as_json: bool = False) -> None:
        self._shown, self._as_json = shown, as_json
        self._done = self._total = 0
        self._begun = time.monotonic()
        self._told = -PAUSE
        self._width = 0

    def __call__(self, done: int, total: int) -> None:
        """So many parcels are judged."""
        self._done, self._total = done, total
        if self._as_json:
            self._write_json("progress-gathering" if done >= total > 0 else "progress")
        elif done >= total > 0:
            self.stage("progress-gathering")
        elif time.monotonic() - self._told >= PAUSE:
            self._told = time.monotonic()
            rate = self._done / max(time.monotonic() - self._begun, 1e-9)
            counted = {"done": f"{done:,}", "rate": f"{rate:,.0f}"}
            if total < done:
                self._put(say("progress-open", LANG, **counted))
                return
            minutes, seconds = divmod(round((total - done) / rate), 60)
            self._put(say("progress", LANG, total=f"{total:,}", left=f"{minutes}:{seconds:02}", **counted))

    def stage(self, code: str) -> None:
        """The parcels are judged, and this is what the run does now."""
        if self._as_json:
            self._write_json(code)
            return
        self._put(say(code, LANG, done=f"{self._done:,}"))

    def clear(self) -> None:
        """Take the line away."""
        if self._width:
            sys.stderr.write("\r" + " " * self._width + "\r")
            sys.stderr.flush()
            self._width = 0

    def interrupted(self) -> Message:
        """What is said of a run that was stopped here."""
        if not self._done:
            return Message("interrupted")
        done, total = f"{self._done:,}", f"{self._total:,}"
        if self._total < self._done:
            return Message("interrupted-after", {"done": done})
        return Message("interrupted-after-of", {"done": done, "total": total})

    def _write_json(self, stage: str) -> None:
        sys.stderr.write(json.dumps({"done": self._done, "total": self._total, "stage": stage}) + "\n")
        sys.stderr.flush()

    def _put(self, text: str) -> None:
        if not self._shown or max(self._done, self._total) <= WORTH_TELLING:
            return
        columns = shutil.get_terminal_size((80, 24)).columns - 1
        while _width(text) > columns:
            text = text[:-1]
        width = _width(text)
        left = " " * (self._width - width)
        self._width = max(width, self._width)  # before the line is there: an interruption may come between
        sys.stderr.write("\r" + text + left)
        sys.stderr.flush()


@contextmanager
def watched(*, quiet: bool) -> Iterator[ProgressLine]:
    """The progress of what runs inside; where that is interrupted, KeyboardInterrupt carries how far it came."""
    as_json = os.environ.get("LANDCHECK_PROGRESS") == "json"
    progress = ProgressLine(shown=not quiet and alive(sys.stderr), as_json=as_json)
    try:
        yield progress
    except KeyboardInterrupt:
        raise KeyboardInterrupt(progress.interrupted()) from None
    finally:
        progress.clear()


def _width(text: str) -> int:
    """The columns that a text takes on a terminal: two for a Chinese character."""
    return sum(1 + (unicodedata.east_asian_width(character) in "WF") for character in text)
