"""typst at work in a folder of its own, with the font of this package and nothing else."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from landcheck import temporary
from landcheck.errors import InternalError

FONTS = Path(__file__).parent / "font"
MIDNIGHT = dt.time(tzinfo=dt.UTC)
PX_PER_INCH = 220


def installed() -> bool:
    """Whether typst is there: it comes with the extra ``pdf``."""
    return find_spec("typst") is not None


def pdf(files: Mapping[str, bytes], date: dt.date) -> bytes:
    """``main.typ`` among the files as PDF/A-2b, dated midnight (UTC) of that day. InternalError where typst refuses."""
    made = _set(files, format="pdf", pdf_standards=["a-2b"], timestamp=dt.datetime.combine(date, MIDNIGHT))
    # A document may not be without its identifier; of several pages one file comes back, never a list.
    assert isinstance(made, bytes)
    return made


def png(svg: str, width_mm: float) -> bytes:
    """A picture as PNG, to be printed that wide."""
    sheet = f'#set page(width: {width_mm}mm, height: auto, margin: 0mm)\n#image("picture.svg", width: 100%)'
    made = _set({"main.typ": sheet.encode(), "picture.svg": svg.encode()}, format="png", ppi=PX_PER_INCH)
    assert isinstance(made, bytes)
    return made


def _set(files: Mapping[str, bytes], **how: Any) -> Any:
    import typst

    with temporary.Folder() as folder:
        for name, content in files.items():
            (Path(folder) / name).write_bytes(content)
        fonts = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=[FONTS])
        compiler = typst.Compiler(Path(folder) / "main.typ", root=folder, font_paths=fonts)
        try:
            made, warnings = compiler.compile_with_warnings(**how)
        except typst.TypstError as error:
            raise InternalError("pdf-refused", reason=error.message) from error
    # typst takes another font for one it does not find, and only warns.
    if warnings:
        raise InternalError("pdf-refused", reason=warnings[0].message)
    return made
