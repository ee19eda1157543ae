"""`privnum openapi --arazzo`: its flows are those of the contract, and the embedded server goes through each."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from privnum import cli, contracts
from privnum.mockserver.embed.applications import AppHandle, signed_headers
from privnum.mockserver.embed.direct import DirectServer
from privnum.openapi import arazzo_document, driver_document, every_mode, openapi_document
from tests.privnum.arazzo_runner import Runner, Seen

if TYPE_CHECKING:
    from collections.abc import Iterator

DOCUMENT = arazzo_document()
SOURCES = {"api": openapi_document(), "driver": driver_document()}
WORKFLOWS = {workflow["workflowId"]: workflow for workflow in DOCUMENT["workflows"]}
FLOWS = [contracts.flows()[mode] for mode in every_mode() if mode in contracts.flows()]


def steps() -> Iterator[tuple[Any, Any]]:
    for workflow in DOCUMENT["workflows"]:
        for step in workflow["steps"]:
            yield workflow, step


def strings(node: Any) -> Iterator[str]:
    if isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)
    elif isinstance(node, str):
        yield node


def test_each_mode_has_a_workflow_or_is_said_to_have_none() -> None:
    described = {flow.mode for flow in FLOWS}
    assert set(WORKFLOWS) == {f"{mode.lower()}_main" for mode in described}
    missing = [mode for mode in every_mode() if mode not in described]
    assert DOCUMENT["info"]["x-modes-without-flow"] == missing
    assert all(mode in DOCUMENT["info"]["description"] for mode in missing)


def test_a_mode_without_a_flow_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    first, *others = contracts.flows()
    kept = {mode: contracts.flows()[mode] for mode in others}
    monkeypatch.setattr(contracts, "flows", lambda: kept)
    mode = next(mode for mode in every_mode() if mode in others)
    document = arazzo_document([first, mode])
    assert document["info"]["x-modes-without-flow"] == [first]
    assert f"No flow is described yet of {first}." in document["info"]["description"]


def test_without_any_flow_there_is_no_document(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(contracts, "flows", dict)
    assert cli.main(["openapi", "--arazzo", "--mode", "axb"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err == "privnum openapi: contracts/flows.toml has no flow of AXB; name another mode\n"


def test_steps_have_names_of_their_own() -> None:
    for workflow in DOCUMENT["workflows"]:
        names = [step["stepId"] for step in workflow["steps"]]
        assert len(set(names)) == len(names)
        assert all(re.fullmatch(r"[A-Za-z0-9_\-]+", name) for name in (workflow["workflowId"], *names))


def test_every_operation_of_a_step_is_in_its_source() -> None:
    known = {
        f"$sourceDescriptions.{name}.{operation['operationId']}"
        for name, source in SOURCES.items()
        for item in source["paths"].values()
        for operation in item.values()
    }
    assert [source["name"] for source in DOCUMENT["sourceDescriptions"]] == list(SOURCES)
    assert {step["operationId"] for _, step in steps()} <= known


def test_every_expression_names_what_is_there_by_then() -> None:
    for workflow in DOCUMENT["workflows"]:
        had: set[str] = {f"$inputs.{name}" for name in workflow["inputs"]["properties"]}
        for step in workflow["steps"]:
            for text in strings({key: value for key, value in step.items() if key != "outputs"}):
                named = re.findall(r"\$(?:inputs|steps)\.[\w.]+", text)
                assert set(named) <= had, step["stepId"]
            had |= {f"$steps.{step['stepId']}.outputs.{name}" for name in step.get("outputs", {})}
        assert set(workflow["outputs"].values()) <= had


@pytest.mark.parametrize("flow", FLOWS, ids=lambda flow: flow.mode)
def test_the_embedded_server_goes_through_the_flow(flow: contracts.Flow) -> None:
    """Each step of the document is sent as it says; the last push is the CDR, and nothing is bound any more."""
    numbers = [{"number": contracts.examples().numbers[name], "area_code": "0755"} for name in ("x", "y")]
    application: dict[str, Any] = {"mode": flow.mode, "numbers": numbers, "event_url": "inbox:", "fee_url": "inbox:"}
    if flow.mode == "X":
        info = {"calleeNum": contracts.examples().numbers["b"], "userData": contracts.examples().fields["userData"]}
        application["callin_answer"] = {"body": {"operation": "connect", "connectInfo": info}}
        action = {"operation": "vNumberRoute", "message": {"called": contracts.examples().numbers["b"]}}
        application |= {"sms_control_url": "inbox:", "sms_verdict": {"actions": [action]}}
    server = DirectServer()
    made = json.loads(
        server.request(
            "POST",
            "/_privnum/worlds",
            headers=[("content-type", "application/json")],
            body=json.dumps({"applications": [application]}).encode(),
        )[2]
    )
    app = made["applications"][0]
    headers = signed_headers(AppHandle(app["mode"], app["app_key"], app["app_secret"], ()))
    given = {
        "world": made["id"],
        "authorization": headers["Authorization"],
        "aksk": headers["X-AKSK"],
        "app_key": app["app_key"],
    }
    bases = {"api": made["url"].removeprefix("http://privnum.test"), "driver": ""}
    seen = Runner(server, DOCUMENT, SOURCES, bases).run(WORKFLOWS[f"{flow.mode.lower()}_main"], given)
    assert len(seen["call_cdr"].body["pushes"]) == len(flow.events) + 1
    assert_as_in_the_examples(flow, seen["call_cdr"])


def assert_as_in_the_examples(flow: contracts.Flow, seen: Seen) -> None:
    """What the examples show of each event is what comes, but for fields that the platform may leave out."""
    webhooks = SOURCES["api"]["webhooks"]
    content = webhooks[f"{flow.mode.lower()}.call_event"]["post"]["requestBody"]["content"]["application/json"]
    for push in seen.body["pushes"][: len(flow.events)]:
        shown = content["examples"][push["body"]["eventType"]]["value"]["statusInfo"]
        assert shown.keys() <= push["body"]["statusInfo"].keys()
