"""Areas summed up by whom they belong to."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Areas = NDArray[np.float64]

# a square millimetre: what another order of adding makes of the same numbers is far below it
DECIMALS = 6


def total(owner: NDArray[np.integer], area_m2: Areas, owners: int) -> Areas:
    """What each of the owners (numbered from 0) has, in m² and the same for any order of rows; NaN where one is."""
    return np.round(np.bincount(owner, area_m2, owners), DECIMALS)
