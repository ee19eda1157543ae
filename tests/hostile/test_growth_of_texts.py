"""No file of events, and no text in a report, costs more than work that goes with its length."""

from __future__ import annotations

import json
from functools import partial
from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.mockserver.http.gate import Gate
from privnum.mockserver.pushes.addresses import fault_of, masked_address, receiver_of
from privnum.suites.base.printing import visible
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.report.html.elements import tag
from privnum.suites.report.load import EventsError, read_run
from privnum.suites.report.steps import history
from privnum.suites.report.text import by_reason
from privnum.suites.runner import execute as check
from privnum.suites.safety.phone_numbers import (
    numbers_in,
    numbers_of_message,
    spelled_number,
    touched_parts,
)
from tests.hostile.growth import MOST, growth, lines_run
from tests.mockserver.axb_rig import AXB_PATH, AxbRig
from tests.mockserver.control.test_plane import Console
from tests.mockserver.rig import CLIENT, EDGE_MS

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

EVENTS: dict[str, Callable[[int], str]] = {
    "nothing": lambda n: "\n" * n,
    "no events": lambda n: "{}\n" * n,
    "members": lambda n: json.dumps({f"m{i}": i for i in range(n)}),
    "a long line": lambda n: json.dumps({"event": "x" * n}),
    "levels": lambda n: '{"a":' * n + "1" + "}" * n,
}


@pytest.mark.parametrize("text", EVENTS.values(), ids=EVENTS.keys())
def test_a_file_of_events_is_read_in_one_go(text: Callable[[int], str], tmp_path: Path) -> None:
    path = tmp_path / "events.jsonl"

    def make(size: int, i: int) -> Path:
        path.write_text(text(size) + " " * i, encoding="utf-8")
        return path

    def read(_: Path) -> None:
        with pytest.raises(EventsError) as caught:
            read_run(path)
        assert len(str(caught.value)) < 2000

    assert growth(read, make, 4000) < MOST


