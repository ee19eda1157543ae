"""The platform as a whole: its state, the API as WSGI, the driver beside it."""

from __future__ import annotations

import json
import threading
import time
from typing import TYPE_CHECKING, Any
from urllib.parse import parse_qsl

from examples.platform.bindings import Bindings
from examples.platform.calls import Calls
from examples.platform.clock import Clock
from examples.platform.driver import Driver
from examples.platform.errors import Refused
from examples.platform.pushes import Pushes
from examples.platform.recordings import FILES
from examples.platform.signing import who_asks

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

__all__ = ["Platform"]

PATH = "/rest/caas/relationnumber/partners/v1.0"
RECORDS = "/rest/provision/voice/record/v1.0"
LONGEST_BODY = 64 * 1024
TICK = 0.1
MOVED = 301
REASONS = {
    200: "OK",
    201: "Created",
    301: "Moved Permanently",
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
}
REASONS |= {405: "Method Not Allowed", 409: "Conflict", 413: "Content Too Large", 500: "Internal Server Error"}


class Platform:
    """A WSGI application. `apps` are the applications, as applications.json has them."""

    def __init__(self, apps: list[dict[str, Any]]) -> None:
        self.lock = threading.RLock()
        usual = {"status": "normal", "recording": False, "tones": None, "allow_list": None, "requests_per_minute": None}
        usual |= {"event_url": None, "fee_url": None}
        self.apps = {app["app_key"]: usual | app for app in apps}
        self.clock = Clock()
        self.pushes = Pushes(self.clock.now)
        self.bindings = Bindings(self.apps)
        self.calls = Calls(self.clock, self.bindings, self.pushes)
        self._driver = Driver(self)
        self._lately: dict[str, list[float]] = {}
        threading.Thread(target=self._tick, daemon=True).start()

    def _tick(self) -> None:
        """Do in time what is due, while the clock goes."""
        while True:
            time.sleep(TICK)
            with self.lock:
                if not self.clock.stopped:
                    self.clock.advance(0, lambda: None)

    def __call__(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Answer one request."""
        length = int(environ.get("CONTENT_LENGTH") or 0)
        content = environ["wsgi.input"].read(min(length, LONGEST_BODY + 1))
        if environ["PATH_INFO"].startswith(FILES):
            return self._file(environ, start_response)
        serve = self._driver.serve if environ["PATH_INFO"].startswith("/_privnum/") else self._serve
        status, answer = serve(environ, content)
        text = json.dumps(answer).encode()
        headers = [("Content-Type", "application/json; charset=utf-8"), ("Content-Length", str(len(text)))]
        headers += [("Location", answer["there"])] if status == MOVED else []
        start_response(f"{status} {REASONS[status]}", headers)
        return [text]

    def _serve(self, environ: dict[str, Any], content: bytes) -> tuple[int, dict[str, Any]]:
        try:
            with self.lock:
                found = self._route(environ, content)
        except Refused as refusal:
            return refusal.status, {"resultcode": refusal.code, "resultdesc": refusal.text}
        except Exception:  # whatever it is, the customer gets an answer
            return 500, {"resultcode": "1010001", "resultdesc": "Internal system error"}
        if "there" in found:
            return MOVED, found
        return 200, {"resultcode": "0", "resultdesc": "Success."} | found

    def _file(self, environ: dict[str, Any], start_response: Callable[..., Any]) -> Iterable[bytes]:
        """Hand out a recording to whoever has its address."""
        with self.lock:
            name = environ["PATH_INFO"].removeprefix(FILES)
            content = self.calls.recordings.content(name, self.clock.now())
        kind = "text/plain" if content is None else "audio/wav"
        sent = content or b"gone"
        headers = [("Content-Type", kind), ("Content-Length", str(len(sent)))]
        start_response("404 Not Found" if content is None else "200 OK", headers)
        return [sent]

    def _route(self, environ: dict[str, Any], content: bytes) -> dict[str, Any]:
        method = environ["REQUEST_METHOD"]
        path = environ["PATH_INFO"]
        if path not in (PATH, RECORDS):
            raise Refused("1010006", environ["PATH_INFO"], status=404)
        if method not in (("GET",) if path == RECORDS else ("POST", "PUT", "GET", "DELETE")):
            raise Refused("1010006", method, status=405)
        app = who_asks(environ, self.apps)
        self._admit(app, environ.get("REMOTE_ADDR", ""))
        now = self.clock.now()
        if method in ("POST", "PUT"):
            body = self._body(content)
            return self.bindings.bind(app, body, now) if method == "POST" else self.bindings.modify(app, body, now)
        try:
            pairs = parse_qsl(environ.get("QUERY_STRING", ""), keep_blank_values=True, errors="strict")
        except ValueError:
            raise Refused("1010002", "the query string") from None
        query = dict(pairs)
        if any(len(value) > 128 for value in query.values()):
            raise Refused("1010002", "a value is too long")
        if path == RECORDS:
            where = self.calls.recordings.where(app, query, now)
            return {"there": f"http://{environ['HTTP_HOST']}{where}"}
        return self.bindings.query(app, query, now) if method == "GET" else self.bindings.unbind(app, query, now)

    def _admit(self, app: dict[str, Any], address: str) -> None:
        """Whether the application may ask anything now."""
        if app["status"] != "normal":
            raise Refused("1010029" if app["status"] == "frozen" else "1010008")
        if app["allow_list"] is not None and address not in app["allow_list"]:
            raise Refused("1020166")
        if (most := app["requests_per_minute"]) is None:
            return
        minute = [at for at in self._lately.get(app["app_key"], []) if at > time.monotonic() - 60]
        if len(minute) >= most:
            raise Refused("1010010", "too many requests")
        self._lately[app["app_key"]] = [*minute, time.monotonic()]

    @staticmethod
    def _body(content: bytes) -> dict[str, Any]:
        if len(content) > LONGEST_BODY:
            raise Refused("1010002", "the body is too long", status=413)
        try:
            body = json.loads(content)
        except (ValueError, RecursionError):
            raise Refused("1010002", "the body is no JSON") from None
        if not isinstance(body, dict):
            raise Refused("1010002", "the body is no object")
        return body
