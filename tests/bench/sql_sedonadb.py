"""The whole job in sedonadb: SOURCE FINDINGS [overlaps]; the verdicts by rule go to standard output."""

from __future__ import annotations

import json
import sys

import sedonadb
from sql_rules import COMMON, SHARED, SOLID, TOUCHING, by_rule, counted, findings, judged


def main(source: str, out: str, *, overlaps: bool) -> None:
    """Judge, look for overlaps, write."""
    db = sedonadb.connect()
    frame = db.read_parquet(source) if source.endswith(".parquet") else db.read_pyogrio(source)
    frame.to_view("parcels")
    geometry = "geometry" if "geometry" in frame.columns else "geom"
    area = f"ST_Area(ST_Transform({geometry}, 'EPSG:6933'))"
    _kept(db, "judged", judged(geometry, f"ST_IsValid({geometry})", area, shapes=overlaps))
    if overlaps:
        db.sql(SOLID).to_view("solid")
        meeting = f"{TOUCHING} AND NOT ST_Touches(a.shape, b.shape)"
        _kept(db, "common", COMMON.format(meeting=f"({meeting})"))
        _kept(db, "shared", SHARED)
    db.sql(findings(overlaps=overlaps)).to_json(out)
    counts = db.sql(counted()).to_arrow_table().to_pylist()[0]
    print(json.dumps(by_rule(list(counts.values()))))


def _kept(db: sedonadb.context.SedonaContext, name: str, query: str) -> None:
    """What a query gives, held in memory under a name."""
    db.sql(query).to_memtable().to_view(name)


if __name__ == "__main__":
    main(*sys.argv[1:3], overlaps="overlaps" in sys.argv[3:])
