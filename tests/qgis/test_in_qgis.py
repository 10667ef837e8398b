"""The plugin in QGIS itself: the command line's own answers, nothing left out in silence, nothing left running."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from headless_qgis import Qgis, program

Landcheck = Callable[..., str]
DAY = "2026-06-30"


def gone(pid: int) -> bool:
    """Whether the process is no more, or is dead and not yet taken away."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] == "Z"
    except OSError:
        return True


def test_qgis_process_gives_the_bytes_of_the_command_line(qgis: Qgis, landcheck: Landcheck, tmp_path: Path) -> None:
    said = qgis.process("list").stdout
    for name in ("check", "explain", "fields", "convert"):
        assert f"landcheck:{name}" in said
    layer = f"PARCELS={tmp_path}/plan.gpkg|layername=parcels"
    ran = qgis.process("run", "landcheck:check", "--", layer, f"AS_OF={DAY}", f"JSON={tmp_path}/q.json")
    assert ran.returncode == 0, ran.stdout + ran.stderr
    assert "EXIT_STATUS:\t1" in ran.stdout
    assert "Traceback" not in ran.stdout + ran.stderr
    assert "ResourceWarning" not in ran.stderr
    landcheck("check", "plan.gpkg", "--as-of", DAY, "-o", "c.json", "-q")
    assert (tmp_path / "q.json").read_bytes() == (tmp_path / "c.json").read_bytes()


PAGES = """
told = {
    "check": run("check", PARCELS=given + "/gbk/parcels.shp", PARKS=given + "/gbk/parks.shp", AS_OF="2026-06-30",
                 GREEN=given + "/gbk/green.shp", BUILDINGS=given + "/gbk/buildings.shp", JSON=given + "/q.check.json"),
    "literal": run("check", PARCELS=given + "/plan.gpkg|layername=parcels", AS_OF="2026-06-30", READING=1, PACK="auto",
                   NO_ASSUMPTIONS=True, OPTIONS="--set 'base_term_years=30'", JSON=given + "/q.literal.json"),
    "explain": run("explain", PARCELS=given + "/plan.gpkg|layername=parcels", PARCEL="PD01-03", RULE="living-15",
                   AS_OF="2026-06-30", HTML=given + "/q.html", JSON=given + "/q.explain.json"),
    "fields": run("fields", PARCELS=given + "/plan.gpkg|layername=parcels", JSON=given + "/q.fields.json",
                  MAP=["term_years", "出让年期", "years", "", "", ""]),
    "convert": run("convert", PARCELS=given + "/plan.gpkg|layername=parcels", OUTPUT=given + "/q.txt"),
    "error": run("explain", PARCELS=given + "/plan.gpkg|layername=parcels", PARCEL="NOBODY"),
    "table": run("check", PARCELS=given + "/attributes.xlsx", AS_OF="2026-06-30", LAYERS=given + "/t.gpkg",
                 JSON=given + "/q.table.json"),
}
"""


