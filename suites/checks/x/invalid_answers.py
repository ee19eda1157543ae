"""Wrong answers to a callin: one thing wrong in each, and its rule."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["CALLEE", "WRONG_ANSWERS", "WrongAnswer", "with_callee"]

CALLEE = "{callee}"
"""In the place of the callee of a check."""
_RANGE, _MISSING, _CHINESE, _NO_JSON = "X-CALL-110", "X-CALL-111", "X-CALL-112", "X-CALL-113"


class WrongAnswer(NamedTuple):
    """An answer, what is wrong with it, and the rule.

    `names_cause`: whether the rule names the release cause.
    """

    name: str
    rule: str
    answer: Any
    names_cause: bool = True

    def __str__(self) -> str:
        return self.name


_VALUES: Mapping[str, tuple[Any, ...]] = {
    "maxDuration": (1441, 7200, -1, 1.5, [60], {"minutes": 60}, True),
    "calleeNum": (
        *("13900000003", "+86139", "", "nobody", "+8613900000003" + "0" * 18),
        *(13900000003, ["+8613900000003"]),
    ),
    "displayCalleeNum": ("13900000003", "x", "+86" + "1" * 30, 17),
    "recordFlag": ("yes", "TRUE", 1, ["true"]),
    "userData": ("d" * 257, 17, {"order": 42}),
}
"""Values that no row of the table allows."""
_TONES: Mapping[str, dict[str, Any]] = {
    "waitVoice": {},
    "lastMinVoice": {"maxDuration": 60},
    "recordHintTone": {"recordFlag": "true"},
}
"""Tones, and what makes a call need them."""


def _connect(name: str, rule: str, *, names_cause: bool = True, **fields: Any) -> WrongAnswer:
    info = {"calleeNum": CALLEE, **fields}
    return WrongAnswer(name, rule, {"operation": "connect", "connectInfo": info}, names_cause)


def _wrong() -> Iterator[WrongAnswer]:
    for name, values in _VALUES.items():
        for value in values:
            yield _connect(f"{name} {value!r:.24}", _RANGE, **{name: value})
    for tone, beside in _TONES.items():
        for value in ("t" * 125 + ".wav", 17):
            yield _connect(f"{tone} {value!r:.12}", _RANGE, **{**beside, tone: value})
    for operation in ("vas", "Connect", 17, ["connect"]):
        yield WrongAnswer(
            f"operation {operation!r}", _RANGE, {"operation": operation, "connectInfo": {"calleeNum": CALLEE}}
        )
    yield WrongAnswer("connectInfo a text", _RANGE, {"operation": "connect", "connectInfo": CALLEE})
    yield WrongAnswer("closeInfo a text", _RANGE, {"operation": "close", "closeInfo": "bye.wav"})
    yield WrongAnswer("no connectInfo", _MISSING, {"operation": "connect"})
    yield WrongAnswer("an empty connectInfo", _MISSING, {"operation": "connect", "connectInfo": {}})
    yield WrongAnswer("no calleeNum", _MISSING, {"operation": "connect", "connectInfo": {"userData": "order-42"}})
    yield WrongAnswer("no calleeNum in a list", _MISSING, {"operation": "connect", "connectInfo": [{}]})
    yield _connect("Chinese userData", _CHINESE, names_cause=False, userData="订单")
    for raw in (b"ok", b"<html></html>", b'{"operation": "connect"', b"[1]", b'"connect"'):
        yield WrongAnswer(f"{raw.decode():.16}", _NO_JSON, raw)


WRONG_ANSWERS = tuple(_wrong())


def with_callee(answer: Any, callee: str) -> Any:
    """The answer with the callee of a check."""
    if isinstance(answer, dict):
        return {name: with_callee(value, callee) for name, value in answer.items()}
    if isinstance(answer, list):
        return [with_callee(value, callee) for value in answer]
    return callee if answer == CALLEE else answer
