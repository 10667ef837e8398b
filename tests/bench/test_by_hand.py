"""The benchmark compares like with like: the hand-written masks and the engine give the same verdicts."""

import pytest
from by_hand import masks
from columns import made_up

from landcheck.model import Reading
from landcheck.rulebook import load_pack
from landcheck.verdicts.decide import judge


@pytest.mark.parametrize("seed", [1, 2])
def test_masks_and_engine_agree(seed: int) -> None:
    pack = load_pack("shanghai-2021-9")
    rules = [rule for rule in pack.rules if rule.per == "parcel"]
    parameters = {parameter.name: parameter.value for parameter in pack.parameters}
    columns = made_up(40_000, seed)
    by_engine = judge(rules, columns, 40_000, Reading.THRESHOLD, parameters)
    assert (by_engine == masks(columns, 40_000)).all()
    assert {int(v) for v in by_engine.ravel()} == {0, 1, 2, 3, 4}
