"""Lets the tests of this folder import its own modules under any import mode of pytest."""

from __future__ import annotations

import sys
from pathlib import Path

HERE = str(Path(__file__).parent)
if HERE not in sys.path:
    sys.path.insert(0, HERE)

from postgres_server import address  # noqa: E402, F401 - a fixture of the tests of this folder
