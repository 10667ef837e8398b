"""Spreadsheets as LibreOffice writes them, of the cells' own XML."""

from __future__ import annotations

import zipfile
from collections.abc import Iterable
from pathlib import Path

OFFICE = "urn:oasis:names:tc:opendocument:xmlns"


def write_document(path: Path, rows: Iterable[Iterable[str]]) -> Path:
    """One sheet; each cell is an element of its own."""
    table = "".join(f"<table:table-row>{''.join(row)}</table:table-row>" for row in rows)
    document = (
        f'<office:document-content xmlns:office="{OFFICE}:office:1.0" xmlns:table="{OFFICE}:table:1.0" '
        f'xmlns:text="{OFFICE}:text:1.0"><office:body><office:spreadsheet><table:table table:name="s">{table}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("content.xml", document)
        archive.writestr("META-INF/manifest.xml", f'<manifest:manifest xmlns:manifest="{OFFICE}:manifest:1.0"/>')
    return path
