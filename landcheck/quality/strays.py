"""Rows of a table that are no parcels: its totals, and what people write below it."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from landcheck.messages import Message
from landcheck.model import Batch, DataFinding, Level, Subject

TOTALS = ("合计", "总计", "小计", "共计", "累计", "汇总", "total", "totals", "subtotal", "sum", "grand total")
NOTE = r"^\s*(合\s*计|总\s*计|小\s*计|共\s*计|注|备注|附注|说明|填表|制表|审核|单位|数据来源)\s*([:：]|人|说明|日期|$)"


def strays(batch: Batch, file: str) -> Iterator[DataFinding]:
    """An error for each such row, by what stands in the place of its id."""
    ids = batch.texts["parcel_id"]
    stray = pc.is_in(
        ids, value_set=pa.array([spelt for word in TOTALS for spelt in (word, word.title(), word.upper())])
    )
    if not pc.all(pc.string_is_ascii(ids)).as_py():
        stray = pc.or_(stray, pc.fill_null(pc.match_substring_regex(ids, NOTE), False))
    for row in np.flatnonzero(stray.to_numpy(zero_copy_only=False)).tolist():
        ident, number = ids[row].as_py(), batch.first_row + row + 1
        message = Message("row-no-parcel", {"file": file, "row": number, "id": ident})
        yield DataFinding("data/id", Level.ERROR, Subject("parcel", ident), message, number)
