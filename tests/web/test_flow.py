"""From the files to the report without a browser: what is chosen is what is checked, as the command line does it."""

from __future__ import annotations

import io
import json
import re
import subprocess
import tomllib
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from visitor import AS_OF, Answer, Visitor, in_folder

from landcheck.messages import say
from landcheck.read.archive import RATIO_AT_MOST
from landcheck.report.content import labels
from landcheck.report.output_formats import FORMATS
from landcheck.web.bounds import FILES, UNPACKED
from landcheck.web.settings import field_label

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / "sample_parcels"
Visit = Callable[..., Visitor]


def run(start: Any, folder: Path, *arguments: str) -> int:
    """The command line in a folder."""
    process = start(*arguments, cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={"LC_ALL": "C.UTF-8"})
    process.communicate(timeout=120)
    return int(process.returncode)


def written(folder: Path, files: list[tuple[str, bytes]]) -> Path:
    folder.mkdir()
    for name, content in files:
        (folder / name).write_bytes(content)
    return folder


def without_inputs(result: bytes) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(result)
    return {key: value for key, value in found.items() if key != "inputs"}


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_the_result_is_the_command_line_s_and_the_configuration_repeats_it(
    visit: Visit, start: Any, tmp_path: Path, lang: str
) -> None:
    visitor, files = visit(lang), in_folder(SAMPLES / "gbk")
    assert visitor.check(files).to == "/report"
    page = visitor.get("/report")
    assert say("tally-exit-1", lang) in page.text  # type: ignore[arg-type] - zh or en
    assert f'lang="{"zh-CN" if lang == "zh" else "en"}"' in page.text
    result = visitor.get("/download/json").body
    layers = [part for role in ("parks", "green", "buildings") for part in (f"--{role}", f"{role}.shp")]
    plain = written(tmp_path / "plain", files)
    assert run(start, plain, "check", "parcels.shp", *layers, "--as-of", "2026-06-30", "--lang", lang, "-o", "r.json",
               "-q") == 1  # fmt: skip
    assert result == (plain / "r.json").read_bytes()
    again = written(tmp_path / "again", [*files, ("landcheck.toml", visitor.get("/download/landcheck.toml").body)])
    assert run(start, again, "check", "parcels.shp", "-q", "-o", "r.json", "-o", "r.html") == 1
    assert result == (again / "r.json").read_bytes()
    assert visitor.get("/download/html").body == (again / "r.html").read_bytes()
    assert visitor.get("/report/frame").body == (again / "r.html").read_bytes()


def test_one_source_with_every_layer_gives_what_its_path_gives(visit: Visit, start: Any, tmp_path: Path) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in in_folder(SAMPLES / "gbk"):
            archive.writestr(name, content)
    visitor, files = visit("en"), [("plan.zip", packed.getvalue())]
    assert visitor.check(files).to == "/report"
    folder = written(tmp_path / "plain", files)
    run(start, folder, "check", "plan.zip", "--as-of", "2026-06-30", "--lang", "en", "-q", "-o", "r.json")
    assert visitor.get("/download/json").body == (folder / "r.json").read_bytes()
    assert {one["role"] for one in json.loads(visitor.get("/download/json").body)["inputs"]} > {"parcels", "parks"}


def test_a_coordinate_report_with_a_workbook_beside(visit: Visit) -> None:
    visitor = visit("zh")
    files = [(name, (SAMPLES / name).read_bytes()) for name in ("parcels.txt", "attributes.xlsx")]
    assert visitor.check(files).to == "/report"
    roles = {one["role"]: one["path"] for one in json.loads(visitor.get("/download/json").body)["inputs"]}
    assert roles == {"parcels": "parcels.txt", "attributes": "attributes.xlsx"}


