"""X: what the customer's answer to a callin says.

The rules stand in CONNECT_FAULTS and CLOSE_FAULTS.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from privnum import contracts
from privnum.mockserver.core import numbers
from privnum.mockserver.core.modes import BindingSnapshot, Connect, Reject
from privnum.mockserver.pushes.outcomes import first_signs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = ["CONNECT_FAULTS", "CallAsked", "decide"]

#: Release causes: a wrong answer (X-CALL-110), a tone that is not there (X-CALL-108), a number that may not be shown.
_WRONG: Final = 8014
_NO_TONE: Final = 8006
_HIDDEN: Final = 8024
_RECORDED: Final = (True, "true")
_CALLEES: Final = ("mobile", "fixed_line")
_BRACES: Final = frozenset("{}")
Info = dict[str, Any]


class CallAsked(NamedTuple):
    """A call of which the customer was asked.

    Who calls which X, and the world's choices.
    """

    assumptions: Assumptions
    x: XNumber
    caller: str


class AnswerFault(NamedTuple):
    """What may be wrong with an answer, its release cause, and the rule.

    `is_there` gets the object of connectInfo or closeInfo. `text` says what would be right.
    """

    is_there: Callable[[CallAsked, Info], bool]
    cause: int
    rule: str
    text: str


def decide(asked: CallAsked, body: bytes) -> Connect | Reject:
    """Return what becomes of a call by the body of the answer.

    X-CALL-104, X-CALL-109, X-CALL-110, X-CALL-111, X-CALL-112, X-CALL-113.
    """
    direction = asked.assumptions.number("x.cdr_direction")
    answer = _read(body)
    if isinstance(answer, str):
        return Reject(_WRONG, direction, problem=answer)
    closes = answer["operation"] == "close"
    info = _only(asked, answer.get("closeInfo" if closes else "connectInfo"))
    if info is None and not closes:
        return Reject(_WRONG, direction, problem="connectInfo must be one object, or a list of one. [X-CALL-107]")
    info = {name: value for name, value in (info or {}).items() if value is not None}
    terms = _terms(info)
    for fault in CLOSE_FAULTS if closes else CONNECT_FAULTS:
        if fault.is_there(asked, info):
            return Reject(fault.cause, direction, problem=f"{fault.text} [{fault.rule}]")
    if closes:
        return Reject(asked.assumptions.number("x.close_cause"), direction, terms)
    return Connect(info["calleeNum"], info.get("displayCalleeNum") or asked.x.number, direction, terms)


def _read(body: bytes) -> dict[str, Any] | str:
    """Return the answer, or what is wrong with it as a whole."""
    try:
        answer = orjson.loads(body)
    except ValueError:
        return f"The answer must be a JSON object, not {first_signs(body)!r}. [X-CALL-113]"
    validator = contracts.validator("x/callin.answer")
    if not validator.is_valid(answer) and (problem := validator.first_problem(answer)) is not None:
        return f"{problem.message} [{problem.requirement or 'X-CALL-110'}]"
    found: dict[str, Any] = answer
    return found


def _only(asked: CallAsked, info: Any) -> Info | None:
    """Return the object, alone or the first of a list.

    X-CALL-107, X-OPEN-004.
    """
    if not isinstance(info, list):
        return info if isinstance(info, dict) else None
    if len(info) > 1 and asked.assumptions["x.several_infos"] != "first":
        return None
    first: Info = info[0]
    return first


def _terms(info: Mapping[str, Any]) -> BindingSnapshot:
    """Return what the call takes over from the answer.

    There is no binding, and so no id of one.
    """
    recorded, announced = info.get("recordFlag") in _RECORDED, bool(info.get("recordHintTone"))
    return BindingSnapshot("", info.get("userData") or None, info.get("maxDuration") or 0, recorded, announced)


def _bad_callee(_: CallAsked, info: Info) -> bool:
    return numbers.kind(info["calleeNum"]) not in _CALLEES


def _bad_display(_: CallAsked, info: Info) -> bool:
    shown = info.get("displayCalleeNum")
    return shown is not None and numbers.kind(shown) is None


def _bad_data(asked: CallAsked, info: Info) -> bool:
    forbidden = asked.assumptions["x.user_data_forbidden"] != "accept"
    return forbidden and bool(_BRACES & set(info.get("userData", "")))


def _is_unrecordable(asked: CallAsked, info: Info) -> bool:
    """Whether a recording is asked for that the application has not.

    X-OPEN-016.
    """
    refused = asked.assumptions["x.recording_not_open"] != "ignore"
    return refused and info.get("recordFlag") in _RECORDED and not asked.x.app.recording


def _shows_other_number(asked: CallAsked, info: Info) -> bool:
    """Whether the callee would see another number than the X of the call.

    X-CALL-106, X-OPEN-006.
    """
    shown = info.get("displayCalleeNum", asked.x.number)
    if shown == asked.x.number:
        return False
    ours = any(x.number == shown for x in asked.x.app.numbers)
    return not (ours and asked.assumptions["x.display_other_x"] == "show")


def _no_tone(asked: CallAsked, info: Info) -> bool:
    """Whether a tone is missing that the call needs.

    X-CALL-108, X-OPEN-007.
    """
    every = asked.assumptions["x.unused_tones"] != "ignore"
    needed = [info.get("waitVoice")]
    if every or info.get("recordFlag") in _RECORDED:
        needed.append(info.get("recordHintTone"))
    if every or info.get("maxDuration"):
        needed.append(info.get("lastMinVoice"))
    return any(_is_missing(asked, tone) for tone in needed)


def _no_closing_tone(asked: CallAsked, info: Info) -> bool:
    return _is_missing(asked, info.get("closeHintTone"))


def _is_missing(asked: CallAsked, tone: str | None) -> bool:
    tones = asked.x.app.tones
    return bool(tone) and tones is not None and tone not in tones


_NO_BRACES: Final = "userData must have no braces."
_UPLOADED: Final = "Tones must be of those that were uploaded (setting tones)."
#: What may be wrong with connectInfo beyond its schema; the first that is there counts.
CONNECT_FAULTS: Final = (
    AnswerFault(_bad_callee, _WRONG, "X-CALL-110", "calleeNum must be a mobile or a fixed line, like +8613900000002."),
    AnswerFault(_bad_display, _WRONG, "X-CALL-110", "displayCalleeNum must be a phone number, like +8617000000041."),
    AnswerFault(_bad_data, _WRONG, "X-OPEN-008", _NO_BRACES),
    AnswerFault(_is_unrecordable, _WRONG, "X-OPEN-016", "recordFlag must be false: the application has no recording."),
    AnswerFault(_no_tone, _NO_TONE, "X-CALL-108", _UPLOADED),
    AnswerFault(_shows_other_number, _HIDDEN, "X-CALL-106", "displayCalleeNum must be the X that was called."),
)
#: And with closeInfo.
CLOSE_FAULTS: Final = (
    AnswerFault(_bad_data, _WRONG, "X-OPEN-008", _NO_BRACES),
    AnswerFault(_no_closing_tone, _NO_TONE, "X-CALL-108", _UPLOADED),
)
