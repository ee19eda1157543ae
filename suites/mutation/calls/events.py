"""Seeded bugs of call events, for every mode."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.modes import Ask, Collect
from privnum.mockserver.pushes.bodies import Notifier
from privnum.suites.mutation.model import Bug, Fields, Operator, mode_operator
from privnum.suites.mutation.operators.calls import change_decision
from privnum.suites.mutation.operators.code import together, wrap
from privnum.suites.mutation.operators.pushes import (
    change_event,
    drop_event,
    drop_event_field,
    drop_events,
    move_event_last,
    repeat_event,
    set_event_field,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Decision
    from privnum.suites.mutation.model import Patch, ServerMode

__all__ = ["BUGS", "FIELDS", "in_china", "keep_first_user_data", "of_kinds"]

FIELDS: Mapping[str, tuple[str, ...]] = {
    "callin": ("caller", "called", "subscriptionId"),
    "collectInfo": ("digitInfo",),
    "callout": ("called", "subscriptionId"),
    "alerting": ("subscriptionId",),
    "answer": ("subscriptionId",),
    "disconnect": ("subscriptionId", "stateCode", "stateDesc"),
}
"""Fields of statusInfo by event, besides those of every event."""
SECOND_LEG = ("callout", "alerting", "answer")


def of_kinds(mode: ServerMode) -> Iterator[Bug]:
    """Each event of an answered call left out, or sent again.

    Each of its fields left out.
    """
    for kind in mode.event_kinds:
        yield Bug(f"no-{kind}", "EVENT-001", f"There is no {kind}.", drop_event(kind))
        yield Bug(f"{kind}-twice", "EVENT-001", f"{kind} comes again.", repeat_event(kind))
        for name in ("timestamp", "sessionId"):
            yield Bug(f"{kind}-without-{name}", "EVENT-003", f"{kind} has no {name}.", drop_event_field(kind, name))
        for name in FIELDS[kind]:
            yield Bug(f"{kind}-without-{name}", "EVENT-012", f"{kind} has no {name}.", drop_event_field(kind, name))


# ── the changes ──────────────────────────────────────────────────────────────────────────────────────────────────────


def in_china(text: str) -> str:
    """A time as the clocks of China show it."""
    return str(datetime.fromisoformat(text) + timedelta(hours=8))


def _is_unanswered_end(call: Call, kind: str) -> bool:
    return kind == "disconnect" and call.answered_ms is None


def _answer_before_end(event: Any, notifier: Notifier, call: Call, kind: str, now_ms: int) -> None:
    """Report a call that was put through as answered when it ends."""
    if kind == "disconnect" and call.forwarded_to is not None and call.answered_ms is None:
        event(notifier, call, "answer", now_ms)
    event(notifier, call, kind, now_ms)


def _ring_before_end(event: Any, notifier: Notifier, call: Call, kind: str, now_ms: int) -> None:
    """Report a call that was put through as one that rang when it ends."""
    if kind == "disconnect" and call.forwarded_to is not None and call.alerting_ms is None:
        event(notifier, call, "alerting", now_ms)
    event(notifier, call, kind, now_ms)


def _ring_with_the_answer(event: Any, notifier: Notifier, call: Call, kind: str, now_ms: int) -> None:
    """Tell that it rings once somebody answers."""
    if kind == "answer":
        event(notifier, call, "alerting", now_ms)
    if kind != "alerting":
        event(notifier, call, kind, now_ms)


def _swap_numbers(_call: Call, info: Fields) -> None:
    info["caller"], info["called"] = info["called"], info["caller"]


def _session_of_leg(_call: Call, info: Fields) -> str:
    return f"{info['sessionId']}_2"


@mode_operator
def _name_first_binding(mode: ServerMode) -> Patch:
    """Name the binding that was made first on X."""

    def first(call: Call, info: Fields) -> Any:
        held = mode.bindings_on(call.x)
        return held[0].subscription_id if held else info["subscriptionId"]

    return set_event_field(None, "subscriptionId", first).apply()


def keep_first_user_data() -> Operator:
    """Send userData as it was when the binding was first called.

    Whatever was modified since.
    """
    first: dict[str, str | None] = {}

    def keep(decision: Decision, _x: XNumber, _caller: str) -> Decision:
        if isinstance(decision, Ask | Collect) or decision.terms is None:
            return decision
        kept = first.setdefault(decision.terms.subscription_id, decision.terms.user_data)
        return decision._replace(terms=decision.terms._replace(user_data=kept))

    return change_decision(keep)


BUGS = (
    Bug(
        "answer-always",
        "EVENT-002",
        "Every call that was put through has an answer event.",
        wrap(Notifier, "event", _answer_before_end),
    ),
    Bug(
        "no-disconnect-unanswered",
        "EVENT-002",
        "A call that was not answered has no disconnect.",
        drop_events(_is_unanswered_end),
    ),
    Bug(
        "slashed-time",
        "EVENT-003",
        "timestamp has slashes.",
        set_event_field(None, "timestamp", lambda _, info: info["timestamp"].replace("-", "/")),
    ),
    Bug(
        "state-code-as-text",
        "EVENT-003",
        "stateCode is a text.",
        set_event_field("disconnect", "stateCode", lambda _, info: str(info["stateCode"])),
    ),
    Bug(
        "session-a-leg",
        "EVENT-004",
        "The second leg has a sessionId of its own.",
        together(*(set_event_field(kind, "sessionId", _session_of_leg) for kind in SECOND_LEG)),
    ),
    Bug(
        "callout-session",
        "EVENT-004",
        "callout has a sessionId of its own.",
        set_event_field("callout", "sessionId", _session_of_leg),
    ),
    Bug(
        "events-in-china",
        "EVENT-005",
        "timestamp is the time of China.",
        set_event_field(None, "timestamp", lambda _, info: in_china(info["timestamp"])),
    ),
    Bug("callin-swapped", "EVENT-006", "callin names X as the caller.", change_event("callin", _swap_numbers)),
    Bug("callout-swapped", "EVENT-007", "callout names the callee as caller.", change_event("callout", _swap_numbers)),
    Bug(
        "callout-to-x",
        "EVENT-007",
        "callout names X as the callee.",
        set_event_field("callout", "called", lambda call, _: call.x.number),
    ),
    Bug("first-binding", "EVENT-008", "Events name the first binding on X.", _name_first_binding()),
    Bug(
        "no-cause",
        "EVENT-009",
        "stateCode is 0, whatever the cause.",
        set_event_field("disconnect", "stateCode", lambda *_: 0),
    ),
    Bug(
        "unknown-cause",
        "EVENT-009",
        "stateCode is of a table of its own.",
        set_event_field("disconnect", "stateCode", lambda _, info: 90000 + info["stateCode"]),
    ),
    Bug("callin-without-userData", "EVENT-010", "callin has no userData.", drop_event_field("callin", "userData")),
    Bug("old-user-data", "EVENT-010", "callin has the userData of the bind.", keep_first_user_data()),
    Bug(
        "alerting-always",
        "EVENT-014",
        "Every call that was put through has an alerting event.",
        wrap(Notifier, "event", _ring_before_end),
    ),
    Bug(
        "alerting-with-answer",
        "EVENT-014",
        "alerting is sent of answered calls alone.",
        wrap(Notifier, "event", _ring_with_the_answer),
    ),
    Bug("alerting-late", "EVENT-011", "alerting comes behind answer.", move_event_last("alerting")),
)
