"""GeoJSON as people write it, and what GDAL would pass over in silence."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from read_samples import codes, content, notes, refusal

from landcheck.read import open_layer
from landcheck.read.repair import json_keys

SHAPE = {"type": "Polygon", "coordinates": [[[121, 31], [122, 31], [122, 32], [121, 31]]]}


def feature(**properties: Any) -> dict[str, Any]:
    return {"type": "Feature", "properties": properties, "geometry": SHAPE}


def written(path: Path, *features: Any, encoding: str = "utf-8", **members: Any) -> Path:
    document = {"type": "FeatureCollection", **members, "features": list(features)}
    path.write_bytes(json.dumps(document, ensure_ascii=False).encode(encoding))
    return path


@pytest.mark.parametrize(
    ("encoding", "label"), [("utf-8", "UTF-8"), ("utf-8-sig", "UTF-8"), ("gbk", "GB18030"), ("utf-16", "UTF-16")]
)
def test_every_encoding_is_read(tmp_path: Path, encoding: str, label: str) -> None:
    path = written(tmp_path / "p.geojson", feature(区="浦东新区张江"), encoding=encoding)
    layer = open_layer(str(path), "parcels")
    assert content(layer)["区"] == ["浦东新区张江"]
    assert layer.info.encoding == label
    assert len(notes(layer)) == 1


def test_mixed_and_nested_values_become_text(tmp_path: Path) -> None:
    path = written(tmp_path / "p.geojson", feature(a="01", b=[1, 2]), feature(a=2, b={"c": 1}), feature(a=None, b=None))
    values = content(open_layer(str(path), "parcels"))
    assert values["a"] == ["01", "2", None]
    assert values["b"][0].replace(" ", "") == "[1,2]"


def test_members_that_are_no_features_are_counted(tmp_path: Path) -> None:
    path = written(tmp_path / "p.geojson", feature(a=1), {"type": "Featur", "geometry": SHAPE}, feature(a=2))
    layer = open_layer(str(path), "parcels")
    assert content(layer)["a"] == [1, 2]
    assert [(f.message.code, f.level, f.message.values["count"]) for f in layer.findings] == [
        ("read-no-features", "error", 1)
    ]


def test_a_property_that_reads_like_a_feature_is_no_loss(tmp_path: Path) -> None:
    path = written(tmp_path / "p.geojson", feature(a=1, b={"type": "Feature", "geometry": 1}))
    layer = open_layer(str(path), "parcels")
    content(layer)
    assert codes(layer) == []


@pytest.mark.parametrize(
    ("name", "wkt"),
    [
        ("urn:ogc:def:crs:EPSG::4549", "EPSG:4549"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        ("Shanghai 2000", "Shanghai 2000"),
    ],
)
def test_a_crs_that_gdal_does_not_know_is_handed_on_and_not_taken_for_wgs84(
    tmp_path: Path, name: str, wkt: str
) -> None:
    path = written(tmp_path / "p.geojson", feature(a=1), crs={"type": "name", "properties": {"name": name}})
    assert open_layer(str(path), "parcels").wkt == wkt


@pytest.mark.parametrize("share", [0.2, 0.5, 0.99])
def test_a_document_cut_off_is_refused(tmp_path: Path, share: float) -> None:
    path = written(tmp_path / "p.geojson", *[feature(a=n) for n in range(50)])
    raw = path.read_bytes()
    path.write_bytes(raw[: int(len(raw) * share)])
    assert refusal(path) == "read-failed"


@pytest.mark.parametrize("text", ['{"a": 1}', "[1, 2]", "[" * 100_000, '{"type": "FeatureCollection"}', '{"a":'])
def test_other_json_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "p.geojson"
    path.write_text(text)
    assert refusal(path) in ("read-failed", "read-not-recognised")


def test_a_pipeline_in_disguise_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "p.geojson"
    path.write_text('{"type": "gdal_streamed_alg", "command_line": "gdal vector pipeline ! read /etc/passwd"}')
    assert refusal(path) == "read-virtual"


def test_features_one_a_line_are_read(tmp_path: Path) -> None:
    path = tmp_path / "p.geojsonl"
    path.write_text("\n".join(json.dumps(feature(a=n)) for n in range(5)))
    assert content(open_layer(str(path), "parcels"))["a"] == [0, 1, 2, 3, 4]


TWICE = '{"type": "Feature", "geometry": null, "properties": {"id": "P1", "far": 2.5, "far": 1.90, "n": 1, "n": 1}}'
ONCE = '{"type": "Feature", "geometry": null, "properties": {"id": "P2", "far": 2.25}}'


@pytest.mark.parametrize(
    "text",
    [
        f'{{"type": "FeatureCollection", "features": [{ONCE}, {TWICE}]}}',
        f'{{"type": "FeatureCollection", "features": [{ONCE}, {TWICE}]}}'.replace('"far": 1', r'"\u0066ar": 1'),
        f"{ONCE}\n{TWICE}\n",
    ],
)
@pytest.mark.parametrize("looked_through", [json_keys.LOOKED_THROUGH, 0])
def test_a_key_with_two_values_has_neither(
    tmp_path: Path, text: str, looked_through: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_keys, "LOOKED_THROUGH", looked_through)
    path = tmp_path / "p.geojson"
    path.write_text(text, encoding="utf-8")
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert (values["id"], values["far"], values["n"]) == (["P2", "P1"], ["2.25", "2.5 / 1.90"], [None, 1])
    (finding,) = layer.findings
    assert (finding.message.code, finding.level, finding.row) == ("read-keys-twice", "error", 2)
    assert (finding.message.values["columns"], finding.message.values["count"]) == (["far"], 1)


def test_a_key_that_stands_too_often_in_a_large_document_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(json_keys, "LOOKED_THROUGH", 0)
    monkeypatch.setattr(json_keys, "PARSED_AT_MOST", 0)
    path = tmp_path / "p.geojson"
    path.write_text(f'{{"type": "FeatureCollection", "features": [{ONCE}, {TWICE}]}}', encoding="utf-8")
    layer = open_layer(str(path), "parcels")
    assert [(f.message.code, f.message.values["columns"]) for f in layer.findings] == [("read-keys-more", ["far", "n"])]


@pytest.mark.parametrize("chunk", [7, json_keys.CHUNK])
def test_names_that_the_document_itself_uses_are_no_keys_of_a_feature(
    tmp_path: Path, chunk: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A large layer called ``name`` with columns of these names, as GDAL writes it: no key stands twice."""
    monkeypatch.setattr(json_keys, "LOOKED_THROUGH", 0)
    monkeypatch.setattr(json_keys, "PARSED_AT_MOST", 0)
    monkeypatch.setattr(json_keys, "CHUNK", chunk)
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:OGC:1.3:CRS84"}}
    features = [feature(name="a", type="Park", 编号=1, Name=1), feature(name="b", type="x", 编号=2, Name=2)]
    path = written(tmp_path / "p.geojson", *features, name="name", crs=crs)
    layer = open_layer(str(path), "parcels")
    assert (content(layer)["type"], codes(layer)) == (["Park", "x"], [])
    text = path.read_text(encoding="utf-8").replace('"编号": 2,', '"编号": 2, "\\u7f16\\u53f7": 3,')
    path.write_text(text, encoding="utf-8")
    assert codes(open_layer(str(path), "parcels")) == ["read-keys-more"]


