"""contracts/flows.toml and examples.toml hold together with the tables that they name."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import pytest

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterator

FLOWS = contracts.flows()
BUILT = contracts.operations()
MODES = {each.mode for each in contracts.callbacks().values()}
here = [flow for flow in FLOWS.values() if flow.mode in MODES]


def placeholders(step: contracts.FlowStep) -> Iterator[tuple[str, str]]:
    """What a step takes from elsewhere, as (step or nothing, field)."""
    for part in (step.query, step.body, step.call, step.sms):
        for value in part.values():
            if found := re.fullmatch(r"\{(?:(\w+)\.)?(\w+)\}", value):
                yield found[1] or "", found[2]


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.mode)
def test_a_flow_is_of_a_mode_and_its_operations(flow: contracts.Flow) -> None:
    assert flow.mode in MODES
    assert flow.title
    assert flow.text
    for step in flow.steps:
        if step.sms:
            assert set(step.sms) >= {"from", "to", "text"}
        elif step.operation is None:
            assert set(step.call) >= {"caller", "called"}
        else:
            assert BUILT[step.operation].mode == flow.mode
            assert not step.call


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.mode)
def test_a_flow_binds_calls_once_and_unbinds(flow: contracts.Flow) -> None:
    names = [step.name for step in flow.steps]
    assert names.count("call") == 1
    if any(step.operation for step in flow.steps):  # in X nothing is bound
        assert names[0] == "bind"
        assert names[-1] == "unbind"
    assert len(set(names)) == len(names)


@pytest.mark.parametrize("flow", FLOWS.values(), ids=lambda flow: flow.mode)
def test_every_source_of_a_flow_is_known(flow: contracts.Flow) -> None:
    assert flow.source
    assert not [key for key in flow.source if key.partition("@")[0] not in contracts.sources()]


@pytest.mark.parametrize("flow", here, ids=lambda flow: flow.mode)
def test_a_step_takes_what_an_earlier_answer_has(flow: contracts.Flow) -> None:
    had: dict[str, set[str]] = {"": {*contracts.examples().numbers, "app_key"}}
    for step in flow.steps:
        for of, field in placeholders(step):
            assert field in had[of], (step.name, of, field)
        if step.operation:
            had[step.name] = set(contracts.schema(BUILT[step.operation].response)["properties"])


@pytest.mark.parametrize("flow", here, ids=lambda flow: flow.mode)
def test_a_step_sends_what_its_operation_takes(flow: contracts.Flow) -> None:
    for step in flow.steps:
        if step.operation:
            operation = BUILT[step.operation]
            for name, part in ((operation.query, step.query), (operation.body, step.body)):
                schema = contracts.schema(name) if name else {"properties": {}}
                assert set(schema.get("required", ())) <= set(part) <= set(schema["properties"])
        else:
            assert set(step.call) <= set(contracts.schema("driver/call.create")["properties"])
            assert set(step.sms) <= set(contracts.schema("driver/sms.create")["properties"])


@pytest.mark.parametrize("flow", here, ids=lambda flow: flow.mode)
def test_the_events_of_a_flow_are_events_of_its_mode(flow: contracts.Flow) -> None:
    schema = contracts.schema(contracts.callbacks()[f"{flow.mode.lower()}.call_event"].schema)
    assert list(flow.events) == schema["properties"]["eventType"]["enum"]


def test_every_event_of_the_contract_has_example_values() -> None:
    for callback in (each for each in contracts.callbacks().values() if each.kind == "call_event"):
        events = contracts.schema(callback.schema)["properties"]["eventType"].get("enum", ())
        assert set(events) <= set(contracts.examples().events)
