"""Seeded bugs of what events and CDRs of X alone have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.pushes import bodies
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace
from privnum.suites.mutation.operators.pushes import (
    change_cdr,
    change_event,
    drop_cdr_field,
    drop_event_field,
    set_cdr_field,
    set_event_field,
)

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.suites.mutation.model import Fields

__all__ = ["BUGS"]

LATER = ("callout", "alerting", "answer", "disconnect")
SWAPPED = {"caller": 2, "callee": 1}


def _name_session(call: Call, info: Fields) -> None:
    """Name the call as if it were a binding."""
    info["subscriptionId"] = call.id


def _data_of_first() -> Any:
    """Give every call the userData of the first one on X."""
    first: dict[str, Any] = {}

    def say(call: Call, info: Fields) -> None:
        if "userData" in info:
            info["userData"] = first.setdefault(call.x.number, info["userData"])

    return change_event(None, say)


def _capitals(_call: Call, fee: Fields) -> None:
    if "userData" in fee:
        fee["userData"] = fee["userData"].upper()


BUGS = (
    Bug(
        "callin-a-note", "EVENT-101", "callin is a note.", set_event_field("callin", "notifyMode", lambda *_: "Notify")
    ),
    *(
        Bug(
            f"{kind}-a-question",
            "EVENT-102",
            f"{kind} is a question.",
            set_event_field(kind, "notifyMode", lambda *_: "Block"),
        )
        for kind in LATER
    ),
    *(
        Bug(f"{kind}-without-userData", "EVENT-103", f"{kind} has no userData.", drop_event_field(kind, "userData"))
        for kind in LATER
    ),
    Bug("data-of-first", "EVENT-103", "Events have the userData of the first call.", _data_of_first()),
    Bug("data-in-capitals", "EVENT-103", "The CDR has userData in capitals.", change_cdr(_capitals)),
    Bug("callin-named", "EVENT-104", "callin has an id as of a binding.", change_event("callin", _name_session)),
    Bug("sides-swapped", "EVENT-105", "callRelDirection is 1 for the callee.", replace(bodies, "_SIDES", SWAPPED)),
    Bug(
        "cdr-made-up-data", "CDR-012", "userData of a CDR is made up.", set_cdr_field("userData", lambda *_: "made up")
    ),
    Bug("cdr-a-note", "CDR-002", "notifyMode of a CDR is Notify.", set_cdr_field("notifyMode", lambda *_: "Notify")),
    Bug("cdr-without-notifyMode", "CDR-101", "A CDR does not name X mode.", drop_cdr_field("notifyMode")),
    Bug(
        "cdr-side",
        "CDR-102",
        "callRelDirection of a CDR is always 1.",
        change_cdr(lambda _, fee: fee.update({"callRelDirection": 1} if "callRelDirection" in fee else {})),
    ),
)
