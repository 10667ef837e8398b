"""The child process of ``apart``: reads one source to its end, writes rows and answer, and may die of it."""

from __future__ import annotations

import json
import sys
import traceback
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landcheck.errors import LandcheckError, UsageError
from landcheck.lean import own_process
from landcheck.read.formats import OPENERS_APART, layer_names
from landcheck.read.hear import reason
from landcheck.read.source import Source

if TYPE_CHECKING:
    from landcheck.model import DataFinding
    from landcheck.read.layer import Layer, Rows


def main() -> None:
    """Answer the question on standard input."""
    question = json.load(sys.stdin)
    own_process()
    limit(question["memory"])
    out = Path(question["out"])
    try:
        answer = read(question, out)
    except LandcheckError as error:
        code, values = error.message.code, dict(error.message.values)
        answer = {"refused": code, "values": values, "usage": isinstance(error, UsageError)}
    except MemoryError:
        answer = {"refused": "read-out-of-memory", "values": {"file": question["file"]}, "usage": False}
    except Exception as error:
        values = {"file": question["file"], "reason": reason(error, Path(question["path"]))}
        answer = {"refused": "read-failed" if values["reason"] else "read-damaged", "values": values, "usage": False}
        traceback.print_exc()
    out.with_suffix(".json").write_text(json.dumps(answer, ensure_ascii=False), encoding="utf-8")


def limit(memory: int) -> None:
    """Bound this process's memory where the system can (not on Windows)."""
    try:
        import resource
    except ImportError:
        return
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))


def read(question: dict[str, Any], out: Path) -> dict[str, Any]:
    """Open the layer, write its rows, and tell what it is."""
    path, origin = Path(question["path"]), tuple(map(Path, question["origin"]))
    source = Source(
        question["file"], path, origin, question["role"], question["layer"], question["encoding"]
    )  # fmt: skip
    if question["kind"] == "names":
        return {"names": layer_names(source)}
    layer = OPENERS_APART[question["kind"]](source)
    write(layer, out)
    info = asdict(layer.info)
    notes = [(note.code, dict(note.values)) for note in layer.info.notes]
    del info["notes"], info["crs"]
    return {
        "info": info, "notes": notes, "columns": layer.columns, "has_geometry": layer.has_geometry, "wkt": layer.wkt,
        "driver": layer.driver, "opening": list(map(told, layer.opening)), "reading": list(map(told, layer.reading)),
    }  # fmt: skip


def told(finding: DataFinding) -> dict[str, Any]:
    """A finding as JSON holds it."""
    subject, message = finding.subject, finding.message
    return {
        "rule": finding.rule, "level": finding.level, "subject": (subject.type, subject.id),
        "code": message.code, "values": dict(message.values), "row": finding.row,
    }  # fmt: skip


def write(layer: Layer, out: Path) -> None:
    """All rows as one Arrow stream; a layer without rows leaves a stream without batches."""
    import pyarrow as pa

    batches = map(_joined, layer.batches())
    first = next(batches, None)
    schema = pa.schema([]) if first is None else first.schema
    with pa.OSFile(str(out), "wb") as sink, pa.ipc.new_stream(sink, schema) as writer:
        if first is not None:
            writer.write_batch(first)
        for batch in batches:
            writer.write_batch(batch.cast(schema))


def _joined(rows: Rows) -> Any:
    import pyarrow as pa

    if rows.wkb is None:
        return rows.table
    names = [*rows.table.schema.names, "wkb"]
    return pa.RecordBatch.from_arrays([*rows.table.columns, rows.wkb], names=names)


if __name__ == "__main__":
    main()
