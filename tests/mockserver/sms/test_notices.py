"""What counts as a verdict in the answer to a Block."""

from __future__ import annotations

import json
from typing import Any

import pytest

from privnum.mockserver.sms.notices import Discard, Route, verdict_of
from tests.mockserver.rig import B

ROUTE = {"operation": "vNumberRoute", "message": {"called": B, "calling": "+8613800000001"}}


@pytest.mark.parametrize(
    ("answer", "verdict"),
    [
        ({"actions": [ROUTE]}, Route(B, None)),
        ({"actions": ROUTE}, Route(B, None)),
        ({"actions": [ROUTE | {"userData": "u", "extParas": []}]}, Route(B, "u")),
        ({"actions": [{"operation": "DiscardMessage"}]}, Discard(None)),
        ({"actions": [{"operation": "vNumberRoute"}]}, None),
        ({"actions": [{"operation": "vNumberRoute", "message": {"called": "Bob"}}]}, None),
        ({"actions": [{"operation": "vNumberRoute", "message": B}]}, None),
        ({"actions": [{"operation": "Forward", "message": {"called": B}}]}, None),
        ({"actions": []}, None),
        ({"actions": [7]}, None),
        ({}, None),
        ([ROUTE], None),
    ],
)
def test_verdicts(answer: Any, verdict: Route | Discard | None) -> None:
    """AX-SMS-027, AX-SMS-028, AX-SMS-031."""
    assert verdict_of(json.dumps(answer).encode(), "AX", "first") == verdict


@pytest.mark.parametrize("body", [b"", b"ok", b"\xff", b"[", b"null"])
def test_what_is_no_json_object_is_no_verdict(body: bytes) -> None:
    assert verdict_of(body, "AX", "first") is None


@pytest.mark.parametrize(("several", "verdict"), [("first", Route(B, None)), ("last", Discard(None)), ("none", None)])
def test_a_verdict_with_several_actions(several: str, verdict: Route | Discard | None) -> None:
    """COM-OPEN-962."""
    answer = {"actions": [ROUTE, {"operation": "DiscardMessage"}]}
    assert verdict_of(json.dumps(answer).encode(), "AX", several) == verdict
    alone = {"actions": [ROUTE]}
    assert verdict_of(json.dumps(alone).encode(), "AX", several) == Route(B, None)
