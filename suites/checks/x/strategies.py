"""Answers and verdicts of the customer for the state machine of X."""

from __future__ import annotations

from typing import Any

from hypothesis import strategies as st

from privnum.suites.checks.sms.verdicts import DISCARD, NO_VERDICTS, no_verdict, route
from privnum.suites.checks.state_machine.strategies import LEFT_OUT, USER_DATA, carried_fields, with_announcement
from privnum.suites.checks.x.scenarios import close, connect
from privnum.suites.target.tones import WAIT

__all__ = ["STATUSES", "callin_answers", "verdicts"]

SETTINGS: dict[str, tuple[Any, ...]] = {
    "maxDuration": (LEFT_OUT, LEFT_OUT, LEFT_OUT, 0, 1, 2),
    "recordFlag": (LEFT_OUT, LEFT_OUT, "true", "false"),
    "waitVoice": (LEFT_OUT, LEFT_OUT, WAIT),
    "userData": USER_DATA,
}
CLOSINGS: tuple[dict[str, Any], ...] = ({}, {}, {"userData": "order-1"}, {"closeHintTone": WAIT})
WRONG: tuple[dict[str, Any], ...] = (
    {"maxDuration": 1441},
    {"maxDuration": -1},
    {"calleeNum": "13900000003"},
    {"calleeNum": None},
    {"userData": "d" * 257},
    {"userData": "订单"},
    {"waitVoice": "never-uploaded.wav"},
)
NO_ANSWERS: tuple[Any, ...] = (b"ok", b"[]", {"operation": "vas"}, {"operation": "connect"})
WEIGHTS = ("connect",) * 8 + ("list", "shown X", "shown caller", "close", "close", "wrong", "wrong", "none")

STATUSES = st.sampled_from((200,) * 8 + (201, 500))
"""Statuses of an answer, mostly the plain one."""


@st.composite
def callin_answers(draw: st.DrawFn, caller: str, callee: str, x: str) -> Any:
    """An answer to a callin: mostly one that connects to `callee`."""
    kind = draw(st.sampled_from(WEIGHTS))
    if kind == "none":
        return draw(st.sampled_from(NO_ANSWERS))
    if kind == "close":
        fields = draw(st.sampled_from(CLOSINGS))
        answer = close(**fields)
        return {**answer, "closeInfo": [fields]} if fields and draw(st.booleans()) else answer
    if kind == "wrong":
        return connect(to=callee) | {"connectInfo": {"calleeNum": callee, **draw(st.sampled_from(WRONG))}}
    info = {"calleeNum": callee, **with_announcement(draw(carried_fields(SETTINGS)))}
    if kind.startswith("shown"):
        info["displayCalleeNum"] = x if kind == "shown X" else caller
    return {"operation": "connect", "connectInfo": [info] if kind == "list" else info}


@st.composite
def verdicts(draw: st.DrawFn, sender: str, receiver: str) -> Any:
    """A verdict on an SMS: mostly one that it goes to `receiver`."""
    kind = draw(st.sampled_from(("list",) * 4 + ("object", "with more", "several", "discard", "none")))
    if kind == "discard":
        return DISCARD
    if kind == "none":
        return no_verdict(draw(st.sampled_from(sorted(NO_VERDICTS))), receiver)
    if kind == "several":
        actions = [*route(receiver)["actions"], *DISCARD["actions"]]
        return {"actions": actions if draw(st.booleans()) else actions[::-1]}
    if kind == "with more":
        return route(receiver, message={"called": receiver, "calling": sender}, extParas=[])
    return route(receiver, kind)
