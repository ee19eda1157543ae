"""What a check will take in real time, tried on our own server.

In this process, where real time costs nothing.

Nobody wants to pay for calls of a check that cannot be ended within --max-wait. So each is run before on the stand-in,
with the target's applications, numbers, choices and capabilities, and with a clock that jumps.
"""

from __future__ import annotations

import math
import time
from collections import Counter
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from privnum.suites.base.claims import NotExercised, Stopped
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.driver.protocol import Driver
from privnum.suites.runner.connect import embedded_transport
from privnum.suites.runner.context import CheckContext
from privnum.suites.target.config import TargetError, application_spec
from privnum.suites.target.number_pool import Occupied, Pool
from privnum.suites.transport.api import make_answer

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.session import Session
    from privnum.suites.transport.api import Transport

__all__ = ["Alike", "Foresight", "Need"]

WORLD = "foresight"
LONGEST = 7200.0
"""Seconds of which it is enough to know that a check takes more."""
PLENTY = {
    "mobile": Pool(prefix="+86138", width=8, count=10**8),
    "fixed_line": Pool(prefix="+867552", width=7, count=99),
}
"""Users of worlds that make up as many as are wanted."""


@dataclass(frozen=True, slots=True)
class Need:
    """What a check takes.

    Seconds of real time in which it waits, users of each kind, and whether it must be alone.
    """

    seconds: float = 0.0
    users: Counter[str] = field(default_factory=Counter)
    is_exclusive: bool = False


class Foresight:
    """What each check of a session takes.

    A check is tried once, on a stand-in of its own.
    """

    def __init__(self, session: Session) -> None:
        self._session = session
        self._known: dict[str, Need] = {}

    def of(self, name: str, run: Callable[[CheckContext], None]) -> Need:
        """What the check of that name takes.

        Nothing is foreseen where our own server is not installed.
        """
        if name not in self._known:
            self._known[name] = Need()
            with suppress(TargetError):
                self._known[name] = _Stage(self._session).try_check(name, run)
        return self._known[name]


class _Stage:
    """The target's world on our own server, with time that waits cost."""

    def __init__(self, session: Session) -> None:
        began, self._waited = int(time.time() * 1000), 0.0
        receiver = EmbeddedReceiver()
        stage = embedded_transport(receiver, lambda: began + int(self._waited * 1000))
        addresses = {"event_url": f"{receiver.base}/events", "fee_url": f"{receiver.base}/fee"}
        assumptions = dict(session.assumptions)
        clock = {"mode": "running", "now": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")}
        world = {"id": WORLD, "clock": clock, "assumptions": assumptions}
        Driver(stage).send(
            "worlds.create", world | {"applications": [application_spec(app) | addresses for app in session.apps]}
        )
        target = replace(session.target, world=WORLD, base_url="http://privnum.localhost", applications=session.apps)
        pools = PLENTY if session.owns_worlds else target.pools
        self._session = session.another(
            replace(target, assumptions=assumptions, pools=pools),
            transport=stage,
            driver=Alike(stage, session.capabilities) if session.capabilities else None,
            receiver=receiver,
            permitted=True,
            proves_ground=False,  # its world was made a moment ago
            disruptive=True,
            max_wait=math.inf,
            probes=session.findings.probes,
            clock=lambda: self._waited,
            sleep=self._sleep,
        )

    def _sleep(self, seconds: float) -> None:
        self._waited += seconds
        if self._waited > LONGEST:
            raise NotExercised("nobody waits for so long")

    def try_check(self, name: str, run: Callable[[CheckContext], None]) -> Need:
        """Run the check beside another, or alone where it cannot be.

        How it ends here is nobody's business.
        """
        other = CheckContext(self._session, "another")
        try:
            need = self._try(CheckContext(self._session, name, host=other.open().receiver), run)
            other.close()
            return need or replace(self._try(CheckContext(self._session, name), run) or Need(), is_exclusive=True)
        finally:
            self._session.close()

    def _try(self, context: CheckContext, run: Callable[[CheckContext], None]) -> Need | None:
        """What it took; None where it cannot go on beside others."""
        began = self._waited
        try:
            run(context.open())
        except (Exception, Stopped) as error:
            if isinstance(error, Occupied):
                return None
        finally:
            took, users = self._waited - began, context.environment.users.taken
            with suppress(Exception, Stopped):
                context.close()
        return Need(took, users)


class Alike(Driver):
    """Our driver, which says that it can do what the target's can."""

    def __init__(self, transport: Transport, capabilities: frozenset[str]) -> None:
        super().__init__(transport)
        self._capabilities = capabilities

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        """See Driver."""
        answer = super().exchange(operation, body, query=query, **places)
        if operation != "capabilities":
            return answer
        alike = orjson.loads(answer.content) | {"capabilities": sorted(self._capabilities)}
        return make_answer(answer.status, answer.headers, orjson.dumps(alike))
