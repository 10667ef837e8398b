"""What the plugin says, in the language of QGIS; the texts are landcheck's own, written beside this file."""

from __future__ import annotations

import json
from functools import lru_cache
from pathlib import Path
from typing import Any

from qgis.core import QgsApplication

FILE = Path(__file__).parent / "texts.json"


@lru_cache(maxsize=1)
def installed() -> dict[str, Any]:
    """The file as landcheck wrote it: ``version``, and ``texts`` by code and language."""
    held: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return held


def language() -> str:
    """Chinese where QGIS is, else English."""
    return "zh" if QgsApplication.locale().lower().startswith("zh") else "en"


def say(code: str, **values: object) -> str:
    """A text with its values."""
    text: str = installed()["texts"][code][language()]
    return text.format(**values)
