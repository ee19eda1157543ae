"""The stand-in server as a function call.

Both planes in process, no sockets, no HTTP library.
"""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from time import perf_counter
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.control.edge import MAX_BODY, Edge, wall_clock_ms
from privnum.mockserver.embed.answering import reply_to
from privnum.mockserver.embed.handle import WorldHandle
from privnum.mockserver.embed.wire import Asking
from privnum.mockserver.http.faulty import AnswerLost, time_and_ending
from privnum.mockserver.pushes.addresses import is_control
from privnum.mockserver.pushes.outcomes import NOBODY, Trip, answered_outcome, outcome_of
from privnum.mockserver.pushes.pump import bring_up, settle
from privnum.mockserver.worlds.platform import Platform

if TYPE_CHECKING:
    from privnum.mockserver.core.answers import Answer, Injected
    from privnum.mockserver.embed.answering import AnswerFunction, Asked
    from privnum.mockserver.pushes.outcomes import Outcome
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.worlds.world import World

__all__ = ["BASE_URL", "Customer", "DirectServer", "Reply", "raw_headers", "reply_of"]

#: The customer's server: takes URL, headers and body of a push, returns HTTP status and body of its answer.
#: TimeoutError and ConnectionError stand for an answer that does not come and a server that is not there.
Customer = Callable[[str, list[tuple[str, str]], bytes], tuple[int, bytes]]
#: HTTP status, headers (names in lower case) and body of an answer.
Reply = tuple[int, list[tuple[str, str]], bytes]

#: Address of a server that listens nowhere.
BASE_URL: Final = "http://privnum.test"
#: Why nobody waits for an entry of a journal: nothing else runs that could bring one.
_NOBODY_COMES: Final = (
    "there is no such entry, and none comes while you wait: in process all that a message makes due has happened when "
    "it is answered; leave wait out, or ask privnum serve or a LiveServer"
)
#: Why a message waits for the push under way, by the last word of its path, and where it says so.
_WHILE_DELIVERED: Final = {
    "clock": ("time stands still", "clock"),
    "snapshots": ("no snapshot is made", "snapshots"),
    "restore": ("no snapshot is put back", "snapshot"),
}
#: Address from which requests seem to come.
_CLIENT: Final = "127.0.0.1"


