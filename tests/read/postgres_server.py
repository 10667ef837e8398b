"""A PostgreSQL server of the tests' own, and what stands in for PostGIS where that is not installed."""

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


def with_postgis(connection: Any) -> bool:
    """Whether PostGIS is there; else its names are."""
    available = connection.execute("select 1 from pg_available_extensions where name = 'postgis'").fetchone()
    connection.execute("create extension postgis" if available else STAND_IN)
    return available is not None
