"""Reading in a process of its own, with a limit on time and memory.

GDAL's drivers for CAD, XML and the like, and damaged files in general, may crash, hang or swallow the memory. Such a
source is read to the end by a child process into an Arrow file, and this process reads that file only.
"""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from landcheck import temporary
from landcheck.errors import InputError, UsageError
from landcheck.messages import Message
from landcheck.model import DataFinding, InputInfo, Level, Subject
from landcheck.read.digest import files_of
from landcheck.read.layer import Layer, Rows, Tell
from landcheck.read.source import Source

SECONDS_AT_LEAST = 15.0
SECONDS_PER_MEGABYTE = 0.5
MEMORY_AT_LEAST = 3 << 30
MEMORY_PER_BYTE = 30
PACKAGE_HOME = Path(__file__).resolve().parents[3]

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


def open_apart(kind: str, source: Source, environment: Mapping[str, str] | None = None) -> Layer:
    """The layer of a source as the child read it; InputError where the child broke down."""
    folder = temporary.Folder()
    out = Path(folder.name) / "rows.arrow"
    answer = _ask(kind, source, out, environment or {})
    if "refused" in answer:
        error = UsageError if answer["usage"] else InputError
        raise error(answer["refused"], **answer["values"])
    found, reading = (tuple(map(_finding, answer[name])) for name in ("opening", "reading"))

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        for finding in reading:
            tell(finding)
        yield from read_back(out, size, has_geometry=answer["has_geometry"])

    notes = tuple(Message(code, values) for code, values in answer["notes"])
    info = InputInfo(**answer["info"], crs=None, notes=notes)
    columns, keep = tuple(answer["columns"]), (*source.keep, folder)
    return Layer(
        info, columns, answer["has_geometry"], answer["wkt"], answer["driver"], rows, found, info.rows, keep=keep
    )


def layers_apart(source: Source) -> tuple[str, ...]:
    """The names of a source's layers, listed by the child."""
    with temporary.Folder() as folder:
        answer = _ask("names", source, Path(folder) / "rows.arrow", {})
    return tuple(answer.get("names", ()))


def _finding(told: dict[str, Any]) -> DataFinding:
    message = Message(told["code"], told["values"])
    return DataFinding(told["rule"], Level(told["level"]), Subject(*told["subject"]), message, told["row"])


def _ask(kind: str, source: Source, out: Path, environment: Mapping[str, str]) -> dict[str, Any]:
    """Run the child; its answer is one JSON object in a file beside the rows."""
    size = sum(file.stat().st_size for file in files_of(source.path))
    question = {
        "kind": kind, "out": str(out), "memory": MEMORY_AT_LEAST + MEMORY_PER_BYTE * size,
        "file": source.file, "path": str(source.path.resolve()),
        "origin": [str(origin.resolve()) for origin in source.origin],
        "role": source.role, "layer": source.layer, "encoding": source.encoding,
    }  # fmt: skip
    paths = os.pathsep.join([str(PACKAGE_HOME), *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        ended = subprocess.run(
            [sys.executable, "-m", "landcheck.read.isolate.child"],
            input=json.dumps(question).encode(),
            capture_output=True,
            timeout=SECONDS_AT_LEAST + SECONDS_PER_MEGABYTE * size / 1e6,
            env=os.environ | CALM | {"PYTHONPATH": paths} | dict(environment),
            check=False,
        )
    except subprocess.TimeoutExpired as error:
        raise InputError("read-too-slow", file=source.file, seconds=round(error.timeout)) from None
    answer = out.with_suffix(".json")
    if not answer.exists():
        raise InputError("read-crashed", file=source.file, status=ended.returncode)
    result: dict[str, Any] = json.loads(answer.read_text(encoding="utf-8"))
    return result


def read_back(path: Path, size: int, *, has_geometry: bool) -> Iterator[Rows]:
    """The rows the child wrote; the geometry is the last column where there is one."""
    import pyarrow as pa

    first = 0
    with pa.memory_map(str(path)) as mapped, pa.ipc.open_stream(mapped) as reader:
        for whole in reader:
            for start in range(0, whole.num_rows, size):
                batch = whole.slice(start, size)
                yield _rows(first, batch, has_geometry=has_geometry)
                first += batch.num_rows


def _rows(first: int, batch: Any, *, has_geometry: bool) -> Rows:
    if not has_geometry:
        return Rows(first, batch, None)
    last = batch.num_columns - 1
    return Rows(first, batch.select(range(last)), batch.column(last))
