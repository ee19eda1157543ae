"""docs/robustness.md and docs/security.md: every row names tests, and every test that it names is there."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

TESTS = Path(__file__).resolve().parents[1]
#: The least number of rows that a page has, so that no slip of the parsing leaves none.
LEAST = {"robustness.md": 50, "security.md": 25}
PAGES = {page: (TESTS.parent / "docs" / page).read_text(encoding="utf-8") for page in LEAST}
NAMED = sorted({found for text in PAGES.values() for found in re.findall(r"`([\w/]+\.py)::(\w+)`", text)})


def rows_of(text: str) -> list[str]:
    """The rows of the tables whose last column is for tests."""
    tables = re.findall(r"^\|.*\| test \|\n\|[-|]*\|\n((?:\|.*\n)+)", text, re.MULTILINE)
    return [row for table in tables for row in table.splitlines()]


@pytest.mark.parametrize("page", PAGES)
def test_every_row_names_a_test(page: str) -> None:
    rows = rows_of(PAGES[page])
    assert len(rows) > LEAST[page]
    columns = {row.count("|") for row in rows}
    assert len(columns) == 1, columns
    for row in rows:
        assert "::test_" in row.split("|")[-2], row


@pytest.mark.parametrize(("file", "name"), NAMED, ids=[name for _, name in NAMED])
def test_every_test_that_is_named_is_there(file: str, name: str) -> None:
    assert re.search(rf"^(async )?def {name}\(", (TESTS / file).read_text(encoding="utf-8"), re.MULTILINE)
