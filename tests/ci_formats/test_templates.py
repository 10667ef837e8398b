"""The action, the template, the hook and the examples of the docs: what they run exists, and runs."""

from __future__ import annotations

import json
import os
import re
import shlex
import subprocess
import sys
from pathlib import Path
from typing import Any

import click
import pytest
import typer
import yaml
from junitparser import JUnitXml

from landcheck.cli.app import app
from landcheck.report.output_formats import format_of_file

ROOT = Path(__file__).parents[2]
DOCS = ["docs/ci.md", "docs/ci.zh-CN.md"]
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
GITLAB = yaml.safe_load((ROOT / "ci/gitlab/landcheck.gitlab-ci.yml").read_text(encoding="utf-8"))[".landcheck"]
(HOOK,) = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
CHECK = next(step for step in ACTION["runs"]["steps"] if step.get("id") == "check")


def known_options() -> set[str]:
    command = typer.main.get_command(app)
    return {name for option in command.get_command(click.Context(command), "check").params for name in option.opts}


def blocks(doc: str) -> list[Any]:
    """The YAML examples of a page: workflow, GitLab, pre-commit."""
    return [yaml.safe_load(block) for block in re.findall(r"```yaml\n(.*?)```", (ROOT / doc).read_text("utf-8"), re.S)]


def examples(doc: str) -> list[str]:
    workflow, gitlab, hooks = blocks(doc)
    step = workflow["jobs"]["check"]["steps"][1]
    args = hooks["repos"][0]["hooks"][0]["args"]
    return [step["with"]["arguments"], gitlab["zhangjiang"]["variables"]["LANDCHECK_OPTIONS"], shlex.join(args)]


@pytest.mark.parametrize(
    "script",
    [CHECK["run"], *GITLAB["script"], HOOK["entry"], *(text for doc in DOCS for text in examples(doc))],
)
def test_every_option_named_exists(script: str) -> None:
    script = re.sub(r"(mkdir|rm) .*", "", script)
    assert set(re.findall(r"(?<![\w-])--?[a-z][a-z-]+(?![\w-])", script)) - {"-le"} <= {*known_options(), "-n", "-f"}


def test_every_report_named_has_a_format() -> None:
    script = "\n".join([CHECK["run"], *GITLAB["script"]])
    named = re.findall(r"--output \"?(\S+?)\"?(?:\s|$)", script)
    assert len(named) == script.count("--output ") > 1
    assert all(map(format_of_file, named))


@pytest.mark.parametrize("doc", DOCS)
def test_the_examples_name_inputs_and_outputs_that_exist(doc: str) -> None:
    workflow, gitlab, hooks = blocks(doc)
    text = (ROOT / doc).read_text(encoding="utf-8")
    assert set(workflow["jobs"]["check"]["steps"][1]["with"]) <= set(ACTION["inputs"])
    assert set(re.findall(r"steps\.landcheck\.outputs\.(\w+)", text)) <= set(ACTION["outputs"])
    assert (ROOT / gitlab["include"][0]["file"]).is_file()
    assert gitlab["zhangjiang"]["extends"] == ".landcheck"
    assert hooks["repos"][0]["hooks"][0]["id"] == HOOK["id"]
    template = (ROOT / "ci/gitlab/landcheck.gitlab-ci.yml").read_text(encoding="utf-8")
    assert all(name in template for name in gitlab["zhangjiang"]["variables"])


def test_no_input_is_put_into_a_command() -> None:
    for step in ACTION["runs"]["steps"]:
        assert "${{" not in step.get("run", "")
    assert "python -m landcheck" not in CHECK["run"]  # which would import what lies in the plans' repository


