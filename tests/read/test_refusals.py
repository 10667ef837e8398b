"""What is refused at the door, with the way out."""

from __future__ import annotations

import struct
from pathlib import Path

import pytest
from read_samples import refusal

from landcheck.errors import InputError
from landcheck.read import open_layer
from landcheck.read.sniff import OLE

NONE = 0xFFFFFFFE
POINTER = b"version https://git-lfs.github.com/spec/v1\noid sha256:abc\nsize 123456\n"


@pytest.mark.parametrize(
    ("name", "data", "code"),
    [
        ("p.gpkg", POINTER, "read-lfs-pointer"),
        ("p.shp", POINTER, "read-lfs-pointer"),
        ("p.geojson", b"<!DOCTYPE html><html><body>login</body></html>", "read-web-page"),
        ("p.shp", b"\n <HTML><head>", "read-web-page"),
        ("p.kml", b"<!doctype HTML>", "read-web-page"),
        ("p.xls", b"<html><head><meta charset=gb2312></head><body><table><tr><td>1", "read-format-web-table"),
        ("p.xls", b"\xef\xbb\xbf<table border=1><tr><td>1</td></tr></table>", "read-format-web-table"),
        ("p.xlsx", "<html><table><tr><td>1".encode("utf-16"), "read-format-web-table"),
        ("p.xls", b"MIME-Version: 1.0\r\nX-Document-Type: Workbook\r\n\r\n<html><table>", "read-format-web-table"),
        ("p.xls", b"<!DOCTYPE html><html><body>login</body></html>", "read-web-page"),
        (
            "p.xls",
            b'<?xml version="1.0"?><Workbook xmlns="urn:schemas-microsoft-com:office:spreadsheet"/>',
            "read-format-xml-2003",
        ),
        ("p.xls", b"something quite different", "read-not-what-it-says"),
        ("p.shp", b"", "read-empty-file"),
        ("p.csv", b"\r\n \r\n", "read-empty-file"),
        ("p.geojson", b"\xef\xbb\xbf", "read-empty-file"),
        ("p.dwg", b"AC1009\x00\x00", "read-dwg-old"),
        ("p.dwg", b"AC2.10\x00\x00", "read-dwg-old"),
        ("p.dxf", b"AC1012\x00\x00", "read-dwg-old"),
        ("p.dwg", b"something quite different", "read-not-what-it-says"),
        ("p.rar", b"Rar!\x1a\x07\x00", "read-format-rar"),
        ("p.7z", b"7z\xbc\xaf\x27\x1c", "read-format-7z"),
        ("p.shp.gz", b"\x1f\x8b\x08\x00", "read-format-gzip"),
        ("p.pdf", b"%PDF-1.7", "read-format-pdf"),
        ("p.e00", b"EXP  0 X.E00", "read-format-arcinfo"),
        ("p.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "read-format-word"),
        ("p.mdb", b"something quite different", "read-not-what-it-says"),
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


@pytest.mark.parametrize("name", ["p.dwg", "p.dxf"])
def test_a_dwg_without_its_reader_names_both_ways_out(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str
) -> None:
    (tmp_path / "ezdwg.py").write_text("raise ImportError", encoding="utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    (tmp_path / name).write_bytes(b"AC1032\x00\x00")
    with pytest.raises(InputError) as caught:
        open_layer(str(tmp_path / name), "parcels")
    assert caught.value.message.code == "read-format-dwg"
    for language in ("zh", "en"):
        assert 'pip install "landcheck[dwg]"' in caught.value.say(language)
        assert "DXF" in caught.value.say(language)


def container(stream: str) -> bytes:
    """An OLE container (MS-CFB) that holds one stream of 4096 zero bytes: header, table of sectors, folder, stream."""
    header = OLE + bytes(16) + struct.pack("<HHHHH", 0x3E, 3, 0xFFFE, 9, 6) + bytes(10)
    header += struct.pack("<IIIIIIIII", 1, 1, 0, 4096, NONE, 0, NONE, 0, 0) + struct.pack("<I", NONE) * 108
    sectors = struct.pack("<128I", 0xFFFFFFFD, NONE, *range(3, 10), NONE, *[0xFFFFFFFF] * 118)

    def entry(name: str, kind: int, child: int, first: int, size: int) -> bytes:
        raw = name.encode("utf-16-le")
        named = raw.ljust(64, b"\0") + struct.pack("<HBBIII", len(raw) + 2, kind, 1, 0xFFFFFFFF, 0xFFFFFFFF, child)
        return named + bytes(36) + struct.pack("<IQ", first, size)

    folder = entry("Root Entry", 5, 1, NONE, 0) + entry(stream, 2, 0xFFFFFFFF, 2, 4096)
    return header + sectors + folder.ljust(512, b"\0") + bytes(4096)


@pytest.mark.parametrize("name", ["p.xlsx", "p.xlsm", "p.xls"])
def test_a_workbook_under_a_password_is_called_so(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(container("EncryptedPackage"))
    assert refusal(tmp_path / name) == "read-protected"


@pytest.mark.parametrize(
    "path", ["nowhere.shp", "/vsicurl/http://127.0.0.1/p.geojson", "http://127.0.0.1/p.shp", "a\x00b"]
)
def test_only_what_lies_on_disk_is_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, path: str) -> None:
    monkeypatch.chdir(tmp_path)
    assert refusal(path) == "read-no-such-file"


def test_an_empty_folder_is_refused(tmp_path: Path) -> None:
    assert refusal(tmp_path) == "read-folder-empty"
