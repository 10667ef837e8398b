"""Enumerations: verdicts, truth values, readings and kinds."""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Verdict(IntEnum):
    """One judgement. Of several requirements the greatest decides, so the order is part of the meaning."""

    PASS = 0
    REVIEW = 1
    UNDETERMINED = 2
    FAIL = 3
    NOT_APPLICABLE = 4

    @property
    def word(self) -> str:
        """The name in every report: ``pass``, ``not_applicable`` ..."""
        return WORDS[self]


WORDS = tuple(verdict.name.lower() for verdict in Verdict)
UNMET = (Verdict.REVIEW, Verdict.FAIL)
"""Verdicts on what is known and does not meet the rule; a waiver covers these."""
OPEN = (Verdict.REVIEW, Verdict.UNDETERMINED, Verdict.FAIL)
"""Verdicts that leave something to do; a report shows these."""


class Tri(IntEnum):
    """Kleene's three values, numbered so that *and* is the minimum and *or* the maximum."""

    FALSE = -1
    UNKNOWN = 0
    TRUE = 1


class Modality(StrEnum):
    """The force of a requirement: a duty, a permission (可以, 原则上), a control value (一般控制在), an encouragement.

    What passes a control value (or leaves an encouragement aside, 鼓励) is for a person to judge in every reading.
    """

    MUST = "must"
    MAY = "may"
    CONTROL = "control"
    ENCOURAGE = "encourage"


class Operator(StrEnum):
    """How a measured value is compared with its limit."""

    AT_LEAST = "at_least"
    AT_MOST = "at_most"
    EQUALS = "equals"
    ONE_OF = "one_of"
    IS = "is"


class Level(StrEnum):
    """The weight of a data finding; an error makes the run exit 1."""

    ERROR = "error"
    WARNING = "warning"


class Kind(StrEnum):
    """The type of a field."""

    TEXT = "text"
    NUMBER = "number"
    BOOL = "bool"
    ENUM = "enum"
    DATE = "date"


class Origin(IntEnum):
    """Where a value in a batch came from; a field without an entry came from its own layer.

    ``UNREADABLE``: a cell holds what cannot be read, so that the value is unknown and nothing takes its place.
    """

    LAYER = 0
    ATTRIBUTES = 1
    BUILDINGS = 2
    PLACE = 3
    ASSUMED = 4
    POOL = 5
    UNREADABLE = 6
    PLAN = 7
    CODE = 8


class Role(StrEnum):
    """What a layer is about."""

    PARCELS = "parcels"
    PARKS = "parks"
    ZONES = "zones"
    GREEN = "green"
    BUILDINGS = "buildings"


class Validity(StrEnum):
    """How sure the end of a text's force is."""

    STATED = "stated"
    PRESUMED = "presumed"
    NONE = "none"


class Rank(StrEnum):
    """What a text is, the highest rank first; ``rank-...`` are its names in the messages."""

    NATIONAL_LAW = "national_law"
    NATIONAL_REGULATION = "national_regulation"
    LOCAL_REGULATION = "local_regulation"
    GOVERNMENT_RULE = "government_rule"
    GOVERNMENT_DOCUMENT = "government_document"
    BUREAU_DOCUMENT = "bureau_document"

    @property
    def order(self) -> int:
        """0 for the highest; of two texts the one with the smaller number ranks higher."""
        return list(Rank).index(self)

    @property
    def label(self) -> str:
        """The code of its name in the messages."""
        return f"rank-{self.value.replace('_', '-')}"
