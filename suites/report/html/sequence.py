"""A counterexample as a sequence diagram, in SVG.

It is drawn for the width of a phone and scales up. The same picture stands in the page and in a file of its own.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Literal

from privnum.suites.report import steps
from privnum.suites.report.html.elements import Html, join, tag
from privnum.suites.report.text import title
from privnum.words import retell, say
from privnum.words.layout import width_of

if TYPE_CHECKING:
    from collections.abc import Iterator

__all__ = ["Message", "diagram", "document", "messages"]

Lane = Literal["customer", "platform", "caller", "callee", "time"]

_LANES: Final[dict[Lane, tuple[int, str]]] = {
    "customer": (36, "customer"),
    "platform": (108, "platform"),
    "caller": (180, "caller"),
    "callee": (252, "callee"),
    "time": (324, "world time"),
}
"""The participants: where they stand, and their names."""

_WIDTH: Final = 360
_COLUMNS: Final = 56
"""Columns of a line of text: a Latin letter is one, a Chinese sign two."""
_LINE: Final = 14
_MOST_LINES: Final = 2
"""Lines of a message; the list of steps has all of it."""
_ALIKE: Final = {"timestamp", "sessionId", "icid", "spId", "appKey"}
"""Fields of pushes that say nothing of what happened."""
_HANDS_UP: Final = re.compile(r"the (caller|callee) hangs up")
_WRITES: Final = re.compile(r"\S+ writes ")
_FORWARDED: Final = re.compile(r"forwarded to (\S+?)(?:,|$)")


@dataclass(frozen=True, slots=True)
class Message:
    """A line between two participants, or of one to itself: what was said.

    `reply` is drawn dashed. `number` is that of its step, None where it is the second message of one.
    """

    source: Lane
    target: Lane
    text: str
    reply: bool = False
    number: int | None = None


def messages(history: list[steps.StepView]) -> list[Message]:
    """What went from whom to whom, in order."""
    found: list[Message] = []
    number = 1
    for view in history:
        found += _of_step(view, number)
        number += view.count
    return found


def _of_step(view: steps.StepView, number: int) -> list[Message]:
    match view.kind:
        case "push":
            asked = Message("platform", "customer", f"{view.line} {_compact(view.body)}".strip(), number=number)
            return [asked, Message("customer", "platform", view.came, reply=True)] if view.came else [asked]
        case "call":
            return _of_call(view, number)
        case "request" if _WRITES.match(view.line):
            return _of_call(view, number)
        case "request":
            said = " ".join(filter(None, (view.line, _compact(view.body), retell(view.rest or ""))))
            asked = Message("customer", "platform", said, number=number)
            return [asked, Message("platform", "customer", view.came or "", reply=True)]
        case "time":
            return [Message("time", "time", retell(view.line), number=number)]
        case _:
            said = " ".join(filter(None, (view.line, _compact(view.body))))
            return [Message("platform", "platform", retell(said), number=number)]


def _of_call(view: steps.StepView, number: int) -> list[Message]:
    """A call, an SMS or a call's end; whom it reaches, or what came of it."""
    ends = _HANDS_UP.match(view.line)
    source: Lane = "callee" if ends and ends[1] == "callee" else "caller"
    said = Message(source, "platform", retell(view.line), number=number)
    came = view.came or ""
    if (reached := _FORWARDED.search(came)) and not ends:
        return [said, Message("platform", "callee", say("forwarded to {number}", number=reached[1]))]
    return [said, Message("platform", source, came, reply=True)]


def _compact(body: str | None) -> str:
    """A body in a few words: "callerNum +86138****0001, duration 60"."""
    if body is None:
        return ""
    try:
        value = json.loads(body)
    except (ValueError, RecursionError):
        return " ".join(body.split())
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if not isinstance(value, dict):
        return _plain(value)
    return ", ".join(f"{name} {_plain(one)}" for name, one in value.items() if name not in _ALIKE)


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def diagram(rule: dict[str, Any]) -> Html | None:
    """The diagram of a rule's counterexample; None where there is none."""
    example = rule["counterexample"] or {"steps": []}
    history = steps.history(example["steps"])
    if not history:
        return None
    told = messages(history)
    broken = retell(steps.broken_claim(example["steps"]) or rule["reason"] or "")
    parts, height = _draw_below(told, broken)
    place = f"sequence-{rule['id']}"
    described = [_in_words(message) for message in told]
    return tag(
        "svg",
        tag("title", say("{verdict}: {name}", verdict=rule["id"], name=title(rule)), id=f"{place}-title"),
        tag("desc", "\n".join([*described, broken]), id=f"{place}-desc"),
        _heads(height),
        parts,
        xmlns="http://www.w3.org/2000/svg",
        viewBox=f"0 0 {_WIDTH} {height}",
        role="img",
        aria_labelledby=f"{place}-title {place}-desc",
        class_="sequence",
    )


