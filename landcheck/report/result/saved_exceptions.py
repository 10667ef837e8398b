"""Waivers and the baseline out of a saved result."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from landcheck.model import Baseline, Covered, FindingKey, Grant, Waived

Json = Mapping[str, Any]


def of_report(saved: Json) -> dict[str, Any]:
    """What excuses findings, as the report holds it; None where the run was given nothing of the kind."""
    grants = saved.get("waivers")
    return {
        "waivers": None if grants is None else tuple(map(_grant, grants)),
        "baseline": _baseline(saved) if "baseline" in saved else None,
    }


def waived(saved: Json) -> Waived:
    """The document that covers a finding."""
    return Waived(saved["number"], saved["approver"], dt.date.fromisoformat(saved["expires"]), saved["reason"])


def _grant(saved: Json) -> Grant:
    granted, scope = saved["granted"], saved["scope"]
    return Grant(
        waived(saved), None if granted is None else dt.date.fromisoformat(granted), saved["rule"],
        scope["type"], scope["id"], Covered(**saved["covers"]),
    )  # fmt: skip


def _baseline(saved: Json) -> Baseline:
    held = saved["baseline"]
    known = {rule: Covered(**counts) for rule, counts in saved["summary"]["known"].items()}
    return Baseline(known, *(tuple(map(_key, held[name])) for name in ("stale", "undetermined", "worse")))


def _key(saved: Json) -> FindingKey:
    return FindingKey(saved["rule"], saved["subject"]["type"], saved["subject"]["id"])