def test_every_algorithm_answers_as_the_command_line(qgis: Qgis, landcheck: Landcheck, tmp_path: Path) -> None:
    told = qgis.python(PAGES, str(tmp_path))
    beside = [word for role in ("parks", "green", "buildings") for word in (f"--{role}", f"gbk/{role}.shp")]
    landcheck("check", "gbk/parcels.shp", *beside, "--as-of", DAY, "-q", "-o", "check.json")
    landcheck("check", "plan.gpkg", "--as-of", DAY, "--reading", "literal", "--pack", "auto", "--no-assumptions",
              "--set", "base_term_years=30", "-q", "-o", "literal.json")  # fmt: skip
    explained = ("explain", "plan.gpkg", "--parcel", "PD01-03", "--rule", "living-15", "--as-of", DAY)
    (tmp_path / "explain.json").write_text(landcheck(*explained, "--output-format", "json"), "utf-8")
    mapped = ("fields", "plan.gpkg", "--map", "term_years=出让年期:years", "--layer", "parcels")
    (tmp_path / "fields.json").write_text(landcheck(*mapped, "--output-format", "json"), "utf-8")
    landcheck("convert", "plan.gpkg", "-o", "convert.txt")
    landcheck("check", "attributes.xlsx", "--as-of", DAY, "-q", "-o", "table.json")
    for name in ("check", "literal", "explain", "fields", "table"):
        assert "found" in told[name], told[name]
        ours, theirs = (json.loads((tmp_path / f"{of}{name}.json").read_text("utf-8")) for of in ("q.", ""))
        if name == "fields":  # the path as it was given, and what is chosen here
            ours, theirs = ({**page, "configuration": ""} for page in (ours, theirs))
        for one in (*ours.get("inputs", ()), *theirs.get("inputs", ())):
            one["path"] = Path(one["path"]).name
        plain = [json.dumps(page, ensure_ascii=False).replace("gbk/", "") for page in (ours, theirs)]
        assert plain[0] == plain[1], name
    assert (tmp_path / "q.txt").read_bytes() == (tmp_path / "convert.txt").read_bytes()
    assert [told[name]["found"]["EXIT_STATUS"] for name in ("check", "explain", "fields", "convert")] == [1, 0, 0, 0]
    assert max(told["check"]["steps"]) == 100
    assert "PD01-03" in (tmp_path / "q.html").read_text("utf-8")
    assert "NOBODY" in told["error"]["error"]
    assert "landcheck: " in told["error"]["error"]
    assert "LAYERS" not in told["table"]["found"]
    assert not (tmp_path / "t.gpkg").exists()


PARTS = """
def layer(uri, name): return QgsVectorLayer(given + uri, name, "ogr")
def check(name, source, **more):
    return run("check", PARCELS=source, AS_OF="2026-06-30", JSON=f"{given}/{name}.json",
               OPTIONS="--show all", **more)

filtered = layer("/plan.gpkg|layername=parcels", "地块/<b>")
filtered.setSubsetString("地块编号 LIKE 'PD01%'")
chosen = layer("/plan.gpkg|layername=parcels", "chosen")
chosen.selectByIds([1, 2, 3])
QgsProject.instance().addMapLayers([filtered, chosen])
moved = layer("/plan.gpkg|layername=parcels", "moved")
moved.setCrs(QgsCoordinateReferenceSystem("EPSG:4548"))
as_latin = layer("/gbk/parcels.shp", "latin")
as_latin.setProviderEncoding("ISO-8859-1")
as_latin.setSubsetString("1 = 1")
memory = chosen.materialize(QgsFeatureRequest())
memory.setName("memory")
edited = layer("/plan.gpkg|layername=parcels", "edited")
edited.startEditing()
edited.deleteFeatures([6])
whole = layer("/gbk/parcels.shp", "whole")
context = QgsProcessingContext()
context.setProject(QgsProject.instance())
told = {
    "filtered": check("filtered", filtered, context=context),
    "chosen": check("chosen", QgsProcessingFeatureSourceDefinition(chosen.id(), True), context=context),
    "moved": check("moved", moved), "garbled": check("garbled", as_latin),
    "memory": check("memory", memory),
    "edited": check("edited", edited),
    "whole": check("whole", whole),
    "parks": check("parks", whole, PARKS=layer("/plan.gpkg|layername=green", "绿")),
    "expression": check("expression", moved, MAP=["far_gfa_m2", "用地面积 * 5", "", "approval_date",
                                                  "to_date('2022-03-04')", ""]),
    "wrong": check("wrong", whole, MAP=["far", "no_such_column +", ""]),
}
"""


