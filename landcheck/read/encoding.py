"""Which encoding the text of a whole table or text file is in, and on what ground.

GBK text of a few hanzi is valid UTF-8 by chance (18 % of single hanzi, 0.1 % of four), and UTF-8 text nearly always
decodes as GB18030: so UTF-8 is tried first, strictly, on all the text there is, and never value by value.
"""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from landcheck.errors import InputError, UsageError
from landcheck.messages import Message

FEW_CHARACTERS = 6
ENOUGH = 20
ONE_IN = 10
"""Where nine of ten texts, and not just a few, are valid UTF-8, the others are damaged: of GBK texts one in five is at
most. Taking them all for GB18030 would spoil the nine."""
BIG5 = ("big5", "cp950", "big5hkscs")
"""The same characters, but for some that the later two add."""
SINGLE_BYTE = ("cp125", "iso8859", "iso-8859", "latin", "cp437", "cp850", "koi8")
UTF8_RUN = re.compile(
    rb"(?:[\xe4-\xe9][\x80-\xbf]{2}|\xef[\xbc\xbd][\x80-\xbf]|\xe3\x80[\x80-\xbf]){2,}(?![\x80-\xff])"
)
"""Two hanzi or more in UTF-8, with nothing but ASCII beside them."""
HIGH_RUN = re.compile(rb"[\xe3-\xe9\xef][\x80-\xbf]{2}[\x80-\xff]{3,}")
"""What may be such a run, found several times faster."""
CHUNK = 1 << 20
GIVEN_UP = 1000
LONGEST_LINE = 64 << 20
MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig", "UTF-8"),
    (codecs.BOM_UTF16_LE, "utf-16", "UTF-16"),
    (codecs.BOM_UTF16_BE, "utf-16", "UTF-16"),
)


@dataclass(frozen=True, slots=True)
class RawText:
    """Some bytes of a table; ``cut`` where the field's width may have cut the last character."""

    raw: bytes
    cut: bool = False


@dataclass(frozen=True, slots=True)
class Decision:
    """The codec's name for Python, the name to show, and the sentence that says why it was chosen, if any is due."""

    codec: str
    label: str
    notes: tuple[Message, ...] = ()


def decide_encoding(texts: Iterable[RawText], file: str, given: str | None, declared: str | None) -> Decision:
    """Decide for these texts.

    ``given`` is what the user said and wins; ``declared`` is what the file says of itself, evidence only.
    """
    if given is not None:
        codec = codec_of(given)
        if codec is None:
            raise UsageError("read-unknown-encoding", encoding=given)
        return _because(codec, "read-encoding-given", file=file, encoding=given)
    foreign = [text for text in texts if not text.raw.isascii()]
    if not foreign:
        return Decision("utf-8", "ASCII")
    return _judge_texts(foreign, file, codec_of(declared) if declared else None, declared or None)


def _judge_texts(foreign: list[RawText], file: str, declared: str | None, said: str | None) -> Decision:
    utf8, gbk = all_decode(foreign, "utf-8"), all_decode(foreign, "gb18030")
    count = sum(len(decode(text.raw, "utf-8" if utf8 else "gb18030", cut=True)[0]) for text in foreign)
    values = {"file": file, "count": len(foreign), "declared": said}
    if utf8 and gbk and count < FEW_CHARACTERS and declared in ("utf-8", "gb18030"):
        return _because(declared, "read-encoding-few-declared", **values)
    if utf8:
        code = "read-encoding-utf8" if count >= FEW_CHARACTERS else "read-encoding-utf8-few"
        return _because("utf-8", code, **values)
    damaged = sum(decode(text.raw, "utf-8", cut=text.cut)[1] for text in foreign)
    if len(foreign) >= ENOUGH and damaged * ONE_IN <= len(foreign):
        return _because("utf-8", "read-encoding-utf8-mostly", file=file, count=damaged)
    if declared in BIG5:  # that of the family which takes all of the text
        declared = next((codec for codec in (declared, *BIG5) if all_decode(foreign, codec)), declared)
    if declared is not None and _prefers(foreign, declared, gbk=gbk):
        return _because(declared, "read-encoding-declared", **values)
    return _because("gb18030", "read-encoding-gb18030" if gbk else "read-encoding-gb18030-faulty", **values)


def _because(codec: str, code: str, **values: Any) -> Decision:
    """The codec, by the name people know it by, with the sentence of that code."""
    label = "Big5" if codec in BIG5 else codec.upper()
    return Decision(codec, label, (Message(code, values),))


def _prefers(foreign: list[RawText], declared: str, *, gbk: bool) -> bool:
    """Whether the declared encoding beats GB18030: only where it fits, and GB18030 does not or gives no usual hanzi."""
    if declared in ("utf-8", "gb18030") or not all_decode(foreign, declared):
        return False
    if not gbk:
        return True
    usual = _usual_share(foreign, "gb18030")
    if declared in BIG5:
        return _usual_share(foreign, declared) > usual
    return declared.startswith(SINGLE_BYTE) and usual < 0.5


def _usual_share(foreign: list[RawText], codec: str) -> float:
    """The share of characters beyond ASCII that are in usual use, as the text reads in that codec.

    In GB18030 these are the hanzi of GB 2312: Latin text read so has next to none of them. In Big5 they are the signs
    and the 5401 hanzi in common use, up to C67E: GBK text goes beyond.
    """

    def is_usual(char: str) -> bool:
        try:
            return bool(char.encode("gb2312")) if codec == "gb18030" else char.encode("cp950") <= b"\xc6\x7e"
        except UnicodeEncodeError:
            return False

    chars = [char for text in foreign for char in decode(text.raw, codec, cut=True)[0] if not char.isascii()]
    return sum(map(is_usual, chars)) / len(chars) if chars else 1.0


