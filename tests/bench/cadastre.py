"""The attributes of the made-up city, as a planner's table has them: short headings, most values lawful, some missing.

Shares are plausible, not tuned: a fifth of the parcels falls under the clauses, of these some six of a hundred break
each requirement, and of each value one to four of a hundred are missing. `make bench` prints the verdicts.
"""

from __future__ import annotations

import numpy as np
import pyarrow as pa
from numpy.typing import NDArray

CLASSES = np.array(["产业项目类工业用地", "标准厂房类工业用地", "通用类研发用地", "产业项目类研发用地", "其他"])
SHARES = [0.08, 0.05, 0.03, 0.04, 0.80]
BAD = 0.06
WORDS = np.array(["否", "是"])

Texts = NDArray[np.str_]


def attributes(first: int, drawn: NDArray[np.float64], rng: np.random.Generator) -> dict[str, pa.Array]:
    """The columns of some parcels, the first of them with that number."""
    n = len(drawn)
    land = rng.choice(5, n, p=SHARES)
    table = Table(rng, n)
    area = np.round(drawn * np.where(rng.random(n) < 0.002, 1.03, 0.9996), 2)  # a few declared areas are wrong
    far = np.where(rng.random(n) < BAD, rng.uniform(1.2, 1.95, n), np.where(land == 2, 3.0, 2.0) + rng.gamma(2, 0.2, n))
    gfa = np.round(area * far, 2)
    table.put("DKBH", bare(first, drawn, rng)["DKBH"], 0)
    table.put("YDLX", CLASSES[land], 0.005)
    table.dates("PZRQ", rng.integers(17_500, 20_500, n), 0.01)
    table.put("YDMJ", area, 0.01)
    table.put("JRMJ", gfa, 0.02)
    table.put("RJL", np.round(far, 2), 0.02)
    _uses(table, gfa)
    _terms(table, land)
    _stock(table, land, far)
    _surplus(table, land)
    return table.columns


def failing(first: int, drawn: NDArray[np.float64], rng: np.random.Generator) -> dict[str, pa.Array]:
    """Parcels of which every value is known, and whose FAR is too low and shares of other uses and living too high."""
    n = len(drawn)
    table, area = Table(rng, n), np.round(drawn * 0.9996, 2)
    gfa = np.round(area * rng.uniform(1.2, 1.95, n), 2)
    columns = bare(first, drawn, rng) | {"YDLX": np.full(n, CLASSES[0]), "YDMJ": area, "JRMJ": gfa, "DSJZMJ": gfa}
    columns |= {"QTCYMJ": np.round(gfa * rng.uniform(0.16, 0.3, n), 2), "CRNQ": np.full(n, 20.0)}
    columns |= {"SHPTMJ": np.round(gfa * rng.uniform(0.16, 0.25, n), 2)}
    columns |= {
        "SFDYYT": np.full(n, "是"),
        "RDLX": np.full(n, "无"),
        "SFCL": np.full(n, "否"),
        "SFJYBF": np.full(n, "否"),
    }
    for name, values in columns.items():
        table.put(name, values, 0)
    table.dates("PZRQ", rng.integers(19_000, 20_500, n), 0)
    return table.columns


def failing_once(first: int, drawn: NDArray[np.float64], rng: np.random.Generator) -> dict[str, pa.Array]:
    """As ``failing``, but for the shares, which keep to their limits."""
    columns = failing(first, drawn, rng)
    for name in ("QTCYMJ", "SHPTMJ"):
        shares = rng.uniform(0.05, 0.14, len(drawn))
        columns[name] = pa.array(np.round(columns["DSJZMJ"].to_numpy() * shares, 2))
    return columns


def bare(first: int, drawn: NDArray[np.float64], _rng: np.random.Generator) -> dict[str, pa.Array]:
    """Parcels that have an id and nothing else."""
    numbers = np.arange(first, first + len(drawn)).astype(str)
    return {"DKBH": np.char.add("SH", np.char.zfill(numbers, 8))}


