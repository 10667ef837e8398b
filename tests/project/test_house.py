"""How the package is built: a name means one thing, no file or function is long, imports run in no circle."""

from __future__ import annotations

import ast
from collections import Counter
from collections.abc import Iterator
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import landcheck

PACKAGE = Path(landcheck.__file__).parent
LONGEST_FILE, LONGEST_FUNCTION = 300, 50

# Names that a module has because of what it is: of a package its face, of a program its start.
ANYWHERE = {"__init__", "__main__"}


@cache
def sources() -> dict[str, ast.Module]:
    """Every module of the package by its dotted name."""
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
    return found


def twice(names: Iterator[str]) -> set[str]:
    return {name for name, times in Counter(names).items() if times > 1}


def test_no_class_has_the_name_of_another() -> None:
    nodes = (node for source in sources().values() for node in ast.walk(source))
    assert not twice(node.name for node in nodes if isinstance(node, ast.ClassDef))


def test_no_module_has_the_name_of_another() -> None:
    stems = [path.stem for path in PACKAGE.rglob("*.py")]
    assert len(stems) > 100
    assert not twice(stem for stem in stems if stem not in ANYWHERE)


def test_no_function_is_long() -> None:
    long = {
        f"{module}.{node.name}"
        for module, source in sources().items()
        for node in ast.walk(source)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno >= LONGEST_FUNCTION
    }
    assert not long


def test_no_file_is_long() -> None:
    lines = {path: len(path.read_text(encoding="utf-8").splitlines()) for path in PACKAGE.rglob("*.py")}
    assert not {path.as_posix(): count for path, count in lines.items() if count > LONGEST_FILE}


def imported(source: ast.Module) -> Iterator[str]:
    """The modules of the package that a module names in its imports, those for types alone and late ones included."""
    known = sources()
    for node in ast.walk(source):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names if alias.name in known)
        elif isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] == PACKAGE.name:
            inner = [f"{node.module}.{alias.name}" for alias in node.names]
            yield from (name for name in inner if name in known)
            if not all(name in known for name in inner):
                yield node.module


def test_imports_run_in_no_circle() -> None:
    graph = {module: set(imported(source)) for module, source in sources().items()}
    assert sum(map(len, graph.values())) > 500
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as error:
        raise AssertionError(" imports ".join(reversed(error.args[1]))) from None


def test_every_public_name_is_there() -> None:
    assert len(landcheck.__all__) == len(set(landcheck.__all__))
    assert [name for name in landcheck.__all__ if getattr(landcheck, name, None) is None] == []