#: Texts that a target, a driver or a file may hold, for whoever looks for something in them.
TEXTS: dict[str, Callable[[int], str]] = {
    "a long word": lambda n: "a" * n,
    "words": lambda n: "a " * (n // 2),
    "digits": lambda n: "1" * n,
    "numbers": lambda n: "+8613800000001 " * (n // 15),
    "signs between digits": lambda n: "1-" * (n // 2),
    "blanks": lambda n: " " * n,
    "dots": lambda n: "a." * (n // 2),
    "underscores": lambda n: "_" * n,
    "requests": lambda n: "GET /" * (n // 5),
    "a long path": lambda n: "GET /" + "a" * n,
    "slashes": lambda n: " /" * (n // 2),
    "two slashes": lambda n: "//" * (n // 2),
    "paths of pushes": lambda n: "/push/" * (n // 6),
    "a path of pushes": lambda n: "/push/" + "a" * n,
    "addresses": lambda n: "http://" * (n // 7),
    "a long login": lambda n: "http://" + "a" * n,
    "at signs": lambda n: "http://" + "@" * n,
    "secrets": lambda n: "secret" * (n // 6),
    "a secret and blanks": lambda n: "secret" + " " * n,
    "a secret that is none": lambda n: "secret=" + " " * n,
    "quotes": lambda n: '\\"' * (n // 2),
    "arrows": lambda n: " -> " * (n // 4),
    "pushes": lambda n: "pushed: " * (n // 8),
    "calls": lambda n: "a calls " * (n // 8),
    "a call without an end": lambda n: "a calls " + "-" * n,
    "braces": lambda n: "a {" * (n // 3),
    "brackets": lambda n: "[" * n,
    "lists": lambda n: "[" * (n // 2) + "]" * (n // 2),
    "percents": lambda n: "%" * n,
    "escapes": lambda n: "%2B" * (n // 3),
    "marks out of order": lambda n: "1" + "\u0301\u0316" * (n // 2),
    "wide digits": lambda n: "\uff11" * n,
    "long signs": lambda n: "\ufdfa" * n,
    "hidden signs": lambda n: "\x1b\u202e" * (n // 2),
    "halves": lambda n: "\ud800" * n,
    "labels": lambda n: "http://" + "a." * (n // 2),
    "colons": lambda n: "http://[" + ":" * n + "]",
}


class _Pushed:
    """The customer of a run, with a mailbox for whatever comes."""

    def __init__(self) -> None:
        self.receiver = EmbeddedReceiver()
        self.receiver.open_box("token")

    def __call__(self, text: str) -> None:
        shown = text.encode("utf-8", "replace")
        self.receiver.take("POST", f"/push/token/{text}", {"x-aksk": text, "content-type": text}, shown)
        event = json.dumps({"eventType": text, "statusInfo": {"sessionId": text, "timestamp": text}})
        self.receiver.take("POST", text, {}, event.encode())


def _requests(text: str) -> None:
    body = json.dumps({"callerNum": text, "other": [text]}).encode()
    touched_parts("POST", text, text.encode("ascii", "replace").decode(), body)
    touched_parts("POST", AXB_PATH, "", text.encode("utf-8", "replace"))


def _gate(text: str) -> None:
    value = text.encode("latin-1", "replace")
    for name in (b"host", b"origin", b"content-type", b"authorization"):
        assert len(str(Gate().refusal("POST", "/_privnum/worlds", [(name, value)]))) < 500


class _Paths:
    """Servers that stay, so that what is measured is a request."""

    def __init__(self) -> None:
        self.console, self.rig = Console(), AxbRig()

    def control(self, text: str) -> None:
        self.console.send("GET", f"/worlds/{text}")

    def api(self, text: str) -> None:
        self.rig.platform.handle("GET", f"/{text}", "", [], b"", client=CLIENT, edge_now_ms=EDGE_MS)


#: Who looks for something in a text that others wrote.
READERS: dict[str, Callable[[str], object]] = {
    "a number in any spelling": spelled_number,
    "numbers in a text": numbers_in,
    "numbers of a request": _requests,
    "numbers of a message to a driver": lambda text: numbers_of_message({"caller": text, "more": [text, [text]]}),
    "what is masked": contracts.mask,
    "signs that nobody sees": visible,
    "an element of a page": lambda text: tag("p", text, title=text),
    "reasons in groups": lambda text: by_reason([{"verdict": "error", "reason": text}]),
    "a reason without its world": lambda text: check._BEFORE_REST.sub("", text),
    "steps of a counterexample": lambda text: history([text, f"pushed: {text}", f"{text} -> 200"]),
    "a push address": lambda text: fault_of(f"http://{text}"),
    "a push address as it is shown": lambda text: masked_address(f"http://{text}"),
    "a receiver of pushes": lambda text: receiver_of(f"http://{text}"),
    "a push": _Pushed(),
    "headers of a control message": _gate,
    "a control path": _Paths().control,
    "an API path": _Paths().api,
}


@pytest.mark.parametrize("reader", READERS)
def test_a_text_of_others_is_read_in_one_go(reader: str) -> None:
    """Whatever it holds: the worst text counts."""
    grown = {name: growth(READERS[reader], _ending_in_a_letter(text), 2000) for name, text in TEXTS.items()}
    assert max(grown.values()) < MOST, {name: f"{value:.0f}" for name, value in grown.items() if value >= MOST}


def _ending_in_a_letter(text: Callable[[int], str]) -> Callable[[int, int], str]:
    return lambda n, i: text(n) + chr(ord("a") + i % 10)


@pytest.mark.parametrize("levels", [60, 300, 900, 5000])
def test_deep_nesting_in_a_file_of_events_is_told_in_one_line(levels: int, tmp_path: Path) -> None:
    """JSON readers and writers give up at different depths; nothing deep gets as far as a report."""
    path = tmp_path / "events.jsonl"
    path.write_text('{"event":"note","steps":' + "[" * levels + "]" * levels + "}\n", encoding="utf-8")
    with pytest.raises(EventsError, match=r"line 1 is (nested deeper than 50 levels|no JSON)"):
        read_run(path)


@pytest.mark.parametrize("levels", [2, 60, 900, 100_000])
def test_a_step_is_laid_out_as_far_as_somebody_reads_it(levels: int) -> None:
    (told,) = history([f"pushed: {'[' * levels}{']' * levels}"])
    assert told.kind == "push"
    assert len(told.line + (told.body or "")) < 2 * levels + 20


def test_pushes_of_calls_that_nobody_has_asked_for_are_looked_through_once() -> None:
    """A guest's call may be reported before its id is known; each such push is kept by its calls."""
    receiver = EmbeddedReceiver()
    host = receiver.open_box("token")
    guest = receiver.open_box("guest", host)
    for n in range(50):
        body = json.dumps({"eventType": "callin", "statusInfo": {"sessionId": f"call-{n}"}}).encode()
        receiver.take("POST", "/push/token/events", {}, body)
    lines = []
    for n in (7, 8, 9):
        lines.append(lines_run(partial(guest.expect, f"call-{n}")))
        assert [push.body["statusInfo"]["sessionId"] for push in guest.pushes][-1] == f"call-{n}"
    assert len(guest.pushes) == 3
    few = lines[-1]
    for n in range(50, 400):
        body = json.dumps({"eventType": "callin", "statusInfo": {"sessionId": f"call-{n}"}}).encode()
        receiver.take("POST", "/push/token/events", {}, body)
    assert lines_run(lambda: guest.expect("call-399")) <= few + 20