def square(**values: object) -> bytes:
    ring = [[121.6, 31.2], [121.601, 31.2], [121.601, 31.201], [121.6, 31.201], [121.6, 31.2]]
    feature = {"type": "Feature", "properties": values, "geometry": {"type": "Polygon", "coordinates": [ring]}}
    return json.dumps({"type": "FeatureCollection", "features": [feature]}).encode()


def far_of(visitor: Visitor) -> dict[str, Any]:
    found = json.loads(visitor.get("/download/json").body)["findings"]
    return next((one for one in found if one["rule"] == "far-industrial"), {})


def test_a_column_can_be_taken_for_another_field_and_with_another_unit(visit: Visit) -> None:
    """The floor area stands in ares of 100 m² under a heading of its own: 180 on 10,000 m² is a FAR of 1.8."""
    layer = square(parcel_id="P1", land_class="industrial_project", site_area_m2=10_000, COL7=1.8)
    visitor = visit("en")
    assert visitor.survey([("parcels.geojson", layer)]).to == "/columns"
    form = visitor.form("/columns")
    at = [name for name, value in form.items() if name.startswith("field.") and value == ""]
    assert len(at) == 1
    chosen = form | {at[0]: "far_gfa_m2", at[0].replace("field", "unit"): "ha"}
    assert visitor.post("/columns", chosen).to == "/working"
    assert visitor.wait().to == "/columns"
    assert visitor.post("/columns", visitor.form("/columns")).to == "/options"
    visitor.post("/options", AS_OF)
    assert visitor.wait().to == "/report"
    assert far_of(visitor)["requirements"][0]["measured"] == 1.8
    toml = tomllib.loads(visitor.get("/download/landcheck.toml").text)
    assert toml["map"] == {"far_gfa_m2": "COL7:ha"}
    assert visitor.post("/columns/found").to == "/working"
    visitor.wait()
    assert "map" not in tomllib.loads(visitor.get("/download/landcheck.toml").text)
    assert visitor.get("/report").status == 303  # what was found before is not shown for what was asked now


def test_two_columns_for_one_field_are_told(visit: Visit) -> None:
    visitor = visit("en")
    visitor.survey([("parcels.geojson", square(parcel_id="P1", A=1, B=2))])
    form = visitor.form("/columns")
    twice = {name: "far" for name, value in form.items() if name.startswith("field.") and value == ""}
    assert len(twice) == 2
    assert (
        say("web-field-twice", "en", fields=[field_label("parcels", "far", "en")])
        in visitor.post("/columns", form | twice).text
    )


def test_date_reading_parameters_and_packs_are_those_that_were_chosen(visit: Visit) -> None:
    layer = square(parcel_id="P1", land_class="industrial_project", far=1.8, term_years=25, approval_date="2022-01-01")
    visitor = visit("en")
    visitor.survey([("parcels.geojson", layer)])
    options = {"as_of": "2026-05-04", "reading": "literal", "pack.shanghai-2021-9": "1", "pack.china-terms": "1",
               "set.base_term_years": "30", "project_name": '测试 "一"', "no_assumptions": "1",
               "headroom": "1",
               "overlap_tolerance": "2.5", "select": "far, term"}  # fmt: skip
    visitor.post("/options", options)
    assert visitor.wait().to == "/report"
    found = json.loads(visitor.get("/download/json").body)
    assert (found["as_of"], found["reading"]) == ("2026-05-04", "literal")
    assert [pack["id"] for pack in found["pack"]] == ["china-terms", "shanghai-2021-9"]
    assert found["project"]["name"] == '测试 "一"'
    assert found["parameters"]["base_term_years"] == 30
    assert found["assumptions"] == []
    assert found["headroom"]["id"] == ["P1"]
    toml = tomllib.loads(visitor.get("/download/landcheck.toml").text)
    assert (toml["overlap_tolerance"], toml["assumptions"], toml["select"]) == (2.5, False, "far, term")


