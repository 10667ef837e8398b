"""Names and places: what a path may be called, what lies beside it, and what the system refuses."""

from __future__ import annotations

import os
import shutil
import sqlite3
import sys
from contextlib import closing
from pathlib import Path

import pytest
from read_samples import DISTRICTS, codes, content, parcels, patch, refusal, snapshot, write

from landcheck.errors import InputError, UsageError
from landcheck.read import layer_names, open_layer

WRITTEN = {"shp": {"encoding": "GBK"}, "kml": {"driver": "KML"}}
TRADITIONAL = ["臺北市信義區松壽路", "新竹縣竹北市", "高雄市鳳山區", "桃園市龜山區"]
LDID = 29
posix = pytest.mark.skipif(sys.platform == "win32", reason="names and files that Windows does not have")


def other_case_is_another_file(folder: Path) -> bool:
    (folder / "case").touch()
    return not (folder / "CASE").exists()


@pytest.mark.parametrize("mode", ["wal", "persist"])
def test_a_geopackage_that_another_program_has_open_is_read_with_its_journal(tmp_path: Path, mode: str) -> None:
    path = parcels(tmp_path / "p.gpkg")
    with closing(sqlite3.connect(path)) as base:
        base.execute(f"pragma journal_mode={mode}")
        base.execute("create table more(x)")
        base.commit()
        before = snapshot(tmp_path)
        assert len(before) > 1
        assert layer_names(str(path)) == ("p",)
        layer = open_layer(str(path), "parcels")
        assert content(layer)["区"] == DISTRICTS
        assert snapshot(tmp_path) == before


def test_a_journal_beside_a_database_that_is_none_is_no_crash(tmp_path: Path) -> None:
    (tmp_path / "p.gpkg").write_bytes(b"SQLite format 3\x00" + b"\xff" * 3000)
    (tmp_path / "p.gpkg-wal").write_bytes(b"\x37\x7f\x06\x82" + b"\xff" * 3000)
    assert refusal(tmp_path / "p.gpkg") == "read-failed"


def test_a_shapefile_called_alike_in_another_case_lends_nothing(tmp_path: Path) -> None:
    if not other_case_is_another_file(tmp_path):
        pytest.skip("one file here")
    write(tmp_path / "a.shp", {"code": ["small"] * 3})
    write(tmp_path / "A.shp", {"code": ["large"] * 3}, crs="EPSG:4326")
    assert content(open_layer(str(tmp_path / "a.shp"), "parcels"))["code"] == ["small"] * 3
    assert content(open_layer(str(tmp_path / "A.shp"), "parcels"))["code"] == ["large"] * 3
    (tmp_path / "a.dbf").unlink()
    (tmp_path / "a.prj").unlink()
    layer = open_layer(str(tmp_path / "a.shp"), "parcels")
    assert (layer.columns, layer.wkt, codes(layer)) == ((), None, ["read-no-dbf"])


def test_parts_in_another_case_belong_to_a_shapefile_that_is_alone(tmp_path: Path) -> None:
    path = write(tmp_path / "a.shp", {"code": ["own"] * 3})
    for suffix in (".shx", ".dbf", ".prj"):
        path.with_suffix(suffix).rename(tmp_path / f"A{suffix.upper()}")
    layer = open_layer(str(path), "parcels")
    assert content(layer)["code"] == ["own"] * 3
    assert codes(layer) == []


@pytest.mark.parametrize("lost", [".shp", ".shp .shx", ".shp .prj"])
def test_a_shapefile_without_its_shp_is_told(tmp_path: Path, lost: str) -> None:
    path = write(tmp_path / "p.shp", {"code": ["a", "b"]})
    for suffix in lost.split():
        path.with_suffix(suffix).unlink()
    layer = open_layer(str(path.with_suffix(".dbf")), "parcels")
    assert content(layer)["code"] == ["a", "b"]
    assert [(f.message.code, f.rule, f.level) for f in layer.findings] == [("read-no-shp", "data/geometry", "error")]
    assert codes(open_layer(str(tmp_path), "parcels")) == ["read-no-shp"]
    assert codes(open_layer(str(path.with_suffix(".dbf")), "attributes")) == []


def test_a_lone_dbf_stays_a_table(tmp_path: Path) -> None:
    path = write(tmp_path / "p.shp", {"code": ["a", "b"]})
    for suffix in (".shp", ".shx", ".prj"):
        path.with_suffix(suffix).unlink()
    assert codes(open_layer(str(path.with_suffix(".dbf")), "parcels")) == []


@pytest.mark.parametrize("suffix", [".dbf", ".shx", ".prj", ".cpg"])
def test_a_part_that_may_not_be_read_is_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, suffix: str) -> None:
    """A locked or forbidden file, as Excel makes one of a .dbf on Windows."""
    path = write(tmp_path / "p.shp", {"code": ["甲", "b"]}, encoding="UTF-8")
    honest = Path.open

    def refused(self: Path, *arguments: object, **options: object) -> object:
        if self.suffix == suffix:
            raise PermissionError(13, "Permission denied", str(self))
        return honest(self, *arguments, **options)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", refused)
    with pytest.raises(InputError) as caught:
        content(open_layer(str(path), "parcels"))
    assert (caught.value.message.code, caught.value.message.values["file"]) == ("read-cannot-open", f"p{suffix}")


@posix
def test_what_is_neither_a_file_nor_a_folder_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "p.geojson")
    assert refusal(tmp_path / "p.geojson") == "read-no-ordinary-file"
    assert refusal("/dev/zero") == "read-no-ordinary-file"


