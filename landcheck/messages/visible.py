"""Text of unknown origin made fit to be seen: nothing in it may act on a terminal, a log, a table or a reader's eye."""

from __future__ import annotations

import re
from unicodedata import normalize

# By Unicode property: Cc (control), Cf (format), Zl and Zp (separators of lines), Default_Ignorable_Code_Point, and the
# noncharacters that XML cannot hold or nothing should (but U+FDD0 to U+FDD2, which mark places in sentences).
UNSEEN = (
    "\x00-\x1f\x7f-\x9f\xad\u034f\u0600-\u0605\u061c\u06dd\u070f\u0890\u0891\u08e2\u115f\u1160\u17b4\u17b5\u180b-\u180f"
    "\u200b-\u200f\u2028-\u202e\u2060-\u206f\u3164\ufdd3-\ufdef\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff"
    "\U000110bd\U000110cd\U00013430-\U0001343f\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    + "".join(f"{chr(plane + 0xFFFE)}{chr(plane + 0xFFFF)}" for plane in range(0x10000, 0x110000, 0x10000))
)
_UNSEEN = re.compile(f"[{UNSEEN}\ud800-\udfff]")
_PRINTED = re.compile(f"(?!\n|\x1b\\[[0-9;]*m)[{UNSEEN}]")
# What the runner of a pipeline obeys: ``::`` at the head of a line, ``##[`` and its like anywhere in one.
KEPT, LONG, LONGEST = 60, 200, 5_000
"""Characters kept of a name longer than ``LONG``, in which nothing parts words; the most of any text."""
_LONG_NAME = re.compile(rf"[^\s,;:()<>\u3001\u3002\uff08\uff09\uff0c\uff1a\uff1b]{{{LONG + 1},}}")
_COMPATIBLE = re.compile("[\u2e80-\u2fd5\uf900-\ufaff\U0002f800-\U0002fa1f]+")
MIDWAY = r"##\w*\["
_COMMAND = re.compile(rf"^\s*::|{MIDWAY}")
# ends of lines, and the returns with which the line of progress begins and is taken away
_BREAKS = re.compile(r"(\n|\A\r|\r\Z)")


def visible(text: str) -> str:
    """The text in one line, each invisible or control character spelled out: ESC is seen as ``\\x1b``."""
    return _UNSEEN.sub(_spelled, text)


def ordinary(text: str) -> str:
    """Radicals and compatibility ideographs, as some PDFs give them, by the characters that people write (NFKC)."""
    return _COMPATIBLE.sub(lambda found: normalize("NFKC", found[0]), text)


def shortened(text: str) -> str:
    """Visible and ordinary, for people: of a name that is very long the beginning and how many characters it has."""
    text = _LONG_NAME.sub(lambda name: _cut(name[0], KEPT), ordinary(text))
    return visible(text if len(text) <= LONGEST else _cut(text, LONGEST))


def _cut(text: str, kept: int) -> str:
    return f"{text[:kept]}…({len(text):,})"


def uncommanding(text: str) -> str:
    """A visible line, with a space in what a runner of a pipeline would obey."""
    return _COMMAND.sub(lambda found: found[0].replace("::", ": :").replace("##", "# #"), text)


def logged(text: str) -> str:
    """The lines of a text for a log: each visible, and none a command."""
    parts = _BREAKS.split(text)
    parts[::2] = [uncommanding(visible(part)) for part in parts[::2]]
    return "".join(parts)


def printed(text: str) -> str:
    """A piece of a report as it is printed: its lines and colours are its own, all else that is unseen is spelled."""
    return _PRINTED.sub(_spelled, text)


def escaped(text: str) -> str:
    """JSON with what is unseen in its texts as JSON's own escapes."""
    return _PRINTED.sub(_escape, text)


def _spelled(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")


def _escape(match: re.Match[str]) -> str:
    return "".join(f"\\u{unit:04x}" for unit in memoryview(match[0].encode("utf-16-le")).cast("H"))
