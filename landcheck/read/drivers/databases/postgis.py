"""Tables of a PostGIS database, read with psycopg (the extra ``landcheck[postgis]``) in one read-only transaction."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pyarrow as pa

from landcheck.errors import InputError
from landcheck.model import InputInfo
from landcheck.read.drivers.tables.sheet_columns import typed_column
from landcheck.read.layer import Layer, Rows, Tell, choose_layer, distinct, table_of

if TYPE_CHECKING:
    import psycopg

SECONDS_TO_CONNECT = 10
SECONDS_A_STATEMENT = 600
LAYERS = """
    select f_table_schema || '.' || f_table_name, f_table_schema, f_table_name, f_geometry_column, srid
    from geometry_columns order by 1"""
COLUMNS = """
    select column_name from information_schema.columns
    where table_schema = %s and table_name = %s and column_name <> %s
    and udt_name not in ('geometry', 'geography', 'raster')
    order by ordinal_position"""
SYSTEM = "select coalesce(auth_name || ':' || auth_srid, srtext), srtext from spatial_ref_sys where srid = %s"


def is_postgis(address: str) -> bool:
    """Whether it is the address of a database."""
    return address.startswith(("postgresql://", "postgres://"))


def open_postgis(address: str, role: str, layer: str | None) -> Layer:
    """The spatial table that is meant; InputError without psycopg, without a server, or among several tables."""
    file = shown_database(address)
    with _connected(address, file) as connection:
        from psycopg import sql

        table = _table(connection, address, role, layer, file)
        row = connection.execute(sql.SQL("select count(*) from {}").format(table.place())).fetchone()
    count = int(row[0]) if row else 0
    info = InputInfo(role, file, f"{table.schema}.{table.name}", None, "UTF-8", count, table.fingerprint())
    return Layer(info, distinct(table.columns)[0], True, table.wkt, "PostGIS", table.rows, (), count)


def shown_database(address: str) -> str:
    """The address without user and password."""
    parts = urlsplit(address)
    return f"postgresql://{parts.hostname or ''}{parts.path}"


@contextmanager
def _connected(address: str, file: str) -> Iterator[psycopg.Connection[Any]]:
    """A connection that only reads; whatever the database says against it becomes an InputError."""
    try:
        import psycopg
    except ImportError:
        raise InputError("read-postgis-extra", file=file) from None
    try:
        with psycopg.connect(address, connect_timeout=SECONDS_TO_CONNECT) as connection:
            connection.read_only = True
            connection.isolation_level = psycopg.IsolationLevel.REPEATABLE_READ
            connection.execute(f"set local statement_timeout = '{SECONDS_A_STATEMENT}s'")
            yield connection
    except psycopg.Error as error:
        reason = (str(error).strip() or type(error).__name__).splitlines()[0]
        raise InputError("read-postgis-failed", file=file, reason=reason) from None


def _table(connection: psycopg.Connection[Any], address: str, role: str, layer: str | None, file: str) -> SpatialTable:
    found = connection.execute(LAYERS).fetchall()
    bare = [row[2] for row in found]
    label_of = {row[0]: row[2] if bare.count(row[2]) == 1 else row[0] for row in found}
    wanted = label_of.get(layer, layer) if layer is not None else None
    name = choose_layer(list(label_of.values()), role, wanted, file)
    _, schema, table, geometry, srid = next(row for row in found if label_of[row[0]] == name)
    columns = tuple(row[0] for row in connection.execute(COLUMNS, (schema, table, geometry)))
    system = connection.execute(SYSTEM, (srid,)).fetchone()
    return SpatialTable(address, file, schema, table, geometry, columns, system[0] if system else None)


@dataclass(frozen=True, slots=True)
class SpatialTable:
    """A spatial table: where it is, its geometry column and its coordinate system; read each time in a connection."""

    address: str
    file: str
    schema: str
    name: str
    geometry: str
    columns: tuple[str, ...]
    wkt: str | None

    def place(self) -> Any:
        """The table's name as SQL writes it."""
        from psycopg import sql

        return sql.Identifier(self.schema, self.name)

    def rows(self, size: int, _tell: Tell) -> Iterator[Rows]:
        """The rows by a server-side cursor, ordered by their place in the table."""
        from psycopg import sql

        wanted: list[sql.Composable] = [sql.Identifier(name) for name in self.columns]
        wanted.append(sql.SQL("ST_AsBinary({})").format(sql.Identifier(self.geometry)))
        query = sql.SQL("select {} from {}").format(sql.SQL(", ").join(wanted), self.place())
        names, _ = distinct(self.columns)
        first = 0
        with _connected(self.address, self.file) as connection, connection.cursor("landcheck") as cursor:
            cursor.execute(query)
            while fetched := cursor.fetchmany(size):
                *cells, wkb = zip(*fetched, strict=True)
                columns = [typed_column([_plain(cell) for cell in values]) for values in cells]
                yield Rows(first, table_of(columns, names, len(fetched)), pa.array(wkb, pa.binary()))
                first += len(fetched)

    def fingerprint(self) -> str:
        """SHA-256 over the rows as text, sorted, so that their order on disk does not matter."""
        from psycopg import sql

        digest = hashlib.sha256()
        with _connected(self.address, self.file) as connection, connection.cursor("landcheck_hash") as cursor:
            cursor.execute(sql.SQL("select md5(t::text) from {} t order by 1").format(self.place()))
            for (row,) in cursor:
                digest.update(row.encode())
        return digest.hexdigest()


def _plain(cell: Any) -> Any:
    """Values that Arrow columns take: numeric becomes float, everything unusual its text."""
    from decimal import Decimal

    if isinstance(cell, Decimal):
        return float(cell)
    return cell if cell is None or isinstance(cell, str | bool | int | float) or hasattr(cell, "year") else str(cell)
