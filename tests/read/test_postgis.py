"""A real PostgreSQL server, started for these tests; without PostGIS in it, stand-ins of the same names serve."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from read_samples import content, refusal, squares

from landcheck.errors import InputError
from landcheck.read import open_layer
from landcheck.read.drivers.postgis import shown_database

psycopg = pytest.importorskip("psycopg", reason="psycopg (the extra landcheck[postgis]) is not installed")

STAND_IN = """
create table spatial_ref_sys (srid int, auth_name text, auth_srid int, srtext text);
insert into spatial_ref_sys values (4490, 'EPSG', 4490, 'GEOGCS["..."]');
create table geometry_columns (f_table_schema text, f_table_name text, f_geometry_column text, srid int);
create domain geometry as bytea;
create function st_asbinary(bytea) returns bytea language sql as 'select $1';
create function st_geomfromwkb(bytea, int) returns bytea language sql as 'select $1';
"""


def user() -> dict[str, Any]:
    """PostgreSQL refuses to run as root."""
    return {"user": "postgres", "cwd": "/"} if os.geteuid() == 0 else {}


def program(name: str) -> str:
    """A program of the server; Debian keeps them off the path, a folder a version."""
    folders = [os.environ.get("PATH", ""), *map(str, sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True))]
    return shutil.which(name, path=os.pathsep.join(folders)) or ""


@pytest.fixture(scope="module")
def address() -> Iterator[str]:
    if os.name != "posix" or not (program("initdb") and program("pg_ctl")):
        pytest.skip("initdb and pg_ctl are not here (Debian: postgresql-postgis)")
    if os.geteuid() == 0 and "postgres" not in {entry.pw_name for entry in pwd.getpwall()}:
        pytest.skip("PostgreSQL does not run as root, and there is no user postgres")
    folder = Path(tempfile.mkdtemp(prefix="pg"))
    if os.geteuid() == 0:
        shutil.chown(folder, "postgres")
    data = folder / "data"
    subprocess.run(
        [program("initdb"), "-D", data, "-U", "planner", "-A", "trust", "-E", "UTF8"],
        check=True,
        capture_output=True,
        **user(),
    )
    options = f"-k {folder} -h '' -F"
    subprocess.run(
        [program("pg_ctl"), "-D", data, "-w", "-l", folder / "log", "-o", options, "start"], check=True, **user()
    )
    try:
        yield f"postgresql://planner@/postgres?host={folder}"
    finally:
        subprocess.run([program("pg_ctl"), "-D", data, "-m", "immediate", "stop"], check=True, **user())
        shutil.rmtree(folder)


@pytest.fixture(scope="module")
def database(address: str) -> str:
    with psycopg.connect(address, autocommit=True) as connection:
        available = connection.execute("select 1 from pg_available_extensions where name = 'postgis'").fetchone()
        connection.execute("create extension postgis" if available else STAND_IN)
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
