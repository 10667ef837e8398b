"""What becomes of the names of files that strangers chose, and what a name tells of a file."""

from __future__ import annotations

from pathlib import Path

import pytest

from landcheck.web.bounds import FILES, UPLOAD
from landcheck.web.sessions import Session
from landcheck.web.uploads import LONGEST, guess, harmless, refusal, together


@pytest.mark.parametrize(
    ("name", "kept"),
    [
        ("parcels.shp", "parcels.shp"), ("地块 2026（终稿）.xlsx", "地块 2026（终稿）.xlsx"),
        ("../../etc/passwd", "passwd"), ("C:\\x\\parcels.dbf", "parcels.dbf"), ("/abs/../x.zip", "x.zip"),
        ("-o", "o"), ("--config=x.toml", "config=x.toml"), (".hidden.zip", "hidden.zip"), ("...", ""), ("..", ""),
        ("", ""), ("PG:host=evil dbname=x", "PG_host=evil dbname=x"), ("a;b!c.zip", "a_b_c.zip"),
        ("a\0b.csv", "a_b.csv"),
        ("<img src=x onerror=alert(1)>.zip", "_img src=x onerror=alert(1)_.zip"), ("a\u202egpj.zip", "a_gpj.zip"),
        ("%2e%2e%2fx.zip", "_2e_2e_2fx.zip"), ("a\nb.zip", "a_b.zip"), ("NUL.shp", "_NUL.shp"), (" a. ", "a"),
        ("nullify.csv", "nullify.csv"), ("~root.csv", "_root.csv"),
    ],
)  # fmt: skip
def test_a_name_is_no_path_no_option_no_address_and_no_command(name: str, kept: str) -> None:
    assert harmless(name) == kept


def test_a_long_name_keeps_its_ending() -> None:
    assert len(harmless("地" * 200 + ".geojson").encode()) <= LONGEST
    assert harmless("地" * 200 + ".geojson").endswith("地.geojson")
    assert harmless("x" * 500) == ""


@pytest.mark.parametrize(
    ("names", "code"),
    [
        (["landcheck.toml"], "web-reserved"), (["x/LandCheck.TOML"], "web-reserved"), ([".."], "web-nameless"),
        (["a/parcels.shp", "b/Parcels.shp"], "web-twice"), (["a:b.zip", "a;b.zip"], "web-twice"),
    ],
)  # fmt: skip
def test_names_that_cannot_be_taken_in_are_told(names: list[str], code: str) -> None:
    found = refusal(Session("en"), [(name, 1) for name in names])
    assert found is not None
    assert found.code == code
    assert refusal(Session("en"), [("parcels.shp", 1), ("parcels.dbf", UPLOAD - 1)]) is None


def test_more_than_a_session_may_hold_is_told() -> None:
    session = Session("en")
    (session.place("files") / "a.zip").write_bytes(b"x" * 10)
    found = refusal(session, [("b.zip", UPLOAD - 9)])
    assert found is not None
    assert found.code == "web-too-large"
    assert refusal(session, [("b.zip", UPLOAD - 10)]) is None
    assert refusal(session, [("A.ZIP", UPLOAD)]) is None  # in the place of the one that is there
    assert refusal(session, [(f"{number}.zip", 1) for number in range(FILES - 1)]) is None
    many = refusal(session, [(f"{number}.zip", 1) for number in range(FILES)])
    assert many is not None
    assert many.code == "web-too-many"


def test_parts_go_with_their_file() -> None:
    names = ["地块.shp", "地块.DBF", "地块.shx", "x.dbf", "p.gpkg", "p.gpkg-wal", "地块.shp.xml", "T.tab", "t.dat"]
    assert together(names) == {
        "地块.shp": ["地块.DBF", "地块.shx", "地块.shp.xml"], "x.dbf": [], "p.gpkg": ["p.gpkg-wal"], "T.tab": ["t.dat"],
    }  # fmt: skip


@pytest.mark.parametrize(
    ("names", "roles"),
    [
        (["plan.gpkg"], {"plan.gpkg": "parcels"}),
        (["parcels.shp", "parks.shp"], {"parcels.shp": "parcels", "parks.shp": "parks"}),
        (["2026绿地.shp", "浦东地块.shp", "高新区范围.geojson"],
         {"2026绿地.shp": "green", "浦东地块.shp": "parcels", "高新区范围.geojson": "zones"}),
        (["data.xlsx", "a.txt"], {"a.txt": "parcels", "data.xlsx": "attributes"}),
        (["地块属性表.xlsx", "a.zip"], {"a.zip": "parcels", "地块属性表.xlsx": "attributes"}),
        (["data.xlsx"], {"data.xlsx": "parcels"}),
        (["a.geojson", "b.geojson"], {"a.geojson": "parcels", "b.geojson": ""}),
    ],
)  # fmt: skip
def test_a_role_is_guessed_by_the_name(names: list[str], roles: dict[str, str]) -> None:
    session = Session("zh")
    for name in names:
        (Path(session.folder.name) / "files" / name).write_bytes(b"")
    guess(session)
    assert session.roles == roles
    session.roles[names[0]] = "buildings"
    guess(session)
    assert session.roles[names[0]] == "buildings"  # what was chosen stays
