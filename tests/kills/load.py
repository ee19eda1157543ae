"""Clients: they bind, query, unbind and let people call, and take down what was acknowledged."""

from __future__ import annotations

import http.client
import json
import threading
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from tests.bench.servers import BIND_PATH, signed_headers

if TYPE_CHECKING:
    import itertools
    from collections.abc import Callable

    Work = tuple[Callable[[http.client.HTTPConnection], None], ...]

#: Answers by which nobody knows whether a request was carried out.
UNSURE = (502, 503, 504)
#: Seconds after which a client asks again: as long as a server is away, it leaves the machine to the others.
_PAUSE = 0.01
_NO_RECORD = b'"1012007"'


class NoAnswerError(OSError):
    """A server, or what is before it, says that it cannot answer now."""


@dataclass
class Acknowledged:
    """What answers have said of a world.

    Bindings that are there with their A, ids that are gone, calls with their caller, pushes that were delivered.
    `unsure` has the ids whose unbind was asked for and not answered, `doubled` what two answers gave the same id.
    `newest` is the last binding, `begun` when the bind began that was acknowledged last, `unanswered` how many requests
    were not answered. What is to be done with a push that is called delivered is `on_delivered`.
    """

    bound: dict[str, str] = field(default_factory=dict)
    gone: set[str] = field(default_factory=set)
    unsure: set[str] = field(default_factory=set)
    calls: dict[str, str] = field(default_factory=dict)
    delivered: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)
    newest: str = ""
    begun: float = 0.0
    unanswered: int = 0
    on_delivered: Callable[[str], None] = lambda _: None


class Load:
    """Clients of a world of one server until that is no more.

    Args:
        port: of the server.
        app: the AXB application, as `privnum serve --json` says it.
        known: where what is acknowledged is taken down.
        numbers: of users that never come again.
        world: whose calls and pushes.
    """

    def __init__(
        self,
        port: int,
        app: dict[str, Any],
        known: Acknowledged,
        numbers: itertools.count[int],
        world: str = "default",
    ) -> None:
        self._port = port
        self._app = app
        self._known = known
        self._numbers = numbers
        self._world = f"/_privnum/worlds/{world}"
        self._few = 20
        self.errors: list[str] = []
        self._threads = [threading.Thread(target=self._run, args=(each,), daemon=True) for each in self._clients()]

    def start(self) -> None:
        """Begin."""
        for thread in self._threads:
            thread.start()

    def join(self) -> None:
        """Return when all have ended."""
        for thread in self._threads:
            thread.join(30)
            assert not thread.is_alive()

    def _clients(self) -> tuple[Work, ...]:
        """Return what each client does over and over."""
        return (self._bind,), (self._bind,), (self._unbind,), (self._call,), (self._look,)

    def _run(self, work: Work) -> None:
        """Be a client; end with the first request that is not answered."""
        connection = self._connection()
        try:
            while True:
                for each in work:
                    each(connection)
        except (OSError, http.client.HTTPException):
            return
        except Exception as error:  # reported by the one who waits
            self.errors.append(repr(error))
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection("127.0.0.1", self._port, timeout=20)

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
        if or_none and (answer.status == 404 or _NO_RECORD in text):
            return None
        if answer.status in UNSURE:
            raise NoAnswerError(f"{answer.status} {text[:200]!r}")
        if answer.status >= 300:
            raise AssertionError(f"{method} {path}: {answer.status} {text[:200]!r}")
        return json.loads(text) if text else None

    def _bind(self, connection: http.client.HTTPConnection) -> None:
        n = next(self._numbers)
        x = self._app["numbers"][n % len(self._app["numbers"])]
        message = {"callerNum": f"+86138{n:08d}", "calleeNum": f"+86139{n:08d}", "relationNum": x}
        began = time.monotonic()
        made = self._ask(connection, "POST", BIND_PATH, message)["subscriptionId"]
        self._note_new(made, made in self._known.bound or made in self._known.gone)
        self._known.bound[made], self._known.newest = message["callerNum"], made
        self._known.begun = max(self._known.begun, began)

    def _unbind(self, connection: http.client.HTTPConnection) -> None:
        if len(self._known.bound) < self._few:
            self._bind(connection)
            return
        found = min(self._known.bound)
        self._known.unsure.add(found)
        del self._known.bound[found]
        self._ask(connection, "DELETE", f"{BIND_PATH}?{urlencode({'subscriptionId': found})}")
        self._known.unsure.discard(found)
        self._known.gone.add(found)

    def _call(self, connection: http.client.HTTPConnection) -> None:
        message = {
            "caller": f"+86137{next(self._numbers):08d}",
            "called": self._app["numbers"][0],
            "callee": {"behaviour": "answer", "hang_up_after": 1},
        }
        made = self._ask(connection, "POST", f"{self._world}/calls", message)["id"]
        self._note_new(made, made in self._known.calls)
        self._known.calls[made] = message["caller"]

    def _look(self, connection: http.client.HTTPConnection) -> None:
        """Look at one push after the other: a list would wait for those that are under way."""
        push = f"push-{len(self._known.delivered) + 1}"
        found = self._ask(connection, "GET", f"{self._world}/pushes/{push}", or_none=True)
        if found is not None and found["state"] == "delivered":
            self._known.delivered.append(push)
            self._known.on_delivered(push)

    def _note_new(self, made: str, is_known: bool) -> None:
        if is_known:
            self._known.doubled.append(made)


class LastingLoad(Load):
    """Clients that go on when a request is not answered, until they are stopped."""

    def __init__(self, *args: Any) -> None:
        super().__init__(*args)
        self._few = 100
        self._stopped = threading.Event()

    def stop(self) -> None:
        """Let them end behind what they do."""
        self._stopped.set()

    def _clients(self) -> tuple[Work, ...]:
        changes = (self._bind, self._find_newest, self._bind, self._find_newest, self._call)
        return changes, (self._unbind, self._unbind, self._look)

    def _run(self, work: Work) -> None:
        connection = self._connection()
        while not self._stopped.is_set():
            for each in work:
                try:
                    each(connection)
                except NoAnswerError:
                    self._known.unanswered += 1
                    self._stopped.wait(_PAUSE)
                except (OSError, http.client.HTTPException):
                    self._known.unanswered += 1
                    connection.close()
                except Exception as error:  # reported by the one who waits
                    self.errors.append(repr(error))
                    return
        connection.close()

    def _find_newest(self, connection: http.client.HTTPConnection) -> None:
        """Ask for the last binding that was acknowledged: whichever server answers must have it."""
        newest = self._known.newest
        if not newest:
            return
        found = self._ask(connection, "GET", f"{BIND_PATH}?{urlencode({'subscriptionId': newest})}", or_none=True)
        if found is None and newest in self._known.bound:
            raise AssertionError(f"{newest} was bound, and a query does not find it")


class PatientLoad(LastingLoad):
    """Clients of one node that bind and call alone, and wait longer for an answer than a node may stand still."""

    def _clients(self) -> tuple[Work, ...]:
        return (self._bind, self._find_newest, self._call), (self._bind,)
