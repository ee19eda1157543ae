"""What counts as a verdict in the answer to a Block."""

from __future__ import annotations

import json
from typing import Any

import pytest

from privnum.mockserver.sms.notices import Discard, NoVerdict, Route, verdict_of
from tests.mockserver.rig import B

ROUTE = {"operation": "vNumberRoute", "message": {"called": B, "calling": "+8613800000001"}}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"actions": [ROUTE]}, Route(B, None)),
        ({"actions": ROUTE}, Route(B, None)),
        ({"actions": [ROUTE | {"userData": "u", "extParas": []}]}, Route(B, "u")),
        ({"actions": [{"operation": "DiscardMessage"}]}, Discard(None)),
    ],
)
def test_verdicts(answer: Any, verdict: Route | Discard) -> None:
    """AX-SMS-027, AX-SMS-028, AX-SMS-031."""
    assert verdict_of(json.dumps(answer).encode(), "AX", "first") == verdict


@pytest.mark.parametrize(
    ("answer", "problem"),
    [
        ({"actions": [{"operation": "vNumberRoute"}]}, "message.called must be a phone number"),
        ({"actions": [{"operation": "vNumberRoute", "message": {"called": "Bob"}}]}, "not 'Bob'. [AX-SMS-027]"),
        ({"actions": [{"operation": "vNumberRoute", "message": "+8613812345678"}]}, 'not "+86138****5678"'),
        ({"actions": [{"operation": "Forward", "message": {"called": B}}]}, "actions[0].operation must be"),
        ({"actions": []}, "actions must be"),
        ({"actions": [7]}, "actions[0] must be an object"),
        ({}, "actions is missing"),
        ([ROUTE], "the message must be an object"),
    ],
)
def test_what_is_no_verdict_says_what_would_be_right(answer: Any, problem: str) -> None:
    found = verdict_of(json.dumps(answer).encode(), "AX", "first")
    assert isinstance(found, NoVerdict)
    assert problem in found.problem


@pytest.mark.parametrize("body", [b"", b"ok", b"\xff", b"[", b"null"])
def test_what_is_no_json_object_is_no_verdict(body: bytes) -> None:
    found = verdict_of(body, "AX", "first")
    assert isinstance(found, NoVerdict)
    assert "[AX-SMS-032]" in found.problem


@pytest.mark.parametrize(("several", "verdict"), [("first", Route(B, None)), ("last", Discard(None)), ("none", None)])
def test_a_verdict_with_several_actions(several: str, verdict: Route | Discard | None) -> None:
    """COM-OPEN-962."""
    answer = {"actions": [ROUTE, {"operation": "DiscardMessage"}]}
    found = verdict_of(json.dumps(answer).encode(), "AX", several)
    assert (None if isinstance(found, NoVerdict) else found) == verdict
    alone = {"actions": [ROUTE]}
    assert verdict_of(json.dumps(alone).encode(), "AX", several) == Route(B, None)
