"""The rooms are built from the bottom up: no package imports one that stands above it."""

from __future__ import annotations

import ast
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).parents[2]
LOWEST_FIRST = {
    "suites": "base history printed coverage transport driver target callbacks safety runner"
    " oracle log checks probes report commands mutation selftest",
    "mockserver": "core pushes calls sms modes journal worlds control statefile database inspector http embed",
}
"""`printed` is a base of literal values."""
ORDER = {room: packages.split() for room, packages in LOWEST_FIRST.items()}
TYPED_UPWARDS = {
    "core.modes -> worlds.world",
    "modes.common -> worlds.world",
    "pushes.bodies -> calls.call",
}
"""Imports for annotations alone. Each is one to untie; none may be added."""
OPERATIONS = {"bind", "unbind", "modify", "query", "selectors", "number_selection", "callee"}
"""Modules of a mode whose functions are handed the world."""


@cache
def _modules(room: str) -> dict[str, ast.Module]:
    paths = sorted((ROOT / room).rglob("*.py"))
    return {_name(path, room): ast.parse(path.read_text(encoding="utf-8")) for path in paths}


def _name(path: Path, room: str) -> str:
    return ".".join(path.relative_to(ROOT / room).with_suffix("").parts).removesuffix("__init__").rstrip(".")


def _imports(tree: ast.Module, room: str, known: dict[str, ast.Module]) -> Iterator[tuple[str, bool]]:
    """The modules of the room that a module imports, and whether only for annotations."""
    guarded = [n for n in tree.body if isinstance(n, ast.If) and ast.unparse(n.test) == "TYPE_CHECKING"]
    typed = {id(inner) for block in guarded for inner in ast.walk(block)}
    start = f"privnum.{room}"
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            names = [f"{node.module}.{alias.name}" for alias in node.names]
        else:
            continue
        for name in names:
            if name == start or name.startswith(f"{start}."):
                found = name.removeprefix(start).lstrip(".")
                yield found if found in known else found.rpartition(".")[0], id(node) in typed


def _with_folders(name: str, imported: set[str]) -> set[str]:
    """What is run when they are imported: the folders that each is in too, but for those of the module itself."""
    parts = [other.split(".") for other in imported]
    whole = {".".join(path[:end]) for path in parts for end in range(1, len(path) + 1)}
    return {other for other in whole if not f"{name}.".startswith(f"{other}.")}


def _upwards(room: str, *, typed: bool) -> set[str]:
    known, rank = _modules(room), {package: place for place, package in enumerate(ORDER[room])}
    found = set()
    for name, tree in known.items():
        for other, is_typed in _imports(tree, room, known):
            ours, theirs = name.split(".")[0], other.split(".")[0]
            if is_typed == typed and ours in rank and rank.get(theirs, -1) > rank[ours]:
                found.add(f"{name} -> {other}")
    return found


@pytest.mark.parametrize("room", ORDER)
def test_every_package_has_a_place_in_the_order(room: str) -> None:
    folders = {path.parent.name for path in (ROOT / room).glob("*/__init__.py")}
    assert folders == set(ORDER[room])


@pytest.mark.parametrize("room", ORDER)
def test_no_import_at_run_time_points_upwards(room: str) -> None:
    """Nor one inside a function."""
    assert not _upwards(room, typed=False)


def test_no_annotation_points_upwards_but_those_that_are_listed() -> None:
    found = _upwards("suites", typed=True) | _upwards("mockserver", typed=True)
    of_modes = {
        f"modes.{folder.parent.name}.{module} -> worlds.world"
        for folder in (ROOT / "mockserver/modes").glob("*/mode.py")
        for module in OPERATIONS
    }
    assert found - of_modes == TYPED_UPWARDS


@pytest.mark.parametrize("room", ORDER)
def test_no_module_imports_itself_by_way_of_others(room: str) -> None:
    """Nor by an import inside a function: nothing is in a circle."""
    known = _modules(room)
    graph = {
        name: _with_folders(name, {other for other, typed in _imports(tree, room, known) if not typed})
        for name, tree in known.items()
    }
    TopologicalSorter(graph).prepare()  # raises CycleError, which names the modules