@pytest.mark.parametrize("lang", ["zh", "en"])
def test_what_stops_the_command_line_is_told_in_its_words(visit: Visit, lang: Any) -> None:
    visitor = visit(lang)
    assert say("web-no-parcels", lang) in visitor.post("/roles", {}).text
    names = ["a.geojson", "b.geojson"]
    visitor.bring([(name, square(parcel_id="P1")) for name in names])
    both = visitor.post("/roles", {"role.0": "parcels", "role.1": "parcels"})
    assert say("web-roles-twice", lang, role=labels.layer("parcels", lang), files=names) in both.text
    for name in names:
        visitor.post("/files/remove", {"name": name})
    failed = visitor.survey([("parcels.geojson", b'{"type": "FeatureCollection", "features": [')])
    assert failed.status == 200
    assert say("web-failed", lang) in failed.text
    assert "parcels.geojson" in failed.text
    assert say("web-columns-unread", lang) in visitor.get("/columns").text
    visitor.survey([("parcels.geojson", square(parcel_id="P1"))])
    visitor.post("/options", AS_OF | {"as_of": "2026-13-45"})
    assert say("bad-date", lang, value="2026-13-45") in visitor.wait().text
    visitor.post("/options", AS_OF | {"overlap_tolerance": "x"})
    assert "overlap_tolerance" in visitor.wait().text
    assert visitor.get("/report").to == "/"


def test_a_result_that_leaves_something_open_is_no_error(visit: Visit) -> None:
    visitor = visit("en")
    assert visitor.check([("parcels.geojson", square(parcel_id="P1", land_class="industrial_project"))]).to == "/report"
    assert say("tally-exit-3", "en") in visitor.get("/report").text


@pytest.mark.parametrize("form", ["xlsx", "shp", "parquet"])
def test_other_formats_can_be_had_too(visit: Visit, form: str) -> None:
    visitor = made_up(visit)
    assert visitor.post(f"/make/{form}").to == "/working"
    assert visitor.wait().to == "/report#files"
    answer = visitor.get(f"/download/{form}")
    assert answer.status == 200
    ending = ".zip" if form in ("shp", "parquet") else ""
    assert answer.headers["content-disposition"] == f'attachment; filename="report{FORMATS[form].suffix}{ending}"'
    if ending:
        names = zipfile.ZipFile(io.BytesIO(answer.body)).namelist()
        assert any(name.startswith("report.parquet/") or name == "report.shp" for name in names)
    else:
        assert answer.body


SHARED: dict[str, Visitor] = {}


def made_up(visit: Visit) -> Visitor:
    """One that went the whole way, for tests that only look at the end of it."""
    if "one" not in SHARED:
        SHARED["one"] = visit("en")
        SHARED["one"].check(in_folder(SAMPLES / "gbk"))
    return SHARED["one"]


def test_what_if_says_what_becomes_of_each_verdict(visit: Visit) -> None:
    visitor = made_up(visit)
    visitor.post("/whatif", {"parcel": "PD01-03", "field": "far_gfa_m2", "value": "99999"})
    assert visitor.wait().to == "/report#whatif"
    changed = re.findall(r'<tr class="changed">.*?</tr>', visitor.get("/report").text)
    assert len(changed) == 1
    fail, held = (say(f"report-verdict-{word}", "en") for word in ("fail", "pass"))
    assert f"<td>{fail}</td><td>{held}</td>" in changed[0]
    said = say("web-supposed", "en", parcel="PD01-03", field=field_label("parcels", "far_gfa_m2", "en"), value="99999")
    assert said in visitor.get("/report").text
    visitor.post("/whatif", {"parcel": "--config=/etc/passwd", "field": "far_gfa_m2", "value": "1"})
    assert "--config=/etc/passwd" in visitor.wait().text  # no option: a parcel that there is not
    assert visitor.get("/report").status == 200


def refused(answer: Answer, code: str, lang: Any = "en", **values: Any) -> bool:
    return answer.status == 400 and say(code, lang, **values) in answer.text


