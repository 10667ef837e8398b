"""Calls into the libraries that read: warnings are collected, and whatever is raised becomes one InputError."""

from __future__ import annotations

import ast
import re
import warnings
from collections.abc import Callable, Iterator
from pathlib import Path, PurePath
from threading import get_ident
from typing import Any, TypeVar

from landcheck.alone import with_warnings_apart
from landcheck.errors import InputError, LandcheckError
from landcheck.messages import Message

T = TypeVar("T")
BUILD_PLACES = re.compile(
    r"(?:Error occurred in )?/\S+/(?:ogr|gcore|port|apps)/\S*(?:, \d+|:\d+| line \d+)?:?\s*(?:at line \d+)?"
)
"""Where GDAL was built, which it puts before some of its sentences."""
RAW_SENTENCE = re.compile(r"""Raw error: (b(['"])(?:\\.|(?!\2).)*\2)$""")
SAID_AT_MOST = 20
LONGEST_SENTENCE = 300
NULL_POINTS = "Expected all lists to be of size"  # of pyarrow before 26, for an empty place among points
NOT_RECOGNISED = "not recognized as being in a supported file format"
READERS_OWN_SLIPS = (IndexError, KeyError, UnboundLocalError, AttributeError, TypeError)
"""What the readers' Python parts stumble over on damaged files; its text says nothing to a user."""
WRITERS = {
    "read-again-workbook": (".xls", ".et", ".xlsx", ".xlsm", ".xltx", ".xlsb", ".ods"),
    "read-again-drawing": (".dwg", ".dxf"), "read-again-access": (".mdb", ".accdb"),
    "read-again-table": (".csv", ".tsv", ".txt", ".parquet", ".geoparquet", ".arrow", ".feather"),
}  # fmt: skip
"""The message for the program that wrote a file, by its suffix; any other is of a GIS."""


def collect_warnings(said: list[str], call: Callable[..., T], *args: Any, **options: Any) -> T:
    """Call, and add each different warning to ``said``; of what other threads are warned meanwhile, nothing."""
    here = get_ident()

    def note(message: Warning | str, *_: Any, **__: Any) -> None:
        text = str(message)
        if get_ident() == here and text not in said and len(said) < SAID_AT_MOST:
            said.append(text)

    with with_warnings_apart():
        warnings.simplefilter("always")
        warnings.simplefilter("ignore", ResourceWarning)  # of what is collected meanwhile, not of the call
        warnings.showwarning = note
        return call(*args, **options)


def damaged(file: str, said: str = "") -> InputError:
    """What there is to say of a damaged file; ``said`` is the reader's own reason."""
    return InputError("read-failed" if said else "read-damaged", file=file, reason=said, again=written_again(file))


def written_again(file: str) -> Message:
    """In what kind of program to open a damaged file of that name, and to write it again."""
    suffix = PurePath(file).suffix.lower()
    return Message(next((code for code, suffixes in WRITERS.items() if suffix in suffixes), "read-again"))


def read_or_refuse(file: str, path: Path, call: Callable[..., T], *args: Any, **options: Any) -> T:
    """Call; whatever a reader raises becomes one InputError that names the file and the reader's reason."""
    try:
        return call(*args, **options)
    except (LandcheckError, KeyboardInterrupt):
        raise
    except MemoryError:
        raise InputError("read-out-of-memory", file=file) from None
    except PermissionError:
        raise InputError("read-no-permission", file=file) from None
    except UnicodeDecodeError:
        raise InputError("read-undecodable", file=file) from None
    except READERS_OWN_SLIPS:
        raise damaged(file) from None
    except Exception as error:
        if NOT_RECOGNISED in str(error):
            raise InputError("read-not-recognised", file=file, suffix=path.suffix or None) from None
        if NULL_POINTS in str(error):
            raise InputError("read-null-points", file=file) from error
        raise damaged(file, reason(error, path)) from error


def each_or_refuse(file: str, path: Path, said: list[str], items: Iterator[T]) -> Iterator[T]:
    """The items, each fetched as ``read_or_refuse`` and ``collect_warnings`` do."""
    end = object()
    while (item := read_or_refuse(file, path, collect_warnings, said, next, items, end)) is not end:
        yield item


def reason(error: BaseException, path: Path) -> str:
    """The reader's own first sentence about that file."""
    return reader_sentence(str(error).strip() or type(error).__name__, path)


def recoded(text: str, codec: str) -> str:
    """What was said of names and values taken for ISO 8859-1, with these in their own encoding where they fit it.

    Some sentences quote a value byte for byte before they name the field; those pyogrio gives as a literal of bytes.
    """
    if found := RAW_SENTENCE.search(text):
        raw: bytes = ast.literal_eval(found[1])
        value, of, field = raw.partition(b"' of field ")
        return value.decode(codec, errors="replace") + of.decode() + recoded(field.decode(errors="replace"), codec)

    def decoded(found: re.Match[str]) -> str:
        try:
            return found[0].encode("latin-1").decode(codec)
        except UnicodeDecodeError:
            return found[0]

    return re.sub(r"[\x00-\xff]+", decoded, text)


def reader_sentence(text: str, path: Path) -> str:
    """What a reader says in one line, without the folder the file lies in and the place where GDAL was built."""
    if str(path.parent) not in ("", "."):
        text = re.sub(rf"(?<![\w./]){re.escape(str(path.parent))}[/\\]", "", text)
    text = BUILD_PLACES.sub("", text).strip()
    text = text.split("; Could not decode error message")[0].split("; It might help to specify")[0]
    first = text.splitlines()[0] if text else ""
    return first if len(first) <= LONGEST_SENTENCE else first[:LONGEST_SENTENCE] + "…"
