"""The status of numbers: what pushes say of it, and where."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.any_mode import any_calls
from privnum.suites.checks.assertions import PATIENCE
from privnum.suites.checks.common.number_pushes import change_status, news, wait_for_status_pushes
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

NEEDS = ("number_status", "receiver", "clock")
UNUSABLE = ("9", "10")
CAUSES = ("1", "2", "3", "5", "6", "7", "8", "9")
"""As the pages list them; 4 is none."""


def the_x(context: CheckContext, index: int = 0) -> str:
    """An X of the mode in which rules of all modes are tried."""
    return any_calls(context).side.x(index)


@check("COM-STATUS-001", "COM-STATUS-002", "COM-PUSH-001", "COM-PUSH-002", "COM-PUSH-003", needs=NEEDS)
@pytest.mark.parametrize("status", UNUSABLE)
def test_what_becomes_of_a_number_is_told(context: CheckContext, status: str) -> None:
    """A push comes of a number that cannot be used, and of one that can again."""
    x = the_x(context)
    for now in (status, "5", status):
        infos = change_status(context, x, now)
        came = [info.get("status") for info in infos]
        context.claim(
            "COM-STATUS-001", came == [now], f"X has the status {now} now: expected a push of it, came {came}"
        )


@check("COM-STATUS-006", needs=NEEDS)
def test_a_number_frozen_for_binding_is_told_of(context: CheckContext) -> None:
    """A number that takes no new binding is reported with 11."""
    came = [info.get("status") for info in change_status(context, the_x(context), "11")]
    context.claim("COM-STATUS-006", came == ["11"], f"X is frozen for binding: expected a push with 11, came {came}")


@check("COM-STATUS-001", needs=(*NEEDS, "two_x"))
def test_each_number_has_a_status_of_its_own(context: CheckContext) -> None:
    """Of two numbers each is reported with its own status."""
    first, second = the_x(context), the_x(context, 1)
    for x, status in ((first, "9"), (second, "10"), (first, "5")):
        came = [info.get("status") for info in change_status(context, x, status)]
        context.claim("COM-STATUS-001", came == [status], f"one X of two has {status} now; came {came}")


@check("COM-STATUS-004", "COM-STATUS-005", needs=NEEDS)
@pytest.mark.parametrize("cause", CAUSES)
def test_the_cause_of_an_unavailable_number(context: CheckContext, cause: str) -> None:
    """A number that is unavailable for a cause is reported with that cause."""
    infos = change_status(context, the_x(context), "10", cause)
    claim_cause(context, infos, cause, "X is unavailable")


@check("COM-STATUS-007", "COM-STATUS-004", "COM-STATUS-005", needs=NEEDS)
def test_another_cause_is_told(context: CheckContext) -> None:
    """A number that stays unavailable for another cause is reported again."""
    x = the_x(context)
    change_status(context, x, "10", "2")
    infos = change_status(context, x, "10", "3")
    context.claim("COM-STATUS-007", len(infos) == 1, f"X has another cause now: expected a push of it, came {infos}")
    claim_cause(context, infos, "3", "X is unavailable for another cause")


@check("COM-STATUS-004", needs=NEEDS)
def test_a_cause_that_is_over_is_not_told(context: CheckContext) -> None:
    """A number that is unavailable anew has not the cause of the last time."""
    x = the_x(context)
    change_status(context, x, "10", "2")
    change_status(context, x, "5")
    claim_cause(context, change_status(context, x, "10", "7"), "7", "X is unavailable anew")


def claim_cause(context: CheckContext, infos: list[dict[str, Any]], cause: str, what: str) -> None:
    """Claim that a push reported a number, and has its cause."""
    context.claim("COM-STATUS-001", bool(infos), f"{what} for cause {cause}: expected a push of it, came none")
    for info in infos:
        came = info.get("cause")
        context.claim("COM-STATUS-005", bool(came), f"{what} for cause {cause}: the push has none")
        if came:
            context.claim("COM-STATUS-004", came == cause, f"{what}: expected cause {cause}, came {came}")


@check("COM-STATUS-008", needs=(*NEEDS, "two_x"))
def test_where_nothing_changes_nothing_is_told(context: CheckContext) -> None:
    """A status that X has already brings no push, and none names another X."""
    x, other = the_x(context), the_x(context, 1)
    came = [(info.get("number"), info.get("status")) for info in change_status(context, x, "9")]
    context.claim("COM-STATUS-008", came == [(x, "9")], f"one X was suspended; came {came}")
    context.advance(PATIENCE)  # whatever copy of that push is still to come
    mark = len(context.pushes())
    context.set_number(other, "5")
    context.set_number(x, "9")
    context.advance(PATIENCE)
    came = [(info.get("number"), info.get("status")) for info in news(context, mark)]
    context.claim("COM-STATUS-008", not came, f"nothing has changed since one X was suspended; came {came}")


# ── addresses ────────────────────────────────────────────────────────────────────────────────────────────────────────


@check("COM-STATUS-003", needs=(*NEEDS, "application_settings", "push_addresses"))
@pytest.mark.parametrize("status_url", [True, False], ids=["beside_events", "without_events"])
def test_an_address_of_its_own(context: CheckContext, status_url: bool) -> None:
    """Where numbers have an address of their own the push goes there alone."""
    box = context.receiver
    settings: dict[str, Any] = {"number_status_url": box.number_status_url}
    context.set_application(any_calls(context).app, **settings, **({} if status_url else {"event_url": None}))
    claim_places(context, the_x(context), box.number_status_url)


@check("COM-STATUS-003", needs=(*NEEDS, "application_settings", "push_addresses"))
def test_the_address_of_call_events(context: CheckContext) -> None:
    """Without an address of its own the push goes where call events go."""
    context.set_application(any_calls(context).app, number_status_url=None)
    claim_places(context, the_x(context), context.receiver.event_url)


@check("COM-STATUS-003", needs=(*NEEDS, "application_settings", "push_addresses"))
def test_without_any_address(context: CheckContext) -> None:
    """Without an address of either kind nothing is pushed, now or later."""
    context.set_application(any_calls(context).app, number_status_url=None, event_url=None)
    mark = len(context.pushes())
    context.set_number(the_x(context), "9")
    context.advance(86400)
    came = news(context, mark)
    context.claim("COM-STATUS-003", not came, f"the application has no address for it; came {came}")


def claim_places(context: CheckContext, x: str, address: str) -> None:
    """Claim that a push of the status of X comes to that address alone."""
    mark = len(context.pushes())
    context.set_number(x, "9")
    paths = {push.path for push in wait_for_status_pushes(context, mark)}
    ok = bool(paths) and all(context.receiver.came_to(address, path) for path in paths)
    context.claim("COM-STATUS-003", ok, f"expected a push to {address} alone; came to {sorted(paths)}")
