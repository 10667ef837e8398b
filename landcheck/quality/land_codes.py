"""Land codes that are plainly no industrial, research or storage land: 产业用地类型 is other there, never another."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landcheck.fields.catalogue import field as catalogue_field
from landcheck.fields.mapping import ColumnUse
from landcheck.fields.normalise import fill, unreadable_rows
from landcheck.measures import use_of_class
from landcheck.model import Batch, DataFinding, Level, Origin, Role, Tri
from landcheck.quality.alike import of_each
from landcheck.quality.consistency import says_m0
from landcheck.quality.ids import row_finding

OLD, URBAN, SEA = "GBJ 137-90", "GB 50137-2011", "自然资发〔2023〕234号"
# The meanings are as public code and crosswalks use them (Rr, Rc, Rs: not verified); the standards' texts were not at
# hand, so that whatever may hold research, storage or reserved land stays out. What R0, C0, G0 say is an overlay of
# the remarks (沪规划资源详〔2023〕449号) and no code. A number stands here only where GB/T 21010-2017, which gives many
# another meaning, means no industrial land by it either. 商务办公 (B2, 0902) is other land by land_class, too.
PLAIN = (
    (r"R(?-i:[rcs])?([1-9]\d*)?", "居住", (OLD, URBAN, "上海市控制性详细规划技术准则: Rr, Rc, Rs")),
    (r"C[1-579]\d*", "公共设施; 不含C6 (C65科研设计), C8", (OLD,)),
    (r"A([124-9]\d*|3[1-4])", "公共管理与公共服务; 不含A35 (科研)", (URBAN,)),
    (r"B([1-9]\d*)?", "商业服务业设施", (URBAN,)),
    (r"[SUG]([1-9]\d*)?", "道路交通, 公用设施, 绿地与广场", (OLD, URBAN)),
    (r"E1\d*", "水域", (OLD, URBAN)),
    (r"(07|09|1[23457])(\d\d){0,2}", "居住, 商业服务业, 交通运输, 公用设施, 绿地与开敞空间, 特殊, 陆地水域", (SEA,)),
    (r"080([13567](\d\d)?|40[1-4])", "公共管理与公共服务; 不含0802, 0804 (科研)", (SEA,)),
)  # fmt: skip
ONE = "(" + "|".join(codes for codes, _, _ in PLAIN) + ")"
ALL = rf"^{ONE}(\s*[/+、,;]\s*{ONE})*$"
MAY_SAY_INDUSTRY = ("statutory_use", "overlay_m0", "remarks", "is_stock", "is_surplus_part")
PRESENT_USE = r"(?i)地类|现状|current|existing|^\s*(DL|XZ)"  # 土地调查: what the ground is, not what it is to become


def other_by_code(batch: Batch, file: str, uses: Sequence[ColumnUse]) -> tuple[int, list[DataFinding]]:
    """产业用地类型 is other where nothing states it and the code is plainly of another use: rows, and findings.

    ``uses`` are the columns of the parcels and of the table beside them. A stated class counts against the code.
    """
    plain = _plain(batch.texts["land_code"], uses)
    if not plain.any():
        return 0, []
    stated, by_class = batch.columns["land_class"], use_of_class(batch.columns)
    classes, codes = catalogue_field(Role.PARCELS, "land_class"), batch.texts["land_code"]

    def tell(row: int) -> DataFinding:
        values = {"file": file, "code": codes[row].as_py(), "land_class": classes.choices[stated[row]].label}
        return row_finding("data/value", Level.WARNING, batch, row, "code-contradicts", values)

    found = list(of_each(np.flatnonzero(plain & (by_class >= 0)), tell))
    taken = plain & (stated < 0) & ~_says_industry(batch)
    return fill(batch, "land_class", taken, np.int8(classes.values.index("other")), Origin.CODE), found


def _plain(codes: pa.Array, uses: Sequence[ColumnUse]) -> NDArray[np.bool_]:
    headings = pa.array([name for use in uses if use.field.name == "land_code" for name in use.columns], pa.string())
    if codes.null_count == len(codes) or pc.any(pc.match_substring_regex(headings, PRESENT_USE)).as_py():
        return np.zeros(len(codes), np.bool_)
    coded = codes.dictionary_encode()
    plain = pc.match_substring_regex(pc.utf8_normalize(coded.dictionary, "NFKC"), ALL, ignore_case=True)
    return np.asarray(pc.fill_null(plain.take(coded.indices), False).to_numpy(zero_copy_only=False), np.bool_)


def _says_industry(batch: Batch) -> NDArray[np.bool_]:
    """Where something else that is stated speaks of industrial land, or may, since it cannot be read: nobody knows."""
    c, uses = batch.columns, catalogue_field(Role.PARCELS, "statutory_use").values
    industry = [uses.index(use) for use in ("industrial", "storage", "science_education")]
    industry_stated = np.isin(c["statutory_use"], industry) | says_m0(batch.texts["remarks"])
    for name in ("overlay_m0", "is_stock", "is_surplus_part"):
        industry_stated |= c[name] == Tri.TRUE
    lost = (unreadable_rows(batch, name) for name in MAY_SAY_INDUSTRY)
    return np.asarray(np.logical_or.reduce([industry_stated, *lost]))
