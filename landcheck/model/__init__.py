"""The nouns of the program: verdicts, fields, batches, rules and the report. Data only, nothing is decided here."""

from landcheck.model.layers import NO_DATE, Batch, Choice, DataFinding, Field, InputInfo, Subject
from landcheck.model.results import Assumption, Finding, LedgerRow, Outcome, Report, Summary, Transfer
from landcheck.model.rules import Clause, Condition, LeftOut, Pack, Parameter, Requirement, Rule, Test
from landcheck.model.values import (
    Kind,
    Level,
    Modality,
    Operator,
    Origin,
    Reading,
    Role,
    Tri,
    Validity,
    Verdict,
)

__all__ = [
    "NO_DATE",
    "Assumption",
    "Batch",
    "Choice",
    "Clause",
    "Condition",
    "DataFinding",
    "Field",
    "Finding",
    "InputInfo",
    "Kind",
    "LedgerRow",
    "LeftOut",
    "Level",
    "Modality",
    "Operator",
    "Origin",
    "Outcome",
    "Pack",
    "Parameter",
    "Reading",
    "Report",
    "Requirement",
    "Role",
    "Rule",
    "Subject",
    "Summary",
    "Test",
    "Transfer",
    "Tri",
    "Validity",
    "Verdict",
]
