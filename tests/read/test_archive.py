"""Archives and folders: what is found in them, and what is refused."""

from __future__ import annotations

import stat
import zipfile
from pathlib import Path
from tempfile import gettempdir

import pytest
from read_samples import codes, content, parcels, refusal, snapshot, write

from landcheck.errors import InputError
from landcheck.read import archive as archive_module
from landcheck.read import layer_names, open_layer
from landcheck.read.archive import unpack


def zipped(path: Path, folder: Path, prefix: str = "") -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(folder.rglob("*")):
            archive.write(file, prefix + file.relative_to(folder).as_posix())
    return path


def in_gbk(path: Path, ascii_name: str, name: str) -> None:
    """Rename an entry as Windows in Chinese writes it: GBK bytes, not marked as UTF-8."""
    old, new = ascii_name.encode(), name.encode("gbk")
    assert len(old) == len(new)
    path.write_bytes(path.read_bytes().replace(old, new))


def single(path: Path, name: str, data: bytes = b"x", mode: int = 0) -> Path:
    entry = zipfile.ZipInfo(name)
    entry.external_attr = mode << 16
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(entry, data, zipfile.ZIP_DEFLATED)
    return path


def test_a_shapefile_below_folders_with_gbk_names_is_found(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    parcels(source / "abcd.shp", encoding="GB18030")
    path = zipped(tmp_path / "z.zip", source, "wxyz/")
    in_gbk(path, "wxyz/abcd", "数据/宗地")
    before = snapshot(tmp_path)
    layer = open_layer(str(path), "parcels")
    assert content(layer)["code"] == ["01", "02", "03", "04"]
    assert layer.info.layer == "宗地"
    assert layer.info.path == "z.zip/数据/宗地.shp"
    assert snapshot(tmp_path) == before


def test_the_noise_of_macs_is_passed_over(tmp_path: Path) -> None:
    source = tmp_path / "in"
    (source / "__MACOSX").mkdir(parents=True)
    parcels(source / "p.gpkg", driver="GPKG")
    (source / "__MACOSX" / "._p.gpkg").write_bytes(b"noise")
    (source / ".DS_Store").write_bytes(b"noise")
    assert codes(open_layer(str(zipped(tmp_path / "z.zip", source)), "parcels")) == []


@pytest.mark.parametrize("name", ["../p.shp", "/p.shp", "a/../../p.shp", "C:\\p.shp", "..\\p.shp"])
def test_entries_that_lead_out_are_refused(tmp_path: Path, name: str) -> None:
    assert refusal(single(tmp_path / "z.zip", name)) == "read-archive-unsafe"
    assert sorted(file.name for file in tmp_path.iterdir()) == ["z.zip"]


def test_links_in_archives_are_refused(tmp_path: Path) -> None:
    path = single(tmp_path / "z.zip", "p.gpkg", b"/etc/passwd", stat.S_IFLNK | 0o777)
    assert refusal(path) == "read-archive-unsafe"


def test_an_archive_that_unpacks_to_a_thousand_times_its_size_is_refused(tmp_path: Path) -> None:
    path = single(tmp_path / "z.zip", "p.geojson", b"\0" * (65 << 20))
    assert refusal(path) == "read-archive-bomb"


def test_an_archive_whose_directory_understates_its_size_is_refused(tmp_path: Path) -> None:
    path = single(tmp_path / "z.zip", "p.geojson", b'{"type": "FeatureCollection", "features": []}' * 2000)
    raw = bytearray(path.read_bytes())
    size = len(b'{"type": "FeatureCollection", "features": []}' * 2000).to_bytes(4, "little")
    path.write_bytes(raw.replace(size, (10).to_bytes(4, "little")))
    assert refusal(path) == "read-archive-damaged"


def test_more_entries_than_anyone_packs_are_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(archive_module, "ENTRIES_AT_MOST", 3)
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        for number in range(4):
            archive.writestr(f"{number}.txt", "x")
    assert refusal(tmp_path / "z.zip") == "read-archive-entries"


def test_archives_in_archives_are_not_opened(tmp_path: Path) -> None:
    inner = single(tmp_path / "inner.zip", "p.gpkg")
    assert refusal(single(tmp_path / "z.zip", "inner.zip", inner.read_bytes())) == "read-archive-nested"


def test_two_entries_of_one_name_are_refused(tmp_path: Path) -> None:
    with zipfile.ZipFile(tmp_path / "z.zip", "w") as archive:
        archive.writestr("p.geojson", "{}")
        archive.writestr("P.geojson", "{}")
    assert refusal(tmp_path / "z.zip") == "read-archive-twice"


def test_a_cut_archive_and_one_without_data_are_refused(tmp_path: Path) -> None:
    path = single(tmp_path / "z.zip", "readme.md", b"nothing")
    assert refusal(path) == "read-folder-empty"
    path.write_bytes(path.read_bytes()[:-30])
    assert refusal(path) == "read-archive-damaged"


def test_a_folder_offers_what_is_in_it_by_role(tmp_path: Path) -> None:
    for name in ("parcels", "园区", "green"):
        write(tmp_path / f"{name}.shp", {"name": [name]}, encoding="UTF-8")
    (tmp_path / "指标.csv").write_text("parcel_id,far\n1,2\n", encoding="utf-8")
    assert set(layer_names(str(tmp_path))) == {"parcels", "园区", "green"}
    assert content(open_layer(str(tmp_path), "parcels"))["name"] == ["parcels"]
    assert content(open_layer(str(tmp_path), "parks"))["name"] == ["园区"]
    assert content(open_layer(str(tmp_path), "green", layer="green"))["name"] == ["green"]
    assert content(open_layer(str(tmp_path), "attributes"))["far"] == ["2"]
    assert refusal(tmp_path, "buildings") == "read-several-layers-beside"


def test_the_fingerprint_of_a_folder_is_that_of_what_was_taken_from_it(tmp_path: Path) -> None:
    path = parcels(tmp_path / "parcels.gpkg", driver="GPKG")
    (tmp_path / "readme.txt").write_text("something else")
    assert open_layer(str(tmp_path), "parcels").info.sha256 == open_layer(str(path), "parcels").info.sha256


def test_layers_of_the_one_geopackage_in_a_zip_are_found(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    write(source / "plan.gpkg", {"name": ["a"]}, driver="GPKG", layer="parcels")
    write(source / "plan.gpkg", {"name": ["b"]}, driver="GPKG", layer="parks", append=True)
    path = str(zipped(tmp_path / "z.zip", source))
    assert layer_names(path) == ("parcels", "parks")
    assert content(open_layer(path, "parks", layer="parks"))["name"] == ["b"]
    assert content(open_layer(path, "parcels"))["name"] == ["a"]


def test_the_layers_of_an_archive_share_what_was_unpacked(tmp_path: Path) -> None:
    source = tmp_path / "in"
    source.mkdir()
    parcels(source / "p.gpkg", driver="GPKG")
    path = zipped(tmp_path / "z.zip", source)
    one, other = unpack(path, "z.zip"), unpack(path, "z.zip")
    assert one is other
    folder = Path(one.name)
    del one
    assert folder.is_dir()
    del other
    assert not folder.exists()


@pytest.mark.parametrize("name", ["", ".", "./"])
def test_a_file_without_a_name_is_refused(tmp_path: Path, name: str) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for each in ("p.csv", name):
            entry = zipfile.ZipInfo("x")
            entry.filename = each
            archive.writestr(entry, "parcel_id\nA\n")
    if name.endswith("/"):  # a folder
        assert content(open_layer(str(path), "parcels"))["parcel_id"] == ["A"]
    else:
        assert refusal(path) == "read-archive-nameless"


def test_what_cannot_be_unpacked_is_told_without_the_paths_of_the_machine(tmp_path: Path) -> None:
    path = tmp_path / "z.zip"
    with zipfile.ZipFile(path, "w") as archive:
        for name in ("a", "a/p.csv"):  # a file and a folder of one name
            archive.writestr(name, "parcel_id\nA\n")
    with pytest.raises(InputError) as refused:
        open_layer(str(path), "parcels")
    assert refused.value.message.code == "read-archive-damaged"
    assert gettempdir() not in refused.value.say("en").replace(str(tmp_path), "")
