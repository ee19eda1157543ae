"""The journal of a world as a handle shows it.

The warnings of pushes that were not accepted come from it, too.
"""

from __future__ import annotations

import sys
import warnings
from contextvars import ContextVar
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlencode

import orjson

from privnum.mockserver.embed.errors import PushNotAccepted, tells_all
from privnum.mockserver.embed.wire import blocks_event_loop
from privnum.mockserver.embed.world_control import given_fields
from privnum.mockserver.journal.select import MOST
from privnum.mockserver.pushes.outcomes import first_signs

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["HELD", "JournalEntry", "JournalReader", "Journaled", "warn"]

__tracebackhide__ = tells_all

_PACKAGE: Final = str(Path(__file__).parents[1])
#: Faults by which no receiver accepts a push.
_SPOILED: Final = frozenset({"dropped", "cut_off", "wrongly_signed"})
_IN_LOOP: Final = (
    "; if the receiver runs in this thread's event loop, it could not answer while a sync call held the loop: take the "
    "fixture async_private_number, and await its methods"
)


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """A request with its answer, or an attempt to push.

    `kind` is "request" or the kind of the push; `fault` says what was injected, None: nothing was. `remarks` are ids of
    forms that the real platform may not take, `unread` names of fields that no operation reads. `view` has all that the
    control plane shows (driver/journal).
    """

    number: int
    kind: str
    accepted: bool
    body: str
    answer: str
    rule: str | None
    fault: str | None
    remarks: tuple[str, ...]
    unread: tuple[str, ...]
    view: Mapping[str, Any]

    @classmethod
    def of(cls, view: Mapping[str, Any]) -> JournalEntry:
        """Return the entry that the control plane shows."""
        remarks = tuple(remark["id"] for remark in view.get("remarks", ()))
        unread = tuple(field["name"] for field in view.get("unread", ()))
        known = (view["number"], view["kind"], view["accepted"], view["body"], view["answer"])
        return cls(*known, view.get("rule"), view.get("fault"), remarks, unread, view)

    @property
    def json(self) -> Any:
        """What the body says. ValueError: it is no JSON."""
        return orjson.loads(self.body)


#: What a thread that works for an event loop would warn of; the loop's thread does, at the line that awaits.
HELD: ContextVar[list[str] | None] = ContextVar("privnum_held_warnings", default=None)


def warn(message: str) -> None:
    """Warn of a push, at the first line outside of this package."""
    warnings.warn(message, PushNotAccepted, stacklevel=_depth_of_caller())


class JournalReader:
    """Reads the journal of a world; warns of pushes that were not accepted.

    Args:
        fetch: sends journal.list with a query and returns the answer.
    """

    def __init__(self, fetch: Callable[[str], dict[str, Any]]) -> None:
        self._fetch = fetch
        self._seen = 0

    def entries(self, query: Mapping[str, object]) -> list[JournalEntry]:
        """Return the entries that are wanted.

        Parameters that are None are left out.
        """
        asked = {name: _query_text(value) for name, value in given_fields(**query).items()}
        found: list[JournalEntry] = []
        while True:
            answer = self._fetch("?" + urlencode(asked) if asked else "")
            found += map(JournalEntry.of, answer["entries"])
            if "limit" in asked or len(answer["entries"]) < MOST:
                return found
            asked["since"] = str(answer["next"])
            asked.pop("wait", None)  # there was one

    def warn(self) -> None:
        """Warn of each attempt that was not accepted since the last time.

        Not where a fault has spoiled it: the test has asked for it.

        The warning is at the line of the test that made the push due.
        """
        answer = self._fetch("?" + urlencode({"kind": "push", "accepted": "false", "since": self._seen}))
        self._seen = answer["next"]
        held = HELD.get()
        for view in answer["entries"]:
            if view.get("fault") in _SPOILED:
                continue
            if held is None:
                warn(_words(view, in_loop=blocks_event_loop()))
            else:
                held.append(_words(view))


class Journaled:
    """The part of a WorldHandle that is about its journal."""

    _journal: JournalReader

    def journal(
        self,
        *,
        since: int | None = None,
        limit: int | None = None,
        kind: str | None = None,
        operation: str | None = None,
        accepted: bool | None = None,
        session_id: str | None = None,
        number: str | None = None,
        wait: float | None = None,
    ) -> list[JournalEntry]:
        """Return requests with their answers, and attempts to push.

        Those that are wanted, oldest first.

        Args:
            since: behind the entry of this number.
            limit: this many at most.
            kind: "request", "push", or a kind of push: "call_event", "cdr", "number_status", "sms_notify", "sms_block".
            operation: requests of this one ("axb.bind").
            accepted: what was carried out or accepted, or what was not.
            session_id: those in which it stands.
            number: those in which it stands.
            wait: where there is none, wait for the next one: seconds of real time, 60 at most. A DirectServer refuses
                to: nothing can bring one meanwhile.
        """
        asked = {"since": since, "limit": limit, "kind": kind, "operation": operation, "accepted": accepted}
        return self._journal.entries({**asked, "session_id": session_id, "number": number, "wait": wait})


def _query_text(value: object) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)


def _words(view: Mapping[str, Any], *, in_loop: bool = False) -> str:
    first = first_signs(view["answer"].encode())
    again = view["next_attempt_at"]
    return (
        f"push {view['kind']} {view['push']} to {view['url']} was not accepted: {view['detail']}"
        f"{f', the answer begins {first!r}' if first else ''} (attempt {view['attempt']}); "
        f"{'it is not tried again' if again is None else f'next attempt at {again} of world time'}"
        f"{_IN_LOOP if in_loop and view['outcome'] == 'timeout' else ''}"
    )


def _depth_of_caller() -> int:
    """Return at which depth above its caller the first frame is not ours."""
    depth, frame = 1, sys._getframe(1)
    while frame.f_back is not None and frame.f_code.co_filename.startswith(_PACKAGE):
        depth, frame = depth + 1, frame.f_back
    return depth
