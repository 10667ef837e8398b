"""The language of the command line: ``--lang`` first, then the locale. Known before any help text is made."""

from __future__ import annotations

import locale
import os
import sys
from collections.abc import Mapping, Sequence
from itertools import zip_longest

from landcheck.messages import LANGUAGES, Lang, say


def choose(arguments: Sequence[str], environment: Mapping[str, str]) -> Lang:
    """The language asked for on the command line, else the locale's, else English."""
    for argument, following in zip_longest(arguments, arguments[1:], fillvalue=""):
        asked = following if argument == "--lang" else argument.removeprefix("--lang=")
        for lang in LANGUAGES:
            if argument.startswith("--lang") and asked == lang:
                return lang
    return "zh" if _locale(environment).lower().startswith(("zh", "chinese")) else "en"


def _locale(environment: Mapping[str, str]) -> str:
    for name in ("LC_ALL", "LC_MESSAGES", "LANG"):
        if environment.get(name):
            return environment[name]
    return locale.getlocale()[0] or ""


LANG: Lang = choose(sys.argv[1:], os.environ)


def told(code: str) -> str:
    """A help text in the language of this run."""
    return say(code, LANG)
