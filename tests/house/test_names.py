"""A function's name says what it does or returns: never a lone participle."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
ROOMS = ("suites", "mockserver", "contracts", "src/privnum", "tests", "examples")

#: Past participles that do not end with -ed. Words that are a verb's plain form as well (set, put, read) are not here.
IRREGULAR = """
begun bent bitten blown born borne bought bound broken brought built burnt caught chosen done drawn driven eaten
fallen fed felt flown forbidden forgotten fought found frozen given gone grown heard held hidden hung kept known
laid learnt led lent lit lost made meant met paid proven ridden risen said sat seen sent shaken shone shot shown
shrunk sold sought spelt spent spoken spoilt stolen stood struck stuck sung sunk swept sworn taken taught thought
thrown told torn understood withdrawn woken won worn woven written
"""
PREFIXES = ("un", "re", "over", "fore", "mis", "with", "under", "for")
#: They end like a participle and are none.
VERBS = frozenset(("embed", "exceed", "proceed", "succeed"))

#: Names that stay, with the reason.
ALLOWED = {
    ("contracts/_load.py", "untested"): "public: named as its table, contracts/untested.toml",
    ("contracts/_load.py", "reserved"): "public: named as its table, contracts/reserved.toml",
    ("contracts/_localized.py", "untested"): "public: the same table in another language",
    ("contracts/_localized.py", "reserved"): "public: the same table in another language",
}

#: Values, whose names may be what they are: `binding.bound`.
VALUES = frozenset(("property", "cached_property", "setter", "fixture"))


def is_participle(name: str) -> bool:
    """Whether a name is one past participle and nothing more."""
    word = name.strip("_")
    if "_" in word or word in VERBS:
        return False
    participles = frozenset(IRREGULAR.split())
    stems = (word, *(word.removeprefix(prefix) for prefix in PREFIXES))
    return (len(word) > 4 and word.endswith("ed")) or not participles.isdisjoint(stems)


def is_value(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    """Whether a function is read as a value: a property or a fixture."""
    calls = [each.func if isinstance(each, ast.Call) else each for each in node.decorator_list]
    words = [each.attr if isinstance(each, ast.Attribute) else getattr(each, "id", "") for each in calls]
    return not VALUES.isdisjoint(words)


def lone_participles(source: str) -> list[tuple[str, int]]:
    """Name and line of each function that is named with a participle alone."""
    functions = [n for n in ast.walk(ast.parse(source)) if isinstance(n, ast.FunctionDef | ast.AsyncFunctionDef)]
    return [(node.name, node.lineno) for node in functions if is_participle(node.name) and not is_value(node)]


def modules() -> list[Path]:
    """Every module of the rooms; src/privnum has the others as links."""
    found = (path for room in ROOMS for path in (ROOT / room).rglob("*.py"))
    rooms = {ROOT / "src" / "privnum" / room for room in ROOMS}
    return sorted(path for path in found if rooms.isdisjoint(path.parents))


def test_functions_are_not_named_by_a_lone_participle() -> None:
    """They name the act (record_bind), the thing (shown_bindings) or the question (is_bound)."""
    wrong = []
    for path in modules():
        module = path.relative_to(ROOT).as_posix()
        for name, line in lone_participles(path.read_text(encoding="utf-8")):
            if (module, name) not in ALLOWED:
                wrong.append(f"{module}:{line}: {name}")
    assert wrong == [], "name what it does or returns, in two or three words"


def test_every_exception_is_needed() -> None:
    """An exception whose function is gone leaves the list."""
    there = {
        (module, name)
        for module in {module for module, _ in ALLOWED}
        for name, _ in lone_participles((ROOT / module).read_text(encoding="utf-8"))
    }
    assert there >= ALLOWED.keys()


@pytest.mark.parametrize("name", ["bound", "_shown", "refused", "unbound", "foreseen", "withheld"])
def test_a_lone_participle_is_noticed(name: str) -> None:
    """Private, irregular or with a prefix."""
    assert lone_participles(f"class A:\n    def {name}(self): ...\n") == [(name, 2)]


@pytest.mark.parametrize("name", ["record_bind", "shown_bindings", "is_bound", "embed", "read", "need", "outcome"])
def test_other_names_are_none_of_its_business(name: str) -> None:
    """Verbs, nouns, and names of more than one word."""
    assert lone_participles(f"def {name}(): ...\n") == []


@pytest.mark.parametrize("decorator", ["property", "cached_property", "pytest.fixture", "pytest.fixture(name='x')"])
def test_properties_and_fixtures_may_have_one(decorator: str) -> None:
    """They are read as values."""
    assert lone_participles(f"@{decorator}\ndef bound(self): ...\n") == []
