"""Text for terminals: what any console shows, and how wide it is there."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from os.path import commonprefix

from landcheck.messages.visible import ordinary, uncommanding, visible

# Not in GBK, the code page of Chinese Windows consoles (㎡ is).
NOT_IN_GBK = {"²": "2", "³": "3"}
_NOT_IN_GBK = str.maketrans(NOT_IN_GBK)
# A word with the marks that close it and the blanks behind it; of Chinese each character is one.
WORD = re.compile(r"(?:[!-~]+|.)[，。；：、？！）〕》」』”’%％]*[ ]*")


def console(text: str) -> str:
    """Visible, no command to a runner, and without the raised digits that a GBK console cannot show."""
    return uncommanding(visible(ordinary(text))).translate(_NOT_IN_GBK)


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


def folds(text: str, columns: int) -> list[int]:
    """Where the text is folded to lines of so many columns: between words and Chinese characters; a long word anywhere.

    A mark that closes stands with what is before it.
    """
    places, used = list[int](), 0
    for found in WORD.finditer(text):
        long = width(found[0].rstrip())
        if used + long > columns and used:
            places.append(found.start())
            used = 0
        if long > columns:
            pieces = range(found.start() + columns, found.end(), columns)
            places += pieces
            long -= columns * len(pieces)
        used += long + len(found[0]) - len(found[0].rstrip())
    return places


def padded(text: str, columns: int, right: bool = False) -> str:  # noqa: FBT001 - reads well as padded(x, n, right=True)
    """The text filled with spaces to that many columns."""
    space = " " * (columns - width(text))
    return space + text if right else text + space


def _columns(character: str) -> int:
    if unicodedata.combining(character):
        return 0
    return 2 if unicodedata.east_asian_width(character) in "WF" else 1
