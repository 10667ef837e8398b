"""``landcheck init``."""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import Annotated

import typer

from landcheck.cli import config, console, options
from landcheck.cli.language import LANG, told
from landcheck.errors import UsageError
from landcheck.messages import LANGUAGES, Lang, say

TEMPLATE = "plan.gpkg"
EXAMPLE = "example.gpkg"
README = "README.md"
FILES = (config.NAME, TEMPLATE, EXAMPLE, README)
CRS = "EPSG:4549"  # CGCS2000, 3-degree zone of 120°E: the national system that Shanghai's plans are handed in

Folder = Annotated[str, typer.Argument(metavar="DIR", help=told("help-init-dir"))]
Crs = Annotated[str, typer.Option("--crs", metavar="CRS", help=told("help-init-crs"))]


def command(directory: Folder, crs: Crs = CRS, lang: options.Languages = None) -> None:
    """Begin a project."""
    with console.guarded():
        chosen: Lang = LANG if lang is None else "zh" if lang == "zh" else "en"
        folder = Path(directory)
        _refuse_to_overwrite(folder)
        try:
            _fill(folder, crs, chosen)
        except OSError as error:
            raise UsageError("init-cannot-write", folder=directory, reason=error.strerror or str(error)) from error
        example = (folder / EXAMPLE).as_posix()
        console.put([say("init-done", chosen, folder=directory, files=FILES, example=example) + "\n"])


def _refuse_to_overwrite(folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise UsageError("init-not-a-folder", folder=str(folder))
    there = [name for name in FILES if (folder / name).exists()]
    if there:
        raise UsageError("init-exists", folder=str(folder), files=there)


def _fill(folder: Path, crs: str, lang: Lang) -> None:
    """Everything is made beside the folder's files first, so that they appear whole or not at all."""
    from landcheck.run.template import write_example, write_template

    made_here = not folder.exists()
    folder.mkdir(parents=True, exist_ok=True)
    try:
        with tempfile.TemporaryDirectory(prefix=".landcheck-", dir=folder) as workshop:
            made = Path(workshop)
            write_template(made / TEMPLATE, crs, lang)
            write_example(made / EXAMPLE, lang)
            (made / config.NAME).write_text(say("init-configuration", lang).lstrip(), encoding="utf-8")
            readme = "\n".join(say("init-readme", one).strip() + "\n" for one in LANGUAGES)
            (made / README).write_text(readme, encoding="utf-8")
            for name in FILES:
                (made / name).rename(folder / name)
    except BaseException:
        if made_here and not any(folder.iterdir()):
            folder.rmdir()
        raise
