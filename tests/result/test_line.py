"""Numbers and texts as the lines of a result have always held them."""

from __future__ import annotations

import json
from typing import Any

import pytest

from landcheck.model import Areas
from landcheck.report.result.finding_types import ChangeRecord, SubjectRecord
from landcheck.report.result.line import array, line


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (1e16, "1e+16"), (-2.5e300, "-2.5e+300"), (1e15, "1000000000000000.0"), (1e-5, "0.00001"), (1e-7, "1e-7"),
        (-0.0, "-0.0"), (3, "3"), (10**30, "1" + "0" * 30), (True, "true"), (None, "null"),
        (float("nan"), "null"), (float("-inf"), "null"), ("é\u2028\x7f\x00", '"é\\u2028\\u007f\\u0000"'),
        ('P1e5 "2e6" \\', '"P1e5 \\"2e6\\" \\\\"'),
    ],
)  # fmt: skip
def test_a_value_is_written_as_ever(value: Any, written: str) -> None:
    assert line(value) == written


def test_a_number_is_told_from_a_text_that_holds_one() -> None:
    areas = Areas(1e20, 2.5, None)
    told = line({"who": SubjectRecord("parcel", 'a"1e5'), "areas": areas})
    assert (
        told
        == '{"who":{"type":"parcel","id":"a\\"1e5"},"areas":{"taken_m2":1e+20,"ellipsoidal_m2":2.5,"planar_m2":null}}'
    )


def test_python_s_numbers_where_they_have_always_stood() -> None:
    assert line(ChangeRecord("far", 1e-5, "1"), by_python=True) == '{"field":"far","by":1e-05,"unit":"1"}'
    assert line(ChangeRecord("far", float("nan"), "1"), by_python=True) == '{"field":"far","by":null,"unit":"1"}'


def test_a_list_is_whole_where_one_of_its_texts_is_no_utf_8() -> None:
    who = [SubjectRecord("parcel", name) for name in ("P1", "\udc80", "地")]
    told = "".join(piece if isinstance(piece, str) else piece.decode() for piece in array("who", who))
    assert json.loads("{" + told + "}")["who"] == [{"type": one.type, "id": one.id} for one in who]
    assert told.count("\n") == 4
