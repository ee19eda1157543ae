"""What exchanges show: where a claim follows, and no more than stands in them."""

from __future__ import annotations

from typing import Any

import orjson
import pytest

from privnum.suites.base.trace import Step
from privnum.suites.coverage.sightings import KEPT, Ration, push_id, shown_in
from privnum.suites.transport.api import make_answer


def asked_step(operation: str, target: str = "/rest", status: int = 200, code: str = "0", **fields: Any) -> Step:
    """A request with its answer; `fields` are the body, `answer` more of what came back."""
    came = {"resultcode": code, "resultdesc": "told", **fields.pop("answer", {})}
    answer = make_answer(status, [], orjson.dumps(came))
    content = orjson.dumps(fields) if fields else b""
    return Step("request", text=operation, method="POST", target=target, content=content, answer=answer)


def shown_by(step: Step) -> set[str]:
    return set(shown_in([step], [(1, "AXB-BIND-001")]))


def test_a_request_shows_what_was_sent_and_what_came() -> None:
    step = asked_step(
        "axb.bind", callerNum="+8613800000001", callDirection=1, answer={"subscriptionId": "s", "callDirection": 1}
    )
    assert (shown_by(step)) == {
        "axb.bind",
        "axb.bind body callerNum",
        "axb.bind body callDirection",
        "axb.bind body callDirection=1",
        "axb.bind response resultcode",
        "axb.bind response resultdesc",
        "axb.bind response subscriptionId",
        "axb.bind response callDirection",
        "axb.bind response callDirection=1",
        "200/0",
    }


def test_a_query_string_shows_its_parameters() -> None:
    shown = shown_by(asked_step("axb.query", "/rest?relationNum=%2B8617000000001&pageIndex=1&more=2"))
    assert {"axb.query query relationNum", "axb.query query pageIndex"} <= shown
    assert not [id_ for id_ in shown if "more" in id_]


def test_a_refusal_shows_its_code_of_that_operation() -> None:
    assert "axb.bind 403/1012010" in (shown_by(asked_step("axb.bind", status=403, code="1012010")))
    assert "403/1010003" in (shown_by(asked_step("axb.bind", status=403, code="1010003")))
    shown = shown_by(asked_step("axb.bind", status=403, code="9999999"))
    assert shown == {"axb.bind", "axb.bind response resultcode", "axb.bind response resultdesc"}


def test_a_request_without_a_name_is_known_by_its_address() -> None:
    named = asked_step("axb.bind", callerNum="x")
    step = named._replace(text="", target="/rest/caas/relationnumber/partners/v1.0")
    assert (shown_by(step)) == (shown_by(named))
    assert not (shown_by(step._replace(target="/rest/else")))


@pytest.mark.parametrize("content", [b"", b"{", b"[1]", b"null", b'{"callerNum": {"deep": [1]}, "callDirection": [1]}'])
def test_any_body_can_be_looked_at(content: bytes) -> None:
    assert "axb.bind" in (shown_by(asked_step("axb.bind")._replace(content=content)))


def test_a_push_shows_its_fields_and_the_cause_of_its_call() -> None:
    body = {"eventType": "disconnect", "statusInfo": {"sessionId": "s", "stateCode": 8016, "surplus": 1}}
    assert (shown_by(Step("push", target="axb.call_event", payload=body))) == {
        "axb.call_event",
        "axb.call_event eventType",
        "axb.call_event eventType=disconnect",
        "axb.call_event statusInfo",
        "axb.call_event statusInfo.sessionId",
        "axb.call_event statusInfo.stateCode",
        "stateCode 8016",
    }
    cdrs = {"eventType": "fee", "feeLst": [{"direction": 0}, {"direction": 1, "ulFailReason": 8016}]}
    shown = shown_by(Step("push", target="axb.cdr", payload=cdrs))
    assert {"axb.cdr feeLst[].direction=0", "axb.cdr feeLst[].direction=1", "ulFailReason 8016"} <= shown


def test_a_push_that_the_contract_does_not_have_shows_nothing() -> None:
    assert push_id("AXB", "cdr") == "axb.cdr"
    assert push_id("AXB", "postcard") == ""
    assert not (shown_by(Step("push", target="", payload={"eventType": "fee"})))


def test_an_exchange_counts_with_the_first_claim_behind_it() -> None:
    bind, query, unbind = asked_step("axb.bind"), asked_step("axb.query"), asked_step("axb.unbind")
    seen = shown_in([bind, query, unbind], [(1, "AXB-BIND-001"), (2, "AXB-QUERY-001")])
    assert seen["axb.bind"] == "AXB-BIND-001"
    assert seen["axb.query"] == "AXB-QUERY-001"
    assert "axb.unbind" not in seen, "no claim follows it"


def test_without_a_claim_nothing_counts() -> None:
    assert shown_in([asked_step("axb.bind")], []) == {}


def test_an_item_is_told_a_few_times() -> None:
    ration = Ration()
    seen = {"axb.bind": "AXB-BIND-001"}
    assert [ration.take(seen) for _ in range(KEPT + 1)] == [{"AXB-BIND-001": ["axb.bind"]}] * KEPT + [{}]
