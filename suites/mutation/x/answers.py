"""Seeded bugs of the customer's answer: what it says, what is wrong."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, cast
from unittest.mock import patch

import orjson

from privnum.mockserver.core.modes import Connect, Reject
from privnum.mockserver.modes.x import answers as x_answers
from privnum.mockserver.modes.x import calls as x_calls
from privnum.suites.mutation.model import Bug, operator
from privnum.suites.mutation.operators.calls import change_connect
from privnum.suites.mutation.operators.code import wrap

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager

    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Decision
    from privnum.suites.mutation.model import Fields, Operator

__all__ = ["BUGS"]

OTHER = 8011
"""A cause that is wrong for each kind of answer."""


# ── edits ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def change_answer(change: Callable[[Any], Any]) -> Operator:
    """Read another answer than came, where it is JSON."""

    def deciding(right: Any, asked: Any, body: bytes) -> Decision:
        try:
            answer = orjson.loads(body)
        except ValueError:
            return cast("Decision", right(asked, body))
        return cast("Decision", right(asked, orjson.dumps(change(answer))))

    return wrap(x_calls, "decide", deciding)


def change_info(change: Callable[[Fields], object]) -> Operator:
    """Change the object of connectInfo as it is read, alone or in a list."""

    def changed_answer(answer: Any) -> Any:
        if isinstance(answer, dict):
            infos = answer.get("connectInfo")
            for info in infos if isinstance(infos, list) else [infos]:
                if isinstance(info, dict):
                    change(info)
        return answer

    return change_answer(changed_answer)


@operator
def drop_faults(rule: str, table: str = "CONNECT_FAULTS") -> AbstractContextManager[object]:
    """Look no more for what breaks a rule."""
    rows = tuple(row for row in getattr(x_answers, table) if row.rule != rule)
    return patch.object(x_answers, table, rows)


@operator
def end_faults_with(rule: str, cause: int) -> AbstractContextManager[object]:
    """End a call whose answer breaks a rule with another cause."""
    rows = tuple(row._replace(cause=cause) if row.rule == rule else row for row in x_answers.CONNECT_FAULTS)
    return patch.object(x_answers, "CONNECT_FAULTS", rows)


@operator
def look_for_wait_voice_alone() -> AbstractContextManager[object]:
    """Look for no tone of a recording, and for none of a limit."""

    def alone(asked: x_answers.CallAsked, info: Fields) -> bool:
        return x_answers._no_tone(asked, {"waitVoice": info.get("waitVoice")})

    rows = [row._replace(is_there=alone) if row.rule == "X-CALL-108" else row for row in x_answers.CONNECT_FAULTS]
    return patch.object(x_answers, "CONNECT_FAULTS", tuple(rows))


# ── the changes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def _connect_like_first() -> Operator:
    """Put every call to an X through as the first one that was."""
    first: dict[str, Connect] = {}

    def like_first(decision: Connect, x: XNumber, _caller: str) -> Decision:
        return first.setdefault(x.number, decision)

    return change_connect(like_first)


def _show_caller(decision: Connect, _x: XNumber, caller: str) -> Decision:
    return decision._replace(shown=caller)


def _no_lists(right: Any, asked: Any, info: Any) -> Any:
    return None if isinstance(info, list) else right(asked, info)


def _only_lists(right: Any, asked: Any, info: Any) -> Any:
    return right(asked, info) if isinstance(info, list) else None


def _connect_anyway(answer: Any) -> Any:
    has_info = isinstance(answer, dict) and "connectInfo" in answer
    return {**answer, "operation": "connect"} if has_info else answer


def _close_without_callee(answer: Any) -> Any:
    infos = answer.get("connectInfo") if isinstance(answer, dict) else None
    info = infos[0] if isinstance(infos, list) and infos else infos
    lacks = isinstance(answer, dict) and answer.get("operation") == "connect"
    return {"operation": "close"} if lacks and not (isinstance(info, dict) and "calleeNum" in info) else answer


def _clip_duration(info: Fields) -> None:
    if type(info.get("maxDuration")) is int:
        info["maxDuration"] = min(max(info["maxDuration"], 0), 1440)


def _complete_number(info: Fields) -> None:
    if isinstance(info.get("calleeNum"), str) and info["calleeNum"].startswith("1"):
        info["calleeNum"] = f"+86{info['calleeNum']}"


def _clip_data(info: Fields) -> None:
    if isinstance(info.get("userData"), str):
        info["userData"] = info["userData"][:256]


def _drop_wrong_flag(info: Fields) -> None:
    if info.get("recordFlag") not in ("true", "false"):
        info.pop("recordFlag", None)


def _drop_long_tones(info: Fields) -> None:
    for tone in ("waitVoice", "lastMinVoice", "recordHintTone"):
        if not isinstance(info.get(tone, ""), str) or len(info.get(tone, "")) > 128:
            del info[tone]


def _encode_chinese(info: Fields) -> None:
    if isinstance(info.get("userData"), str):
        info["userData"] = info["userData"].encode("ascii", "replace").decode()


def _end_no_json(right: Any, asked: Any, body: bytes) -> Decision:
    if isinstance(x_answers._read(body), str) and not body.startswith(b'{"'):
        return Reject(OTHER, 0)
    return cast("Decision", right(asked, body))


def _without_limit(decision: Connect, _x: XNumber, _caller: str) -> Decision:
    return decision._replace(terms=decision.terms._replace(max_duration=0))


def _without_recording(decision: Connect, _x: XNumber, _caller: str) -> Decision:
    return decision._replace(terms=decision.terms._replace(record=False))


BUGS = (
    Bug("like-the-first", "CALL-104", "Calls to an X go where the first one went.", _connect_like_first()),
    Bug("caller-shown", "CALL-105", "The callee sees the real caller.", change_connect(_show_caller)),
    Bug("caller-allowed", "CALL-106", "displayCalleeNum may be the real caller.", drop_faults("X-CALL-106")),
    Bug("caller-cause", "CALL-106", "It ends with 8014.", end_faults_with("X-CALL-106", 8014)),
    Bug("no-lists", "CALL-107", "connectInfo may not be a list.", wrap(x_answers, "_only", _no_lists)),
    Bug("only-lists", "CALL-107", "connectInfo must be a list.", wrap(x_answers, "_only", _only_lists)),
    Bug("any-tone", "CALL-108", "Nobody looks whether a tone is there.", drop_faults("X-CALL-108")),
    Bug("any-closing-tone", "CALL-108", "Nor one of a closing.", drop_faults("X-CALL-108", "CLOSE_FAULTS")),
    Bug("tone-cause", "CALL-108", "A missing tone ends the call with 7507.", end_faults_with("X-CALL-108", 7507)),
    Bug(
        "wait-voice-alone",
        "CALL-108",
        "Tones of recordings and limits are not looked for.",
        look_for_wait_voice_alone(),
    ),
    Bug("close-connects", "CALL-109", "A connectInfo connects, whatever is said.", change_answer(_connect_anyway)),
    Bug("duration-clipped", "CALL-110", "maxDuration beyond its range is clipped.", change_info(_clip_duration)),
    Bug("number-completed", "CALL-110", "calleeNum without +86 is completed.", change_info(_complete_number)),
    Bug("data-clipped", "CALL-110", "A userData that is too long is clipped.", change_info(_clip_data)),
    Bug("wrong-flag-ignored", "CALL-110", "A wrong recordFlag is passed over.", change_info(_drop_wrong_flag)),
    Bug("wrong-tone-ignored", "CALL-110", "A tone with a long name is passed over.", change_info(_drop_long_tones)),
    Bug("any-operation", "CALL-110", "An unknown operation connects.", change_answer(_connect_anyway)),
    Bug("no-callee-closes", "CALL-111", "connect without a callee closes.", change_answer(_close_without_callee)),
    Bug("chinese-data", "CALL-112", "Chinese userData is taken.", change_info(_encode_chinese)),
    Bug("no-json-cause", "CALL-113", "No JSON ends the call with 8011.", wrap(x_calls, "decide", _end_no_json)),
    Bug("limit-forgotten", "CALL-011", "maxDuration of the answer does not count.", change_connect(_without_limit)),
    Bug("recording-forgotten", "CDR-011", "recordFlag does not count.", change_connect(_without_recording)),
)