def document(rule: dict[str, Any]) -> str | None:
    """The diagram as a file of its own, with its colours; None without one."""
    drawn = diagram(rule)
    if drawn is None:
        return None
    style = Path(__file__).with_name("sequence.css").read_text(encoding="utf-8")
    head, end, rest = drawn.partition(">")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{head}{end}<style>{style}</style>{rest}\n'


def _in_words(message: Message) -> str:
    """A message for who cannot see it."""
    number = f"{message.number}. " if message.number is not None else ""
    source, target = (say(_LANES[lane][1]) for lane in (message.source, message.target))
    if message.source == message.target:
        return f"{number}{message.text}"
    return f"{number}{source} → {target}: {message.text}"


def _heads(height: int) -> list[Html]:
    found = []
    for x, name in _LANES.values():
        found += [
            tag("line", x1=x, y1=24, x2=x, y2=height - 4, class_="life"),
            tag("text", say(name), x=x, y=16, class_="head"),
        ]
    return found


def _draw_below(told: list[Message], broken: str) -> tuple[Html, int]:
    """Everything below the heads, and the height of the picture."""
    parts: list[Html] = []
    y = 32
    for message in told:
        lines = _lines(message.text, _COLUMNS - 3)
        parts.append(_message(message, lines, y))
        y += _LINE * len(lines) + (14 if message.source != message.target else 8)
    lines = list(_cut(broken, _COLUMNS - 2))[:12]
    box = tag("rect", x=4, y=y, width=_WIDTH - 8, height=_LINE * len(lines) + 10, rx=3)
    texts = [tag("text", line, x=10, y=y + 15 + _LINE * place) for place, line in enumerate(lines)]
    parts.append(tag("g", box, texts, class_="broken"))
    return join(*parts), y + _LINE * len(lines) + 18


def _message(message: Message, lines: list[str], y: int) -> Html:
    mark = None if message.number is None else tag("text", str(message.number), x=6, y=y + 11, class_="number")
    texts = [tag("text", line, x=24, y=y + 11 + _LINE * place) for place, line in enumerate(lines)]
    below = y + _LINE * len(lines) + 4
    kinds = [message.source if message.source == "time" else "", "reply" if message.reply else ""]
    if message.source == message.target:
        line = tag("line", x1=4, y1=below, x2=_WIDTH - 4, y2=below, class_="band") if message.source == "time" else None
        return tag("g", line, mark, texts, class_=" ".join(filter(None, kinds)) or "note")
    start, end = _LANES[message.source][0], _LANES[message.target][0]
    back = 6 if end < start else -6
    arrow = tag("line", x1=start, y1=below, x2=end + back, y2=below, class_="arrow")
    head = tag("path", d=f"M{end} {below}l{back} -3.5v7z", class_="point")
    return tag("g", arrow, head, mark, texts, class_=" ".join(filter(None, kinds)) or "said")


def _lines(text: str, columns: int) -> list[str]:
    """The beginning of a text, in a line or two."""
    found = list(_cut(text, columns))
    if len(found) <= _MOST_LINES:
        return found or [""]
    return [*found[: _MOST_LINES - 1], found[_MOST_LINES - 1][:-1] + "…"]


def _cut(text: str, columns: int) -> Iterator[str]:
    """A text in lines, at a blank where one is near the end of a line."""
    line = ""
    for sign in text:
        if width_of(line + sign) > columns:
            kept, blank, carried = line.rpartition(" ")
            if blank and width_of(carried) < columns // 3:
                yield kept
                line = carried
            else:
                yield line
                line = ""
        line += sign
    if line:
        yield line
