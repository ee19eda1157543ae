"""What the customer answers when he is asked what becomes of an SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.runner.context import CheckContext

__all__ = ["DISCARD", "NO_VERDICTS", "answer_blocks", "no_verdict", "route"]

DISCARD: Final[Mapping[str, Any]] = {"actions": [{"operation": "DiscardMessage"}]}


def route(called: str, form: str = "list", **more: Any) -> dict[str, Any]:
    """The verdict that an SMS goes to that number."""
    action = {"operation": "vNumberRoute", "message": {"called": called}, **more}
    return {"actions": [action] if form == "list" else action}


NO_VERDICTS: Final[Mapping[str, Any]] = {
    "nothing": b"",
    "no JSON": b"ok",
    "no object": b"[]",
    "no actions": {},
    "an empty list": {"actions": []},
    "an unknown operation": {"actions": [{"operation": "forward", "message": {"called": "{to}"}}]},
    "no operation": {"actions": [{"message": {"called": "{to}"}}]},
    "no message": {"actions": [{"operation": "vNumberRoute"}]},
    "no called": {"actions": [{"operation": "vNumberRoute", "message": {}}]},
    "a called that is a word": {"actions": [{"operation": "vNumberRoute", "message": {"called": "somebody"}}]},
    "a called that is a number": {"actions": [{"operation": "vNumberRoute", "message": {"called": 13900000002}}]},
}
"""Answers that say nothing of the SMS; {to} stands for a number that could be meant."""


def no_verdict(what: str, to: str) -> bytes:
    """What is no verdict for that reason, as it is answered.

    `to` is the number that could be meant.
    """
    given = NO_VERDICTS[what]
    return given if isinstance(given, bytes) else orjson.dumps(given).replace(b"{to}", to.encode())


def answer_blocks(context: CheckContext, verdict: Mapping[str, Any] | bytes, status: int = 200) -> None:
    """From now on the customer answers every Block so."""
    body = verdict if isinstance(verdict, bytes) else orjson.dumps(verdict)
    context.receiver.answer(status, body, kind="sms_block")