def all_decode(texts: Iterable[RawText], codec: str) -> bool:
    """Whether every text is valid in this codec, but for a character that the field's width cut."""
    return not any(decode(text.raw, codec, cut=text.cut)[1] for text in texts)


def decode(raw: bytes, codec: str, *, cut: bool) -> tuple[str, bool]:
    """The text, and whether replacement characters stand in it."""
    decoder = codecs.getincrementaldecoder(codec)()
    try:
        return decoder.decode(raw, final=not cut), False
    except UnicodeDecodeError:
        return raw.decode(codec, errors="replace"), True


def codec_of(name: str) -> str | None:
    """Python's codec for a name as users, .cpg files and code pages write it; None for one that does not exist."""
    word = name.strip().strip("\x00").lower().replace("_", "-").removeprefix("ldid/")
    word = word.removeprefix("ansi ").removeprefix("oem ").strip()
    word = {"65001": "utf-8", "936": "gbk", "54936": "gb18030", "950": "big5", "88591": "iso8859-1"}.get(word, word)
    if word.isdigit():
        word = "cp" + word
    try:
        codec = codecs.lookup(word).name
    except (LookupError, ValueError):
        return None
    return "gb18030" if codec in ("gbk", "gb2312", "hz") else "utf-8" if codec == "utf-8-sig" else codec


@dataclass(frozen=True, slots=True)
class TextFile:
    """What a pass over the file found: its encoding, whether quotes and zero bytes stand in it, whether it decodes."""

    decision: Decision
    quotes: bool
    zeros: bool
    sound: bool


def examine_text(path: Path, file: str, given: str | None, longest_line: int | None = LONGEST_LINE) -> TextFile:
    """Decide the encoding over the whole file, in one pass with bounded memory.

    Raises InputError for a line of more than ``longest_line`` bytes, which no table has.
    """
    settled = _settled(path, file, given)
    trials = [_Trial(codec) for codec in ((settled.codec,) if settled else ("utf-8", "gb18030"))]
    quotes = zeros = False
    line = 0
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            line = line + len(chunk) if end < 0 else len(chunk) - end - 1
            if longest_line is not None and line > longest_line:
                raise InputError("read-line-too-long", file=file, megabytes=longest_line >> 20)
            quotes = quotes or b'"' in chunk
            zeros = zeros or b"\x00" in chunk
            for trial in trials:
                trial.feed(chunk)
    for trial in trials:
        trial.close()
    decision = settled or _judge_trials(file, *trials)
    zeros = zeros and decision.codec != "utf-16"
    sound = any(not trial.wrong for trial in trials if decision.codec == trial.codec)
    return TextFile(decision, quotes, zeros, sound and not zeros)


def texts_in_utf8(path: Path) -> Iterator[tuple[int, str]]:
    """The texts of a file in GB18030 that are in UTF-8, each with its line (from 1).

    They are valid there, and of more usual hanzi than when read as GB18030.
    """
    line, rest = 1, b""
    with path.open("rb") as stream:
        while chunk := stream.read(CHUNK):
            window, at = rest + chunk, 0
            end = len(window) if len(chunk) < CHUNK else window.rfind(b"\n") + 1
            for found in HIGH_RUN.finditer(window, 0, end):
                alone = window[found.start() - 1 : found.start()].isascii()
                if alone and UTF8_RUN.fullmatch(found[0]) and _is_utf8(found[0]):
                    line, at = line + window.count(b"\n", at, found.start()), found.start()
                    yield line, found[0].decode("utf-8")
            line, rest = line + window.count(b"\n", at, end), window[end:]


def _is_utf8(raw: bytes) -> bool:
    """Whether bytes that are valid UTF-8 give more usual hanzi so than when they are read as GB18030."""
    recoded = raw.decode("utf-8").encode("gb18030")
    return _usual_share([RawText(recoded)], "gb18030") > _usual_share([RawText(raw)], "gb18030")


def _settled(path: Path, file: str, given: str | None) -> Decision | None:
    """What the user says, else what a byte order mark says."""
    if given is not None:
        return decide_encoding((), file, given, None)
    with path.open("rb") as stream:
        start = stream.read(4)
    for mark, codec, label in MARKS:
        if start.startswith(mark):
            return Decision(codec, label, (Message("read-encoding-mark", {"file": file, "encoding": label}),))
    return None


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
            self.wrong += text.count("\ufffd")
            self.count += len(text) - len(text.encode("ascii", errors="ignore"))

    def close(self) -> None:
        self.wrong += bool(self.decoder.getstate()[0])


def _judge_trials(file: str, utf8: _Trial, gbk: _Trial) -> Decision:
    if not utf8.count and not utf8.wrong:
        return Decision("utf-8", "ASCII")
    if not utf8.wrong:
        code = "read-encoding-utf8" if utf8.count >= FEW_CHARACTERS else "read-encoding-utf8-few"
        return _because("utf-8", code, file=file, count=utf8.count, declared=None)
    if utf8.count >= ENOUGH and utf8.wrong * ONE_IN <= utf8.count:
        return _because("utf-8", "read-encoding-utf8-mostly", file=file, count=utf8.wrong)
    code = "read-encoding-gb18030-faulty" if gbk.wrong else "read-encoding-gb18030"
    return _because("gb18030", code, file=file, count=gbk.count, declared=None)
