"""The whole job in geopandas: SOURCE FINDINGS [overlaps]; the verdicts by rule go to standard output."""

from __future__ import annotations

import json
import sys

import geopandas
import numpy as np
import pandas as pd
from by_hand import masks
from sql_rules import CHANNEL, IDS, LAND_CLASS, LEAST_M2, LISTING, RECOGNITION, TRANSFEREE, WIDTH_M, WORDS, by_rule

NUMBERS = {
    "term_years": "CRNQ", "far_gfa_m2": "JRMJ", "far": "RJL", "above_ground_gfa_m2": "DSJZMJ",
    "other_industry_gfa_m2": "QTCYMJ", "living_gfa_m2": "SHPTMJ", "far_before": "TGQRJL",
    "underground_gfa_m2": "DXJZMJ", "underground_gfa_before_m2": "ZJQDXJZMJ", "extra_land_price_cny": "ZSTDJK",
}  # fmt: skip
ENUMS = {
    "land_class": ("YDLX", LAND_CLASS), "recognition": ("RDLX", RECOGNITION), "transfer_channel": ("ZRQD", CHANNEL),
    "listing": ("GPFS", LISTING), "transferee": ("SRFLX", TRANSFEREE),
}  # fmt: skip
BOOLS = {  # with what is assumed of an empty one
    "single_use": ("SFDYYT", 1), "is_stock": ("SFCL", -1), "increase_approved": ("TRSFPZ", 0),
    "is_surplus_part": ("SFJYBF", -1), "subdivision_permitted": ("FHFGTJ", 0), "roof_greening": ("WDLH", 0),
}  # fmt: skip


def main(source: str, out: str, *, overlaps: bool) -> None:
    """Judge, look for overlaps, write."""
    packed = source.endswith(".parquet")
    frame = geopandas.read_parquet(source) if packed else geopandas.read_file(source, use_arrow=True)
    sound = frame.geometry.is_valid.to_numpy()
    columns = _columns(frame, sound)
    verdicts = masks(columns, len(frame))
    parts = [*_findings(frame["DKBH"], verdicts, columns), _lines(frame["DKBH"][~sound], "data/geometry", "fail")]
    if overlaps:
        parts.append(_overlaps(frame[sound]))
    pd.concat(parts, ignore_index=True).to_json(out, orient="records", lines=True, force_ascii=False)
    counts = np.stack([np.bincount(line, minlength=len(WORDS)) for line in verdicts])
    print(json.dumps(by_rule(counts.ravel().tolist())))


def _columns(frame: geopandas.GeoDataFrame, sound: np.ndarray) -> dict[str, np.ndarray]:
    """The facts as the masks want them: NaN, 0 and -1 for what is not known."""
    columns = {name: frame[heading].to_numpy(float, na_value=np.nan) for name, heading in NUMBERS.items()}
    columns |= {name: _codes(frame[of], codes, -1) for name, (of, codes) in ENUMS.items()}
    columns |= {name: _codes(frame[of], {"是": 1, "否": -1}, empty) for name, (of, empty) in BOOLS.items()}
    columns["in_high_tech_zone"] = np.ones(len(frame), np.int8)
    columns["approval_date"] = pd.to_datetime(frame["PZRQ"]).fillna(pd.Timestamp("2026-06-30")).to_numpy().astype(
        "datetime64[D]").astype(np.int32)  # fmt: skip
    area = frame["YDMJ"].to_numpy(float, copy=True, na_value=np.nan)
    drawn = np.isnan(area) & sound
    area[drawn] = frame.geometry[drawn].to_crs(6933).area
    return columns | {"site_area_m2": area}


def _codes(texts: pd.Series, codes: dict[str, int], empty: int) -> np.ndarray:
    return texts.map(codes).fillna(empty).to_numpy(np.int8)


def _findings(ids: pd.Series, verdicts: np.ndarray, c: dict[str, np.ndarray]) -> list[pd.DataFrame]:
    with np.errstate(divide="ignore", invalid="ignore"):
        far = c["far_gfa_m2"] / c["site_area_m2"]
        living = c["living_gfa_m2"] / c["above_ground_gfa_m2"]
        other = living + c["other_industry_gfa_m2"] / c["above_ground_gfa_m2"]
    far = np.where(np.isnan(far), c["far"], far)
    measured = {
        "term-50": c["term_years"], "far-industrial": far, "far-rd-general": far, "living-15": living,
        "mixed-use-30": other, "stock-no-premium": c["extra_land_price_cny"],
    }  # fmt: skip
    none = np.full(len(ids), np.nan)
    parts = []
    for rule, line in zip(IDS, verdicts, strict=True):
        told = (line >= WORDS.index("review")) & (line <= WORDS.index("fail"))
        parts.append(_lines(ids[told], rule, np.array(WORDS)[line[told]], measured.get(rule, none)[told]))
    return parts


def _overlaps(frame: geopandas.GeoDataFrame) -> pd.DataFrame:
    """Candidates by the tree, whose insides meet by their relation, and only of these what they share."""
    at, to = frame.sindex.query(frame.geometry)
    shapes, other = (frame.geometry.iloc[which[at < to]].reset_index(drop=True) for which in (at, to))
    meet = shapes.relate_pattern(other, "T********")
    common = shapes[meet].intersection(other[meet])
    kept = (common.area > LEAST_M2) & (2 * common.area > WIDTH_M * common.length)
    first, second = (frame["DKBH"].iloc[which[at < to][meet][kept]] for which in (at, to))
    return _lines(first, "data/overlap", "fail", common.area[kept].to_numpy(), second.to_numpy())


def _lines(ids: pd.Series, rule: str, verdict: object, measured: object = np.nan, other: object = None) -> pd.DataFrame:
    return pd.DataFrame(
        {"rule": rule, "parcel": ids.to_numpy(), "verdict": verdict, "measured": measured, "other": other}
    )


if __name__ == "__main__":
    main(*sys.argv[1:3], overlaps="overlaps" in sys.argv[3:])
