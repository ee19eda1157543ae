"""A failure as anyone can follow it.

Steps in words, and the same as commands for a shell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from privnum import contracts
from privnum.suites.runner.arazzo import arazzo_document
from privnum.suites.runner.reproduce import commands

if TYPE_CHECKING:
    from privnum.suites.base.claims import Violation
    from privnum.suites.base.trace import Step
    from privnum.suites.target.config import Target

__all__ = ["counterexample", "steps_in_words"]

_LONG = 4000
"""Signs of a push, many times those of a real one."""
FIRST, LAST = 10, 50
"""Of a history that is longer than both together, this many steps at its beginning and end are shown."""


def counterexample(violation: Violation, target: Target) -> dict[str, Any]:
    """The history of a violation for the report.

    {"steps": […], "curl": […], "arazzo": {…}}. Numbers in words are masked. `arazzo` is None where a step is no
    operation, or some are left out.
    """
    words = steps_in_words(violation.steps)
    evidence = ", ".join(f"{name} = {value!r:.200}" for name, value in violation.evidence.items())
    words.append(f"broken: {violation.message}" + (contracts.mask(f" ({evidence})") if evidence else ""))
    broken = violation.requirement, violation.message
    kept = _shortened_steps(violation.steps)
    return {
        "steps": words,
        "curl": commands(kept, target, broken, violation.steps),
        "arazzo": arazzo_document(kept, target, *broken) if len(kept) == len(violation.steps) else None,
    }


def steps_in_words(steps: list[Step]) -> list[str]:
    """One line for each step."""
    kept = _shortened_steps(steps)
    lines = [contracts.mask(_line(step)) for step in kept]
    if len(kept) < len(steps):
        left = len(steps) - len(kept)
        lines.insert(FIRST, f"… {left} {'step is' if left == 1 else 'steps are'} left out …")
    return lines


def _shortened_steps(steps: list[Step]) -> list[Step]:
    return steps if len(steps) <= FIRST + LAST else [*steps[:FIRST], *steps[-LAST:]]


def _line(step: Step) -> str:
    if step.kind == "world":
        return _world(step)
    if step.kind == "request":
        return _request(step)
    if step.kind == "control":
        return _control(step)
    if step.kind == "push":
        summary = f"{step.text[:40] or 'no eventType'} {_push(step.payload)[:_LONG]}"
        return f"    pushed: {summary}, answered {step.result}"
    return f"note: {step.text}"


def _world(step: Step) -> str:
    if step.payload is None:
        return "with the applications of target.toml"
    modes = ", ".join(app["mode"] for app in step.payload["applications"])
    return f"in a fresh world with the applications {modes}, at {step.payload['clock']['now']}"


def _request(step: Step) -> str:
    answer = step.answer
    came = "no answer" if answer is None else answer.summary
    if answer is not None and answer.ok and answer["subscriptionId"]:
        came += f", subscriptionId {answer['subscriptionId']!s:.80}"
    query = step.target.partition("?")[2]
    sent = " ".join(part for part in (step.text or f"{step.method} {step.target}", query if step.text else "") if part)
    if step.content:
        sent += " " + step.content[:600].decode("utf-8", "replace")
    if step.app > 1:
        sent += f" by application {step.app}"
    if step.bent:
        sent += f", signed with {', '.join(f'{name} {value!r}' for name, value in step.bent.items())}"
    return f"{sent} -> {came}"


def _control(step: Step) -> str:
    message, result = step.payload or {}, step.result or {}
    match step.text:
        case "calls.create":
            sides = f"{message['caller']} calls {message['called']}"
            callee = _plan(message["callee"])
            till = message.get("caller_hangs_up_after")
            leaves = "" if till is None else f", the caller hangs up after {till} s"
            return f"{sides} (callee: {callee}{leaves}) -> {_call(result)}"
        case "sms.create":
            told = f"SMS {result.get('id')} {result.get('state')}, result {result.get('result')}"
            return f"{message['from']} writes {message['text'][:80]!r} to {message['to']} -> {told}"
        case "calls.hang_up":
            return f"the {message['by']} hangs up -> {_call(result)}"
        case "calls.get":
            return f"looking at it: {_call(result)}"
        case "clock.set":
            seconds = message.get("advance_seconds", 0)  # bare: the line is read again
            return f"{seconds} {'second passes' if seconds == 1 else 'seconds pass'}; it is {result.get('now')}"
        case _:
            return f"{step.text} {step.target} {_plain(message)}"


def _plan(callee: dict[str, Any]) -> str:
    """What the other side does.

    "answer, ring_after 2, answer_after 3", in seconds.
    """
    given = {name: value for name, value in callee.items() if value is not None}
    behaviour = given.pop("behaviour", "answer")
    return ", ".join([str(behaviour), *(f"{name} {value}" for name, value in given.items())])


def _call(view: dict[str, Any]) -> str:
    summary = f"call {view.get('id')} {view.get('state')}"
    if view.get("forwarded_to"):
        summary += f", forwarded to {view['forwarded_to']}"
    if view.get("release_cause") is not None:
        summary += f", cause {view['release_cause']} {view.get('release_cause_text') or ''}".rstrip()
    return summary


def _push(body: dict[str, Any]) -> str:
    info = body.get("statusInfo", body.get("feeLst", body))
    return _plain(info)


def _plain(value: Any) -> str:
    return orjson.dumps(value, default=str, option=orjson.OPT_NON_STR_KEYS).decode()
