"""The encoding of a whole text file, found in one pass with bounded memory."""

from __future__ import annotations

import codecs
from dataclasses import dataclass
from pathlib import Path

from landcheck.errors import InputError
from landcheck.messages import Message
from landcheck.read.encoding import FEW_CHARACTERS, Decision, decide

CHUNK = 1 << 20
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
    utf8, gbk = _Trial("utf-8"), _Trial("gb18030")
    foreign = quotes = zeros = False
    line = 0
    start = b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            start = start or chunk[:4]
            line = _line_left_open(chunk, line)
            if longest_line is not None and line > longest_line:
                raise InputError("read-line-too-long", file=file, megabytes=longest_line >> 20)
            quotes = quotes or b'"' in chunk
            zeros = zeros or b"\x00" in chunk
            foreign = foreign or not chunk.isascii()
            utf8.feed(chunk)
            gbk.feed(chunk)
    decision = _decision(file, given, start, foreign, utf8, gbk)
    zeros = zeros and decision.codec != "utf-16"
    return TextFile(decision, quotes, zeros, not zeros and _sound(decision, utf8, gbk, foreign))


def _line_left_open(chunk: bytes, before: int) -> int:
    last = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
    return before + len(chunk) if last < 0 else len(chunk) - last - 1


class _Trial:
    """Whether everything fed so far is valid in one codec, and how many characters beyond ASCII it gives."""

    def __init__(self, codec: str) -> None:
        self.decoder = codecs.getincrementaldecoder(codec)()
        self.valid, self.count = True, 0

    def feed(self, chunk: bytes) -> None:
        if not self.valid:
            return
        try:
            text = self.decoder.decode(chunk)
        except UnicodeDecodeError:
            self.valid = False
            return
        if not chunk.isascii() and self.count < FEW_CHARACTERS:
            self.count += sum(not char.isascii() for char in text)

    def whole(self) -> bool:
        return self.valid and not self.decoder.getstate()[0]


def _decision(file: str, given: str | None, start: bytes, foreign: bool, utf8: _Trial, gbk: _Trial) -> Decision:  # noqa: FBT001 - a fact found
    for mark, codec, label in MARKS:
        if given is None and start.startswith(mark):
            return Decision(codec, label, Message("read-encoding-mark", {"file": file, "encoding": label}))
    if given is not None or not foreign:
        return decide((), file, given, None)
    values = {"file": file, "count": utf8.count if utf8.whole() else gbk.count, "declared": "-"}
    if utf8.whole():
        code = "read-encoding-utf8" if utf8.count >= FEW_CHARACTERS else "read-encoding-utf8-few"
        return Decision("utf-8", "UTF-8", Message(code, values))
    code = "read-encoding-gb18030" if gbk.whole() else "read-encoding-gb18030-faulty"
    return Decision("gb18030", "GB18030", Message(code, values))


def _sound(decision: Decision, utf8: _Trial, gbk: _Trial, foreign: bool) -> bool:  # noqa: FBT001 - a fact found
    if decision.codec in ("utf-8", "utf-8-sig"):
        return utf8.whole()
    if decision.codec == "gb18030":
        return gbk.whole()
    return not foreign
