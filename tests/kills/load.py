"""Clients: they bind, unbind and let people call, and take down what was acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.bench.servers import BIND_PATH, signed_headers

if TYPE_CHECKING:
    import itertools


@dataclass
class Acknowledged:
    """What answers have said: bindings that are there, ids that are gone, calls, pushes that were delivered.

    `unsure` has the ids whose unbind was asked for and not answered.
    """

    bound: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    calls: set[str] = field(default_factory=set)
    delivered: list[str] = field(default_factory=list)


class Load:
    """Clients of one server until it is no more.

    Args:
        port: of the server.
        app: the AXB application, as `privnum serve --json` says it.
        known: where what is acknowledged is taken down.
        numbers: of users that never come again.
    """

    def __init__(self, port: int, app: dict[str, Any], known: Acknowledged, numbers: itertools.count[int]) -> None:
        self._port = port
        self._app = app
        self._known = known
        self._numbers = numbers
        self.errors: list[str] = []
        work = (self._bind, self._bind, self._unbind, self._call, self._look)
        self._threads = [threading.Thread(target=self._until_gone, args=(each,), daemon=True) for each in work]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Return when all have seen that the server is gone."""
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _until_gone(self, work: Any) -> None:
        connection = http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)
        try:
            while True:
                work(connection)
        except (OSError, http.client.HTTPException):
            return
        except Exception as error:  # told by the one who waits
            self.errors.append(repr(error))
        finally:
            connection.close()

    def _ask(
        self,
        connection: http.client.HTTPConnection,
        method: str,
        path: str,
        message: Any = None,
        *,
        or_none: bool = False,
    ) -> Any:
        control = path.startswith("/_privnum")
        headers = {} if control else signed_headers(self._app["app_key"], self._app["app_secret"])
        body = None if message is None else json.dumps(message).encode()
        connection.request(method, path, body, {"Content-Type": "application/json", **headers})
        answer = connection.getresponse()
        text = answer.read()
        if or_none and answer.status == 404:
            return None
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return json.loads(text) if text else None

    def _bind(self, connection: http.client.HTTPConnection) -> None:
        n = next(self._numbers)
        x = self._app["numbers"][n % len(self._app["numbers"])]
        message = {"callerNum": f"+86138{n:08d}", "calleeNum": f"+86139{n:08d}", "relationNum": x}
        made = self._ask(connection, "POST", BIND_PATH, message)
        self._known.bound[made["subscriptionId"]] = message["callerNum"]

    def _unbind(self, connection: http.client.HTTPConnection) -> None:
        if len(self._known.bound) < 20:
            self._bind(connection)
            return
        found = next(iter(self._known.bound))
        self._known.unsure.add(found)
        del self._known.bound[found]
        self._ask(connection, "DELETE", f"{BIND_PATH}?{urlencode({'subscriptionId': found})}")
        self._known.unsure.discard(found)
        self._known.gone.add(found)

    def _call(self, connection: http.client.HTTPConnection) -> None:
        message = {
            "caller": "+8613700000001",
            "called": self._app["numbers"][0],
            "callee": {"behaviour": "answer", "hang_up_after": 1},
        }
        made = self._ask(connection, "POST", "/_privnum/worlds/default/calls", message)
        self._known.calls.add(made["id"])

    def _look(self, connection: http.client.HTTPConnection) -> None:
        """Look at one push after the other: a list would wait for those that are under way."""
        push = f"push-{len(self._known.delivered) + 1}"
        found = self._ask(connection, "GET", f"/_privnum/worlds/default/pushes/{push}", or_none=True)
        if found is not None and found["state"] == "delivered":
            self._known.delivered.append(push)
