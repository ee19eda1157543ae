"""Whether the answer to a question is a verdict.

By the schemas of the answers, and by what the pages say of the numbers in them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.oracle.numbers import kind_of

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.commands.check_receiver.sending import Sent

__all__ = ["claims_of"]

Claim = tuple[str, bool, str]
"""Rule, whether it holds, what was found."""


def claims_of(sent: Sent) -> Iterator[Claim]:
    """What is claimed of the answer to a question."""
    return _of_sms(sent) if sent.message.kind == "sms_block" else _of_call(sent)


def _problem(sent: Sent, schema: str) -> str | None:
    """What is wrong with an answer by its schema, in a sentence."""
    what = sent.message.name
    if not sent.succeeded:
        return f"{what} was {sent.outcome}; right is 200 with a verdict"
    if sent.answer is None:
        return f"{what} was {sent.outcome}; right is a JSON object, the verdict"
    validator = contracts.validator(schema)
    if validator.is_valid(sent.answer):
        return None
    problem = validator.first_problem(sent.answer)
    wrong = problem.message if problem else f"it does not fit {schema}"
    return f"{what} was {sent.outcome}: {wrong}"


def _of_call(sent: Sent) -> Iterator[Claim]:
    problem = _problem(sent, "x/callin.answer")
    yield "RECEIVER-CALLIN-001", problem is None, problem or ""
    if problem is not None or sent.answer is None or sent.answer["operation"] != "connect":
        return
    info = _first(sent.answer["connectInfo"])
    for name in ("calleeNum", "displayCalleeNum"):
        number = info.get(name)
        good = number is None or kind_of(number) != "malformed"
        text = f"{name} of the answer to {sent.message.name} is {number!r}; right is +86 and a mobile or a fixed line"
        yield "RECEIVER-CALLIN-002", good, text
    display, x = info.get("displayCalleeNum"), sent.message.fields["statusInfo"]["called"]
    if display is None or kind_of(display) != "malformed":
        text = f"displayCalleeNum of the answer to {sent.message.name} is {display}; right is the X of the call, {x}"
        yield "RECEIVER-CALLIN-003", display in (None, x), text


def _of_sms(sent: Sent) -> Iterator[Claim]:
    problem = _problem(sent, "ax/sms_block.answer")
    yield "RECEIVER-BLOCK-001", problem is None, problem or ""
    if problem is not None or sent.answer is None:
        return
    action = _first(sent.answer["actions"])
    if action["operation"] == "vNumberRoute":
        called = action.get("message", {}).get("called")
        good = isinstance(called, str) and kind_of(called) != "malformed"
        text = f"message.called of the answer to {sent.message.name} is {called!r}; right is a number in global format"
        yield "RECEIVER-BLOCK-002", good, text
    else:
        yield "RECEIVER-BLOCK-002", True, ""


def _first(part: Any) -> dict[str, Any]:
    """The object itself, or the first of a list."""
    found: dict[str, Any] = part[0] if isinstance(part, list) else part
    return found
