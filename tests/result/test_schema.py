"""The published schema is the one the types give. LANDCHECK_RENEW_GOLDEN=1 writes it anew: read the diff."""

from __future__ import annotations

import os
from pathlib import Path

import landcheck.report
from landcheck.report.result.schema import schema_text

PUBLISHED = Path(landcheck.report.__file__).parent / "schema.json"


def test_the_published_schema_is_made_of_the_types() -> None:
    if os.environ.get("LANDCHECK_RENEW_GOLDEN"):
        PUBLISHED.write_text(schema_text(), encoding="utf-8")
    assert PUBLISHED.read_text(encoding="utf-8") == schema_text(), "the schema changed: see the head of this file"
