from __future__ import annotations

from pathlib import Path

import ask
import district
import pyogrio
import pytest
from objections import NotHadError


def test_a_judge_that_was_not_fetched_is_named_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "not-had.json").write_text('{"vnu-jar": "npm is not installed"}', encoding="utf-8")
    answers = dict(ask.asked(tmp_path, tmp_path))
    assert list(answers) == list(ask.JUDGES)
    assert str(answers["vnu"]) == "npm is not installed"
    assert str(answers["check-geojson"]).startswith("@placemarkio/check-geojson brings no")


def test_a_program_that_is_missing_is_no_silent_yes() -> None:
    with pytest.raises(NotHadError, match="no-such-program is not installed"):
        ask._ran("no-such-program")


def test_the_made_up_district_has_long_ids(tmp_path: Path) -> None:
    path = district.draw(tmp_path / "d.gpkg")
    parcels = pyogrio.read_dataframe(path, layer="parcels", read_geometry=False)
    assert parcels.parcel_id.nunique() == 3000
    assert set(parcels.parcel_id.str.len()) == {28}
    assert pyogrio.read_info(path, layer="parks")["features"] == 12
