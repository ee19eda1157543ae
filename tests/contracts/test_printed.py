"""The contract's data say what the sources print, by a second record that was entered by hand."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.suites.mutation.data.model import apply_edit
from privnum.suites.mutation.data.schemas import of_schemas
from privnum.suites.mutation.data.tables import of_tables
from privnum.suites.printed.compare import differences
from privnum.suites.printed.messages import ANSWERS, REQUESTS
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.printed.pushes import PUSHES

if TYPE_CHECKING:
    from privnum.suites.mutation.data.model import Edit


def test_no_table_differs_from_what_is_printed() -> None:
    """Paths, codes, causes, numbers, area codes, and every field of every message."""
    assert list(differences()) == []


def test_every_message_is_recorded() -> None:
    """Each request, answer and push has its printed fields; parts that only others refer to have none."""
    parts = {"ax/types", "axe/types", "axyb/types", "common/types", "x/types"}
    folders = ("control/", "driver/", "report/", "server/", "target/")
    ours = {name for name in contracts.schema_names() if name.startswith(folders)}
    assert {*REQUESTS, *ANSWERS, *PUSHES} == set(contracts.schema_names()) - parts - ours
    assert set(OPERATIONS) == set(contracts.operations())


WRONG = (
    "operations.toml:axb.modify.path:becomes_rest_caas_relationnumber_partners_v9.0",
    "operations.toml:axb.modify.method:becomes_PATCH",
    "operations.toml:axe.bind.path:becomes_rest_caas_extendnumbers_v1.0",
    "area_codes.toml:0755.province:becomes_Guangxi",
    "release_causes.toml:8014.tables:without_stateCode",
    "result_codes.toml:403/1012010.status:becomes_400",
    "result_codes.toml:403/1012007:left_out",
    "q850.toml:causes.17.text:becomes_something_else",
    "callbacks.toml:axe.cdr.setting:becomes_event_url",
    "editions.toml:2026-01.pairs_per_x:becomes_4999",
    "common/types.schema.json:area_code.anyOf.0.maxLength:becomes_31",
    "common/types.schema.json:subscription_id.maxLength:becomes_63",
    "common/types.schema.json:query_user.anyOf.0.maxLength:becomes_127",
    "common/types.schema.json:tone.anyOf.0.maxLength:becomes_127",
    "axe/bind.body.schema.json:then:left_out",
    "axb/call_event.schema.json:eventType.enum:without_'alerting'",
    "axb/cdr.schema.json:feeLst.maxItems:becomes_49",
    "axb/unbind.query.schema.json:x-selectors:without_relationNum",
)


@pytest.mark.parametrize("name", WRONG)
def test_a_wrong_value_is_noticed(name: str, edits: dict[str, Edit]) -> None:
    """An edit of a file, for server and suites alike, is seen by what is printed; afterwards the file is as before."""
    edit = edits[name]
    with apply_edit(edit):
        assert next(differences(edit.file), None) is not None
    assert next(differences(edit.file), None) is None


@pytest.fixture(scope="module")
def edits() -> dict[str, Edit]:
    """Every edit by its id."""
    return {edit.id: edit for edit in (*of_tables(), *of_schemas())}
