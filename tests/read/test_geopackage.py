"""GeoPackages: layers, journals, views, damage; and nothing is written beside them."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from pathlib import Path

import pytest
from read_samples import DISTRICTS, codes, content, cut, parcels, patch, refusal, snapshot, write

from landcheck.read import layer_names, open_layer


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return parcels(tmp_path / "p.gpkg", driver="GPKG", layer="parcels")


def run(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for statement in statements:
            connection.execute(statement)
        connection.commit()


def test_layers_are_chosen_and_styles_of_qgis_are_none(path: Path) -> None:
    write(path, {"name": ["k"]}, driver="GPKG", layer="parks", append=True)
    run(
        path, "create table layer_styles (id integer primary key, styleqml text)",
        "insert into gpkg_contents (table_name, data_type, identifier) values ('layer_styles', 'attributes', 's')",
    )  # fmt: skip
    assert layer_names(str(path)) == ("parcels", "parks")
    assert content(open_layer(str(path), "parks"))["name"] == ["k"]
    assert refusal(path, "green") == "read-several-layers-beside"
    assert refusal(path, "green", layer="roads") == "read-no-such-layer"


def test_a_table_without_shapes_serves_the_attributes(path: Path) -> None:
    write(path, {"far": [2.0]}, driver="GPKG", layer="attributes", append=True, geometry=False, crs=None)
    layer = open_layer(str(path), "attributes")
    assert not layer.has_geometry
    assert content(layer) == {"far": [2.0]}
    assert content(open_layer(str(path), "parcels"))["code"] == ["01", "02", "03", "04"]


def test_rows_still_in_the_journal_are_read_and_the_journal_is_left_alone(path: Path, tmp_path: Path) -> None:
    connection = sqlite3.connect(path)
    connection.execute("pragma journal_mode=wal")
    connection.execute("create table dummy (x)")
    connection.commit()
    connection.execute("pragma wal_checkpoint(truncate)")
    connection.execute("drop trigger if exists rtree_parcels_geom_delete")
    connection.execute("delete from parcels where code = '04'")
    connection.commit()
    frozen = tmp_path / "copy"
    frozen.mkdir()
    for file in tmp_path.glob("p.gpkg*"):
        (frozen / file.name).write_bytes(file.read_bytes())
    connection.close()
    assert (frozen / "p.gpkg-wal").stat().st_size > 0
    before = snapshot(frozen)
    layer = open_layer(str(frozen / "p.gpkg"), "parcels")
    assert content(layer)["code"] == ["01", "02", "03"]
    assert snapshot(frozen) == before


def test_a_layer_in_journal_mode_is_opened_without_leaving_files(path: Path, tmp_path: Path) -> None:
    run(path, "pragma journal_mode=wal")
    before = snapshot(tmp_path)
    assert content(open_layer(str(path), "parcels"))["code"] == ["01", "02", "03", "04"]
    assert snapshot(tmp_path) == before


def test_a_view_that_never_ends_is_stopped(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    run(
        path,
        "create view endless as with recursive n(i) as (select 1 union all select i + 1 from n) "
        "select i as fid, null as geom from n",
        "insert into gpkg_contents (table_name, data_type, identifier, srs_id) "
        "values ('endless', 'features', 'e', 4326)",
        "insert into gpkg_geometry_columns values ('endless', 'geom', 'POLYGON', 4326, 0, 0)",
    )
    monkeypatch.setattr("landcheck.read.isolate.SECONDS_AT_LEAST", 2.0)
    assert refusal(path, layer="endless") == "read-too-slow"


def test_a_count_that_is_out_of_date_is_not_believed(path: Path) -> None:
    run(path, "update gpkg_ogr_contents set feature_count = 99")
    layer = open_layer(str(path), "parcels")
    assert len(content(layer)["code"]) == layer.info.rows == 4


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_a_geopackage_cut_off_is_refused(path: Path, share: float) -> None:
    cut(path, share)
    assert refusal(path) == "read-failed"


def test_a_geopackage_that_loses_rows_in_silence_is_refused(tmp_path: Path) -> None:
    """GDAL stops at a damaged page and gives the rows before it without a word."""
    path = write(tmp_path / "p.gpkg", {"name": ["浦东新区"] * 4000}, driver="GPKG", layer="parcels")
    patch(path, path.stat().st_size // 2 // 4096 * 4096, b"\x55" * 4096)
    assert refusal(path) in ("read-rows-lost", "read-failed")


def test_text_that_is_no_utf8_is_told_of(path: Path) -> None:
    raw = path.read_bytes()
    old = DISTRICTS[1].encode()
    assert raw.count(old) == 1
    path.write_bytes(raw.replace(old, "徐汇".encode("gbk").ljust(len(old))))
    layer = open_layer(str(path), "parcels")
    assert content(layer)["区"][1].rstrip() == "徐汇"
    assert [(f.message.code, f.row, f.message.values["count"]) for f in layer.findings] == [("read-not-utf8", 2, 1)]


def test_a_database_that_is_no_geopackage_is_refused(tmp_path: Path) -> None:
    run(tmp_path / "x.sqlite", "create table t (x)")
    assert refusal(tmp_path / "x.sqlite") == "read-not-geopackage"


def test_a_null_shape_is_a_null_and_no_loss(path: Path) -> None:
    run(path, "drop trigger if exists rtree_parcels_geom_update6", "drop trigger if exists rtree_parcels_geom_update7")
    for trigger in ("update1", "update2", "update3", "update4", "update5", "insert", "delete"):
        run(path, f"drop trigger if exists rtree_parcels_geom_{trigger}")
    run(path, "update parcels set geom = null where code = '02'")
    layer = open_layer(str(path), "parcels")
    assert [wkb is None for wkb in content(layer)["wkb"]] == [False, True, False, False]
    assert codes(layer) == []


@pytest.mark.parametrize("end", ["-wal", "-journal", "-shm"])
def test_empty_files_of_sqlite_beside_it_stay(path: Path, tmp_path: Path, end: str) -> None:
    """GDAL, asked to leave everything alone, removes an empty -wal and its -shm."""
    run(path, "pragma journal_mode=wal")
    for name in {end, "-shm"}:
        (tmp_path / f"p.gpkg{name}").write_bytes(b"")
    before = snapshot(tmp_path)
    layer = open_layer(str(path), "parcels")
    assert content(layer)["code"] == ["01", "02", "03", "04"]
    del layer
    assert snapshot(tmp_path) == before


def test_a_copy_without_its_log_is_told(path: Path) -> None:
    assert codes(open_layer(str(path), "parcels")) == []
    run(path, "pragma journal_mode=wal")
    assert codes(open_layer(str(path), "parcels")) == ["read-log-absent"]


@pytest.mark.parametrize("registered", ["geom", "old"])
def test_of_two_columns_of_shapes_the_registered_one_is_read_and_the_other_told(path: Path, registered: str) -> None:
    with closing(sqlite3.connect(path)) as connection:
        for (name,) in connection.execute("select name from sqlite_master where type = 'trigger'").fetchall():
            connection.execute(f"drop trigger {name}")
        connection.execute("alter table parcels add column old POLYGON")
        connection.execute("update parcels set old = geom, geom = null" if registered == "old" else "select 1")
        connection.execute("update gpkg_geometry_columns set column_name = ?", (registered,))
        connection.commit()
    layer = open_layer(str(path), "parcels")
    values = content(layer)
    assert None not in values["wkb"]
    assert list(values) == ["code", "区", "area", "wkb"]
    assert codes(layer) == ["read-reader-says"]