class Table:
    """Columns with gaps."""

    def __init__(self, rng: np.random.Generator, rows: int) -> None:
        self.rng, self.rows = rng, rows
        self.columns: dict[str, pa.Array] = {}

    def put(
        self, name: str, values: NDArray[np.generic], missing: float, where: NDArray[np.bool_] | None = None
    ) -> None:
        """A column with that share of gaps, empty outside ``where``."""
        gaps = self.rng.random(self.rows) < missing
        if where is not None:
            gaps |= ~where
        self.columns[name] = pa.array(values, mask=gaps)

    def dates(self, name: str, days: NDArray[np.int64], missing: float) -> None:
        """A column of dates."""
        self.put(name, days.astype("datetime64[D]"), missing)

    def yes(self, share: float) -> NDArray[np.bool_]:
        """True in that share of the rows."""
        return self.rng.random(self.rows) < share

    def words(self, name: str, true: NDArray[np.bool_], missing: float, where: NDArray[np.bool_] | None = None) -> None:
        """A column of 是 and 否."""
        self.put(name, WORDS[true.astype(int)], missing, where)


def _uses(table: Table, gfa: NDArray[np.float64]) -> None:
    rng, n = table.rng, table.rows
    living = np.where(table.yes(BAD), rng.uniform(0.15, 0.25, n), rng.uniform(0, 0.15, n))
    other = np.where(table.yes(BAD), rng.uniform(0.15, 0.3, n), rng.uniform(0, 0.15, n))
    whole = np.round(gfa * rng.uniform(0.97, 1.0, n), 2)
    table.put("DSJZMJ", whole, 0.02)
    table.put("QTCYMJ", np.round(whole * other, 2), 0.03)
    table.put("SHPTMJ", np.round(whole * living, 2), 0.03)
    table.words("SFDYYT", table.yes(0.97), 0.3)
    table.words("WDLH", table.yes(0.8), 0.0, table.yes(0.1))


def _terms(table: Table, land: NDArray[np.int64]) -> None:
    rng, n = table.rng, table.rows
    recognised = table.yes(0.15)
    years = np.where(recognised, rng.choice([30.0, 40.0, 50.0], n), rng.choice([10.0, 15.0, 20.0], n))
    years = np.where(table.yes(BAD), rng.choice([30.0, 50.0, 70.0], n), years)
    table.put("CRNQ", np.where(land == 4, rng.choice([40.0, 50.0, 70.0], n), years), 0.01)
    kinds = np.array(["市级战略性重点产业项目", "国家战略类产业项目"])
    table.put("RDLX", np.where(recognised, kinds[rng.integers(0, 2, n)], "无"), 0.04)


def _stock(table: Table, land: NDArray[np.int64], far: NDArray[np.float64]) -> None:
    rng, n = table.rng, table.rows
    stock = (land <= 1) & table.yes(0.1)
    under = np.round(rng.uniform(0, 5000, n), 2)
    table.words("SFCL", stock, 0.02)
    table.put("TGQRJL", np.round(far * rng.uniform(0.6, 1.0, n), 2), 0.04, stock)
    table.put("DXJZMJ", under, 0.03)
    table.put("ZJQDXJZMJ", np.round(under * rng.choice([1.0, 0.5], n), 2), 0.04, stock)
    table.words("TRSFPZ", ~table.yes(BAD), 0.04, stock)
    table.put("ZSTDJK", np.where(table.yes(BAD), 1_000_000.0, 0.0), 0.04, stock)


def _surplus(table: Table, land: NDArray[np.int64]) -> None:
    surplus = (land == 0) & table.yes(0.02)
    table.words("SFJYBF", surplus, 0.02)
    table.words("FHFGTJ", ~table.yes(BAD), 0.04, surplus)
    table.put("ZRQD", np.where(table.yes(BAD), "其他", "土地交易市场"), 0.04, surplus)
    table.put("GPFS", np.where(table.yes(BAD), "其他", "带产业项目"), 0.04, surplus)
    table.put("SRFLX", np.where(table.yes(BAD), "其他", "园区平台"), 0.04, surplus)
