"""The driver of the suites: calls, time, addresses, pushes. Of worlds there is one, made of applications.json."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from examples.platform.calls import FAILS

if TYPE_CHECKING:
    from examples.platform.service import Platform

__all__ = ["Driver"]

Json = dict[str, Any]

WORLD = ["_privnum", "worlds", "main"]
CAPABILITIES = ["clock", "calls", "unregistered_callees", "pushes", "application_settings"]
CALLEE: Json = {"behaviour": "answer", "ring_after": 2, "answer_after": 3, "hang_up_after": None}
Test = Callable[[Any], bool]


def one_of(*words: str) -> Test:
    """One of these."""
    return lambda value: value in words


def nothing_or(test: Test) -> Test:
    """Null, or what the test wants."""
    return lambda value: value is None or test(value)


def is_count(value: Any) -> bool:
    """A whole number from 0."""
    return isinstance(value, int) and not isinstance(value, bool) and value >= 0


def is_text(value: Any) -> bool:
    """A text that is not empty."""
    return isinstance(value, str) and value != ""


def is_address(value: Any) -> bool:
    """Where pushes can be sent."""
    return isinstance(value, str) and value.startswith(("http://", "https://"))


def are_texts(value: Any) -> bool:
    """A list of texts."""
    return isinstance(value, list) and all(map(is_text, value))


OF_SETTINGS: dict[str, Test] = {
    "event_url": nothing_or(is_address),
    "fee_url": nothing_or(is_address),
    "status": one_of("normal", "unavailable", "frozen"),
    "tones": nothing_or(are_texts),
    "allow_list": nothing_or(are_texts),
    "requests_per_minute": nothing_or(is_count),
    "recording": lambda value: isinstance(value, bool),
}
OF_CLOCK: dict[str, Test] = {"advance_seconds": is_count, "mode": one_of("frozen", "running")}
OF_CALLEE: dict[str, Test] = {
    "behaviour": one_of("answer", "reject", "no_answer", "silent", *FAILS),
    "ring_after": is_count,
    "answer_after": is_count,
    "hang_up_after": nothing_or(is_count),
}
OF_CALL: dict[str, Test] = {
    "caller": is_text,
    "called": is_text,
    "callee": lambda value: isinstance(value, dict),
    "caller_hangs_up_after": nothing_or(is_count),
}


class Unknown(Exception):
    """A message that this driver does not take: HTTP status, what was wrong, and where."""

    def __init__(self, status: int, error: str, where: str = "") -> None:
        super().__init__(error)
        self.answer = status, {"error": error, "where": where}


def time_of(second: int | None) -> str | None:
    """As the protocol writes times."""
    return None if second is None else datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def check(message: Json, tests: dict[str, Test], *needed: str) -> None:
    """Refuse a message that is not made as the protocol says."""
    for name, value in message.items():
        if name not in tests or not tests[name](value):
            raise Unknown(400, f"{name} cannot be set so here", name)
    for name in needed:
        if name not in message:
            raise Unknown(400, f"{name} is missing", name)
    if not message:
        raise Unknown(400, "the message is empty")


class Driver:
    """What stands under /_privnum."""

    def __init__(self, platform: Platform) -> None:
        self._platform = platform

    def serve(self, environ: Json, content: bytes) -> tuple[int, Json]:
        """Status and answer to one message."""
        path = environ["PATH_INFO"].strip("/").split("/")
        method = environ["REQUEST_METHOD"]
        try:
            message = json.loads(content) if content else {}
            if not isinstance(message, dict):
                raise Unknown(400, "a JSON object is wanted")
            if (method, path) == ("GET", ["_privnum", "health"]):
                return 200, {"status": "ok", "version": "1"}
            if (method, path) == ("GET", ["_privnum", "capabilities"]):
                return 200, {"protocol": 1, "product": "small", "modes": ["AXB"], "capabilities": CAPABILITIES}
            if path[:3] == WORLD:
                return self._in_world(method, path[3:], message, environ.get("QUERY_STRING", ""))
        except ValueError:
            return 400, {"error": "that is no JSON", "where": ""}
        except Unknown as unknown:
            return unknown.answer
        return 404, {"error": "this driver has no such message", "where": environ["PATH_INFO"]}

    def _in_world(self, method: str, path: list[str], message: Json, query: str) -> tuple[int, Json]:
        match method, path:
            case "PATCH", ["applications", key]:
                return 200, self._do_locked(lambda: self._set_application(key, message))
            case "GET", ["clock"]:
                return 200, self._do_locked(self._clock)
            case "POST", ["clock"]:
                return 200, self._set_clock(message)
            case "GET", ["calls"]:
                return 200, self._do_locked(
                    lambda: {"calls": [self._call(c) for c in self._platform.calls.all.values()]}
                )
            case "POST", ["calls"]:
                return 201, self._do_settled(lambda: self._place(message))
            case "GET", ["calls", call]:
                return 200, self._do_locked(lambda: self._call(self._find(call)))
            case "POST", ["calls", call, "hang_up"]:
                return 200, self._do_settled(lambda: self._hang_up(call, message))
            case "GET", ["pushes"]:
                wanted = dict(parse_qsl(query, keep_blank_values=True))
                if wanted:
                    check(wanted, {"state": one_of("pending", "delivered", "given_up")})
                made = [self._push(push) for push in list(self._platform.pushes.made)]
                return 200, {"pushes": [push for push in made if wanted.get("state", push["state"]) == push["state"]]}
        raise Unknown(404, "this driver has no such message", "/".join(path))

    def _do_locked(self, do: Callable[[], Json]) -> Json:
        with self._platform.lock:
            return do()

    def _do_settled(self, do: Callable[[], Json]) -> Json:
        """Do it, and answer when the pushes of it are sent."""
        answer = self._do_locked(do)
        self._platform.pushes.wait_until_sent()
        return answer

    # ── applications and time ────────────────────────────────────────────────────────────────────────────────────────

    def _set_application(self, key: str, message: Json) -> Json:
        app: Json | None = self._platform.apps.get(key)
        if app is None:
            raise Unknown(404, "there is no such application", "app_key")
        check(message, OF_SETTINGS)
        app |= message
        numbers = [x | {"status": "5"} for x in app["numbers"]]
        reply = {name: app[name] for name in ("app_key", "app_secret", "mode", "sp_id", *OF_SETTINGS)}
        return reply | {"numbers": numbers}

    def _clock(self) -> Json:
        clock = self._platform.clock
        return {"mode": "frozen" if clock.stopped else "running", "now": time_of(clock.now())}

    def _set_clock(self, message: Json) -> Json:
        check(message, OF_CLOCK)
        with self._platform.lock:
            clock = self._platform.clock
            if message.get("mode") == "frozen":
                clock.stop()
            clock.advance(message.get("advance_seconds", 0), self._platform.pushes.wait_until_sent)
            if message.get("mode") == "running":
                clock.start()
            return self._clock()

    # ── calls and pushes ─────────────────────────────────────────────────────────────────────────────────────────────

    def _place(self, message: Json) -> Json:
        check(message, OF_CALL, "caller", "called")
        callee = message.get("callee", {})
        if callee:
            check(callee, OF_CALLEE)
        hangs_up_after = message.get("caller_hangs_up_after")
        try:
            call = self._platform.calls.place(message["caller"], message["called"], CALLEE | callee, hangs_up_after)
        except KeyError:
            raise Unknown(404, "called must be an X of ours", "called") from None
        return self._call(call)

    def _find(self, number: str) -> Json:
        call = self._platform.calls.all.get(number)
        if call is None:
            raise Unknown(404, "there is no such call", "call")
        return call

    def _hang_up(self, number: str, message: Json) -> Json:
        call = self._find(number)
        check(message, {"by": one_of("caller", "callee")}, "by")
        if call["state"] == "ended":
            raise Unknown(409, "the call has ended", "call")
        self._platform.calls.hang_up(call, message["by"])
        return self._call(call)

    @staticmethod
    def _call(call: Json) -> Json:
        through = call["to"] is not None
        return {
            "id": call["id"],
            "session_id": call["session"],
            "mode": "AXB",
            "app_key": call["app"]["app_key"],
            "x": call["x"],
            "caller": call["caller"],
            "called": call["x"],
            "state": call["state"],
            "forwarded_to": call["to"],
            "displayed": call["x"] if through else None,
            "subscription_id": call["bound"]["id"] if through else None,
            "release_cause": call["cause"],
            "started_at": time_of(call["came_at"]),
            "forwarded_at": time_of(call["forwarded_at"]),
            "alerting_at": time_of(call["rang_at"]),
            "answered_at": time_of(call["answered_at"]),
            "ended_at": time_of(call["ended_at"]),
        }

    @staticmethod
    def _push(push: Json) -> Json:
        reply: Json = {name: push[name] for name in ("id", "kind", "url", "state", "body")}
        attempts = [{"at": time_of(second), "outcome": outcome} for second, outcome in push["attempts"]]
        return reply | {"app_key": push["app"]["app_key"], "attempts": attempts, "next_attempt_at": None}
