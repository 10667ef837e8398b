"""The published JSON Schema of the result (``landcheck/report/schema.json``), made of its types."""

from __future__ import annotations

import json
from typing import Any

from msgspec.json import schema_components

from landcheck.report.result.finding_types import MOST, FindingLineRecord, Record
from landcheck.report.result.page_types import PAGES
from landcheck.report.result.types import HeaderRecord, ResultRecord

Schema = dict[str, Any]

DRAFT = {"$schema": "https://json-schema.org/draft/2020-12/schema"}
ABOUT = DRAFT | {"$id": "urn:landcheck:report:1", "title": "landcheck report"}
OF_PAGES = DRAFT | {"$id": "urn:landcheck:pages:1", "title": "what landcheck's other commands print as JSON"}


def schema_text() -> str:
    """The file: a whole result, and under ``$defs`` its parts and ``header`` and ``findingline`` of JSON Lines."""
    named = _parts(ResultRecord, HeaderRecord, FindingLineRecord)
    return json.dumps(ABOUT | named.pop("result") | {"$defs": named}, ensure_ascii=False, indent=2) + "\n"


def pages_text() -> str:
    """The file of the other commands' pages: each by its own name under ``$defs``, a part a line."""
    parts = (f"  {json.dumps(name)}: {json.dumps(part, ensure_ascii=False)}" for name, part in _parts(*PAGES).items())
    head = json.dumps(OF_PAGES | {"oneOf": [{"$ref": f"#/$defs/{_name(one.__name__)}"} for one in PAGES]})
    return f'{head[:-1]}, "$defs": {{\n' + ",\n".join(parts) + "\n}}\n"


def _parts(*types: type[Record]) -> Schema:
    _, parts = schema_components(types, ref_template="#/$defs/{name}")
    return {_name(name): _strict(part) for name, part in parts.items()}


def _name(of_type: str) -> str:
    return of_type.removesuffix("Record").lower()


def _strict(part: Any) -> Any:
    """The part without what only Python needs, and closed: a key that no type has is refused."""
    if isinstance(part, list):
        return [_strict(one) for one in part]
    if not isinstance(part, dict):
        return part
    told = {key: _strict(value) for key, value in part.items() if key != "title" or not isinstance(value, str)}
    if "$ref" in told:
        before, _, name = told["$ref"].rpartition("/")
        told["$ref"] = f"{before}/{_name(name)}"
    if isinstance(told.get("description"), str):
        told["description"] = " ".join(told["description"].split()).replace("``", "").replace("None", "null")
    told = {key: value for key, value in told.items() if value not in (-MOST, MOST)}
    if "enum" in told:
        told.pop("pattern", None)
    if "properties" in told:
        told["additionalProperties"] = False
    if numbers := [way for way in told.get("anyOf", ()) if way.get("type") == "number"]:
        whole = [number | {"type": "integer"} for number in numbers]
        told["anyOf"] = [way for way in told["anyOf"] if way not in whole]
        if len(told["anyOf"]) == 1:
            told |= told.pop("anyOf")[0]
    return told
