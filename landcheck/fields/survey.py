"""What ``landcheck fields`` finds out about the layers of a run. Data only."""

from __future__ import annotations

from dataclasses import dataclass

from landcheck.fields.mapping import ColumnUse
from landcheck.messages import Message
from landcheck.model import Field, InputInfo, Role


@dataclass(frozen=True, slots=True)
class Column:
    """A column as it stands in the file: how many of the rows looked at hold something, and some of it.

    ``use`` is None where the column holds no field; ``unread`` counts the values that cannot be used, ``first_unread``
    tells of the first.
    """

    name: str
    filled: int
    samples: tuple[str, ...]
    use: ColumnUse | None = None
    unread: int = 0
    first_unread: Message | None = None


@dataclass(frozen=True, slots=True)
class Problem:
    """What ends a check until someone decides: ``choices`` are the ways out as ``--map`` takes them."""

    field: Field
    columns: tuple[str, ...]
    message: Message
    choices: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Gap:
    """A field without a column that some rule needs; ``instead`` says what is taken in its place, None: nothing."""

    field: Field
    rules: tuple[str, ...]
    instead: Message | None


@dataclass(frozen=True, slots=True)
class LayerSurvey:
    """One layer: ``name`` is its role in the run (``attributes`` holds parcels' fields), ``looked_at`` counts rows."""

    name: str
    role: Role
    info: InputInfo
    looked_at: int
    columns: tuple[Column, ...]
    problems: tuple[Problem, ...]
    notes: tuple[Message, ...]
    suspicions: tuple[Message, ...]

    @property
    def used(self) -> tuple[Column, ...]:
        """The columns that hold fields."""
        return tuple(column for column in self.columns if column.use is not None)

    @property
    def unused(self) -> tuple[Column, ...]:
        """The columns that do not."""
        return tuple(column for column in self.columns if column.use is None)


@dataclass(frozen=True, slots=True)
class MapLine:
    """A line of ``[map]`` in ``landcheck.toml``; ``column`` is what stands right of the field, its unit included."""

    field: Field
    column: str


@dataclass(frozen=True, slots=True)
class Survey:
    """All layers, the fields that rules miss (of layers that are not there, too), and the mapping written down."""

    layers: tuple[LayerSurvey, ...]
    gaps: tuple[Gap, ...]
    lines: tuple[MapLine, ...]
