"""A record as one line of JSON, and many as a list."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import msgspec

from landcheck.messages.visible import escaped

AT_ONCE = 32  # items of a list given together


def _slot(value: Any) -> str:
    """What stands for the numbers or texts of many findings is written as their mark."""
    if isinstance(value, str):
        return str(value)
    if not hasattr(value, "bare"):
        raise TypeError(type(value).__name__)
    return str(value.bare())


_encode = msgspec.json.Encoder(enc_hook=_slot).encode
_by_python = json.JSONEncoder(ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode
# A number of 1e16 or more, as msgspec writes it; texts are matched too, so that none is taken for one.
_SUSPECT = re.compile(b"e(?<=[0-9]e)[0-9]")
_POWER = re.compile(rb'"(?:[^"\\]|\\.)*"|([0-9]e)(?=[0-9])')


def line(value: Any, *, by_python: bool = False) -> str:
    """A value on one line, what is unseen in it escaped; a number that is none (NaN, infinite) becomes null.

    A power of ten is written 1e+16, 1e-7. With ``by_python`` numbers are written as Python does (1e-07): a head has
    always been written so where it has parameters.
    """
    told = escaped(_by_python(_plain(value))) if by_python else _line(value)
    return told if isinstance(told, str) else told.decode()


def within_quotes(text: str) -> str:
    """A text as it stands in JSON, without its quotes."""
    return line(text)[1:-1]


def joined(values: Iterable[Any], between: str) -> Iterator[str | bytes]:
    """The lines of many values, some of them at once."""
    told = map(_line, values)
    while some := list(islice(told, AT_ONCE)):
        try:
            yield between.encode().join(some)  # type: ignore[arg-type]  # a text is answered below
        except TypeError:
            yield between.join(one if isinstance(one, str) else one.decode() for one in some)


def array(key: str, values: Iterable[Any]) -> Iterator[str | bytes]:
    """A key with its list, an item a line."""
    yield f"{line(key)}: ["
    before = "\n"
    for some in joined(values, ",\n"):
        yield before
        yield some
        before = ",\n"
    yield "\n]"


def _line(value: Any) -> bytes | str:
    """In UTF-8; a text where that cannot hold it: a lone surrogate, of an undecodable name, or what msgspec refuses."""
    try:
        told = _encode(value)
    except (TypeError, UnicodeEncodeError):
        return escaped(_by_python(_plain(value)))
    if not told.isascii() or b"\x7f" in told:
        told = escaped(told.decode()).encode()
    return _POWER.sub(_signed, told) if _SUSPECT.search(told) else told


def _signed(match: re.Match[bytes]) -> bytes:
    return match[1] + b"+" if match[1] else match[0]


def _plain(value: Any) -> Any:
    """Records as dictionaries; ``value`` may hold a number of numpy, which is none to msgspec."""
    return _finite(msgspec.to_builtins(value, enc_hook=float))


def _finite(value: Any) -> Any:
    if isinstance(value, dict):
        return {key: _finite(held) for key, held in value.items()}
    if isinstance(value, list):
        return [_finite(held) for held in value]
    return None if isinstance(value, float) and not math.isfinite(value) else value


def items(record: msgspec.Struct) -> Iterable[tuple[str, Any]]:
    """The keys of a record that are there, with what they hold."""
    names = zip(record.__struct_encode_fields__, record.__struct_fields__, strict=True)
    return ((key, held) for key, name in names if (held := getattr(record, name)) is not msgspec.UNSET)
