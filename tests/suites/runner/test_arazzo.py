"""A counterexample as an Arazzo document: a runner that goes through it sees the failure again."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.embed.applications import AppHandle, signed_headers
from privnum.mockserver.embed.direct import DirectServer
from privnum.openapi import arazzo_document as flows_document
from privnum.openapi import driver_document, openapi_document
from privnum.suites.base.trace import Step
from privnum.suites.runner.arazzo import arazzo_document
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from tests.privnum.arazzo_runner import Runner

if TYPE_CHECKING:
    from collections.abc import Mapping

REFUSED = "403/1012010"
RULE, MESSAGE = "AXB-BIND-005", f"expected success, came {REFUSED}"
SOURCES = {"api": openapi_document(), "driver": driver_document()}


@pytest.fixture(scope="module")
def history() -> list[Step]:
    """Two binds of one pair, a call, an unbind, and a query."""
    session = Session()
    context = CheckContext(session, "it").open()
    a, b, x = context.user(), context.user(), context.axb.x()
    bound = context.axb.bind(a, b, x)
    context.call(a, x)
    context.axb.bind(a, b, x)
    context.axb.unbind(subscriptionId=bound["subscriptionId"])
    context.axb.query(relationNum=x)
    context.note("the binding is gone")
    steps = list(context.history)
    context.close()
    session.close()
    return steps


def document_of(history: list[Step], **changes: Any) -> Any:
    return arazzo_document(history, replace(Session().target, **changes), RULE, MESSAGE)


def keys(node: Any) -> set[str]:
    """Names of members, but for those that the document's own words are."""
    if isinstance(node, list):
        return set().union(*map(keys, node))
    if not isinstance(node, dict):
        return set()
    free = ("properties", "outputs", "payload")
    return set(node) | set().union(*(keys(value) for name, value in node.items() if name not in free))


def run(document: Any, history: list[Step]) -> Mapping[str, Any]:
    """Go through the document in a world as the check had."""
    server = DirectServer()
    recipe = next(step.payload for step in history if step.kind == "world")
    apps = [{k: "inbox:" if k.endswith("_url") and v else v for k, v in app.items()} for app in recipe["applications"]]
    body = json.dumps({**recipe, "applications": apps}).encode()
    made = json.loads(
        server.request("POST", "/_privnum/worlds", headers=[("content-type", "application/json")], body=body)[2]
    )
    app = made["applications"][0]
    headers = signed_headers(AppHandle(app["mode"], app["app_key"], app["app_secret"], ()))
    given = {"world": made["id"], "authorization_1": headers["Authorization"], "aksk_1": headers["X-AKSK"]}
    bases = {"api": made["url"].removeprefix("http://privnum.test"), "driver": ""}
    return Runner(server, document, SOURCES, bases).run(document["workflows"][0], given)


def test_a_runner_sees_what_came_in_the_run(history: list[Step]) -> None:
    """Ids that came back are outputs: another world has others."""
    document = document_of(history)
    seen = run(document, history)
    codes = [answer.body.get("resultcode") for answer in seen.values() if "resultcode" in answer.body]
    assert codes == [step.answer.code for step in history if step.answer is not None]
    assert "1012010" in codes
    text = json.dumps(document)
    assert not [step for step in history if step.answer is not None and str(step.answer["subscriptionId"]) in text]
    assert "Then callin is pushed." in text
    assert "the binding is gone" in text


def test_what_does_not_come_again_stops_the_runner(history: list[Step]) -> None:
    document = json.loads(json.dumps(document_of(history)).replace("'1012010'", "'1012099'"))
    with pytest.raises(AssertionError, match="1012010"):
        run(document, history)


def test_it_has_no_member_that_the_flows_do_not_have(history: list[Step]) -> None:
    """Both are held against a published schema in tests/suites/report/test_counterexample_files.py."""
    made = document_of(history)
    assert keys(made) <= keys(flows_document()) | {"query"}
    assert [source["name"] for source in made["sourceDescriptions"]] == list(SOURCES)
    names = [step["stepId"] for step in made["workflows"][0]["steps"]]
    assert len(set(names)) == len(names)
    assert all(step["successCriteria"] for step in made["workflows"][0]["steps"])


def test_real_numbers_are_inputs(history: list[Step]) -> None:
    users = [json.loads(step.content)["callerNum"] for step in history if step.content]
    assert users[0] in json.dumps(document_of(history))
    hidden = document_of(history, base_url="https://platform.example/")
    assert users[0] not in json.dumps(hidden)
    assert any(name.startswith("number_") for name in hidden["workflows"][0]["inputs"]["required"])


@pytest.mark.parametrize(
    "step",
    [
        Step("request", "axb.bind", "POST", "/rest/caas/relationnumber/partners/v1.0", 1, bent={"nonce": "x"}),
        Step("request", "", "GET", "/nowhere", 1),
        Step("request", "axb.bind", "POST", "/rest/caas/relationnumber/partners/v1.0", 1, content=b"{"),
        Step("control", "no.such", target="{}"),
    ],
    ids=["a bent signature", "no operation", "no JSON", "no message"],
)
def test_what_is_no_operation_has_no_document(history: list[Step], step: Step) -> None:
    assert document_of([*history, step]) is None
