"""From what the user named to an open layer."""

from __future__ import annotations

import errno
import stat
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

from landcheck.errors import InputError, UsageError
from landcheck.read.archive import unpack
from landcheck.read.drivers.parquet_files import open_parts
from landcheck.read.folder import candidates, parts_in, pick
from landcheck.read.formats import ADDRESSES, ADVISED, FILES, FOLDER, PARTS, format_of
from landcheck.read.isolate import isolated_layers, open_isolated
from landcheck.read.layer import Layer, Rows, Tell
from landcheck.read.source import DataSource, has_plain_name, shown, under_plain_name


def open_layer(path: str, role: str, *, layer: str | None = None, encoding: str | None = None) -> Layer:
    """Open one layer of a vector source or table for reading.

    ``role`` is parcels, parks, zones, green, buildings or attributes; among several layers the one called like the role
    is taken, and none is taken silently. Raises InputError for what cannot be read, UsageError for an unknown encoding.
    """
    for recognises, opener in ADDRESSES:
        if recognises(path):
            return opener(path, role, layer)
    source = DataSource(shown(path), _existing(path, role), (Path(path),), role, layer, encoding)
    with _refused(source):
        opened = open_source(source)
    wrong = [name for name in opened.columns if "\ufffd" in name]
    if opened.driver == "CSV" and len(wrong) * 2 > len(opened.columns):
        encoding = opened.info.encoding or "-"
        raise InputError("read-headings-undecodable", file=source.file, count=len(wrong), encoding=encoding)
    read = opened.read

    def rows(size: int, tell: Tell) -> Iterator[Rows]:
        with _refused(source):
            yield from read(size, tell)

    opened.read = rows
    return opened


def _existing(path: str, role: str) -> Path:
    """The file or folder named. What would wait for ever, as a named pipe does, is not opened."""
    if not path:
        raise UsageError("read-no-name", role=role)
    try:
        mode = Path(path).stat().st_mode
    except (OSError, ValueError) as error:
        number = error.errno if isinstance(error, OSError) else None
        if number == errno.EACCES:
            raise InputError("read-cannot-open", file=shown(path), reason=str(error.args[1])) from None
        code = "read-link-circle" if number == errno.ELOOP else "read-no-such-file"
        raise InputError(code, file=shown(path)) from None
    if not (stat.S_ISREG(mode) or stat.S_ISDIR(mode)):
        raise InputError("read-no-ordinary-file", file=shown(path))
    return Path(path)


@contextmanager
def _refused(source: DataSource) -> Iterator[None]:
    """Whatever the system refuses becomes one InputError that names the very file.

    What no reader recognises is refused with the formats to export to, which the readers do not know.
    """
    try:
        yield
    except OSError as error:
        raise source.refused(error) from error
    except UnicodeEncodeError as error:
        if has_plain_name(source.path):
            raise
        raise InputError("read-hard-name", file=source.file) from error
    except InputError as error:
        if error.message.code != "read-not-recognised":
            raise
        values = {**error.message.values, "formats": ADVISED[:-1], "last": ADVISED[-1]}
        raise InputError("read-not-recognised", **values) from None


def open_source(source: DataSource) -> Layer:
    """Open a source by what its bytes say it is."""
    source = _plainly_named(source)
    found = format_of(source)
    if found.unpacked:
        return open_source(pick(_unpacked(source)))
    if found is FOLDER:
        files = parts_in(source)
        return open_parts(source, files) if files else open_source(pick(source))
    source = found.prepare(source) if found.prepare else source
    if found.isolated or (found.risky and found.risky(source)):
        return open_isolated(found.kind, source)
    return found.open(source)


def _plainly_named(source: DataSource) -> DataSource:
    return source if has_plain_name(source.path) else under_plain_name(source, PARTS)


def _unpacked(source: DataSource) -> DataSource:
    folder = unpack(source.path, source.file)
    return replace(source, path=Path(folder.name), keep=(*source.keep, folder))


def layer_names(path: str) -> tuple[str, ...]:
    """The layers of a GeoPackage, file geodatabase, folder or archive; () for anything that holds one layer only.

    To find parks, zones, green and buildings beside the parcels: ``open_layer`` takes each name as ``layer``.
    """
    if any(recognises(path) for recognises, _ in ADDRESSES):
        return ()
    source = DataSource(shown(path), _existing(path, "parcels"), (Path(path),), "parcels")
    with _refused(source):
        return _names_in(source)


def _names_in(source: DataSource) -> tuple[str, ...]:
    """The names ``open_source`` would choose among."""
    source = _plainly_named(source)
    found = format_of(source)
    if found.unpacked and found.holds is FILES:
        return _names_in(_unpacked(source))
    if found is FOLDER:
        inside = {} if parts_in(source) else candidates(source)
        return tuple(inside) if len(inside) != 1 else _names_in(replace(source, path=next(iter(inside.values()))))
    if found.layers is None:
        return ()
    source = found.prepare(source) if found.prepare else source
    return isolated_layers(found.kind, source) if found.isolated else found.layers(source)
