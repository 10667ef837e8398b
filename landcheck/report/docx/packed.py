"""The document as bytes that depend on nothing but the document: python-docx stamps each part with the clock."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from docx.document import Document

# The earliest a zip knows; it is no date of the report.
NO_DATE = (1980, 1, 1, 0, 0, 0)


def packed(document: Document) -> bytes:
    """The .docx file."""
    written, out = io.BytesIO(), io.BytesIO()
    document.save(written)
    with zipfile.ZipFile(written) as given, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as made:
        for part in given.infolist():
            entry = zipfile.ZipInfo(part.filename, NO_DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            made.writestr(entry, given.read(part))
    return out.getvalue()