@pytest.fixture
def shell(tmp_path: Path) -> Any:
    """A runner's shell with landcheck on the path, in a folder with a plan."""
    bin_folder = tmp_path / "bin"
    bin_folder.mkdir()
    program = bin_folder / "landcheck"
    program.write_text(f'#!/bin/sh\nexec "{sys.executable}" -P -m landcheck "$@"\n')
    program.chmod(0o755)
    work = tmp_path / "work"
    work.mkdir()
    for plan in ("small.geojson", "a $(touch owned) b.geojson"):
        (work / plan).write_bytes((ROOT / "sample_parcels" / "small.geojson").read_bytes())

    def run(script: str, **variables: str) -> subprocess.CompletedProcess[str]:
        own = {"GITHUB_OUTPUT": str(work / "outputs"), "GITHUB_STEP_SUMMARY": str(work / "summary")}
        path = f"{bin_folder}{os.pathsep}{os.environ['PATH']}"
        environment = {**os.environ, **own, "PATH": path, "PYTHONPATH": str(ROOT), "LC_ALL": "C.UTF-8", **variables}
        # as GitHub runs bash
        return subprocess.run(
            ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script],
            cwd=work, env=environment, capture_output=True, encoding="utf-8", check=False, timeout=120,
        )  # fmt: skip

    run.work = work  # type: ignore[attr-defined]
    return run


def inputs(**given: str) -> dict[str, str]:
    """The environment of the step, as the runner makes it of the inputs and their defaults."""
    known = {name: given.get(name, entry.get("default", "")) for name, entry in ACTION["inputs"].items()}
    return {
        name: re.sub(r"\$\{\{ inputs\.([\w-]+) \}\}", lambda m: known[m[1]], value)
        for name, value in CHECK["env"].items()
    }


def test_the_action_annotates_summarises_and_reports(shell: Any) -> None:
    plan = "a $(touch owned) b.geojson"
    done = shell(CHECK["run"], **inputs(plan=plan, lang="en", arguments="--as-of\r\n2026-06-30\n\n"))
    read = json.loads((shell.work / "landcheck-report" / "landcheck.json").read_text(encoding="utf-8"))
    assert (read["as_of"], read["language"]) == ("2026-06-30", "en")
    assert done.returncode == 1
    assert (shell.work / "outputs").read_text() == "status=1\n"
    assert done.stdout.count("::error ") > 0
    summary = (shell.work / "summary").read_text(encoding="utf-8")
    assert summary == (shell.work / "landcheck-report" / "landcheck.md").read_text(encoding="utf-8")
    names = {path.name for path in (shell.work / "landcheck-report").iterdir()}
    assert names == {f"landcheck.{end}" for end in ("sarif", "junit.xml", "json", "md", "html")}
    assert not (shell.work / "owned").exists()


def test_the_action_says_so_when_nothing_could_be_checked(shell: Any) -> None:
    done = shell(CHECK["run"], **inputs(plan="nowhere.shp"))
    assert done.returncode in {2, 4}
    assert (shell.work / "outputs").read_text() == f"status={done.returncode}\n"
    assert not (shell.work / "summary").exists()
    assert "nowhere.shp" in done.stderr


def test_the_gitlab_job_writes_what_it_hands_over(shell: Any) -> None:
    variables = {name: value for name, value in GITLAB["variables"].items() if name.startswith("LANDCHECK")}
    done = shell("\n".join(GITLAB["script"]), **variables, LANDCHECK_PLAN="small.geojson")
    assert done.returncode == 1
    reports = GITLAB["artifacts"]["reports"]
    assert sum(suite.failures for suite in JUnitXml.fromfile(str(shell.work / reports["junit"]))) > 0
    issues = json.loads((shell.work / reports["codequality"]).read_text(encoding="utf-8"))
    assert any(issue["severity"] == "critical" for issue in issues)
    missing = shell("\n".join(GITLAB["before_script"]))
    assert missing.returncode != 0
    assert "LANDCHECK_INSTALL" in missing.stderr


def test_the_hook_runs_as_its_example_says(shell: Any) -> None:
    assert HOOK["pass_filenames"] is False
    args = blocks("docs/ci.md")[2]["repos"][0]["hooks"][0]["args"]
    done = shell(shlex.join([*shlex.split(HOOK["entry"]), "small.geojson", *args[1:]]))
    assert done.returncode == 1
    assert "far-industrial" in done.stdout
    for name in ("plans/a/parcels.shp", "plans/a/PARCELS.DBF", "b.gpkg", "landcheck.toml"):
        assert re.search(HOOK["files"], name)
    assert not re.search(HOOK["files"], "README.md")
