"""Every report that is a file, of every input, in both languages, as the command line writes it."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from district import draw

from landcheck.report.output_formats import suffixes

ROOT = Path(__file__).parents[2]
SAMPLES = ("plan.gpkg", "dirty.gpkg")
AS_OF = "2026-06-30"


def write(folder: Path) -> None:
    """Into one folder, named by input and language: ``plan-zh.html``."""
    folder.mkdir(parents=True)
    inputs = [ROOT / "sample_parcels" / name for name in SAMPLES]
    for source in [*inputs, draw(folder / "district-drawn.gpkg")]:
        for lang in ("zh", "en"):
            _check(source, folder / f"{source.stem.removesuffix('-drawn')}-{lang}", lang)
    (folder / "district-drawn.gpkg").unlink()


def _check(source: Path, stem: Path, lang: str) -> None:
    outputs = [word for suffix in suffixes() for word in ("-o", f"{stem}{suffix}")]
    command = [sys.executable, "-m", "landcheck", "check", str(source), "--as-of", AS_OF, "--lang", lang]
    ran = subprocess.run(
        [*command, "--exit-zero", "--quiet", *outputs], cwd=ROOT, stdout=subprocess.DEVNULL, check=False
    )
    if ran.returncode:
        raise SystemExit(f"{source.name}: landcheck ended {ran.returncode}")
