"""What the package offers: the names it lists are there, and no others."""

from __future__ import annotations

import inspect
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

import landcheck
from landcheck import api

# What can be reached once every public name was used, but modules and names of Python itself.
REACHED = """
import json, sys, types
import landcheck
light = sorted(name for name in sys.modules if name.startswith("landcheck."))
for name in landcheck.__all__:
    getattr(landcheck, name)
reached = [name for name, value in vars(landcheck).items() if not isinstance(value, types.ModuleType)]
print(json.dumps([light, reached]))
"""


def test_every_name_resolves_and_nothing_else_does(root: Path) -> None:
    environment = os.environ | {"PYTHONPATH": str(root)}
    ran = subprocess.run([sys.executable, "-c", REACHED], env=environment, capture_output=True, check=True)
    light, reached = json.loads(ran.stdout)
    assert light == []
    assert [name for name in reached if not name.startswith("_")] == []
    assert landcheck.__all__ == api.__all__ == sorted(api.__all__)
    with pytest.raises(AttributeError, match="Callable"):
        landcheck.Callable  # noqa: B018  # what the module of the functions imports is not public


def test_every_public_function_is_typed_and_described() -> None:
    functions = [value for value in map(api.__dict__.get, api.__all__) if inspect.isfunction(value)]
    assert len(functions) > 10
    for function in functions:
        assert inspect.getdoc(function), function
        signature = inspect.signature(function)
        kinds = [signature.return_annotation, *(one.annotation for one in signature.parameters.values())]
        assert inspect.Signature.empty not in kinds, function


def test_a_module_of_the_package_is_no_public_name_but_can_be_imported() -> None:
    from landcheck import messages

    assert "messages" not in landcheck.__all__
    assert messages.LANGUAGES


def test_one_run_from_python_with_all_that_can_be_asked_of_it(root: Path, tmp_path: Path) -> None:
    import datetime as dt

    request = landcheck.Request(str(root / "sample_parcels/plan.gpkg"), as_of=dt.date(2026, 6, 30), show_all=True)
    report = landcheck.check(request)
    landcheck.write_files(report, [tmp_path / "r.json"], "en", "all")
    saved = landcheck.load_report(str(tmp_path / "r.json"))
    assert landcheck.difference(saved, report).clean
    _, (explanation,) = landcheck.explain(request, "PD01-01", ["far-industrial"])
    assert explanation.finding.rule.id == "far-industrial"
    supposed = landcheck.whatif(request, "PD01-01", {"far_gfa_m2": "1"})
    assert {after.verdict for before, after in supposed.pairs if before.verdict is not after.verdict}
    assert landcheck.compare(request, request).difference.clean
    assert landcheck.survey_fields(request).layers
    assert [pack.id for pack in landcheck.load_packs(["auto"])] == list(landcheck.pack_names())
    assert landcheck.load_pack("shanghai-2021-9") in report.packs
