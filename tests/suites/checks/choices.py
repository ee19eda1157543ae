"""Edits of the server by which it takes what a page leaves open another way, or goes wrong beside it."""

from __future__ import annotations

import re
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import orjson

from privnum.mockserver.core import numbers
from privnum.mockserver.modes import parameters
from privnum.mockserver.pushes import bodies as bodies
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.pushes.push import Push
from privnum.suites.checks.axb.invalid_requests import WRONGS
from privnum.suites.checks.axe.invalid_requests import WRONGS as AXE_WRONGS
from privnum.suites.mutation.model import operator
from privnum.suites.mutation.operators.code import together, wrap
from privnum.suites.mutation.operators.pushes import (
    change_cdr,
    change_event,
    change_push,
)
from tests.suites.checks.test_allowed_behaviour import a_run, verdicts

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.calls.call import Call
    from privnum.suites.mutation.model import Operator, Patch

Fields = dict[str, Any]


class Checked(NamedTuple):
    """What a platform does, under which readings, and a check that meets it; the rule that is broken, if one is."""

    seed: Callable[[], Patch]
    check: Callable[..., None]
    broken: str = ""
    arguments: Mapping[str, Any] = MappingProxyType({})
    assumptions: Mapping[str, Any] = MappingProxyType({})


def of_mode(check: Callable[..., None], mode: str) -> Callable[..., None]:
    """Return a check of all modes in one of them."""
    return partial(check, mode=mode)


def failed_rules(checked: Checked) -> set[str]:
    """The documented rules that fail when the check is run against the platform, and whatever could not be checked."""
    with checked.seed(), a_run(**checked.assumptions) as session:
        found = verdicts(session, checked.check, **checked.arguments)
    return {rule for rule, verdict in found.items() if verdict in ("failed", "error")}


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@operator
def status_of_numbers(**more: Any) -> Patch:
    """Before the first event of a call the status of its X is reported, at the address of the events."""
    event = Notifier.event
    body = {"eventType": "numStatus", "numInfo": [{"number": "+8617000000001", "status": "9"}], **more}

    def telling(bodies: Notifier, call: Call, kind: str, now_ms: int) -> None:
        app = call.x.app
        if kind == "callin" and app.event_url is not None:
            stream = f"status {call.session_id}"
            bodies._outbox.send(app, "number_status", app.event_url, orjson.dumps(body), stream=stream, now_ms=now_ms)
        event(bodies, call, kind, now_ms)

    return patch.object(Notifier, "event", telling)


def other_event(body: Fields) -> None:
    if body["eventType"] == "alerting":
        body["eventType"] = "numberStatus"


def both_names(other: str | None = None) -> Operator:
    """The CDR has the extension under both of its names; the second may say another one."""

    def bend(_: Call, fee: Fields) -> None:
        if "extendNumber" in fee:
            fee["extendNum"] = other or fee["extendNumber"]

    return change_cdr(bend)


def no_name(_: Call, fee: Fields) -> None:
    fee.pop("extendNumber", None)


def leave_out(*names: str) -> Operator:
    """Events are reported without these."""

    def bend(body: Fields) -> None:
        for name in names:
            body.get("statusInfo", {}).pop(name, None)

    return change_push(bend)


def send_instead(kind: str, **fields: Any) -> Operator:
    """Events of a kind have these values."""
    return change_event(kind, lambda _, info: info.update(fields))


def other_digits(body: Fields) -> None:
    if body["eventType"] == "collectInfo":
        body["statusInfo"]["digitInfo"] = "0000"


def leave_unsigned() -> Operator:
    """The status of numbers is reported, with a digest of nothing; the events of calls are signed."""

    def bare(headers: Any, push: Push, edge_now_ms: int) -> list[tuple[str, str]]:
        right: list[tuple[str, str]] = headers(push, edge_now_ms)
        return right if push.kind != "number_status" else right[:2]

    return together(status_of_numbers(), wrap(Push, "headers", bare))


NOT_MANDATORY = leave_out("caller", "called", "subscriptionId", "stateCode", "stateDesc", "digitInfo")
A_CAUSE = {"behaviour": "busy"}

LONG_DEFAULT = {"axe__callback_expired_default": 24}
WRITTEN_DOWN = LONG_DEFAULT | {"axe__callback_default_longer": "as_carried"}
REFUSED = LONG_DEFAULT | {"axe__callback_default_longer": "1010002"}


def callable_service_numbers() -> Patch:
    """400 and 95 numbers are bound like any other."""
    return patch.object(parameters, "_BINDABLE", (*parameters._BINDABLE, "service"))


def narrow_numbers() -> Patch:
    """Only numbers with beginnings that are in use are numbers."""
    kind = numbers.kind

    def narrow(number: str) -> str | None:
        in_use = r"[+]86(1[3-9][0-9]{9}|(10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7})"
        return kind(number) if re.fullmatch(in_use, number) else None

    return patch.object(numbers, "kind", narrow)


def with_users(fields: Fields, **numbers: str) -> None:
    """A query shows these numbers of the users of each binding, and no others."""
    for info in fields["relationNumList"]:
        info.pop("callerNum", None)
        info.pop("calleeNum", None)
        info.update(numbers)


def texts_only(params: Fields) -> None:
    if isinstance(params.get("recordFlag"), bool):
        del params["recordFlag"]


def not_below_0(params: Fields) -> None:
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        if isinstance(time := params.get(name), int):
            params[name] = max(time, 0)


def row(rule: str, what: str, table: Any = AXE_WRONGS) -> dict[str, Any]:
    """A row of a table of wrong requests, as an argument."""
    row = next(row for row in table if row.requirement == rule and row.what == what)
    return {"wrong": row, "mode": "AXE" if table is AXE_WRONGS else "AXB"}


DATA_IN_CHINESE = row("AXB-BIND-026", "Chinese 2", WRONGS)
SHORTER = {"before": 5, "after": 1}
OUTLIVES = row("AXE-BIND-113", "6 of 5 unit 0")
OUTLIVES_AFTERWARDS = row("AXE-MODIFY-105", "6 of 5 unit 0")
