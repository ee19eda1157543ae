"""The pushes of a world as a handle shows them.

Of what cannot change any more nothing is fetched twice.
"""

from __future__ import annotations

import threading
from dataclasses import dataclass
from itertools import takewhile
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import orjson

from privnum.mockserver.embed.errors import tells_all

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["Push", "SeenPushes"]

__tracebackhide__ = tells_all

#: The state of a push that may still have further attempts.
_PENDING: Final = "pending"


@dataclass(frozen=True, slots=True)
class Push:
    """A message to the customer.

    `kind` is call_event, cdr, number_status, sms_notify or sms_block, `state` pending, delivered or given_up.

    `outcomes` are those of its attempts: HTTP status as text, "refused", "reset", "certificate", "tls", "timeout",
    "bad_answer" or "error"; `details` say of each what happened.
    """

    kind: str
    body: dict[str, Any]
    state: str
    url: str
    outcomes: tuple[str, ...]
    details: tuple[str, ...] = ()
    id: str = ""

    @classmethod
    def of(cls, view: dict[str, Any]) -> Push:
        """Return the push that the control plane shows."""
        outcomes, details = (tuple(attempt[name] for attempt in view["attempts"]) for name in ("outcome", "detail"))
        return cls(view["kind"], view["body"], view["state"], view["url"], outcomes, details, view["id"])


class SeenPushes:
    """The pushes of a world at the last look, up to the first that may change.

    A look fetches those behind them.

    The last of them is fetched again: where it is another one, somebody has reset the world, and all are fetched.

    Args:
        fetch: sends pushes.list with a query and returns the answer.
        most: this many that cannot change are kept; 0: all.
    """

    def __init__(self, fetch: Callable[[str], dict[str, Any]], most: int) -> None:
        self._fetch = fetch
        self._most = most
        # A handler of pushes may look in a thread of its own.
        self._lock = threading.Lock()
        self._forget()

    def forget(self) -> None:
        """Begin anew: the world was reset."""
        with self._lock:
            self._forget()

    def _forget(self) -> None:
        self._ids: list[str] = []
        # As text, so that anybody who changes a body that he was given changes it for nobody else.
        self._texts: list[bytes] = []

    def look(self) -> list[Push]:
        """Return every push as it is now, in the order in which they arose.

        Of very many the last ones.
        """
        with self._lock:
            return self._look()

    def _look(self) -> list[Push]:
        behind = self._ids[-2] if len(self._ids) > 1 else None
        answer = self._fetch("" if behind is None else "?" + urlencode({"after": behind}))
        found: list[dict[str, Any]] = answer["pushes"]
        if self._ids and (not found or orjson.dumps(found[0]) != self._texts[-1]):
            self._forget()
            if behind is not None:
                answer = self._fetch("")
                found = answer["pushes"]
        rest = found[1:] if self._ids else found
        pushes = [Push.of(orjson.loads(text)) for text in self._texts] + [Push.of(view) for view in rest]
        self._keep(rest)
        return pushes

    def _keep(self, views: list[dict[str, Any]]) -> None:
        settled = list(takewhile(lambda view: view["state"] != _PENDING, views))
        self._ids += [view["id"] for view in settled]
        self._texts += [orjson.dumps(view) for view in settled]
        if self._most:
            del self._ids[: -self._most], self._texts[: -self._most]
