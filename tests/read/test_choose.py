"""Which of several layers is meant."""

from __future__ import annotations

import pytest

from landcheck.errors import InputError
from landcheck.read.layer import choose_layer


@pytest.mark.parametrize(
    ("names", "role", "wanted", "taken"),
    [
        (["x"], "parcels", None, "x"),
        (["x", "parcels"], "parcels", None, "parcels"),
        (["x", "Parcels"], "parcels", None, "Parcels"),
        (["道路", "宗地"], "parcels", None, "宗地"),
        (["道路", "2024年地块图"], "parcels", None, "2024年地块图"),
        (["宗地", "宗地_旧"], "parcels", None, "宗地"),
        (["园区", "高新区"], "zones", None, "高新区"),
        (["a", "B"], "parcels", "b", "B"),
    ],
)
def test_the_one_meant_is_taken(names: list[str], role: str, wanted: str | None, taken: str) -> None:
    assert choose_layer(names, role, wanted, "f") == taken


@pytest.mark.parametrize(
    ("names", "wanted", "code"),
    [
        (["a", "b"], None, "read-several-layers"),
        (["宗地", "地块"], None, "read-several-layers"),
        (["宗地1", "宗地2"], None, "read-several-layers"),
        (["a", "b"], "c", "read-no-such-layer"),
        (["a", "A"], "Á", "read-no-such-layer"),
        (["x"], "y", "read-no-such-layer"),
    ],
)
def test_none_is_taken_silently(names: list[str], wanted: str | None, code: str) -> None:
    with pytest.raises(InputError) as caught:
        choose_layer(names, "parcels", wanted, "f")
    assert caught.value.message.code == code
    assert all(name in caught.value.say("zh") for name in names)


@pytest.mark.parametrize(
    ("names", "line"),
    [
        (["a", "b"], "a"),
        (["宗地_1", "宗地_2"], "宗地_1"),
        (["道路", "地块甲", "地块乙"], "地块甲"),  # the first that is called a little like parcels
        (
            ["说明", "园区", "sheet 1", "sheet2"],
            '"sheet 1"',
        ),  # no notes, no layer of another part; quoted for the shell
        (["园区", "绿地"], "园区"),
    ],
)
def test_where_none_can_be_chosen_a_line_that_names_one_is_ready(names: list[str], line: str) -> None:
    with pytest.raises(InputError) as caught:
        choose_layer(names, "parcels", None, "f")
    assert caught.value.say("zh").endswith(f"例如 --layer {line}")
    assert caught.value.say("en").endswith(f"for instance --layer {line}")