def test_what_is_no_plain_file_is_exported_and_a_part_is_told(qgis: Qgis, landcheck: Landcheck, tmp_path: Path) -> None:
    told = qgis.python(PARTS, str(tmp_path))

    def result(name: str) -> Any:
        return json.loads((tmp_path / f"{name}.json").read_text("utf-8"))

    def warnings(name: str) -> list[str]:
        return [line[2:] for line in told[name]["said"] if line.startswith("W ")]

    landcheck("check", "gbk/parcels.shp", "--as-of", DAY, "--show", "all", "-q", "-o", "plain.json")
    plain = result("plain")
    by_subject = {(one["subject"]["id"], one["rule"]): one["verdict"] for one in plain["findings"]}
    ids = list(dict.fromkeys(ident for ident, _ in by_subject))
    assert result("whole")["findings"] == plain["findings"]
    assert "garbled: QGIS reads them as ISO-8859-1" in warnings("garbled")[-1]
    assert not any("temporary" in line for line in told["whole"]["said"])
    for name, kept in (
        ("filtered", [ident for ident in ids if ident.startswith("PD01")]),
        ("chosen", ["PD01-01", "PD01-02", "PD01-03"]),
        ("edited", [ident for ident in ids if ident != "PD01-06"]), ("memory", ids), ("moved", ids),
    ):  # fmt: skip
        assert result(name)["summary"]["parcel"] == len(kept), name
        if name != "moved":
            verdicts = {(one["subject"]["id"], one["rule"]): one["verdict"] for one in result(name)["findings"]}
            assert verdicts == {key: verdict for key, verdict in by_subject.items() if key[0] in kept}, name
    count = result("filtered")["summary"]["parcel"]
    assert warnings("filtered") == [
        f"of layer 地块/<b> only a part is taken: {count} of ? features, by its filter or the selection; "
        "the others are not checked"
    ]
    assert "3 of 34 features" in warnings("chosen")[0]
    assert warnings("moved") == warnings("memory") == warnings("whole") == []
    assert result("filtered")["inputs"][0]["crs"] == plain["inputs"][0]["crs"] == "EPSG:4549"
    assert result("moved")["inputs"][0]["crs"] == "EPSG:4548"
    assert result("filtered")["inputs"][0]["path"] == "地块__b_.gpkg"
    assert any("绿 cannot be read from its file" in line for line in told["parks"]["said"])
    fars = [one for one in result("expression")["findings"] if one["rule"] == "far-industrial"]
    assert {r["measured"] for one in fars for r in one["requirements"] if r["name"] == "far"} == {5}
    assert "no_such_column +" in told["wrong"]["error"]


SHOWN = """
registry = QgsApplication.processingRegistry()
provider = registry.providerById("landcheck")
every = provider.algorithms()
context = QgsProcessingContext()
context.setProject(QgsProject.instance())
checked = run("check", context=context, PARCELS=given + "/dirty.gpkg|layername=parcels", AS_OF="2026-06-30",
              LAYERS=given + "/result.gpkg", HTML=given + "/r.html")
layers = {}
for uri, details in context.layersToLoadOnCompletion().items():
    layer = QgsProcessingUtils.mapLayerFromString(uri, context)
    if details.postProcessor(): details.postProcessor().postProcessLayer(layer, context, None)
    labels = layer.labeling().settings() if layer.labelsEnabled() else None
    words = None
    if labels:
        scope = QgsExpressionContext(QgsExpressionContextUtils.globalProjectLayerScopes(layer))
        words = []
        for feature in layer.getFeatures():
            scope.setFeature(feature)
            words.append(labels.getLabelExpression().evaluate(scope))
    layers[details.name] = [layer.renderer().type(), layer.renderer().classAttribute(), layer.featureCount(), words]
model = QgsProcessingModelAlgorithm()
model.addModelParameter(QgsProcessingParameterFeatureSource("in"), QgsProcessingModelParameter("in"))
first = QgsProcessingModelChildAlgorithm("landcheck:check")
first.setChildId("first")
first.addParameterSources("PARCELS", [QgsProcessingModelChildParameterSource.fromModelParameter("in")])
first.addParameterSources("AS_OF", [QgsProcessingModelChildParameterSource.fromStaticValue("2026-06-30")])
first.addParameterSources("LAYERS", [QgsProcessingModelChildParameterSource.fromStaticValue(given + "/m.gpkg")])
first.addParameterSources("LOAD", [QgsProcessingModelChildParameterSource.fromStaticValue(False)])
model.addChildAlgorithm(first)
second = QgsProcessingModelChildAlgorithm("native:extractbyexpression")
second.setChildId("second")
second.addParameterSources("INPUT", [QgsProcessingModelChildParameterSource.fromChildOutput("first", "RESULT_PARCELS")])
second.addParameterSources("EXPRESSION", [QgsProcessingModelChildParameterSource.fromStaticValue("worst = 'fail'")])
out = QgsProcessingModelOutput("out")
out.setChildOutputName("OUTPUT")
out.setChildId("second")
second.setModelOutputs({"out": out})
model.addChildAlgorithm(second)
modelled = processing.run(model, {"in": given + "/plan.gpkg|layername=parcels", "second:out": "memory:"})
failed = QgsVectorLayer(given + "/m.gpkg|layername=parcels", "m", "ogr")
failed.setSubsetString("worst = 'fail'")
told = {
    "names": {one.name(): one.displayName() for one in every},
    "parameters": {one.name(): [p.name() for p in one.parameterDefinitions()] for one in every},
    "help": [one.shortHelpString() for one in every],
    "outputs": {one.name(): [o.name() + ":" + o.type() for o in one.outputDefinitions()] for one in every},
    "checked": checked, "layers": layers, "icon": provider.icon().isNull(),
    "modelled": [modelled["second:out"].featureCount(), failed.featureCount()],
}
"""
INPUTS = ["PARCELS", "PARKS", "ZONES", "GREEN", "BUILDINGS", "ATTRIBUTES"]
JUDGED = ["AS_OF", "PACK", "READING", "NO_ASSUMPTIONS", "WAIVERS"]
LAST = ["MAP", "CONFIG", "OPTIONS"]


