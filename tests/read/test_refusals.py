"""What is refused at the door, with the way out."""

from __future__ import annotations

from pathlib import Path

import pytest
from read_samples import refusal

POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 123456\n"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("p.gpkg", POINTER, "read-lfs-pointer"),
        ("p.shp", POINTER, "read-lfs-pointer"),
        ("p.geojson", b"<!DOCTYPE html><html><body>login</body></html>", "read-web-page"),
        ("p.shp", b"\n <HTML><head>", "read-web-page"),
        ("p.kml", b"<!doctype HTML>", "read-web-page"),
        ("p.shp", b"", "read-empty-file"),
        ("p.csv", b"\r\n \r\n", "read-empty-file"),
        ("p.geojson", b"\xef\xbb\xbf", "read-empty-file"),
        ("p.dwg", b"AC1032\x00\x00", "read-format-dwg"),
        ("p.dxf", b"AC1032\x00\x00", "read-format-dwg"),
        ("p.rar", b"Rar!\x1a\x07\x00", "read-format-rar"),
        ("p.7z", b"7z\xbc\xaf\x27\x1c", "read-format-7z"),
        ("p.shp.gz", b"\x1f\x8b\x08\x00", "read-format-gzip"),
        ("p.pdf", b"%PDF-1.7", "read-format-pdf"),
        ("p.e00", b"EXP  0 X.E00", "read-format-arcinfo"),
        ("p.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "read-format-word"),
        ("p.mdb", b"\x00\x01\x00\x00Standard Jet DB", "read-format-access"),
        ("p.shp", b"something quite different", "read-not-what-it-says"),
        ("p.gpkg", b"something quite different", "read-not-what-it-says"),
        ("p.fgb", b"fg", "read-not-what-it-says"),
        ("p.shp", b"\x00\x00\x27\x0a" + b"\x00" * 40, "read-shp-damaged"),
        ("p.vrt", b"<OGRVRTDataSource><OGRVRTLayer name='x'/></OGRVRTDataSource>", "read-virtual"),
        ("p.geojson", b"<?xml version='1.0'?><OGRVRTDataSource></OGRVRTDataSource>", "read-virtual"),
    ],
)
def test_files_that_are_no_data_say_so(tmp_path: Path, name: str, data: bytes, code: str) -> None:
    (tmp_path / name).write_bytes(data)
    assert refusal(tmp_path / name) == code


@pytest.mark.parametrize(
    "path", ["nowhere.shp", "/vsicurl/http://127.0.0.1/p.geojson", "http://127.0.0.1/p.shp", "a\x00b"]
)
def test_only_what_lies_on_disk_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(path) == "read-no-such-file"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "read-folder-empty"
