"""What the customer's answer to a callin says.

Whom to call and how, or why the call ends. Written from the page's table of the answer.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from privnum.suites.oracle.types import Assumptions, Surroundings

__all__ = ["Connection", "End", "is_success", "read"]

WRONG, NO_TONE, REAL_CALLER = 8014, 8006, 8024
CHINESE = range(0x4E00, 0xA000)
LONGEST_TONE, LONGEST_DATA, LONGEST_TALK = 128, 256, 1440
ANYTHING: frozenset[int] = frozenset()
"""In place of causes: no page names one."""


@dataclass(frozen=True, slots=True)
class Connection:
    """A connect without fault: whom to call, and how."""

    to: str
    shown: str
    limit_minutes: int = 0
    recorded: bool = False
    announced: bool = False
    user_data: str = ""


@dataclass(frozen=True, slots=True)
class End:
    """Why a call ends without a callee: causes, and the rule.

    Each of the causes will do; without any, every cause will.
    """

    rule: str
    causes: frozenset[int] = field(default_factory=frozenset)
    user_data: str | None = None
    """What the customer gave with it; None: nothing that surely counts."""


def is_success(status: int, choices: Assumptions) -> bool:
    """Whether an answer with this status counts, whatever it says.

    200 does, and others of 2xx by the target's choice. Raises Undecided where that is open.
    """
    if status == 200 or not 200 <= status < 300:
        return status == 200
    return choices.choose("push.success_status", "2xx", "200") == "2xx"


def read(answer: object, caller: str, x: str, around: Surroundings, choices: Assumptions) -> Connection | End:
    """What becomes of a call from `caller` to `x`.

    Raises Undecided where the contract leaves it open.
    """
    if not isinstance(answer, dict):
        return End("X-CALL-113", frozenset((WRONG,)))
    operation = answer.get("operation")
    if operation == "close":
        return _read_close(_info(answer.get("closeInfo"), choices) or {}, around.tones, choices)
    if operation != "connect":
        return End("X-CALL-110", frozenset((WRONG,)))
    info = _info(answer.get("connectInfo"), choices)
    if info is None or info.get("calleeNum") is None:
        return End("X-CALL-111", frozenset((WRONG,)))
    return _read_connect(info, caller, x, around, choices)


def _info(info: Any, choices: Assumptions) -> dict[str, Any] | None:
    """The object of connectInfo or closeInfo, be it in a list or not."""
    if isinstance(info, list) and info:
        if len(info) > 1 and choices.choose("x.several_infos", "first", "8014") != "first":
            raise Undecided("x.several_infos")
        info = info[0]
    return info if isinstance(info, dict) else None


def _read_connect(
    info: Mapping[str, Any], caller: str, x: str, around: Surroundings, choices: Assumptions
) -> Connection | End:
    data = info.get("userData") or ""
    recorded, limit = info.get("recordFlag") == "true", info.get("maxDuration") or 0
    faults = [*_wrong_fields(info), *_data_faults(data, choices)]
    used = {"waitVoice": True, "recordHintTone": recorded, "lastMinVoice": bool(limit)}
    faults += _missing_tones(info, used, around.tones, choices)
    if recorded and not around.recording and choices.choose("x.recording_not_open", "ignore", "8014") != "ignore":
        faults.append(End("X-OPEN-016", frozenset((WRONG,))))
    shown = info.get("displayCalleeNum") or x
    if shown == caller:
        faults.append(End("X-CALL-106", frozenset((REAL_CALLER,))))
    elif shown != x and (shown not in around.own or choices.choose("x.display_other_x", "intercept", "show") != "show"):
        faults.append(End("X-OPEN-006", frozenset((REAL_CALLER, WRONG))))
    if len(faults) > 1:
        raise Undecided("two faults of one answer")
    if faults:
        return faults[0]
    return Connection(info["calleeNum"], shown, int(limit), recorded, bool(info.get("recordHintTone")), data)


def _read_close(info: Mapping[str, Any], tones: Collection[str] | None, choices: Assumptions) -> End:
    data = info.get("userData") or ""
    faults = [*_data_faults(data, choices), *_missing_tones(info, {"closeHintTone": True}, tones, choices)]
    if len(faults) > 1:
        raise Undecided("two faults of one answer")
    causes = choices.any_of("x.close_cause", 8017, 0, 8014)
    return faults[0] if faults else End("X-CALL-109", frozenset(map(int, causes)), data)


def _wrong_fields(info: Mapping[str, Any]) -> list[End]:
    to, shown, limit = info.get("calleeNum"), info.get("displayCalleeNum"), info.get("maxDuration")
    flag = info.get("recordFlag")
    texts = [info.get(name) for name in ("waitVoice", "recordHintTone", "lastMinVoice")]
    wrong = [not isinstance(to, str) or not _is_callee(to)]
    wrong.append(shown is not None and (not isinstance(shown, str) or kind_of(shown) == "malformed"))
    wrong.append(limit is not None and not (type(limit) is int and 0 <= limit <= LONGEST_TALK))
    wrong.append(flag is not None and flag not in ("true", "false"))
    wrong += [text is not None and not (isinstance(text, str) and len(text) <= LONGEST_TONE) for text in texts]
    return [End("X-CALL-110", frozenset((WRONG,)))] * sum(wrong)


def _is_callee(number: str) -> bool:
    kind = kind_of(number)
    if kind == "service":
        raise Undecided("an answer that names a service number")
    return kind != "malformed"


def _data_faults(data: object, choices: Assumptions) -> list[End]:
    if not isinstance(data, str) or len(data) > LONGEST_DATA:
        return [End("X-CALL-110", frozenset((WRONG,)))]
    if any(ord(sign) in CHINESE for sign in data):
        return [End("X-CALL-112", ANYTHING)]
    forbidden = {"{", "}"} & set(data)
    if forbidden and choices.choose("x.user_data_forbidden", "accept", "8014") != "accept":
        return [End("X-OPEN-008", frozenset((WRONG,)))]
    return []


def _missing_tones(
    info: Mapping[str, Any], used: Mapping[str, bool], tones: Collection[str] | None, choices: Assumptions
) -> list[End]:
    """A tone that the call needs and that is not there."""
    missing = [name for name in used if info.get(name) and tones is not None and info[name] not in tones]
    needed = [name for name in missing if used[name]]
    if needed:
        return [End("X-CALL-108", frozenset((NO_TONE,)))]
    if missing and choices.choose("x.unused_tones", "ignore", "8006") != "ignore":
        return [End("X-OPEN-007", frozenset((NO_TONE,)))]
    return []
