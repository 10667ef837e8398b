"""The gate a rule pack has to pass: its cases come out as they say, cover what they must, and notice every change."""

from landcheck.rulebook.gate.examine import GateReport, examine
from landcheck.rulebook.gate.trial import CaseResult, run_cases

__all__ = ["CaseResult", "GateReport", "examine", "run_cases"]
