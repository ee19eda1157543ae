"""The steps of a counterexample, taken apart again.

What was sent, what came back and what was pushed.

A step is a line of `runner.counterexample`. A line in another form is shown as it stands, so a page can be made from
the events of any version.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import groupby
from typing import Any, Literal

from privnum import contracts
from privnum.suites.base.answer import is_deep

__all__ = ["StepView", "broken_claim", "history"]

Kind = Literal["setting", "request", "call", "time", "push", "note", "gap", "step"]

_ARROW = " -> "
_BROKEN = "broken: "
_FEW = 3
"""Passages of time in a row that are shown one by one."""
_BEGINNINGS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("push", re.compile(r"\s*pushed: ")),
    ("note", re.compile(r"note: ")),
    ("gap", re.compile(r"… ")),
    ("time", re.compile(r"-?[0-9]+ (?:second passes|seconds pass); ")),
    ("setting", re.compile(r"(in a fresh world|with the applications) ")),
)
_CALL = re.compile(r"\S+ (calls|hangs up) .*?-> call |the \w+ hangs up -> ", re.DOTALL)


@dataclass(frozen=True, slots=True)
class StepView:
    """One step: `line` what was done, `body` its JSON laid out.

    `rest` is what else was said of it, `came` the answer.

    `count` is how many steps it stands for: those that are left out are one line.
    """

    kind: Kind
    line: str
    body: str | None = None
    rest: str | None = None
    came: str | None = None
    count: int = 1


def history(steps: list[Any]) -> list[StepView]:
    """A counterexample's steps but the last, which says what is broken."""
    views = [_view_of(step) for step in steps if not _is_broken(step)]
    folded: list[StepView] = []
    for kind, run in groupby(views, key=lambda step: step.kind):
        alike = list(run)
        folded += [_together(alike)] if kind == "time" and len(alike) > _FEW else alike
    return folded


def _together(steps: list[StepView]) -> StepView:
    """Time that passes again and again while nothing else happens.

    All of it at once.
    """
    seconds = [step.line.partition(" ")[0] for step in steps]
    now = steps[-1].line.partition("; ")[2]
    total = sum(map(int, seconds))
    return StepView("time", f"{total} seconds pass, in steps of {', '.join(seconds)}; {now}", count=len(steps))


def broken_claim(steps: list[Any]) -> str | None:
    """What a counterexample says was found, with the evidence."""
    return next((step.removeprefix(_BROKEN) for step in reversed(steps) if _is_broken(step)), None)


def _is_broken(step: Any) -> bool:
    return isinstance(step, str) and step.startswith(_BROKEN)


def _view_of(step: Any) -> StepView:
    if not isinstance(step, str):
        return StepView("step", "", _laid_out(step))
    for kind, beginning in _BEGINNINGS:
        found = beginning.match(step)
        if found:
            return _beginning(kind, step, step[found.end() :])
    said, arrow, came = step.rpartition(_ARROW)
    if not arrow:
        return StepView("step", step.strip())
    if _CALL.match(step):
        return StepView("call", said, came=came)
    line, body, rest = _parts(said)
    line, more = _request_line(line)
    return StepView("request", line, body, ", ".join(filter(None, (more, rest))) or None, came)


def _beginning(kind: Kind, step: str, behind: str) -> StepView:
    """A step that is known by how it begins."""
    match kind:
        case "push":
            return _push(behind)
        case "note":
            return StepView(kind, behind)
        case "gap":
            count = re.match(r"[0-9]{1,6}", behind)
            return StepView(kind, behind.strip("… "), count=int(count[0]) if count else 0)
        case _:
            return StepView(kind, step)


def _push(text: str) -> StepView:
    line, body, rest = _parts(text)
    return StepView("push", line, body, came=rest) if body else StepView("push", text)


def _parts(text: str) -> tuple[str, str | None, str | None]:
    """The first JSON object or list, laid out, and what is around it."""
    start = min((text.find(sign) for sign in ("{", "[") if sign in text), default=-1)
    if start < 0:
        return text, None, None
    try:
        value, length = json.JSONDecoder().raw_decode(text[start:])
    except (ValueError, RecursionError):
        return text[:start].strip(), text[start:], None
    if is_deep(text[start : start + length].encode("utf-8", "replace"), value):  # laid out it would be long
        laid_out = text[start : start + length]
    else:
        laid_out = _laid_out(value)
    return text[:start].strip(), laid_out, text[start + length :].strip(" ,") or None


def _laid_out(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, indent=2)


def _request_line(line: str) -> tuple[str, str]:
    """The request line of an operation's step, and what else was said.

    "GET /rest/…?query".
    """
    name, _, behind = line.partition(" ")
    operation = contracts.operations().get(name)
    if operation is None:
        return line, ""
    query, _, more = behind.partition(" ") if "=" in behind.partition(" ")[0] else ("", "", behind)
    mark = "?" * bool(query) + query.rstrip(",")
    return f"{operation.method} {operation.path}{mark}", more.strip()
