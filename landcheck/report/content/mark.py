"""The mark of a place in a sentence where the texts of many findings are to stand."""

from __future__ import annotations

import os
from typing import Protocol

# characters that hardly stand in a text, with a number drawn anew in each process: no text of the data is a mark
BEGIN, BARE, END = (f"{sign}{int.from_bytes(os.urandom(6), 'big')}{sign}" for sign in ("\ufdd0", "\ufdd1", "\ufdd2"))


class Chooser(Protocol):
    """What holds the columns."""

    def chosen(self, mark: Mark, text: str, then: tuple[str, str], otherwise: tuple[str, str]) -> Mark:
        """As ``Mark.where``."""


class Mark(str):
    """Where the texts of a column are to stand."""

    __slots__ = ("marks", "number")
    marks: Chooser
    number: int

    @classmethod
    def of(cls, marks: Chooser, number: int, *, bare: bool = False) -> Mark:
        """The mark of one of the columns."""
        made = cls(f"{BARE if bare else BEGIN}{number}{END}")
        made.marks, made.number = marks, number
        return made

    def where(self, text: str, then: tuple[str, str], otherwise: tuple[str, str]) -> Mark:
        """The mark for these texts between two others, which are the first two where a text is that one."""
        return self.marks.chosen(self, text, then, otherwise)