@posix
def test_links_in_a_circle_are_told_as_such(tmp_path: Path) -> None:
    (tmp_path / "p.geojson").symlink_to("p.geojson")
    assert refusal(tmp_path / "p.geojson") == "read-link-circle"


def test_an_empty_path_is_not_this_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    parcels(tmp_path / "p.geojson")
    monkeypatch.chdir(tmp_path)
    with pytest.raises(UsageError) as caught:
        open_layer("", "green")
    assert caught.value.message.code == "read-no-name"
    with pytest.raises(UsageError):
        layer_names("")


@posix
@pytest.mark.parametrize(
    "name", ["a,b", "a;b", "a!b", "a\nb", "a%41b", "a b", "地;块", os.fsdecode(b"\xb5\xd8\xbf\xe9")]
)
@pytest.mark.parametrize("suffix", ["shp", "gpkg", "geojson", "fgb", "kml", "csv"])
def test_a_name_that_readers_take_for_something_else_is_read_all_the_same(
    tmp_path: Path, name: str, suffix: str
) -> None:
    made = tmp_path / "made"
    made.mkdir()
    parcels(made / f"p.{suffix}", geometry=suffix != "csv", **WRITTEN.get(suffix, {}))
    folder = tmp_path / name
    folder.mkdir()
    for file in made.iterdir():
        shutil.move(file, folder / (name + file.suffix))
    before = snapshot(tmp_path)
    layer = open_layer(str(folder / f"{name}.{suffix}"), "parcels")
    assert sorted(content(layer)["区"]) == sorted(DISTRICTS)
    assert layer.info.path == f"{name}.{suffix}".replace("\n", "\ufffd").replace(
        os.fsdecode(b"\xb5\xd8\xbf\xe9"), "地块"
    )
    layer_names(str(folder / f"{name}.{suffix}"))
    assert snapshot(tmp_path) == before


def big5(folder: Path, *, cpg: str | None, ldid: int = 0) -> str:
    path = write(folder / "p.shp", {"name": ["x" * 30] * len(TRADITIONAL)}, encoding="ISO-8859-1")
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    for text in TRADITIONAL:
        at = raw.index(b"x" * 30)
        raw[at : at + 30] = text.encode("big5").ljust(30)
    path.with_suffix(".dbf").write_bytes(raw)
    patch(path.with_suffix(".dbf"), LDID, bytes([ldid]))
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    return str(path)


@pytest.mark.parametrize(
    ("cpg", "ldid"), [("BIG5", 0), ("950", 0), ("CP950", 0x4D), ("Big5-HKSCS", 0), (None, 0x4F), (None, 0x78)]
)
def test_big5_that_says_so_is_read_as_big5(tmp_path: Path, cpg: str | None, ldid: int) -> None:
    layer = open_layer(big5(tmp_path, cpg=cpg, ldid=ldid), "parcels")
    assert content(layer)["name"] == TRADITIONAL
    assert layer.info.encoding == "Big5"


@pytest.mark.parametrize(("cpg", "ldid"), [("BIG5", 0), ("950", 0), (None, 0x4F)])
def test_gbk_that_says_it_is_big5_stays_gbk(tmp_path: Path, cpg: str | None, ldid: int) -> None:
    path = write(tmp_path / "p.shp", {"name": DISTRICTS}, encoding="GBK")
    path.with_suffix(".cpg").unlink()
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    patch(path.with_suffix(".dbf"), LDID, bytes([ldid]))
    layer = open_layer(str(path), "parcels")
    assert content(layer)["name"] == DISTRICTS
    assert layer.info.encoding == "GB18030"


def test_gbk_under_the_mark_of_utf8_asks_for_its_encoding_and_is_read_with_it(tmp_path: Path) -> None:
    path = tmp_path / "p.csv"
    path.write_bytes(b"\xef\xbb\xbf" + "地块编号,用地面积\n甲一,1\n".encode("gbk"))
    assert refusal(path) == "read-headings-undecodable"
    layer = open_layer(str(path), "parcels", encoding="GBK")
    assert content(layer) == {"地块编号": ["甲一"], "用地面积": ["1"]}


ARC = "CIRCULARSTRING(0 0,1 1,2 0,1 -1,0 0)"


@pytest.mark.parametrize(
    ("text", "sound"),
    [
        (f"CURVEPOLYGON({ARC})", True),
        ("curvepolygon z (circularstring z (0 0 5,1 1 5,2 0 5,1 -1 5,0 0 5))", True),
        (f"SRID=4490;MULTISURFACE(CURVEPOLYGON({ARC}),((5 5,6 5,6 6,5 5)))", True),
        ("CURVEPOLYGON(COMPOUNDCURVE(CIRCULARSTRING(0 0,1 1,2 0),(2 0,0 0)))", True),
        ("CURVEPOLYGON EMPTY", True),
        ("CURVEPOLYGON(CIRCULARSTRING(0 0,1 1))", False),
        ("CURVEPOLYGON(CIRCULARSTRING(0 0,1 1,2))", False),
        (f"CURVEPOLYGON({ARC}) and more", False),
        (f"CURVEPOLYGON({'(' * 100}", False),
    ],
)
def test_arcs_written_as_text_are_read_or_counted(tmp_path: Path, text: str, *, sound: bool) -> None:
    (tmp_path / "p.csv").write_text(f'id,wkt\n1,"CURVEPOLYGON({ARC})"\n2,"{text}"\n3,"POINT(1 2)"\n')
    layer = open_layer(str(tmp_path / "p.csv"), "parcels")
    wkb = content(layer)["wkb"]
    assert [one is not None for one in wkb] == [True, sound, True]
    assert [(f.message.code, f.row) for f in layer.findings] == ([] if sound else [("read-shape-text", 2)])
