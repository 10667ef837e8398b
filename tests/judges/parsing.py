"""From what a judge printed to its objections, as pairs of a file and a line; each judge prints in its own way."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urlparse

Said = Iterator[tuple[str, str]]


def of_vnu(printed: str) -> Said:
    """``--format json``; warnings are objections, too, what it merely remarks is none."""
    for message in json.loads(printed)["messages"]:
        kind = message.get("subType", message["type"])
        if kind != "info":
            yield Path(unquote(urlparse(message.get("url", "")).path)).name, f"{kind}: {message['message']}"


def of_sarif(printed: str) -> Said:
    """The log that the multitool writes of the logs it has read; a level that is not given is a warning."""
    for run in json.loads(printed)["runs"]:
        notes = [note for call in run.get("invocations", []) for note in call.get("toolExecutionNotifications", [])]
        for result in [*run.get("results", []), *notes]:
            about = result.get("ruleId", result.get("descriptor", {}).get("id", "unnamed"))
            if result.get("level", "warning") in ("warning", "error"):
                yield _place(result), f"{about}: {_words(result['message'])}"


def _place(result: dict[str, Any]) -> str:
    for location in result.get("locations", []):
        uri = location.get("physicalLocation", {}).get("artifactLocation", {}).get("uri", "")
        return Path(unquote(urlparse(uri).path)).name
    return ""


def _words(message: dict[str, Any]) -> str:
    return " ".join([message.get("text") or message.get("id", ""), *message.get("arguments", [])]).strip()


def of_open_xml(printed: str) -> Said:
    """One object: a file and its errors."""
    told = json.loads(printed)
    for error in told["errors"]:
        yield Path(told["file"]).name, f"{error.get('errorType', '')}: {error.get('description', error)}"
    if not told["ok"] and not told["errors"]:
        yield Path(told["file"]).name, "invalid: without a word why"


def of_audit(printed: str) -> Said:
    """A list of files, each with its errors and warnings."""
    for told in json.loads(printed):
        for error in told["errors"]:
            yield Path(told["file"]).name, f"{error['severity']}: {error['description']}"
        if not told["valid"] and not told["errors"]:
            yield Path(told["file"]).name, "invalid: without a word why"


def of_schema(printed: str) -> Said:
    """``--output-format json`` of check-jsonschema."""
    told = json.loads(printed)
    for error in told["errors"]:
        yield Path(error["filename"]).name, f"{error['path']}: {error['message']}"
    for error in told.get("parse_errors", []):
        yield Path(error["filename"]).name, f"unreadable: {error['message']}"


def of_axe(result: dict[str, Any]) -> Iterator[str]:
    """What axe.run returns: a rule and the first element that breaks it, with the number of all."""
    for rule in result["violations"]:
        nodes = rule["nodes"]
        yield f"{rule['id']}: {rule['help']}: {' '.join(map(str, nodes[0]['target']))} ({len(nodes)})"


def of_lines(printed: str) -> Iterator[str]:
    """A line an objection; colours and empty lines are none."""
    plain = re.sub(r"\x1b\[[0-9;]*m", "", printed)
    return (line.strip() for line in plain.splitlines() if line.strip())
