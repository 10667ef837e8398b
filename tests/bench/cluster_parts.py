"""A GeoParquet file as many files, the order of all rows shuffled: neighbours stand in different files."""

from __future__ import annotations

import sys
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq

ROWS = 100_000


def main(whole: Path, parts: Path) -> None:
    """Write the parts beside each other and move them into place together."""
    table = pq.read_table(whole)
    table = table.take(np.random.default_rng(11).permutation(table.num_rows))
    draft = parts.with_name(f"{parts.name}.draft")
    draft.mkdir(exist_ok=True)
    for number, first in enumerate(range(0, table.num_rows, ROWS)):
        pq.write_table(table.slice(first, ROWS), draft / f"part-{number:05}.parquet")
    draft.rename(parts)


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]))
