"""Versions of what we stand on: none with a known fault is let in, and no untried one of what we change inside."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
REQUIRED = [
    Requirement(text)
    for texts in (PROJECT["dependencies"], *PROJECT["optional-dependencies"].values())
    for text in texts
    if not text.startswith("privnum")
]


def of(name: str) -> Requirement:
    return next(each for each in REQUIRED if each.name == name)


@pytest.mark.parametrize(
    ("name", "last_bad", "first_good"),
    [
        ("h11", "0.14.0", "0.16.0"),  # CVE-2025-43859: malformed chunks are taken
        ("orjson", "3.11.4", "3.11.5"),  # CVE-2025-67221: deep nesting ends the process
    ],
)
def test_no_version_with_a_known_fault_is_let_in(name: str, last_bad: str, first_good: str) -> None:
    assert not of(name).specifier.contains(last_bad)
    assert of(name).specifier.contains(first_good)


def test_what_we_change_inside_has_an_upper_bound() -> None:
    """WireProtocol is a subclass of a class of uvicorn that promises nothing."""
    assert any(bound.operator in ("<", "<=", "~=", "==") for bound in of("uvicorn").specifier)


def test_the_versions_that_the_tests_run_with_are_let_in_and_named() -> None:
    pinned = dict(
        line.split("==") for line in (ROOT / "constraints.txt").read_text("utf-8").splitlines() if "==" in line
    )
    known = {canonicalize_name(name): Version(version) for name, version in pinned.items()}
    for each in REQUIRED:
        assert canonicalize_name(each.name) in known, f"{each.name} is in no line of constraints.txt"
        assert each.specifier.contains(known[canonicalize_name(each.name)]), each
