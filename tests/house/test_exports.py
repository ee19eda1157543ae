"""What a module of the server says it hands out is there, is its own, and somebody takes it."""

from __future__ import annotations

import ast
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("suites", "mockserver", "contracts", "src/privnum", "tests", "examples")

#: What a user of the package gets in hand, and may name in an annotation, though nothing here does.
IN_HAND = {
    "embed.async_faults": {"AsyncFault"},
    "embed.async_handle": {"AsyncAxApp", "AsyncAxbApp", "AsyncAxeApp", "AsyncAxybApp"},
    "embed.control": {"Binding"},
    "embed.direct": {"Reply"},
    "embed.messages": {"Sms"},
}


def module_names() -> list[str]:
    """Every module of the server, as `pushes.outbox`."""
    paths = (path.relative_to(ROOT / "mockserver") for path in (ROOT / "mockserver").rglob("*.py"))
    return sorted(".".join(path.with_suffix("").parts).removesuffix(".__init__") for path in paths)


@cache
def tree_of(path: Path) -> ast.Module:
    """A module, parsed."""
    return ast.parse(path.read_text(encoding="utf-8"))


def tree_of_module(name: str) -> ast.Module:
    """A module of the server, parsed."""
    path = ROOT.joinpath("mockserver", *name.removesuffix("__init__").split("."))
    return tree_of(path.with_suffix(".py") if path.with_suffix(".py").exists() else path / "__init__.py")


def handed_out(tree: ast.Module) -> set[str]:
    """The names in `__all__`."""
    for node in tree.body:
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["__all__"]:
            return set(ast.literal_eval(node.value))
    return set()


def own_names(tree: ast.Module) -> set[str]:
    """The names that a module makes itself."""
    found: set[str] = set()
    for node in tree.body:
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = (each for target in targets for each in ast.walk(target) if isinstance(each, ast.Name))
            found.update(each.id for each in names)
    return found


@cache
def taken_names() -> dict[str, set[str]]:
    """By module what others take from it, by name (`from … import`) or as `outbox.RANK`."""
    found: dict[str, set[str]] = {}
    for room in ROOMS:
        for path in (ROOT / room).rglob("*.py"):
            if path.resolve() == path:
                note_taken(tree_of(path), found)
    return found


def note_taken(tree: ast.Module, found: dict[str, set[str]]) -> None:
    """Note what a module takes from others."""
    attributes: dict[str, set[str]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            attributes.setdefault(node.value.id, set()).add(node.attr)
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and node.module.startswith("privnum.mockserver"):
            package = node.module.removeprefix("privnum.mockserver").lstrip(".")
            for alias in node.names:
                found.setdefault(package, set()).add(alias.name)
                module = f"{package}.{alias.name}".lstrip(".")
                found.setdefault(module, set()).update(attributes.get(alias.asname or alias.name, ()))


@pytest.mark.parametrize("name", [name for name in module_names() if name != "__init__"])
def test_what_is_handed_out_is_there_and_is_taken(name: str) -> None:
    tree = tree_of_module(name)
    names = handed_out(tree)
    assert names <= own_names(tree), "import it from where it is made"
    assert names - taken_names().get(name, set()) <= IN_HAND.get(name, set()), "nobody imports it"
