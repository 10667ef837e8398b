"""The Chromium of this machine, for the tests and for the programs that go through pages."""

from __future__ import annotations

import os
import shutil
from typing import Any

NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
ABSENT = f"no browser: none of {', '.join(NAMES)} is installed"


def started(playwright: Any) -> Any:
    """The browser, which the caller closes; None where there is none."""
    program = next(filter(None, map(shutil.which, NAMES)), None)
    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium's sandbox does not start for root
    options = ["--no-sandbox"] if root else []
    return playwright.chromium.launch(executable_path=program, args=options) if program else None
