"""Reading in a process of its own, with a limit on time and memory.

GDAL's drivers for CAD, XML and the like, and damaged files in general, may crash, hang or swallow the memory. Such a
source is read to the end by a child process into an Arrow file, and this process reads that file only. Question and
answer are JSON, so that a child that was taken over by what it read can hand on nothing but text and numbers.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import asdict
from itertools import chain
from pathlib import Path
from typing import Any

import pyarrow as pa

from landcheck import temporary
from landcheck.errors import InputError, LandcheckError, UsageError
from landcheck.messages import Message, RowAt
from landcheck.model import DataFinding, InputInfo, Level, Subject, TableLines
from landcheck.read.formats import BY_KIND
from landcheck.read.layer import Layer, Rows, Tell, cut_up
from landcheck.read.reader_calls import damaged, reason, written_again
from landcheck.read.source import DataSource, files_of

SECONDS_AT_LEAST = 15.0
SECONDS_PER_MEGABYTE = 0.5
MEMORY_AT_LEAST = 800 << 20
MEMORY_PER_BYTE = 30
ADDRESSES = 3 << 30
"""Beyond its memory: what libraries map and threads set aside without using it."""
PACKAGE_HOME = Path(__file__).resolve().parents[2]
CHILD = (
    f"from landcheck.lean import own_process; own_process(); from {__name__} import answer_question; answer_question()"
)
CALM = {
    "OPENBLAS_NUM_THREADS": "1",
    "GDAL_NUM_THREADS": "1",
    "GDAL_HTTP_TIMEOUT": "1",
    "GML_DOWNLOAD_SCHEMA": "NO",
    "GDAL_DISABLE_READDIR_ON_OPEN": "FALSE",
    "GDAL_SKIP": "OGR_VRT,GDALG,HTTP,WFS,CSW,OAPIF,OGCAPI",
    "PYTHONIOENCODING": "utf-8",
}
"""The child's environment: no reader of other places or of the network, no thread pools that count as memory."""


def open_isolated(kind: str, source: DataSource) -> Layer:
    """The layer of a source as the child read it; InputError where the child broke down."""
    folder = temporary.Folder()
    out = Path(folder.name) / "rows.arrow"
    answer = _ask("layer", kind, source, out)
    if "refused" in answer:
        error, values = UsageError if answer["usage"] else InputError, answer["values"]
        raise error(
            answer["refused"], **values | {"again": written_again(source.file)} if "again" in values else values
        )
    found, reading = (tuple(map(_finding, answer[name])) for name in ("opening", "reading"))
    has_geometry = bool(answer["has_geometry"])

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        for finding in reading:
            tell(finding)
        yield from _read_back(out, size, has_geometry=has_geometry)

    info = answer["info"]
    lines = info["lines"] and TableLines(*info["lines"])
    info = InputInfo(**info | {"notes": tuple(Message(**note) for note in info["notes"]), "lines": lines})
    return Layer(info, tuple(answer["columns"]), has_geometry, answer["wkt"], answer["driver"], rows, found, info.rows,
                 keep=(*source.keep, folder), titles=answer["titles"])  # fmt: skip


def isolated_layers(kind: str, source: DataSource) -> tuple[str, ...]:
    """The names of a source's layers, listed by the child."""
    with temporary.Folder() as folder:
        return tuple(_ask("names", kind, source, Path(folder) / "rows.arrow").get("names", ()))


def _finding(answer: dict[str, Any]) -> DataFinding:
    subject, message = Subject(*answer["subject"]), Message(**answer["message"])
    row = message.values.get("row")
    if isinstance(row, list):
        message = Message(message.code, {**message.values, "row": RowAt(*row)})
    return DataFinding(answer["rule"], Level(answer["level"]), subject, message, answer["row"])


