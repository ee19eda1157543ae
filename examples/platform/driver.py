"""The judge's side door: calls, time, addresses, pushes. Of worlds there is one, made of applications.json."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from examples.platform.service import Platform

__all__ = ["Driver"]

Json = dict[str, Any]

WORLD = ["_privnum", "worlds", "main"]
CAPABILITIES = ["clock", "calls", "pushes", "application_settings"]
CALLEE: Json = {"behaviour": "answer", "ring_after": 2, "answer_after": 3, "hang_up_after": None}
SETTINGS = ("event_url", "fee_url", "status", "tones", "allow_list", "requests_per_minute", "recording")


class Unknown(Exception):  # noqa: N818  # no error of ours
    """A message that this driver does not take: HTTP status, what was wrong, and where."""

    def __init__(self, status: int, error: str, where: str = "") -> None:
        super().__init__(error)
        self.answer = status, {"error": error, "where": where}


def time_of(second: int | None) -> str | None:
    """As the protocol writes times."""
    return None if second is None else datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


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
                return 200, self._locked(lambda: self._set_application(key, message))
            case "GET", ["clock"]:
                return 200, self._locked(self._clock)
            case "POST", ["clock"]:
                return 200, self._set_clock(message)
            case "GET", ["calls"]:
                return 200, self._locked(lambda: {"calls": [self._call(c) for c in self._platform.calls.all.values()]})
            case "POST", ["calls"]:
                return 201, self._settled(lambda: self._place(message))
            case "GET", ["calls", call]:
                return 200, self._locked(lambda: self._call(self._find(call)))
            case "POST", ["calls", call, "hang_up"]:
                return 200, self._settled(lambda: self._hang_up(call, message))
            case "GET", ["pushes"]:
                wanted = query.removeprefix("state=")
                made = [self._push(push) for push in list(self._platform.pushes.made)]
                return 200, {"pushes": [push for push in made if wanted in ("", push["state"])]}
        raise Unknown(404, "this driver has no such message", "/".join(path))

    def _locked(self, do: Callable[[], Json]) -> Json:
        with self._platform.lock:
            return do()

    def _settled(self, do: Callable[[], Json]) -> Json:
        """Do it, and answer when the customer was told what came of it."""
        answer = self._locked(do)
        self._platform.pushes.wait_until_sent()
        return answer

    # ── applications and time ────────────────────────────────────────────────────────────────────────────────────────

    def _set_application(self, key: str, message: Json) -> Json:
        app: Json | None = self._platform.apps.get(key)
        if app is None:
            raise Unknown(404, "there is no such application", "app_key")
        for name, value in message.items():
            if name not in SETTINGS or (name == "recording" and value is not False):
                raise Unknown(400, f"{name} cannot be set so here", name)
        app |= message
        numbers = [x | {"status": "5"} for x in app["numbers"]]
        told = {name: app[name] for name in ("app_key", "app_secret", "mode", "sp_id", *SETTINGS)}
        return told | {"numbers": numbers}

    def _clock(self) -> Json:
        clock = self._platform.clock
        return {"mode": "frozen" if clock.stopped else "running", "now": time_of(clock.now())}

    def _set_clock(self, message: Json) -> Json:
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
        callee = CALLEE | (message.get("callee") or {})
        hangs_up_after = message.get("caller_hangs_up_after")
        try:
            call = self._platform.calls.place(message["caller"], message["called"], callee, hangs_up_after)
        except KeyError:
            raise Unknown(404, "caller and called are wanted; called must be an X of ours", "called") from None
        return self._call(call)

    def _find(self, number: str) -> Json:
        call = self._platform.calls.all.get(number)
        if call is None:
            raise Unknown(404, "there is no such call", "call")
        return call

    def _hang_up(self, number: str, message: Json) -> Json:
        call = self._find(number)
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
        told: Json = {name: push[name] for name in ("id", "kind", "url", "state", "body")}
        attempts = [{"at": time_of(second), "outcome": outcome} for second, outcome in push["attempts"]]
        return told | {"app_key": push["app"]["app_key"], "attempts": attempts, "next_attempt_at": None}
