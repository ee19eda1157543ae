"""When all pushes of a call have come.

Its events and its CDR, each once however often it was delivered.

The record promises nothing of when a push is sent, in which order those of different calls come, or that none comes
twice. So a message counts once, and an ended call's pushes are waited for: as long as the driver shows one that was not
tried yet, at most PATIENCE seconds of world time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.callbacks.quiescence import can_observe_quiet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from privnum.suites.callbacks.inbox import Push
    from privnum.suites.callbacks.observer import Observer
    from privnum.suites.driver.protocol import CallView

__all__ = ["PATIENCE", "deduplicate", "is_complete", "wait_for_pushes"]

PATIENCE = 60
"""Seconds of world time within which a push must come."""
LOOK = 1
"""Seconds between two looks at what has come in real time."""


def deduplicate(pushes: Iterable[Push]) -> list[Push]:
    """The messages in the order of their first delivery.

    A repeat, or a copy, says the same to the letter.
    """
    found: dict[tuple[str, str, bytes], Push] = {}
    for push in pushes:
        found.setdefault((push.kind, push.path, push.raw), push)
    return list(found.values())


def wait_for_pushes(check: Observer, call: CallView, last: Callable[[Push], bool]) -> None:
    """Let world time pass until the pushes of an ended call have been tried.

    `last` knows the one that ends them.

    What the driver shows decides; where it shows nothing, that push, with the events of the course that the call
    took, and then as long again as they were late. A clock that runs needs nobody to advance it.
    """
    shows = "pushes" in check.session.capabilities
    if "clock" not in check.session.capabilities:
        _come_in_by_themselves(check, call, last, shows=shows)
    if not check.controls_clock:
        return
    waited = 0
    while waited < PATIENCE and _to_come(check, call, last, shows=shows) and _has_ended(check, call):
        check.advance(1)
        waited += 1
    if waited and not shows:
        check.advance(waited)


def _come_in_by_themselves(check: Observer, call: CallView, last: Callable[[Push], bool], *, shows: bool) -> None:
    """The same in real time: until `last` is there.

    Where the driver shows that nothing is under way, a while less.
    """
    session = check.session
    if not _has_ended(check, call):
        return
    end = session.clock() + max(PATIENCE + int(check.assumptions["cdr.merge_seconds"]), session.patience)
    idle = 0.0
    while session.clock() < end and not any(
        last(p) and call.session_id in p.session_ids for p in check.receiver.pushes
    ):
        if shows:
            idle = 0.0 if _under_way(check, call) else idle + LOOK
            if idle > session.patience:
                break
        session.wait(LOOK)


def is_complete(check: Observer, call: CallView, kinds: Sequence[str]) -> bool:
    """Whether all these events and a CDR of the call have come.

    Also where nobody looks at them (quiescence.py).
    """
    if not can_observe_quiet(check):
        return True
    about = [push for push in check.pushes() if call.session_id in push.session_ids]
    return {push.event_type for push in about} >= {*kinds, "fee"}


def _to_come(check: Observer, call: CallView, last: Callable[[Push], bool], *, shows: bool) -> bool:
    """Whether a push about the call has not been tried yet."""
    if shows:
        return _under_way(check, call)
    about = [push for push in check.pushes() if call.session_id in push.session_ids]
    return not any(map(last, about)) or _lacks_events(check, call, about)


def _lacks_events(check: Observer, call: CallView, about: Iterable[Push]) -> bool:
    """Whether events that came show that others, though earlier, did not.

    The last one need not be sent last, and an application may have no events at all.
    """
    kinds = {push.event_type for push in about if push.kind == "call_event"}
    seen = check.look(call)
    moments = {"callout": seen.forwarded_at, "alerting": seen.alerting_at, "answer": seen.answered_at}
    return bool(kinds) and not kinds >= {"callin", *(kind for kind, at in moments.items() if at is not None)}


def _under_way(check: Observer, call: CallView) -> bool:
    """Whether the driver shows an untried push about the call."""
    return any(not push["attempts"] and _is_about(push["body"], call) for push in check.outbox("pending"))


def _is_about(body: dict[str, Any], call: CallView) -> bool:
    items = [body.get("statusInfo"), *(body.get("feeLst") or ())]
    return any(isinstance(item, dict) and item.get("sessionId") == call.session_id for item in items)


def _has_ended(check: Observer, call: CallView) -> bool:
    return call.state == "ended" or check.look(call).state == "ended"