class DirectServer:
    """The whole server behind one method, `request`.

    Every push that a request makes due is delivered before the request returns. A customer may send requests of his
    own while he is being called; he cannot advance the clock then, since time stands still.

    Args:
        edition, assumptions, seed: of worlds that name none.
        customer: answers pushes to http and https addresses; None: nobody is there.
        edge_now_ms: edge time, the real time in milliseconds.
        base_url: what the URLs of worlds begin with.
        sleep: lets seconds pass where a fault makes an answer late.

    Raises:
        ContractError: unknown edition or assumption, or a value that is no choice.
    """

    def __init__(
        self,
        *,
        edition: str = contracts.DEFAULT_EDITION,
        assumptions: Mapping[str, str | int] | None = None,
        seed: int = 0,
        customer: Customer | None = None,
        edge_now_ms: Callable[[], int] = wall_clock_ms,
        base_url: str = BASE_URL,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:
        self._sleep = sleep
        self.platform = Platform(edition=edition, assumptions=assumptions, seed=seed, base_url=base_url)
        #: Named in the `Customer` that sends over a network: where it may send to.
        self.platform.push_targets = getattr(customer, "push_targets", None)
        self.customer = customer
        #: Those who answer pushes to an address of their own.
        self.functions: dict[str, Customer] = {}
        self._edge = Edge(self.platform, edge_now_ms)
        # Held while a request is served; the customer's own requests come from the same thread.
        self._lock = threading.RLock()

    def request(
        self,
        method: str,
        path: str,
        query: str = "",
        headers: Sequence[tuple[str, str]] = (),
        body: bytes = b"",
        *,
        client: str = _CLIENT,
        patience: float | None = None,
    ) -> Reply:
        """Answer a request of either plane.

        Args:
            method: as it would be sent.
            path: raw path of the request target, not decoded; /_privnum… is the control plane.
            query: raw query string, not decoded.
            headers: names in any case.
            body: as it would be sent.
            client: address it comes from.
            patience: seconds for which an answer is waited for that a fault makes late; None: as long as it takes.

        Raises:
            AnswerLost: a fault that was asked for keeps the answer from coming.
        """
        with self._lock:
            self._keep_up()
            if len(body) > MAX_BODY:
                answer = self._edge.oversized_answer(path, raw_headers(headers))
            elif is_control(path):
                answer = self._command(method, path, query, body)
            else:
                answer = self._edge.api(method, path, query, raw_headers(headers), body, client)
                for world in self._edge.pushes_expected(path):
                    settle(self._edge.pushing(world), self._deliver)
                if self.platform.served is not None:
                    self._jump(self.platform.served)
        if answer.injected is not None:
            self._carry_out(answer, answer.injected, patience)
        return reply_of(answer)

    def world(self, **spec: Any) -> WorldHandle:
        """Make a world by `spec`, the control message driver/world.create.

        The handle is that of the fixture private_number; it asks this server without a socket. A function that answers
        calls or SMS is called in the thread that makes the call.
        """
        return WorldHandle(
            self.platform.base_url, spec, asking=_InProcess(self), answering=partial(_Function, self.functions)
        )

    def _carry_out(self, answer: Answer, injected: Injected, patience: float | None) -> None:
        seconds, ending = time_and_ending(injected, patience)
        if seconds:
            self._sleep(seconds)
        if ending:
            raise AnswerLost(answer, injected, ending)

    def _keep_up(self) -> None:
        """Let running clocks come up to now."""
        for world in list(self._edge.offsets):
            target = self._edge.target_ms(world)
            if not world.outbox.exchanging:
                settle(self._edge.pushing(world), self._deliver, target)
            elif target is not None:
                bring_up(self._edge.pushing(world), target)

    def _command(self, method: str, path: str, query: str, body: bytes) -> Answer:
        edge = self._edge
        world = edge.world_to_settle(method, path)
        if world is not None and world.outbox.exchanging:
            why, where = _WHILE_DELIVERED[path.rstrip("/").rpartition("/")[2]]
            return edge.control_error(409, f"{why} while a push is being delivered; answer it first", where)
        reply = edge.command(method, path, query, body)
        if reply.wait is not None and not reply.wait.over:
            return edge.control_error(409, _NOBODY_COMES, "wait")
        if reply.world is not None:
            settle(edge.pushing(reply.world), self._deliver, reply.until_ms)
            self._jump(reply.world)
        return edge.answer_to(reply)

    def _jump(self, world: World) -> None:
        """Let a jumping clock go on to what is due next, until nothing is."""
        while world.clock_mode == "jumping" and not world.outbox.exchanging and (due := world.next_jump()) is not None:
            settle(self._edge.pushing(world), self._deliver, due)

    def _deliver(self, push: Push) -> Outcome:
        customer = self.functions.get(push.url, self.customer)
        if customer is None:
            return NOBODY
        headers, began = push.headers(self._edge.now_ms()), perf_counter()
        try:
            status, body = customer(push.url, headers, push.content)
        except OSError as error:
            return outcome_of(error)._replace(trip=Trip.since(began, headers))
        return answered_outcome(status, body)._replace(trip=Trip.since(began, headers))


class _InProcess(Asking):
    """Asks a server by a function call."""

    def __init__(self, server: DirectServer) -> None:
        self._server = server

    def send(self, method: str, target: str, headers: Mapping[str, str], body: bytes) -> tuple[int, bytes]:
        """See Asking."""
        path, _, query = target.partition("?")
        status, _, answer = self._server.request(method, path, query, list(headers.items()), body)
        return status, answer


class _Function:
    """A function behind an address that nobody else has."""

    def __init__(self, functions: dict[str, Customer], asked: Asked, answer: AnswerFunction) -> None:
        self.url = f"{BASE_URL}/answers/{secrets.token_hex(8)}"
        self._functions = functions
        self._asked = asked
        self.ask(answer)

    def ask(self, answer: AnswerFunction) -> None:
        """Ask another function from now on."""
        self._functions[self.url] = lambda _url, _headers, content: reply_to(self._asked, answer, content)

    def close(self) -> None:
        """Ask nobody any more."""
        self._functions.pop(self.url, None)


def reply_of(answer: Answer) -> Reply:
    """Return an answer with its headers as texts."""
    return answer.status, [(name.decode(), value.decode()) for name, value in answer.headers], answer.body


def raw_headers(headers: Sequence[tuple[str, str]]) -> list[tuple[bytes, bytes]]:
    """Return headers as they come over a wire, their names in lower case."""
    return [(name.lower().encode("latin-1", "replace"), value.encode("latin-1", "replace")) for name, value in headers]
