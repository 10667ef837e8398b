"""A real PostgreSQL server, started for these tests; without PostGIS in it, stand-ins of the same names serve."""

from __future__ import annotations

import pytest
import shapely
from postgres_server import with_postgis
from read_samples import content, refusal, squares

from landcheck.errors import InputError
from landcheck.read import open_layer
from landcheck.read.drivers.databases.postgis import shown_database

psycopg = pytest.importorskip("psycopg", reason="psycopg (the extra landcheck[postgis]) is not installed")


@pytest.fixture(scope="module")
def database(address: str) -> str:
    with psycopg.connect(address, autocommit=True) as connection:
        available = with_postgis(connection)
        for table in ("parcels", "roads"):
            column = "geometry(Polygon, 4490)" if available else "geometry"
            connection.execute(f"create table {table} (code text, far numeric, built date, geom {column})")
            if not available:
                connection.execute("insert into geometry_columns values ('public', %s, 'geom', 4490)", (table,))
        for number, shape in enumerate(squares(5)):
            values = (f"0{number}", 2.5, "2021-09-01", shape)
            connection.execute("insert into parcels values (%s, %s, %s, st_geomfromwkb(%s, 4490))", values)
    return address


def test_the_table_called_like_the_role_is_read(database: str) -> None:
    layer = open_layer(database, "parcels")
    values = content(layer, 2)
    assert values["code"] == ["00", "01", "02", "03", "04"]
    assert values["far"] == [2.5] * 5
    assert str(values["built"][0]) == "2021-09-01"
    assert [shapely.from_wkb(wkb).area for wkb in values["wkb"]] == [2**-14] * 5
    assert (layer.wkt, layer.info.rows, layer.info.layer) == ("EPSG:4490", 5, "public.parcels")
    assert "planner" not in layer.info.path


def test_the_fingerprint_changes_with_the_rows(database: str) -> None:
    before = open_layer(database, "parcels").info.sha256
    assert open_layer(database, "parcels").info.sha256 == before
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("update parcels set far = 2.6 where code = '00'")
    assert open_layer(database, "parcels").info.sha256 != before
    with psycopg.connect(database, autocommit=True) as connection:
        connection.execute("update parcels set far = 2.5 where code = '00'")


def test_of_several_tables_one_must_be_named(database: str) -> None:
    assert refusal(database, "green") == "read-several-layers-beside"
    assert refusal(database, "green", layer="rivers") == "read-no-such-layer"
    assert content(open_layer(database, "green", layer="roads")) == {"code": [], "far": [], "built": []}


def test_a_server_that_does_not_answer_is_refused_without_its_password() -> None:
    with pytest.raises(InputError) as caught:
        open_layer("postgresql://planner:secret@localhost:1/plans", "parcels")
    assert caught.value.message.code == "read-postgis-failed"
    assert "secret" not in caught.value.say("en")


def test_neither_user_nor_password_is_shown() -> None:
    assert (
        shown_database("postgresql://planner:secret@db.example:5432/plans?sslmode=require")
        == "postgresql://db.example/plans"
    )
