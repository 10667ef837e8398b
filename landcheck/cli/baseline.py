"""``landcheck baseline``."""

from __future__ import annotations

import tempfile
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated

import typer

from landcheck.cli import console, options
from landcheck.cli.language import told
from landcheck.errors import LandcheckError, UsageError

Result = Annotated[str, typer.Argument(metavar="RESULT.json", help=told("help-result"))]
Output = Annotated[str | None, typer.Option("-o", "--output", metavar="FILE", help=told("help-baseline-output"))]


def command(result: Result, output: Output = None, lang: options.Languages = None) -> None:  # noqa: ARG001 - cli.language reads it
    """Write the baseline of a saved result."""
    with console.guarded():
        from landcheck.exceptions.baseline import load_baseline

        known = load_baseline(result).lines()
        if output is None:
            console.put(known)
        elif Path(output).resolve() == Path(result).resolve():
            raise UsageError("report-target-is-input", file=output)
        else:
            _write(output, known)


def _write(output: str, known: Iterable[str]) -> None:
    """The file appears whole or not at all."""
    path = Path(output)
    if not path.parent.is_dir():
        raise UsageError("report-folder-missing", file=output)
    try:
        with tempfile.TemporaryDirectory(dir=path.parent, prefix=".landcheck-") as folder:
            draft = Path(folder) / path.name
            draft.write_bytes("".join(known).encode("utf-8"))
            draft.replace(path)
    except OSError as error:
        raise LandcheckError("report-not-written", file=output, reason=error.strerror or str(error)) from error