def test_names_are_refused_or_made_harmless(visit: Visit) -> None:
    visitor = visit("en")
    assert refused(visitor.bring([("landcheck.toml", b"parks = '/etc/passwd'")]), "web-reserved", file="landcheck.toml")
    assert refused(visitor.bring([]), "web-no-files")
    assert refused(visitor.bring([("..", b"")]), "web-nameless", file="..")
    many = [(f"{number}.csv", b"") for number in range(FILES + 1)]
    assert refused(visitor.bring(many), "web-too-many", most=FILES)
    hostile = "<script>alert(1)</script>&\"'.geojson".replace('"', "%22")
    assert visitor.bring([(hostile, square(parcel_id="<b>P1</b>"))]).status == 303
    page = visitor.get("/").body.decode()
    assert "<script>alert" not in page


def test_files_of_python_are_data(visit: Visit) -> None:
    """The folder of the files is the one that the child works in: nothing in it may be imported."""
    spell = b"raise SystemExit('taken over')"
    visitor = visit("en")
    files = [(f"{name}.py", spell) for name in ("landcheck", "json", "typing", "sitecustomize", "usercustomize")]
    assert visitor.survey([*files, ("parcels.geojson", square(parcel_id="P1"))]).to == "/columns"


def test_a_bomb_is_refused(visit: Visit) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("parcels.geojson", square(parcel_id="P1") + b" " * (80 << 20))
    failed = visit("en").survey([("parcels.zip", packed.getvalue())])
    assert failed.status == 200
    limits = {"limit": UNPACKED >> 30, "ratio": RATIO_AT_MOST}
    assert say("read-archive-bomb", "en", file="parcels.zip", **limits) in failed.text


def test_a_file_can_be_taken_away_with_its_parts_and_brought_again(visit: Visit) -> None:
    visitor = visit("en")
    visitor.bring(in_folder(SAMPLES / "gbk"))
    assert visitor.post("/files/remove", {"name": "green.shp"}).status == 303
    visitor.post("/files/remove", {"name": "../work/fields.json"})
    visitor.bring([("Zones.shp", b""), ("zones.dbf", b""), ("zones.shx", b"")])
    visitor.post("/files/remove", {"name": "Zones.shp"})
    assert "zones.dbf" not in visitor.get("/").text
    page = visitor.get("/").text
    assert "green.shp" not in page
    assert "parks.shp" in page
    visitor.bring([("parcels.shp", b"other")])
    assert page.count("parcels.shp") == visitor.get("/").text.count("parcels.shp")


def test_what_is_not_used_and_what_no_column_holds_is_told(visit: Visit) -> None:
    visitor = visit("en")
    layer = square(parcel_id="P1", far=1.8)
    assert visitor.survey([("parcels.geojson", layer), ("x.geojson", layer)]).to == "/columns"
    page = visitor.get("/columns").text
    assert say("web-files-unused", "en", files=["x.geojson"]) in page
    told = re.findall(r'<tr><th scope="row">(.*?)</th><td>(.*?)</td>', page)
    assert any("(land_class)" in name and instead == say("survey-nothing", "en") for name, instead in told)
    assert any("(single_use)" in name and instead == say("survey-assumed-true", "en") for name, instead in told)


def test_steps_that_are_not_due_lead_back(visit: Visit) -> None:
    visitor = visit("en")
    for path, to in (("/columns", "/"), ("/options", "/columns"), ("/report", "/"), ("/working", "/")):
        assert visitor.get(path).to == to
    assert visitor.post("/options", AS_OF).to == "/"
    assert visitor.post("/columns", {}).to == "/"
    assert visitor.post("/make/json").to == "/report"
    assert visitor.get("/download/json").status == 404
    assert visitor.get("/download/..%2F..%2Fetc%2Fpasswd").status == 404
    assert visitor.post("/make/table").to == "/report"
