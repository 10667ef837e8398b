"""What can stop a run. Everything else is a finding.

::

    LandcheckError
    ├── UsageError       wrong usage or configuration             exit status 2
    │   └── FaultsError  a file of rules or waivers: every fault  exit status 2
    │       └── PackError    a rule pack                          exit status 2
    ├── InputError       an input that cannot be read or used     exit status 4
    └── InternalError    landcheck contradicts itself             exit status 4
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, ClassVar

from landcheck.messages import Lang, Message, Text
from landcheck.messages.visible import visible

SHOWN = 200
"""How many faults of a file are told one by one."""


class LandcheckError(Exception):
    """Stops the run with one sentence: what is wrong, where, and the way out."""

    exit_status: ClassVar[int] = 4

    def __init__(self, code: str, **values: Any) -> None:
        self.message = Message(code, values)
        super().__init__(code)

    @property
    def code(self) -> str:
        """The code of the sentence, which stays the same in every language."""
        return self.message.code

    @property
    def file(self) -> str | None:
        """The input or output that it is about, where it is about one."""
        return self.message.values.get("file")

    @property
    def field(self) -> str | None:
        """The field that it is about, where it is about one."""
        named = self.message.values.get("field")
        return named.en if isinstance(named, Text) else named

    def say(self, lang: Lang) -> str:
        """The sentence in that language, on one line; nothing in it acts on a terminal."""
        return visible(self.message.say(lang))

    def __str__(self) -> str:
        return self.say("en")


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """The known names that a wrong one is likely to mean, the likeliest first; else those that hold it; else all."""
    from difflib import get_close_matches

    names, within = list(known), name.casefold()
    return get_close_matches(name, names, n=3) or [one for one in names if within and within in one.casefold()] or names


class UsageError(LandcheckError):
    """An option, argument or configuration that cannot be carried out."""

    exit_status = 2


class FaultsError(UsageError):
    """A file that is not sound; ``faults`` holds every fault with file and key."""

    def __init__(self, code: str, faults: Sequence[Message], **values: Any) -> None:
        super().__init__(code, **values)
        self.faults = tuple(faults)

    def say(self, lang: Lang) -> str:
        """The sentence, then a line for each fault, of very many for the first ones."""
        more = len(self.faults) - SHOWN
        shown = [*self.faults[:SHOWN], *([Message("faults-more", {"count": more})] if more > 0 else [])]
        return "\n".join([super().say(lang), *("  " + visible(fault.say(lang)) for fault in shown)])


class PackError(FaultsError):
    """A rule pack that is not sound."""


class InputError(LandcheckError):
    """An input that cannot be read, or that holds nothing to check."""


class InternalError(LandcheckError):
    """A result that contradicts itself; nothing is written."""
