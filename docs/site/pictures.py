"""``make pictures``: what each report for people looks like, for docs/reports.md, and the page for docs/browser.md.

Of the sample plan, in both languages, into docs/pictures. Every report becomes a PDF, and its first page a picture of
few colours; a terminal and the first screen of a browser are such pages too. A picture whose program is not installed
stays as it is, and that is told.
"""

from __future__ import annotations

import io
import os
import shutil
import struct
import subprocess
import sys
import tempfile
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray
from rich.console import Console
from rich.text import Text

sys.path.insert(0, str(Path(__file__).parents[2] / "tests"))

import browsers

Lang = Literal["zh", "en"]
Pixels = NDArray[np.uint8]

ROOT = Path(__file__).parents[2]
PICTURES = ROOT / "docs/pictures"
FONT = ROOT / "landcheck/report/pdf/font"
COMMAND = ("landcheck", "check", "sample_parcels/plan.gpkg", "--as-of", "2026-06-30")
SCREEN = (1200, 916)  # pixels of the browser's first screen
COLUMNS, LINES = 100, 46  # of the terminal, at the most
WIDE = 900  # pixels of a picture
COLOURS = 128  # of a picture
SECONDS = 120

# So that hanzi are seen where the machine has none: those of the PDF report.
FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><include ignore_missing="yes">/etc/fonts/fonts.conf</include>
<dir>{font}</dir><cachedir>{cache}</cachedir></fontconfig>
"""
PAGE = """<!DOCTYPE html><meta charset="utf-8"><style>
@font-face {{ font-family: Hanzi; src: url("{font}"); size-adjust: 120.4% }} /* two cells, which are 0.6 em wide */
@page {{ margin: 0; size: {width}px {height}px }}
body {{ margin: 0; color: #1c2733 }}
img {{ display: block; width: 100% }}
pre {{ margin: 18px 20px; font: 14px/21px "DejaVu Sans Mono", "Liberation Mono", Menlo, Consolas, Hanzi, monospace }}
</style>{body}"""


class NotInstalledError(Exception):
    """A program, or a library, that a picture needs is not there; its text names it."""


def program(*names: str) -> str:
    """The path of the first of these programs that is installed. NotInstalledError where none is."""
    found = next(filter(None, map(shutil.which, names)), None)
    if found is None:
        raise NotInstalledError(f"{' / '.join(names)} is not installed")
    return found


def write_reports(folder: Path, lang: Lang) -> None:
    """Every report into the folder: the terminal's with its colours as report.ansi."""
    files = [word for suffix in ("html", "pdf", "docx", "xlsx") for word in ("-o", str(folder / f"report.{suffix}"))]
    env = {**os.environ, "PYTHONPATH": str(ROOT), "FORCE_COLOR": "1", "COLUMNS": str(COLUMNS)}
    command = [sys.executable, "-m", *COMMAND, "--lang", lang, "--output-format", "table", "--exit-zero", *files]
    told = subprocess.run(command, cwd=ROOT, env=env, capture_output=True, check=True)
    (folder / "report.ansi").write_bytes(told.stdout)
    (folder / "language").write_text(lang, encoding="utf-8")


@contextmanager
def fonts_of_the_report(folder: Path) -> Iterator[None]:
    """For so long the programs that are started know the font of the PDF report besides their own."""
    settings = folder / "fonts.conf"
    settings.write_text(FONTS.format(font=FONT, cache=folder / "fonts"), encoding="utf-8")
    before = os.environ.get("FONTCONFIG_FILE")
    os.environ["FONTCONFIG_FILE"] = str(settings)
    try:
        yield
    finally:
        del os.environ["FONTCONFIG_FILE"]
        if before is not None:
            os.environ["FONTCONFIG_FILE"] = before


def first_lines(ansi: str) -> list[str]:
    """As many lines as a terminal shows; no heading is the last one."""
    lines = ansi.splitlines()[:LINES]
    while not lines[-1].startswith(" "):
        lines.pop()
    return lines


def terminal_page(ansi: str) -> str:
    """The first lines of a terminal, below the command, as a page of HTML."""
    lines = first_lines(ansi)
    console = Console(record=True, width=COLUMNS, file=io.StringIO(), force_terminal=True, _environ={})
    console.print(Text.from_ansi("\n".join(lines)), soft_wrap=True)
    code = console.export_html(inline_styles=True, code_format="{code}")
    return page(f"<pre><b>$ {' '.join(COMMAND)}</b>\n\n{code}</pre>", (len(lines) + 2) * 21 + 36)


def page(body: str, height: int) -> str:
    """A page of HTML as wide as a picture, without margins."""
    return PAGE.format(font=next(FONT.glob("*.otf")).as_uri(), width=WIDE, height=height, body=body)


@contextmanager
def browser() -> Iterator[Any]:
    """A Chromium that is running."""
    program(*browsers.NAMES)
    try:
        from playwright.sync_api import sync_playwright
    except ImportError:
        raise NotInstalledError("playwright is not installed") from None
    with sync_playwright() as running:
        started = browsers.started(running)
        yield started
        started.close()


def printed(started: Any, html: Path, text: str) -> Path:
    """A page of HTML as a PDF beside it."""
    html.write_text(text, encoding="utf-8")
    made, opened = html.with_name(f"{html.stem}.pdf"), started.new_page()
    opened.goto(html.as_uri())
    opened.pdf(path=made, print_background=True, prefer_css_page_size=True)
    return made


def of_terminal(folder: Path) -> Path:
    """The terminal as a PDF."""
    with browser() as started:
        text = terminal_page((folder / "report.ansi").read_text(encoding="utf-8"))
        return printed(started, folder / "terminal.html", text)


def of_html(folder: Path) -> Path:
    """The first screen of a browser as a PDF."""
    with browser() as started:
        opened = first_screen(started)
        opened.goto((folder / "report.html").as_uri())
        while not opened.evaluate("Boolean(document.documentElement.dataset.ready)"):
            opened.wait_for_timeout(50)
        return screen_shot(started, opened, folder)


def first_screen(started: Any) -> Any:
    """A window of the browser."""
    width, height = SCREEN
    return started.new_page(viewport={"width": width, "height": height}, device_scale_factor=WIDE / width)


def screen_shot(started: Any, opened: Any, folder: Path) -> Path:
    """What the window shows, as a PDF."""
    (width, height), screen = SCREEN, folder / "screen.png"
    opened.screenshot(path=screen)
    return printed(started, folder / "screen.html", page(f'<img src="{screen.name}">', height * WIDE // width))


def of_page(folder: Path) -> Path:
    """The columns of the sample plan in the page of ``landcheck serve``, as a PDF."""
    command = [sys.executable, "-m", "landcheck", "serve", "--no-browser", "--lang"]
    env = {**os.environ, "PYTHONPATH": str(ROOT)}
    with browser() as started:
        command.append((folder / "language").read_text(encoding="utf-8"))
        with subprocess.Popen(command, env=env, stdout=subprocess.PIPE, encoding="utf-8") as server:
            assert server.stdout is not None
            opened = first_screen(started)
            opened.goto("http" + server.stdout.readline().split("http", 1)[1].strip())
            opened.set_input_files("#files", ROOT / "sample_parcels/plan.gpkg")
            opened.locator(".drop button").press("Enter")
            opened.locator("button.main").press("Enter")
            opened.wait_for_selector("table", timeout=SECONDS * 1000)
            made = screen_shot(started, opened, folder)
            server.terminate()
            return made


def of_office(folder: Path, suffix: str) -> Path:
    """What LibreOffice prints of a document."""
    into = folder / suffix
    profile = f"-env:UserInstallation={(folder / 'profile').as_uri()}"
    command = [program("soffice"), profile, "--headless", "--convert-to", "pdf", "--outdir", str(into)]
    subprocess.run([*command, str(folder / f"report.{suffix}")], check=True, capture_output=True, timeout=SECONDS)
    return into / "report.pdf"


DRAWN: Mapping[str, Callable[[Path], Path]] = {
    "table": of_terminal,
    "html": of_html,
    "page": of_page,
    "pdf": lambda folder: folder / "report.pdf",
    "docx": lambda folder: of_office(folder, "docx"),
    "xlsx": lambda folder: of_office(folder, "xlsx"),
}


def first_page(pdf: Path) -> Pixels:
    """The first page of a PDF."""
    size = ("-scale-to-x", str(WIDE), "-scale-to-y", "-1")
    made = subprocess.run([program("pdftoppm"), "-singlefile", *size, str(pdf)], check=True, capture_output=True)
    _, columns_rows, _, pixels = made.stdout.split(b"\n", 3)
    columns, rows = map(int, columns_rows.split())
    return np.frombuffer(pixels, np.uint8).reshape(rows, columns, 3)


def palette(pixels: Pixels) -> tuple[Pixels, Pixels]:
    """The most frequent colours, no two of them alike, and of each pixel the place of the one nearest to its own."""
    flat = pixels.reshape(-1, 3).astype(np.int32)
    found, which, often = np.unique(flat @ (1 << 16, 1 << 8, 1), return_inverse=True, return_counts=True)
    every = np.stack([found >> 16, found >> 8 & 255, found & 255], axis=1)
    order = np.argsort(-often, kind="stable")
    _, first = np.unique((every[order] >> 4) @ (1 << 8, 1 << 4, 1), return_index=True)
    kept = every[order[np.sort(first)[:COLOURS]]]
    nearest = ((every[:, None] - kept) ** 2).sum(axis=2).argmin(axis=1)
    return kept.astype(np.uint8), nearest[which].reshape(pixels.shape[:2]).astype(np.uint8)


def png(pixels: Pixels) -> bytes:
    """A picture of few colours as PNG."""
    colours, places = palette(pixels)
    rows, columns = places.shape
    lines = np.insert(places, 0, 0, axis=1).tobytes()  # before each line how it is filtered: not at all
    head = struct.pack(">IIBBBBB", columns, rows, 8, 3, 0, 0, 0)
    parts = {b"IHDR": head, b"PLTE": colours.tobytes(), b"IDAT": zlib.compress(lines, 9), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(
        struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))
        for name, data in parts.items()
    )


def draw(reports: Path, lang: Lang, into: Path) -> Iterator[str]:
    """A picture of each report, and a line about each."""
    for name, as_pdf in DRAWN.items():
        picture = into / f"{name}.{lang}.png"
        try:
            drawn = png(first_page(as_pdf(reports)))
        except NotInstalledError as lacking:
            yield f"{picture.name} stays as it is: {lacking}"
        else:
            picture.write_bytes(drawn)
            yield f"{picture.name}: {len(drawn) // 1024} KB"


def main(into: Path) -> None:
    """Draw all pictures into the folder."""
    into.mkdir(parents=True, exist_ok=True)
    for lang in ("zh", "en"):
        with tempfile.TemporaryDirectory() as folder, fonts_of_the_report(Path(folder)):
            write_reports(Path(folder), lang)
            for told in draw(Path(folder), lang, into):
                print(told)


if __name__ == "__main__":
    main(PICTURES)
