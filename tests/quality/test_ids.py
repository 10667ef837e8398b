"""Missing and repeated ids, however the rows are cut into batches and in whatever order they come."""

from __future__ import annotations

from collections import Counter
from itertools import pairwise

import pyarrow as pa
from hypothesis import example, given, settings
from hypothesis import strategies as st

from landcheck.model import Batch, Role
from landcheck.quality.ids import Ids, idents
from landcheck.verdicts.totals import BatchResult

# few letters, so that ids often repeat; 甪 and 𠮷 lie on both sides of what UTF-16 would sort otherwise
IDS = st.lists(st.none() | st.text("ab甪𠮷", min_size=1, max_size=2), min_size=1, max_size=12)


@settings(deadline=None)  # the first array may bring pandas along
@given(ids=IDS, ascending=st.booleans(), cuts=st.lists(st.integers(0, 12), max_size=4), backwards=st.booleans())
@example(ids=["a", "b", "b", "c"], ascending=True, cuts=[2], backwards=False)
@example(ids=["a", "b", "a"], ascending=False, cuts=[], backwards=False)
def test_each_missing_and_each_repeated_id_is_found(
    *, ids: list[str | None], ascending: bool, cuts: list[int], backwards: bool
) -> None:
    if ascending:
        ids = sorted(ids, key=lambda one: one or "")
    collected = Ids("parcel", "a.gpkg")
    batches = [(start, ids[start:end]) for start, end in pairwise(sorted({0, len(ids), *cuts}))]
    for start, batch in reversed(batches) if backwards else batches:
        texts = {"parcel_id": pa.array(batch, pa.string())}
        rows = Batch(Role.PARCELS, len(batch), start, texts=texts)
        collected.add(BatchResult(rows, idents(rows)))
    found = collected.finish()
    missing = {f"#{row}" for row, one in enumerate(ids, start=1) if one is None}
    repeated = {one for one, count in Counter(ids).items() if one is not None and count > 1}
    assert {one.subject.id for one in found if one.message.code == "id-missing"} == missing
    assert {one.subject.id for one in found if one.message.code == "id-repeated"} == repeated
    assert len(found) == len(missing) + len(repeated)
    numbers = list(range(len(ids)))
    assert collected.named(numbers) == {row: ids[row] or f"#{row + 1}" for row in numbers}
