"""The data of KML comes back under the names and with the text that stand in the file."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_samples import codes, content

from landcheck.read import open_layer

RING = "121,31 121.001,31 121.001,31.001 121,31"
NS = 'xmlns="http://www.opengis.net/kml/2.2"'


def placemark(data: str) -> str:
    shape = f"<Polygon><outerBoundaryIs><LinearRing><coordinates>{RING}</coordinates></LinearRing></outerBoundaryIs>"
    return f"<Placemark><ExtendedData>{data}</ExtendedData>{shape}</Polygon></Placemark>"


def data(**values: str) -> str:
    return "".join(f'<Data name="{name}"><value>{value}</value></Data>' for name, value in values.items())


def document(path: Path, *placemarks: str, head: str = "", encoding: str = "utf-8") -> Path:
    text = (
        f'<?xml version="1.0" encoding="{encoding}"?>\n<kml {NS}><Document>{head}{"".join(placemarks)}</Document></kml>'
    )
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "gbk", "utf-16"])
def test_names_of_equal_length_stay_two_columns(tmp_path: Path, encoding: str) -> None:
    first, second = data(编号="C1", 面积="10000"), data(面积="20000", 编号="C2")
    layer = open_layer(
        str(document(tmp_path / "p.kml", placemark(first), placemark(second), encoding=encoding)), "parcels"
    )
    values = content(layer)
    assert (values["编号"], values["面积"]) == (["C1", "C2"], ["10000", "20000"])
    assert codes(layer) == []


def test_data_beside_a_schema_is_read_and_its_numbers_are_what_stands_there(tmp_path: Path) -> None:
    schema = '<Schema name="s" id="s"><SimpleField name="期限" type="int"/></Schema>'
    own = '<SchemaData schemaUrl="#s"><SimpleData name="期限">12.9</SimpleData></SchemaData>'
    path = document(tmp_path / "p.kml", placemark(own + data(编号="C1")), placemark(own), head=schema)
    values = content(open_layer(str(path), "parcels"))
    assert (values["期限"], values["编号"]) == (["12.9", "12.9"], ["C1", None])


def test_names_in_any_way_of_writing_them(tmp_path: Path) -> None:
    written = "<Data name='a&gt;b &amp; &#32534;号'><displayName>x</displayName><value>1 &lt; 2</value></Data>"
    path = document(tmp_path / "p.kml", placemark(written + '<Data uom="m" name = "空" />'))
    path.write_text(
        path.read_text(encoding="utf-8").replace(f"<kml {NS}>", f"<kml {NS}><!-- <Data name='x'> -->"), "utf-8"
    )
    values = content(open_layer(str(path), "parcels"))
    assert values["a>b & 编号"] == ["1 < 2"]


def test_names_with_a_prefix(tmp_path: Path) -> None:
    inner = placemark(data(编号="C1")).replace("</", "</k:").replace("<", "<k:").replace("<k:/k:", "</k:")
    path = tmp_path / "p.kml"
    text = f"<k:kml {NS.replace('xmlns', 'xmlns:k')}><k:Document>{inner}</k:Document></k:kml>"
    path.write_text(text, encoding="utf-8")
    assert content(open_layer(str(path), "parcels"))["编号"] == ["C1"]


def test_a_name_twice_in_a_placemark_is_two_columns_and_told(tmp_path: Path) -> None:
    path = document(tmp_path / "p.kml", placemark(data(面积="19000") + data(面积="30000")), placemark(data(面积="5")))
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert (values["面积"], values["面积 (2)"]) == (["19000", "5"], ["30000", None])
    assert codes(layer) == ["read-column-twice"]
