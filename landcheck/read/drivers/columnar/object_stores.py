"""Object stores and other file systems by address (``s3://bucket/parcels``): GeoParquet files as one layer."""

from __future__ import annotations

from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from landcheck.errors import InputError
from landcheck.read.drivers.columnar.parquet_files import PARQUET_SUFFIXES, are_parts, open_parts
from landcheck.read.layer import Layer, choose_layer
from landcheck.read.reader_calls import reason
from landcheck.read.source import DataSource

if TYPE_CHECKING:
    import pyarrow.fs

SCHEMES = ("s3", "gs", "gcs", "abfs", "abfss", "hdfs", "file")


def is_address(path: str) -> bool:
    """Whether it names a place in a file system that Arrow reads."""
    scheme, mark, _ = path.partition("://")
    return bool(mark) and scheme.lower() in SCHEMES


def open_address(address: str, role: str, layer: str | None) -> Layer:
    """The Parquet file at that address, or the files below it; InputError where there are none or none is meant."""
    named = shown_address(address)
    try:
        system, base, found = _listed(address)
    except (OSError, ValueError, NotImplementedError) as error:
        said = reason(error, Path(named)).replace(address, named)
        raise InputError("read-address-failed", file=named, reason=said) from error
    if not found:
        raise InputError("read-address-empty", file=named)
    source = DataSource(named, Path(base), (), role, layer)
    names = [PurePosixPath(path).relative_to(base).as_posix() if path != base else "" for path in found]
    if len(found) > 1 and (layer is not None or not are_parts(names)):
        at = names.index(choose_layer(names, role, layer, named))
        names, found = [names[at]], [found[at]]
    return open_parts(source, list(zip(names, found, strict=True)), system)


def shown_address(address: str) -> str:
    """The address as reports show it: no credentials, and no absolute path of this machine.

    What stands before the host are user and password; in ``abfs://container@account`` it is a place.
    """
    parts = urlsplit(address)
    scheme = parts.scheme.lower()
    if scheme == "file":
        return PurePosixPath(parts.path).name
    secret = scheme not in ("abfs", "abfss") or parts.password is not None
    return f"{parts.scheme}://{parts.netloc.rpartition('@')[2] if secret else parts.netloc}{parts.path}"


def _listed(address: str) -> tuple[pyarrow.fs.FileSystem, str, list[str]]:
    """The file system, the place in it, and the Parquet files there, in order."""
    from pyarrow.fs import FileSelector, FileSystem, FileType

    system, base = FileSystem.from_uri(address)
    about = system.get_file_info(base)
    if about.type == FileType.File:
        return system, base, [base]
    if about.type == FileType.NotFound:
        return system, base, []
    inside = system.get_file_info(FileSelector(base, recursive=True))
    below = {one.path: PurePosixPath(one.path).relative_to(base) for one in inside if one.type == FileType.File}
    shown = {path: name for path, name in below.items() if not any(part.startswith((".", "_")) for part in name.parts)}
    return system, base, sorted(path for path, name in shown.items() if name.suffix.lower() in PARQUET_SUFFIXES)
