"""The encoding of a whole text file, found in one pass with bounded memory."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.read.encoding import ENOUGH, FEW_CHARACTERS, ONE_IN, Decision, decide

CHUNK = 1 << 20
REPLACEMENT = "\ufffd"
GIVEN_UP = 1000
LONGEST_LINE = 64 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a pass over the file found: its encoding, whether quotes and zero bytes stand in it, whether it decodes."""

    decision: Decision
    quotes: bool
    zeros: bool
    sound: bool


def survey(path: Path, file: str, given: str | None, longest_line: int | None = LONGEST_LINE) -> TextFile:
    """Decide the encoding over the whole file; InputError for a line that no table has."""
    settled = _settled(path, file, given)
    trials = [_Trial(codec) for codec in ((settled.codec,) if settled else ("utf-8", "gb18030"))]
    quotes = zeros = False
    line = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            line = _line_left_open(chunk, line)
            if longest_line is not None and line > longest_line:
                raise InputError("read-line-too-long", file=file, megabytes=longest_line >> 20)
            quotes = quotes or b'"' in chunk
            zeros = zeros or b"\x00" in chunk
            for trial in trials:
                trial.feed(chunk)
    for trial in trials:
        trial.close()
    decision = settled or _judged(file, *trials)
    zeros = zeros and decision.codec != "utf-16"
    sound = any(not trial.wrong for trial in trials if decision.codec == trial.codec)
    return TextFile(decision, quotes, zeros, sound and not zeros)


def _settled(path: Path, file: str, given: str | None) -> Decision | None:
    """What the user says, else what a byte order mark says."""
    if given is not None:
        return decide((), file, given, None)
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, codec, label in MARKS:
        if start.startswith(mark):
            return Decision(codec, label, Message("read-encoding-mark", {"file": file, "encoding": label}))
    return None


def _line_left_open(chunk: bytes, before: int) -> int:
    last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    return before + len(chunk) if last < 0 else len(chunk) - last - 1


class _Trial:
    """How a text reads in one codec: its characters beyond ASCII, and the places where it is not valid."""

    def __init__(self, codec: str) -> None:
        self.codec = codec
        self.decoder = codecs.getincrementaldecoder(codec)(errors="replace")
        self.count = self.wrong = 0

    def feed(self, chunk: bytes) -> None:
        if chunk.isascii() and not self.decoder.getstate()[0]:
            return
        if self.wrong < GIVEN_UP or self.wrong * ONE_IN <= self.count:
            text = self.decoder.decode(chunk)
            self.wrong += text.count(REPLACEMENT)
            self.count += len(text) - len(text.encode("ascii", errors="ignore"))

    def close(self) -> None:
        if self.decoder.getstate()[0]:
            self.wrong += 1


def _judged(file: str, utf8: _Trial, gbk: _Trial) -> Decision:
    if not utf8.count and not utf8.wrong:
        return Decision("utf-8", "ASCII", None)
    values = {"file": file, "count": utf8.count, "declared": "-"}
    if not utf8.wrong:
        code = "read-encoding-utf8" if utf8.count >= FEW_CHARACTERS else "read-encoding-utf8-few"
        return Decision("utf-8", "UTF-8", Message(code, values))
    if utf8.count >= ENOUGH and utf8.wrong * ONE_IN <= utf8.count:
        return Decision("utf-8", "UTF-8", Message("read-encoding-utf8-mostly", {"file": file, "count": utf8.wrong}))
    code = "read-encoding-gb18030-faulty" if gbk.wrong else "read-encoding-gb18030"
    return Decision("gb18030", "GB18030", Message(code, {**values, "count": gbk.count}))
