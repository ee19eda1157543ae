"""The family of data: that it covers each file and keyword, is in force for both sides, and says who noticed."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.contracts._files import contents
from privnum.mockserver.core import numbers
from privnum.suites.mutation.data import matrix as data_matrix
from privnum.suites.mutation.data.edits import edits, near_to, task_of
from privnum.suites.mutation.data.model import Edit, apply_edit
from privnum.suites.mutation.data.schemas import (
    FOLDERS,
    KEYWORDS,
    NOT_KEYWORDS,
    NOT_SCHEMAS,
)
from privnum.suites.mutation.data.tables import NOT_EDITED, TABLES
from privnum.suites.mutation.runner import Outcome, Task, raise_children

if TYPE_CHECKING:
    from collections.abc import Iterator


def test_every_table_is_edited_or_told_why_not() -> None:
    """Each file of contracts/ has its edits, or a reason why none of its rows decides what the platform does."""
    tables = {path for path in contents() if path.endswith(".toml")}
    assert tables == TABLES.keys() | NOT_EDITED.keys()
    assert not TABLES.keys() & NOT_EDITED.keys()
    assert {edit.file for edit in edits().values() if edit.file.endswith(".toml")} == set(TABLES)


def test_every_row_is_edited() -> None:
    """Nothing stands in an edited table of which no edit is made."""
    parts = {(edit.file, edit.part) for edit in edits().values()}
    for file, rows in (
        ("operations.toml", contracts.operations()),
        ("callbacks.toml", contracts.callbacks()),
        ("result_codes.toml", contracts.result_codes()),
        ("release_causes.toml", contracts.release_causes()),
        ("numbers.toml", contracts.number_kinds()),
        ("area_codes.toml", contracts.area_codes()),
        ("editions.toml", contracts.editions()),
    ):
        assert {(file, str(row)) for row in rows} <= parts, file
    assert {("q850.toml", f"causes.{number}") for number in contracts.q850()} <= parts


def test_every_schema_is_edited_or_told_why_not() -> None:
    """Each message of the platform has its edits; other folders have a reason."""
    names = contracts.schema_names()
    assert {name.partition("/")[0] for name in names} == {*FOLDERS, *NOT_SCHEMAS}
    schemas = {f"{name}.schema.json" for name in names if name.partition("/")[0] in FOLDERS}
    assert {edit.file for edit in edits().values() if edit.file.endswith(".json")} == schemas


def test_every_keyword_is_edited_or_told_why_not() -> None:
    """A keyword that a schema begins to use must be one of either."""
    used = set()
    for name in contracts.schema_names():
        if name.partition("/")[0] in FOLDERS:
            used |= set(_keywords(json.loads(contents()[f"schemas/{name}.schema.json"])))
    assert used == KEYWORDS.keys() | NOT_KEYWORDS.keys()
    assert {edit.keyword for edit in edits().values() if edit.file.endswith(".json")} == set(KEYWORDS)


def _keywords(schema: dict[str, Any]) -> Iterator[str]:
    yield from schema
    inner = [*schema.get("properties", {}).values(), *schema.get("$defs", {}).values(), *schema.get("anyOf", ())]
    inner += [schema[keyword] for keyword in ("items", "if", "then") if keyword in schema]
    for part in inner:
        yield from _keywords(part)


def test_an_edit_is_in_force_for_both_sides_for_a_while() -> None:
    """Contract, server and schemas have it; nothing is left behind."""
    edit = edits()["numbers.toml:mobile.pattern:without_8_at_6"]
    with apply_edit(edit):
        assert numbers.kind("+8618012345678") is None
    assert numbers.kind("+8618012345678") == "mobile"
    schema = edits()["axb/modify.body.schema.json:required:with_callerNum"]
    with apply_edit(schema):
        assert contracts.validate("axb.modify", body={"subscriptionId": "s"})
    assert not contracts.validate("axb.modify", body={"subscriptionId": "s"})


def test_what_no_source_settles_has_a_reason() -> None:
    """An edit that nobody need notice says why: a choice of ours, a client's form, a gap in the pages."""
    assert [edit.id for edit in edits().values() if not edit.settled and not edit.why] == []
    assert {edit.basis for edit in edits().values()} <= {"documented", "observed", "assumed", "open", "equivalent"}


def test_near_rules_exist() -> None:
    """Whoever is named as near to an edit is a rule."""
    rules = contracts.requirements()
    for edit in edits().values():
        for pattern in near_to(edit):
            name = pattern.partition("/")[0]
            assert name in rules or any(sign in name for sign in "*?["), (edit.id, name)


def test_edits_are_judged_by_checks() -> None:
    """A path that is wrong on both sides is noticed by a check, which has the right one from the sources."""
    chosen = [
        edits()["operations.toml:axb.bind.path:becomes_rest_caas_relationnumber_partners_v9.0"],
        edits()["numbers.toml:mobile.pattern:without_5_at_6"],
    ]
    outcomes: list[Outcome] = []
    raise_children([task_of(edit) for edit in chosen], outcomes.append)
    rows = {row["id"]: row for row in map(data_matrix.row, outcomes)}
    assert all(rows[edit.id]["noticed_by"] for edit in chosen)
    assert all(rows[edit.id]["printed"] for edit in chosen)


def test_the_matrix_tells_what_nobody_noticed() -> None:
    """Settled values by themselves, the others by file and reason."""

    def row(name: str, basis: str, why: str = "", **outcome: Any) -> data_matrix.Row:
        edit = Edit(name, "q850.toml", f"{name}: left out", dict.clear, name, "row", basis, why)
        return data_matrix.row(Outcome(Task("AXB", "quick", edit=edit), 0.5, **outcome))

    rows = [
        row("one", "documented", noticed=("AXB-CDR-001",)),
        row("two", "documented", printed="it differs"),
        row("three", "documented"),
        row("four", "open", "cut in every copy"),
    ]
    text = "\n".join(data_matrix.summary(rows))
    assert text.splitlines()[1].split() == ["q850.toml", "3", "1", "1", "1", "1", "0"]
    assert "though a source settles the value:\n  three" in text
    assert "q850.toml (open: cut in every copy)\n    four: left out" in text
    assert "noticed by AXB-CDR-001" in data_matrix.line(rows[0])
