"""docs/what-you-can-validate.md: each question can be asked so, and each proof is there."""

from __future__ import annotations

import re
import shlex
import warnings
from typing import TYPE_CHECKING, NamedTuple

import pytest

from privnum import contracts
from privnum.mockserver.embed.live import LiveServer
from privnum.rules import places
from tests.docs.shown import ROOT, page
from tests.privnum.parsing import parsed_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle

PAGE = page("docs/what-you-can-validate.md")


class Row(NamedTuple):
    """A question, how it is asked, and what proves the answer."""

    question: str
    asked: str
    proofs: tuple[str, ...]


def rows() -> list[Row]:
    found = re.findall(r"^\| (.+\?) \| `([^`]+)` \| (.+) \|$", PAGE, re.MULTILINE)
    return [Row(question, asked, tuple(re.findall(r"`([^`]+)`", proofs))) for question, asked, proofs in found]


ROWS = rows()


@pytest.fixture(scope="module")
def live() -> Iterator[LiveServer]:
    with LiveServer(seed=0) as server:
        yield server


def test_every_row_is_read() -> None:
    lines = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith("| question")]
    assert len(ROWS) == len(lines) > 30


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.question)
def test_the_proof_is_there(row: Row) -> None:
    """A test of this repository, or a rule that a check or a probe tries."""
    assert row.proofs
    for proof in row.proofs:
        file, _, name = proof.partition("::")
        if name:
            text = (ROOT / "tests" / file).read_text(encoding="utf-8")
            assert re.search(rf"^(async )?def {name}\(", text, re.MULTILINE), proof
        else:
            assert {"check", "probe"} & {use for use, _ in places(contracts.every_rule()[proof])}, proof


@pytest.mark.parametrize("row", [row for row in ROWS if row.asked.startswith("privnum ")], ids=lambda row: row.question)
def test_the_command_is_one(row: Row) -> None:
    given = vars(parsed_by(shlex.split(row.asked)[1:]).given)
    for name in given.get("vary") or ():
        assert name in contracts.variations()
    for name in re.findall(r"--assume (\S+)", row.asked):
        contracts.assumption_values(overrides=dict([name.split("=")]))


@pytest.mark.parametrize(
    "row", [row for row in ROWS if not row.asked.startswith("privnum ")], ids=lambda row: row.question
)
def test_the_line_of_a_test_runs(row: Row, live: LiveServer) -> None:
    """In a world as the fixture has it; that nobody listens at an address of the page is no fault of the line."""
    with live.world() as world, warnings.catch_warnings():
        warnings.simplefilter("ignore")
        exec(row.asked, names_of(world))


def names_of(world: WorldHandle) -> dict[str, object]:
    """What the page says that the names mean."""
    apps = {"x": world.axb, "e": world.axe, "s": world.ax, "u": world.x}
    numbers = {name: app.numbers[0] for name, app in apps.items()}
    return {"private_number": world, "a": "+8613800000001", "b": "+8613900000002", **numbers}