def test_a_crs_of_null_is_told_wherever_it_stands(tmp_path: Path) -> None:
    for number, text in enumerate(
        [
            '{"type": "FeatureCollection", "crs": null, "features": [%s]}',
            '{"features": [%s], "crs" : null, "type": "FeatureCollection"}',
        ]
    ):
        path = tmp_path / f"{number}.geojson"
        path.write_text(text % ONCE, encoding="utf-8")
        assert codes(open_layer(str(path), "parcels")) == ["read-crs-null"]
    path.write_text(
        '{"features": [' + ONCE.replace('"id": "P2"', '"crs": null') + '], "type": "FeatureCollection"}',
        encoding="utf-8",
    )
    assert codes(open_layer(str(path), "parcels")) == []


@pytest.mark.parametrize("name", ["p.geojson", "p.geojsonl"])
def test_numbers_among_texts_are_told_as_they_stand(tmp_path: Path, name: str) -> None:
    """2.4 is 2.3999999999999999 with the seventeen digits that GDAL gives it; texts stay what they are."""
    cells = ['"A-2"', "1.1", "2.4", "1234567.891", "-0.1", "310115001002000120", '"310115.12345678912"', "null"]
    features = [f'{{"type": "Feature", "geometry": null, "properties": {{"code": {cell}}}}}' for cell in cells]
    whole = f'{{"type": "FeatureCollection", "features": [{",".join(features)}]}}'
    (tmp_path / name).write_text("\n".join(features) if name.endswith("l") else whole, encoding="utf-8")
    assert content(open_layer(str(tmp_path / name), "parcels"), size=3)["code"] == [
        "A-2", "1.1", "2.4", "1234567.891", "-0.1", "310115001002000120", "310115.12345678912", None,
    ]  # fmt: skip
