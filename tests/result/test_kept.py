"""Results saved with their geometry: maps and layers without the inputs, and what is refused."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from importlib.resources import files
from pathlib import Path
from typing import Any

import geopandas
import jsonschema
import numpy as np
import pyogrio
import pytest
import shapely
from typer.testing import CliRunner, Result

import landcheck.report
from landcheck.cli.app import app
from landcheck.geometry.shapes.packing import packed

SAMPLES = Path(__file__).parents[2] / "sample_parcels"
SCHEMA = json.loads(files(landcheck.report).joinpath("schema.json").read_text(encoding="utf-8"))
WRITTEN = ("m.gpkg", "m.geojson", "m.shp", "m.html", "m.docx", "m.pdf", "m.xlsx")
# of a coordinate, in the layer's own unit: half a step, and what GeoJSON and its seven decimals add
STEP = {"EPSG:4549": 0.0006, "EPSG:4490": 0.6e-8}
DECIMALS = 1.1e-7


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


@pytest.fixture(autouse=True)
def _here(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)


def drawn(crs: str) -> str:
    """The spoilt sample plan, coordinates with every digit a double has, and a parcel of two parts, one with a hole."""
    for name in pyogrio.list_layers(SAMPLES / "dirty.gpkg")[:, 0]:
        layer = geopandas.read_file(SAMPLES / "dirty.gpkg", layer=name)
        if layer.active_geometry_name is None:
            continue
        layer = layer.to_crs("EPSG:4490").to_crs(crs)
        if name == "parcels":
            first = layer.geometry[0]
            inner = shapely.affinity.scale(first, 0.5, 0.5)
            away = shapely.affinity.translate(first, 0.31 if crs == "EPSG:4490" else 31_000 / 3, 0)
            layer.loc[0, "geometry"] = shapely.MultiPolygon([shapely.Polygon(first.exterior, [inner.exterior]), away])
        layer.to_file("in.gpkg", layer=name, driver="GPKG")
    return "in.gpkg"


def kept(crs: str = "EPSG:4549") -> Path:
    """``r.json`` with geometry; beside it the files written directly, and in ``again`` those from ``r.json`` alone."""
    outputs = [part for name in WRITTEN for part in ("-o", name)]
    common = ("--as-of", "2026-06-30", "--exit-zero", "-q", "--lang", "en")
    result = run("check", drawn(crs), *common, "--keep-geometry", "-o", "r.json", *outputs)
    assert result.exit_code == 0, result.output
    Path("again").mkdir()
    shutil.move("in.gpkg", "again/hidden")
    outputs = [part for name in WRITTEN for part in ("-o", f"again/{name}")]
    result = run("report", "r.json", "--lang", "en", "--keep-geometry", "-o", "again/r.json", *outputs)
    assert result.exit_code == 0, result.output
    return Path("r.json")


def near(first: Any, second: Any, tolerance: float) -> None:
    """The same shapes, point by point."""
    assert (shapely.is_missing(first) == shapely.is_missing(second)).all()
    assert (shapely.get_num_coordinates(first) == shapely.get_num_coordinates(second)).all()
    away = np.abs(shapely.get_coordinates(first) - shapely.get_coordinates(second))
    assert away.max() < tolerance


@pytest.mark.parametrize("crs", STEP)
def test_layers_of_a_saved_result_are_those_written_directly(crs: str) -> None:
    kept(crs)
    for name in ("m.gpkg", "m.geojson", "m.shp", "m_findings.shp", "m_overlaps.shp"):
        for layer in pyogrio.list_layers(name)[:, 0]:
            if layer == "layer_styles":
                continue
            first, second = (pyogrio.read_dataframe(path, layer=layer) for path in (name, Path("again") / name))
            assert len(first) == len(second) > 0
            geometry = "geometry" in first.columns
            texts = [table.drop(columns="geometry") if geometry else table for table in (first, second)]
            assert texts[0].equals(texts[1])
            if not geometry or layer in ("findings", "m_findings"):
                continue
            assert first.crs == second.crs
            near(first.geometry.values, second.geometry.values, DECIMALS if name == "m.geojson" else STEP[crs])
    first, second = (pyogrio.read_dataframe(path, layer="findings") for path in ("m.gpkg", "again/m.gpkg"))
    metres = [table.to_crs("EPSG:4549").geometry for table in (first, second)]
    assert (metres[0].isna() == metres[1].isna()).all()
    assert metres[0].distance(metres[1]).max() < 0.02


def test_areas_stay_what_they_were_to_the_reader() -> None:
    kept("EPSG:4490")
    first, second = (
        pyogrio.read_dataframe(path, layer="parcels").to_crs("+proj=cea +ellps=GRS80").geometry.area.dropna()
        for path in ("m.gpkg", "again/m.gpkg")
    )
    assert (first - second).abs().max() < 0.5  # m²: half a millimetre along a boundary of a kilometre
    assert ((first - second).abs() / first)[first > 100].max() < 1e-5


def test_a_layer_drawn_on_the_grid_comes_back_byte_for_byte(tmp_path: Path) -> None:
    shutil.copy(SAMPLES / "plan.gpkg", "plan.gpkg")  # drawn to the centimetre
    outputs = [part for name in WRITTEN for part in ("-o", name)]
    common = ("--as-of", "2026-06-30", "--exit-zero", "-q", "--keep-geometry")
    assert run("check", "plan.gpkg", *common, "-o", "r.json", *outputs).exit_code == 0
    Path("plan.gpkg").unlink()
    Path("again").mkdir()
    outputs = [part for name in ("r.json", *WRITTEN) for part in ("-o", f"again/{name}")]
    assert run("report", "r.json", "--keep-geometry", *outputs).exit_code == 0
    for path in Path("again").iterdir():
        assert path.read_bytes() == (tmp_path / path.name).read_bytes(), path.name


def test_standard_output_keeps_the_geometry_too_and_the_schema_knows_it() -> None:
    path = kept()
    result = run("report", str(path), "--output-format", "json", "--keep-geometry", "--lang", "en")
    assert result.stdout == path.read_text(encoding="utf-8")
    saved = json.loads(result.stdout)
    jsonschema.validate(saved, SCHEMA, cls=jsonschema.Draft202012Validator)
    saved["drawing"]["parcel"]["batches"][0]["verdicts"]["far-industrial"] = "?"
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(saved, SCHEMA, cls=jsonschema.Draft202012Validator)


def test_the_configuration_may_ask_for_it() -> None:
    shutil.copy(SAMPLES / "plan.gpkg", "plan.gpkg")
    Path("landcheck.toml").write_text("keep_geometry = true\n", encoding="utf-8")
    assert run("check", "plan.gpkg", "-o", "r.json", "--exit-zero", "-q").exit_code == 0
    assert "drawing" in json.loads(Path("r.json").read_text(encoding="utf-8"))
    Path("landcheck.toml").write_text('keep_geometry = "yes"\n', encoding="utf-8")
    assert run("check", "plan.gpkg", "-o", "r.json").exit_code == 2


def test_a_result_without_geometry_says_how_to_save_it_with() -> None:
    result = run("check", str(SAMPLES / "plan.gpkg"), "-o", "r.json", "--exit-zero", "-q")
    assert "drawing" not in json.loads(Path("r.json").read_text(encoding="utf-8"))
    for arguments in (("-o", "m.gpkg"), ("-o", "again.json", "--keep-geometry")):
        result = run("report", "r.json", *arguments)
        assert result.exit_code == 2
        assert "check --keep-geometry" in result.output
    assert sorted(path.name for path in Path().iterdir()) == ["r.json"]


def test_a_table_without_shapes_has_none_to_keep() -> None:
    Path("p.csv").write_text("parcel_id,land_class\nP1,other\n", encoding="utf-8")
    assert run("check", "p.csv", "--keep-geometry", "-o", "r.json", "--exit-zero", "-q").exit_code == 0
    result = run("report", "r.json", "-o", "m.gpkg")
    assert (result.exit_code, Path("m.gpkg").exists()) == (2, False)


def _of(*keys: str) -> Callable[[Any, object], None]:
    def put(drawing: Any, value: object) -> None:
        for key in keys[:-1]:
            drawing = drawing[int(key)] if isinstance(drawing, list) else drawing[key]
        drawing[keys[-1]] = value

    return put


FIRST = ("parcel", "batches", "0")
LONE = packed(np.array([3]))
DAMAGED = {
    "x": (_of(*FIRST, "x"), "no base64!"), "y": (_of(*FIRST, "y"), "AAAA"), "points": (_of(*FIRST, "points"), LONE),
    "parts": (_of(*FIRST, "parts"), LONE), "row": (_of(*FIRST, "row"), LONE), "rings": (_of(*FIRST, "rings"), 5),
    "id": (_of(*FIRST, "id"), ["P1"]), "verdicts": (_of(*FIRST, "verdicts"), {}),
    "verdicts.far-industrial": (_of(*FIRST, "verdicts", "far-industrial"), "pfx"), "crs": (_of("parcel", "crs"), "?"),
    "steps_per_unit": (_of("parcel", "steps_per_unit"), 0), "batches": (_of("parcel", "batches"), None),
    "grounds": (_of("grounds", "finding"), packed(np.array([10**6]))), "park": (_of("park"), []),
    "overflow": (_of(*FIRST, "points"), packed(np.array([2**61] * 8))),
    "short": (_of(*FIRST, "x"), "eJwDAAAAAAE="), "drawing": (None, None),
}  # fmt: skip


@pytest.mark.parametrize("name", DAMAGED)
def test_damaged_geometry_is_refused_by_file_and_key(name: str) -> None:
    shutil.copy(SAMPLES / "dirty.gpkg", "d.gpkg")
    assert run("check", "d.gpkg", "--keep-geometry", "-o", "r.json", "--exit-zero", "-q").exit_code == 0
    saved = json.loads(Path("r.json").read_text(encoding="utf-8"))
    put, value = DAMAGED[name]
    if put is None:
        saved["drawing"] = value
    else:
        put(saved["drawing"], value)
    Path("r.json").write_text(json.dumps(saved), encoding="utf-8")
    result = run("report", "r.json", "-o", "m.gpkg")
    assert result.exit_code == 4, result.output
    assert "r.json" in result.output
    assert "--keep-geometry" in result.output
    assert "Traceback" not in result.output
    assert not Path("m.gpkg").exists()
