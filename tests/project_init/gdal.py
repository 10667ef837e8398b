"""GDAL's own account of a layer's fields, asked of the library that pyogrio brings: pyogrio itself does not tell."""

from __future__ import annotations

import ctypes
from pathlib import Path
from typing import Any

import pyogrio

OF_VECTOR = 4
HANDLES = (
    "GDALOpenEx", "GDALDatasetGetLayerByName", "OGR_L_GetLayerDefn", "OGR_FD_GetFieldDefn", "GDALDatasetGetFieldDomain",
    "OGR_CodedFldDomain_GetEnumeration",
)  # fmt: skip
TEXTS = ("OGR_Fld_GetNameRef", "OGR_Fld_GetAlternativeNameRef", "OGR_Fld_GetComment", "OGR_Fld_GetDomainName")


class Coded(ctypes.Structure):
    """OGRCodedValue."""

    _fields_ = (("code", ctypes.c_char_p), ("value", ctypes.c_char_p))


def library() -> Path | None:
    """The bundled library, where the wheel of this platform has one."""
    return next((Path(pyogrio.__file__).parents[1] / "pyogrio.libs").glob("libgdal*"), None)


def described(path: Path, layer: str) -> dict[str, tuple[str, str, dict[str, str]]]:
    """Of each field the alias, the comment and the coded values of its domain."""
    gdal = ctypes.CDLL(str(library()))
    for name in HANDLES:
        getattr(gdal, name).restype = ctypes.c_void_p
    for name in TEXTS:
        getattr(gdal, name).restype = ctypes.c_char_p
    gdal.GDALAllRegister()
    source = ctypes.c_void_p(gdal.GDALOpenEx(str(path).encode(), OF_VECTOR, None, None, None))
    definition = ctypes.c_void_p(
        gdal.OGR_L_GetLayerDefn(ctypes.c_void_p(gdal.GDALDatasetGetLayerByName(source, layer.encode())))
    )
    found = {}
    for number in range(gdal.OGR_FD_GetFieldCount(definition)):
        field = ctypes.c_void_p(gdal.OGR_FD_GetFieldDefn(definition, number))
        name, alias, comment, domain = (getattr(gdal, text)(field).decode() for text in TEXTS)
        found[name] = (alias, comment, _choices(gdal, source, domain))
    gdal.GDALClose(source)
    return found


def _choices(gdal: Any, source: ctypes.c_void_p, domain: str) -> dict[str, str]:
    if not domain:
        return {}
    held = ctypes.c_void_p(gdal.GDALDatasetGetFieldDomain(source, domain.encode()))
    values = ctypes.cast(gdal.OGR_CodedFldDomain_GetEnumeration(held), ctypes.POINTER(Coded))
    choices, number = {}, 0
    while values[number].code:
        choices[values[number].code.decode()] = values[number].value.decode()
        number += 1
    return choices