@pytest.mark.usefixtures("landcheck")
def test_the_provider_speaks_chinese_and_its_layers_are_styled(qgis: Qgis, tmp_path: Path) -> None:
    told = qgis.python(SHOWN, str(tmp_path), {"LANG": "zh_CN.UTF-8"})
    assert told["names"] == {
        "check": "检查地块", "explain": "说明一个地块的结论", "fields": "查看字段对应", "convert": "转换为标准字段",
    }  # fmt: skip
    assert told["parameters"] == {
        "check": [*INPUTS, *JUDGED, "BASELINE", "LOAD", *LAST, "HTML", "LAYERS", "JSON"],
        "explain": [*INPUTS, "PARCEL", "RULE", *JUDGED, *LAST, "HTML", "JSON"],
        "fields": [*INPUTS, *LAST, "HTML", "JSON"],
        "convert": [*INPUTS[:-1], "LOAD", *LAST, "OUTPUT"],
    }
    assert "HTML:outputHtml" in told["outputs"]["check"]
    assert all("landcheck" in text for text in told["help"])
    assert told["icon"] is False
    assert {"RESULT_PARCELS", "RESULT_FINDINGS", "RESULT_OVERLAPS"} <= told["checked"]["found"].keys()
    assert "每" in (tmp_path / "r.html").read_text("utf-8")
    assert set(told["layers"]) == {"地块（按结论）result", "园区 result", "问题 result", "重叠 result"}
    for name, (kind, column, count, labels) in told["layers"].items():
        assert (kind, column) == ("categorizedSymbol", "verdict" if name[:2] in {"问题", "重叠"} else "worst")
        assert count > 0
        assert (labels is not None) == ("地块" in name)
    labels = told["layers"]["地块（按结论）result"][3]
    assert any("\n计容还须建 ㎡: " in str(label) for label in labels)
    assert told["modelled"][0] == told["modelled"][1] > 0


PROGRAMS = """
from processing.core.ProcessingConfig import ProcessingConfig
ProcessingConfig.setSettingValue("LANDCHECK_PROGRAM", given["chosen"] or "")
told = run("fields", PARCELS=given["layer"])
ProcessingConfig.setSettingValue("LANDCHECK_PROGRAM", "")  # the profile is that of the other tests, too
"""


