"""Documents that are no layers: results, registers, configurations, rule packs. Read only where they are ordinary
files, and parsed only within bounds, so that none of them holds a run up or fills its memory."""

from __future__ import annotations

import errno
import json
import os
import re
import stat
import sys
import tomllib
from collections.abc import Mapping
from decimal import Decimal
from pathlib import Path
from typing import IO, Any

from landcheck.errors import InputError, LandcheckError, UsageError
from landcheck.messages import Message, catalogue

MEGABYTE = 1 << 20
RESULT, SETTINGS, REGISTER = 64 * MEGABYTE, MEGABYTE, 16 * MEGABYTE
"""The most bytes of a result (without ``--large``), of a configuration or a file of a pack, of a register in TOML."""
NESTING, KEYS, ITEMS, DIGITS = 32, 10_000, 50_000, 40
"""Of TOML: tables, lists and names of a key within each other; keys of a table; items of a list; digits of a number."""
STANDARD_INPUT = "-"

# what is no structure: texts of all four kinds, closed or not, and comments
_TEXTS = re.compile(
    r'"""(?:\\.|[^\\])*?(?:"""|\Z)|\'\'\'.*?(?:\'\'\'|\Z)|"(?:\\[^\n]|[^"\\\n])*"?|\'[^\'\n]*\'?|#[^\n]*', re.DOTALL
)
_BRACKETS = re.compile(r"[\[{\]}]")
_DOTTED = re.compile(rf"\.(?:\s*[\w-]+\s*\.){{{NESTING - 1}}}")
_ADDRESS = re.compile(r"[A-Za-z][A-Za-z0-9+.-]+:")
_WRONG = re.compile(r"Expected `(?P<wanted>[^`]*)`, got `(?P<found>[^`]*)`(?: - at `(?P<place>.*)`)?", re.DOTALL)
# what tomllib says, by how it begins; the rest is a wrong value
_TOML = {
    "toml-twice": ("Cannot ", "Duplicate "),
    "toml-open": ("Unclosed ", "Unterminated ", "Expected ']"),
    "toml-statement": ("Invalid statement", "Invalid initial", "Expected "),
    "toml-character": ("Illegal ", "Found invalid", "Unescaped ", "Invalid hex", "Escaped "),
}
_AT = re.compile(r".*\(at line (?P<line>\d+), column (?P<column>\d+)\)", re.DOTALL)


def octets(path: str, file: str, most: int | None, error: type[LandcheckError] = InputError) -> bytes:
    """All that a document holds, ``-`` for standard input; ``file`` is its name in messages.

    OSError where the system refuses it, ``error`` where it is no ordinary file or larger than ``most`` (None: any).
    """
    if path == STANDARD_INPUT:
        return _within(sys.stdin.buffer, file, most, error)
    if "\0" in path:
        raise error("read-no-such-file", file=file)
    mode = Path(path).stat().st_mode
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):  # a folder is refused by the system itself
        raise error("read-no-ordinary-file", file=file)
    with Path(path).open("rb") as stream:
        return _within(stream, file, most, error)


def is_inside(path: Path, folder: Path) -> bool:
    """Whether a file that another one names lies in that one's folder, links followed, and is no address."""
    if _ADDRESS.match(path.name) or "\0" in str(path):
        return False
    return Path(os.path.realpath(path)).is_relative_to(os.path.realpath(folder))


def _within(stream: IO[bytes], file: str, most: int | None, error: type[LandcheckError]) -> bytes:
    raw = stream.read() if most is None else stream.read(most + 1)
    if most is not None and len(raw) > most:
        code = "document-too-large-result" if most == RESULT else "document-too-large"
        raise error(code, file=file, megabytes=most // MEGABYTE)
    return raw


def lines(raw: bytes) -> str:
    """A text in UTF-8 with or without a byte order mark, its lines ended as Python ends them. UnicodeDecodeError."""
    return raw.decode("utf-8-sig").replace("\r\n", "\n").replace("\r", "\n")


def toml(raw: bytes, file: str) -> dict[str, Any]:
    """A TOML document, its numbers exact. ValueError where it is none, UsageError where it goes beyond the bounds."""
    text = lines(raw)
    _refuse_nesting(text, file)
    try:
        content = tomllib.loads(text, parse_float=Decimal)
    except tomllib.TOMLDecodeError:
        raise
    except ValueError as error:  # a whole number longer than Python reads
        raise UsageError("document-digits", file=file, place="-", most=DIGITS) from error
    _refuse_large(content, file, "")
    return content


def _refuse_nesting(text: str, file: str) -> None:
    bare, depth = _TEXTS.sub("_", text), 0
    for bracket in _BRACKETS.finditer(bare):
        depth += 1 if bracket[0] in "[{" else -1
        if depth > NESTING:
            break
    if depth > NESTING or _DOTTED.search(bare):
        raise UsageError("document-nested", file=file, most=NESTING)


def _refuse_large(value: Any, file: str, place: str) -> None:
    if isinstance(value, Mapping):
        if len(value) > KEYS:
            raise UsageError("document-keys", file=file, place=place or "-", most=KEYS)
        for key, inner in value.items():
            _refuse_large(inner, file, f"{place}.{key}" if place else key)
    elif isinstance(value, list):
        if len(value) > ITEMS:
            raise UsageError("document-items", file=file, place=place, most=ITEMS)
        for number, inner in enumerate(value, start=1):
            _refuse_large(inner, file, f"{place}[{number}]")
    elif isinstance(value, int | Decimal) and not is_written_out(value):
        raise UsageError("document-digits", file=file, place=place, most=DIGITS)


def is_written_out(number: int | Decimal) -> bool:
    """Whether the number, written without an exponent, has no more digits than any fact or limit needs."""
    if isinstance(number, int):
        return number.bit_length() < DIGITS * 3
    _, digits, exponent = number.as_tuple()
    return isinstance(exponent, str) or len(digits) + abs(exponent) <= DIGITS


def reason(error: Exception) -> Message:
    """Why a file was refused: in the language of the run where that is something usual, else the error's own words.

    Of TOML line and column, of a value of a wrong type its place in the document and what belongs there.
    """
    if isinstance(error, OSError):
        code = f"os-{errno.errorcode.get(error.errno or 0)}"
        return Message(code) if code in catalogue() else _own_words(error, error.strerror)
    return _wrong_text(error) or _own_words(error)


def _own_words(error: Exception, said: str | None = None) -> Message:
    return Message("own-words", {"text": said or str(error) or type(error).__name__})


def _wrong_text(error: Exception) -> Message | None:
    if isinstance(error, UnicodeDecodeError):
        return Message("text-not-utf-8", {"line": error.object.count(b"\n", 0, error.start) + 1})
    if isinstance(error, tomllib.TOMLDecodeError):
        return _wrong_toml(str(error))
    if isinstance(error, json.JSONDecodeError):
        return Message("json-at", {"line": error.lineno, "column": error.colno})
    if isinstance(error, RecursionError):
        return Message("json-nested")
    found = _WRONG.fullmatch(str(error))
    return Message("document-type", {**found.groupdict(), "place": found["place"] or "$"}) if found else None


def _wrong_toml(said: str) -> Message:
    what = Message(next((code for code, begins in _TOML.items() if said.startswith(begins)), "toml-value"))
    at = _AT.fullmatch(said)
    return Message("toml-at", {**at.groupdict(), "what": what}) if at else Message("toml-at-end", {"what": what})
