"""Holds a world and what the receiver has got against what clients were answered."""

from __future__ import annotations

import time
from collections import Counter
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.ids import Ids
from tests.bench.servers import control
from tests.kills.process import SEED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from tests.kills.load import Acknowledged
    from tests.kills.receiver import Receiver

#: Seconds in which the pushes of a world are to come to an end.
_PATIENCE = 60


class World:
    """A world of a server, what is known of it, and whom it pushes to.

    Args:
        port: of the server.
        name: of the world.
        known: what was acknowledged of it.
        receiver: of its pushes.
        ask: sends a control message, as `control`; another one may bear answers that do not come.
    """

    def __init__(
        self,
        port: int,
        name: str,
        known: Acknowledged,
        receiver: Receiver,
        ask: Callable[..., Any] = control,
    ) -> None:
        self.name = name
        self.known = known
        self._port = port
        self._receiver = receiver
        self._ask = ask
        self._ids = Ids(f"{SEED}/{name}")
        #: How often each push had come, by nonce, when an answer called it delivered: it is to come no more.
        self.final: dict[str, int] = {}
        known.on_delivered = self._note_delivered

    def check(self) -> None:
        """Hold the state against the clients' record."""
        known, bindings = self.known, self.pages("bindings")
        there = {each["id"] for each in bindings}
        lost, back = known.bound.keys() - there, known.gone & there
        assert not lost, f"{self.name}: {len(lost)} bindings that were acknowledged are lost, such as {min(lost)}"
        assert not back, f"{self.name}: {len(back)} unbinds that were acknowledged are undone, such as {min(back)}"
        others = [each["id"] for each in bindings if known.bound.get(each["id"], each["users"][0]) != each["users"][0]]
        assert not others, f"{self.name}: {len(others)} bindings have another A, such as {min(others)}"
        self._have_once("bindings", (each["users"][0] for each in bindings))
        for unsure in tuple(known.unsure):  # whichever: it was not acknowledged
            known.unsure.discard(unsure)
            if unsure not in there:
                known.gone.add(unsure)
        calls = {each["id"]: each["caller"] for each in self.pages("calls")}
        missing = known.calls.items() - calls.items()
        assert not missing, f"{self.name}: {len(missing)} calls that were acknowledged are lost, such as {min(missing)}"
        self._have_once("calls", calls.values())
        assert not known.doubled, f"{self.name}: two answers had the id {known.doubled[0]}"

    def _have_once(self, what: str, people: Iterable[str]) -> None:
        """See that nobody is there twice: each A and each caller asked once."""
        twice = [who for who, times in Counter(people).items() if times > 1]
        assert not twice, f"{self.name}: {len(twice)} {what} are there twice, such as that of {min(twice)}"

    def _note_delivered(self, push: str) -> None:
        """Note how often a push has come that an answer calls delivered."""
        nonce = self._ids.nonce(push, 1)
        assert nonce in self._receiver.taken, f"{self.name}: {push} was called delivered, and has never come"
        self.final[nonce] = self._receiver.taken[nonce]

    def check_delivered(self) -> None:
        """See that no push has come again that had been called delivered."""
        twice = [nonce for nonce, times in tuple(self.final.items()) if self._receiver.taken[nonce] > times]
        assert not twice, f"{self.name}: {len(twice)} pushes that were acknowledged were sent again"

    def wait_for_pushes(self) -> int:
        """Return, once every call is over and all pushes are delivered, how many attempts were late."""
        deadline = time.monotonic() + _PATIENCE
        while self._is_busy():
            assert time.monotonic() < deadline, f"{self.name}: the pushes do not come to an end"
            time.sleep(0.05)
        pushes = self.pages("pushes")
        missing = {each["id"] for each in pushes if each["state"] != "delivered"}
        assert not missing, f"{self.name}: {len(missing)} pushes were given up"
        repeated = [each for each in pushes if len(each["attempts"]) > 1]
        first = self._nonces(each["id"] for each in pushes if len(each["attempts"]) == 1)
        assert first <= self._receiver.taken.keys(), f"{self.name}: pushes were called delivered that had never come"
        earlier = [attempt["outcome"] for each in repeated for attempt in each["attempts"][:-1]]
        others = set(earlier) - {"timeout"}
        assert not others, f"{self.name}: attempts ended with {others}, and the receiver answers each with 200"
        assert self.known.calls.keys() <= {each["id"] for each in self.pages("calls")}
        return len(earlier)

    def _is_busy(self) -> bool:
        if self._send("GET", "/pushes?state=pending&limit=1")["pushes"]:
            return True
        return any(each["state"] != "ended" for each in self._send("GET", "/calls?last=100")["calls"])

    def pages(self, what: str) -> list[dict[str, Any]]:
        """Return all of a list of the world."""
        found: list[dict[str, Any]] = []
        after = ""
        while True:
            page = self._send("GET", f"/{what}?limit=1000{after}")
            found += page[what]
            if not page.get("next"):
                return found
            after = f"&after={page['next']}"

    def _send(self, method: str, path: str) -> Any:
        return self._ask(self._port, method, f"/worlds/{self.name}{path}")

    def _nonces(self, pushes: Iterable[str]) -> set[str]:
        return {self._ids.nonce(push, 1) for push in pushes}
