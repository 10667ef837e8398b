"""Text of unknown origin made fit to be seen: nothing in it may act on a terminal, a table or a reader's eye."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from os.path import commonprefix

# Cc control, Cf format (right-to-left marks, zero-width), Cs lone surrogates, Zl/Zp line and paragraph separators.
UNSEEN = "\x00-\x1f\x7f-\x9f\xad\u061c\u180e\u200b-\u200f\u2028-\u202e\u2060-\u206f\ufeff\U000e0000-\U000e007f"
_UNSEEN = re.compile(f"[{UNSEEN}\ud800-\udfff]")
# Not in GBK, the code page of Chinese Windows consoles (㎡ is).
NOT_IN_GBK = {"²": "2", "³": "3"}
_NOT_IN_GBK = str.maketrans(NOT_IN_GBK)


def visible(text: str) -> str:
    """The text in one line, each invisible or control character spelled out: ESC is seen as ``\\x1b``."""
    return _UNSEEN.sub(_spelled, text)


def console(text: str) -> str:
    """Visible, and without the raised digits that a GBK console cannot show."""
    return visible(text).translate(_NOT_IN_GBK)


def width(text: str) -> int:
    """Columns the text takes on a terminal, where a Chinese character takes two."""
    return sum(_columns(character) for character in text)


def told_apart(names: Sequence[str], most: int) -> list[str]:
    """The names in ``most`` characters, a part of the long ones that differs; whole where no part tells them apart."""
    long = sorted({name for name in names if len(name) > most})
    differ = len(commonprefix(long[:1] + long[-1:]))  # noqa: RUF071 - by characters is what is meant
    for begin, end in ((0, most - 1), (1 - most, None), (differ, differ + most - 2)):
        short = {name: f"{'…' if begin else ''}{name[begin:end]}{'' if end is None else '…'}" for name in long}
        if len(set(short.values()) - set(names)) == len(long):
            return [short.get(name, name) for name in names]
    return list(names)


def padded(text: str, columns: int, right: bool = False) -> str:  # noqa: FBT001 - reads well as padded(x, n, right=True)
    """The text filled with spaces to that many columns."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1


def _spelled(match: re.Match[str]) -> str:
    return match[0].encode("unicode_escape").decode("ascii")
