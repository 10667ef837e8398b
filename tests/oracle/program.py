"""Runs the program as a user would, and reads its JSON by the names of CONTRACT.md 8 alone."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from oracle import Options
from oracle_plan import Plan
from plan_files import write_plan

ROOT = Path(__file__).parents[2]

Key = tuple[str, str, str]  # (rule, subject type, subject id)


@dataclass
class Outcome:
    status: int
    report: dict[str, Any]
    errors: str
    text: str = ""
    verdicts: dict[Key, str] = field(default_factory=dict)
    findings: dict[Key, Mapping[str, Any]] = field(default_factory=dict)


def arguments(options: Options) -> list[str]:
    words = ["--as-of", options.as_of.isoformat(), "--reading", options.reading]
    if not options.assumptions:
        words.append("--no-assumptions")
    if options.base_term_years != 20:
        words += ["--set", f"base_term_years={options.base_term_years}"]
    return words


def check(folder: Path, inputs: list[str], *more: str) -> Outcome:
    """`landcheck check INPUTS --show all --output-format json ...`, in an empty folder without configuration."""
    command = [sys.executable, "-m", "landcheck", "check", *inputs, "--show", "all", "--output-format", "json"]
    surroundings = {**os.environ, "LC_ALL": "C.UTF-8", "PYTHONPATH": str(ROOT)}
    ran = subprocess.run([*command, *more], cwd=folder, env=surroundings, capture_output=True, text=True, check=False)
    if ran.returncode not in (0, 1, 3) or not ran.stdout:
        raise AssertionError(f"exit {ran.returncode} from {' '.join([*inputs, *more])}\n{ran.stderr[-3000:]}")
    return outcome(ran.returncode, ran.stdout, ran.stderr)


def outcome(status: int, text: str, errors: str = "") -> Outcome:
    """What a JSON report says; also for a report made through the Python interface."""
    report = json.loads(text)
    result = Outcome(status, report, errors, text)
    for finding in report["findings"]:
        key = (finding["rule"], finding["subject"]["type"], finding["subject"]["id"])
        assert key not in result.verdicts, f"two verdicts for {key}"
        result.verdicts[key] = finding["verdict"]
        result.findings[key] = finding
    return result


def check_plan(plan: Plan, options: Options, folder: Path, *, zones_inside: bool = False) -> Outcome:
    inputs = write_plan(plan, folder / "plan.gpkg", zones_inside=zones_inside)
    return check(folder, inputs, *arguments(options))


def data_errors(result: Outcome) -> bool:
    return any(row["level"] == "error" for row in result.report["data"])