def _ask(task: str, kind: str, source: DataSource, out: Path) -> dict[str, Any]:
    """Run the child; its answer is one JSON object in a file beside the rows."""
    size = sum(file.stat().st_size for file in files_of(source.path))
    question = {
        "task": task, "kind": kind, "out": str(out), "memory": MEMORY_AT_LEAST + MEMORY_PER_BYTE * size,
        "file": source.file, "path": str(source.path.resolve()),
        "origin": [str(origin.resolve()) for origin in source.origin],
        "role": source.role, "layer": source.layer, "encoding": source.encoding,
    }  # fmt: skip
    paths = os.pathsep.join(filter(None, (str(PACKAGE_HOME), os.environ.get("PYTHONPATH"))))
    environment = os.environ | CALM | {"PYTHONPATH": paths}
    timeout = SECONDS_AT_LEAST + SECONDS_PER_MEGABYTE * size / 1e6
    asked, command = (
        json.dumps(question).encode(),
        [sys.executable, "-P", "-c", CHILD],
    )  # -P: no module of the folder it runs in
    try:
        ended = subprocess.run(command, input=asked, capture_output=True, timeout=timeout, env=environment, check=False)  # noqa: S603
    except subprocess.TimeoutExpired as error:
        raise InputError("read-too-slow", file=source.file, seconds=round(error.timeout)) from None
    answer = out.with_suffix(".json")
    if not answer.exists():
        raise InputError("read-crashed", file=source.file, status=ended.returncode, again=written_again(source.file))
    result: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return result


def _read_back(path: Path, size: int, *, has_geometry: bool) -> Iterator[Rows]:
    """The rows the child wrote; the geometry is the last column where there is one."""
    first = 0
    with pa.memory_map(str(path)) as mapped, pa.ipc.open_stream(mapped) as reader:
        for whole in reader:
            last = whole.num_columns - 1
            table, wkb = (whole.select(range(last)), whole.column(last)) if has_geometry else (whole, None)
            yield from cut_up(table, wkb, size, first)
            first += whole.num_rows


def answer_question() -> None:
    """What the child does: answer the question on standard input."""
    question = json.load(sys.stdin)
    with suppress(ImportError):  # there are no such limits on Windows
        _limit(question["memory"])
    out = Path(question["out"])
    try:
        answer = _answer(question, out)
    except LandcheckError as error:
        code, values = error.message.code, dict(error.message.values)
        answer = {"refused": code, "values": values, "usage": isinstance(error, UsageError)}
    except MemoryError:
        answer = {"refused": "read-out-of-memory", "values": {"file": question["file"]}, "usage": False}
    except Exception as error:  # whatever a library's Python parts stumble over
        told = damaged(question["file"], reason(error, Path(question["path"]))).message
        answer = {"refused": told.code, "values": told.values, "usage": False}
    out.with_suffix(".json").write_text(json.dumps(answer, default=str), encoding="utf-8")


def _limit(memory: int) -> None:
    """So much memory for this process, or what it is allowed where that is less, and no dump of it."""
    import resource

    for kind, most in ((resource.RLIMIT_DATA, memory), (resource.RLIMIT_AS, memory + ADDRESSES)):
        allowed = resource.getrlimit(kind)[1]
        limit = most if allowed == resource.RLIM_INFINITY else min(most, allowed)
        resource.setrlimit(kind, (limit, limit))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def _answer(question: dict[str, Any], out: Path) -> dict[str, Any]:
    """Open the layer, write its rows, and describe it; or list the layers."""
    origin = tuple(map(Path, question["origin"]))
    given = question["role"], question["layer"], question["encoding"]
    source = DataSource(question["file"], Path(question["path"]), origin, *given)
    chosen = BY_KIND[question["kind"]]
    if question["task"] == "names":
        return {"names": chosen.layers(source) if chosen.layers else ()}
    layer = chosen.open(source)
    _write(layer, out)
    return {
        "info": asdict(layer.info), "columns": layer.columns, "has_geometry": layer.has_geometry,
        "wkt": layer.wkt, "driver": layer.driver, "titles": dict(layer.titles),
        "opening": list(map(asdict, layer.opening)), "reading": list(map(asdict, layer.reading)),
    }  # fmt: skip


def _write(layer: Layer, out: Path) -> None:
    """All rows as one Arrow stream, the geometry last; a layer without rows leaves a stream without batches."""
    batches = (
        rows.table if rows.wkb is None else rows.table.append_column("wkb", rows.wkb) for rows in layer.batches()
    )
    first = next(batches, None)
    schema = pa.schema([]) if first is None else first.schema
    with pa.OSFile(str(out), "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
        for batch in () if first is None else chain([first], batches):
            writer.write_batch(batch.cast(schema))