@pytest.mark.usefixtures("landcheck")
@pytest.mark.parametrize("case", ["missing", "old", "other program", "chosen", "chosen wrongly"])
def test_where_landcheck_is_missing_or_too_old_it_says_what_to_do(qgis: Qgis, tmp_path: Path, case: str) -> None:
    programs = tmp_path / "programs"
    programs.mkdir()
    if case == "old":
        program(programs, "echo landcheck 0.0.9")
    if case == "other program":
        program(programs, "echo something else 9.9")
    chosen = {"chosen": str(qgis.programs / "landcheck"), "chosen wrongly": "/bin/true"}.get(case)
    where = {"PATH": str(programs), "HOME": str(programs)}
    told = qgis.python(PROGRAMS, {"layer": f"{tmp_path}/small.geojson", "chosen": chosen}, where)
    if case == "chosen":
        assert "EXIT_STATUS" in told["found"], told
    elif case == "old":
        assert f"too old: {programs}/landcheck (0.0.9)" in told["error"]
    else:
        assert ("/bin/true is no landcheck" if chosen else "pipx install landcheck") in told["error"]


INSTALLED_LATER = """
import shutil
before = run("fields", PARCELS=given["layer"])
shutil.copy(given["new"], given["old"])
told = [before, run("fields", PARCELS=given["layer"])]
"""


@pytest.mark.usefixtures("landcheck")
def test_a_landcheck_that_is_upgraded_while_qgis_runs_is_taken(qgis: Qgis, tmp_path: Path) -> None:
    old = program(tmp_path / "programs", "echo landcheck 0.0.9")
    given = {"layer": f"{tmp_path}/small.geojson", "new": str(qgis.programs / "landcheck"), "old": str(old)}
    before, after = qgis.python(INSTALLED_LATER, given, {"PATH": str(old.parent), "HOME": str(tmp_path)})
    assert "too old" in before["error"]
    assert "EXIT_STATUS" in after["found"]


CANCELLED = """
import threading, time
feedback = Heard()
def stop():
    while not feedback.steps: time.sleep(0.05)
    feedback.cancel()
threading.Thread(target=stop, daemon=True).start()
begun = time.monotonic()
told = {"run": run(given["command"], feedback, PARCELS=given["layer"], HTML=given["layer"] + ".html",
                   JSON=given["layer"] + ".json"), "steps": feedback.steps,
        "seconds": time.monotonic() - begun}
"""
ENDLESS = """[ "$1" = --version ] && exec echo landcheck 99.0.0
sleep 1000 & echo $! > '{folder}/child'
echo $$ > '{folder}/self'
echo 'a note' >&2
echo '{{"done": 250, "total": 1000, "stage": "progress"}}' >&2
wait"""


@pytest.mark.usefixtures("landcheck")
def test_progress_is_shown_and_cancel_leaves_no_process(qgis: Qgis, tmp_path: Path) -> None:
    programs = program(tmp_path / "programs", ENDLESS.format(folder=tmp_path)).parent
    where = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}", "TMPDIR": str(programs)}
    told = qgis.python(CANCELLED, {"command": "check", "layer": f"{tmp_path}/small.geojson"}, where)
    assert told["run"]["found"] == {}
    assert told["steps"][0] == 25
    assert told["seconds"] < 20
    pids = [int((tmp_path / name).read_text()) for name in ("self", "child")]
    for _ in range(50):
        if all(map(gone, pids)):
            break
        time.sleep(0.1)
    assert list(map(gone, pids)) == [True, True]
    assert [path.name for path in programs.iterdir() if "landcheck" in path.name] == ["landcheck"]


FIRST_OF_TWO = """[ "$1" = --version ] && exec echo landcheck 99.0.0
case "$*" in *plain*) exec echo the page;; esac
echo '{"done": 1, "total": 2, "stage": "progress"}' >&2
exec sleep 1000"""


@pytest.mark.usefixtures("landcheck")
def test_cancelled_while_the_json_is_made_no_page_is_left(qgis: Qgis, tmp_path: Path) -> None:
    programs = program(tmp_path / "programs", FIRST_OF_TWO).parent
    where = {"PATH": f"{programs}{os.pathsep}{os.environ['PATH']}"}
    told = qgis.python(CANCELLED, {"command": "fields", "layer": f"{tmp_path}/small.geojson"}, where)
    assert told["steps"] == [50]
    assert told["run"]["found"] == {}
    assert not list(tmp_path.glob("small.geojson.*"))
