"""The lines of a text as Arrow columns, some megabytes at a time: no object of Python's for a line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.read.drivers.survey.coordinate_rings import Floats, Ints
from landcheck.read.encoding import TextFile, examine_text
from landcheck.read.repair.recoding import recoded_copy
from landcheck.read.source import DataSource

BYTES_AT_ONCE = 8 << 20
FARTHEST = 1e10
"""No coordinate and no radius is larger."""
AROUND = "\ufeff\u3000 \t\r\n\v\f\x00"
"""What is no part of a line at its ends."""
NUMBER = r"^[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$"


def examined(source: DataSource) -> tuple[DataSource, TextFile]:
    """The text and what a pass over it found; one in UTF-16 as a copy in UTF-8."""
    file = examine_text(source.path, source.file, source.encoding)
    if file.decision.codec == "utf-16":
        source = recoded_copy(source, file.decision)
        file = replace(file, decision=replace(file.decision, codec="utf-8"))
    return source, file


def filled_lines(source: DataSource, codec: str) -> Iterator[tuple[pa.Array, Ints]]:
    """The lines in which something stands, trimmed, with their numbers (from 1); ``codec`` has ASCII as it is."""
    rest, number = b"", 1
    with source.path.open("rb") as stream:
        while True:
            raw = stream.read(BYTES_AT_ONCE)
            whole = rest + raw if raw else rest + b"\n"
            cut = whole.rfind(b"\n") + 1
            block, rest = whole[:cut], whole[cut:]
            lines = _lines(block if block.isascii() else block.decode(codec, errors="replace").encode())
            filled = np.flatnonzero(np.asarray(pc.not_equal(lines, "")))
            yield lines.take(pa.array(filled)), filled + number
            number += len(lines)
            if not raw:
                return


def _lines(data: bytes) -> pa.Array:
    """The lines of a text in UTF-8 that ends with a line's end."""
    if b"\r" in data:
        data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
    ends = np.flatnonzero(np.frombuffer(data, np.uint8) == ord("\n"))
    offsets = np.concatenate([[0], ends + 1]).astype(np.int32)
    lines = pa.Array.from_buffers(pa.string(), len(ends), [None, pa.py_buffer(offsets), pa.py_buffer(data)])
    return pc.utf8_trim(lines, AROUND)


def as_numbers(texts: pa.Array) -> Floats:
    """The texts as numbers, NaN for what is none and for what no map has."""
    try:
        values = pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        sound = pc.match_substring_regex(texts, NUMBER)
        values = pc.cast(pc.if_else(sound, texts, pa.scalar(None, pa.string())), pa.float64())
    numbers = np.asarray(values.to_numpy(zero_copy_only=False), float)
    return np.where(np.abs(numbers) < FARTHEST, numbers, np.nan)
