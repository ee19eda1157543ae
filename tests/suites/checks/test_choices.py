"""What a page leaves open breaks no documented rule, whichever way a platform takes; what is wrong beside it does."""

from __future__ import annotations

import re
from contextlib import nullcontext
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import orjson
import pytest

from privnum.mockserver.core import numbers
from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.pushes import bodies as bodies
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.pushes.outbox import Push
from privnum.suites.checks.axb import (
    test_bind,
    test_modify,
    test_query,
)
from privnum.suites.checks.axb.invalid_requests import WRONGS
from privnum.suites.checks.axe import test_cdr as axe_cdr
from privnum.suites.checks.axe import test_event as axe_event
from privnum.suites.checks.axe import test_lifetime as axe_lifetime
from privnum.suites.checks.axe.invalid_requests import WRONGS as AXE_WRONGS
from privnum.suites.checks.bindings import test_bind as any_bind
from privnum.suites.checks.bindings import test_negative
from privnum.suites.checks.bindings import test_query as any_query
from privnum.suites.checks.calls import test_cdrs, test_events, test_recordings
from privnum.suites.checks.common import test_push
from privnum.suites.mutation import axb, axe
from privnum.suites.mutation.model import operator
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.pushes import (
    change_cdr,
    change_event,
    change_push,
    drop_cdrs,
    write_cdr_a_leg,
)
from privnum.suites.mutation.operators.requests import (
    allow_any_user_data,
    change_answer,
    change_params,
    change_schema,
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


def failed(checked: Checked) -> set[str]:
    """The documented rules that fail when the check is run against the platform, and whatever could not be checked."""
    with checked.seed(), a_run(**checked.assumptions) as session:
        found = verdicts(session, checked.check, **checked.arguments)
    return {rule for rule, verdict in found.items() if verdict in ("failed", "error")}


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@operator
def _status_of_numbers(**more: Any) -> Patch:
    """Before the first event of a call the status of its X is told, at the address of the events."""
    event = Notifier.event
    body = {"eventType": "numStatus", "numInfo": [{"number": "+8617000000001", "status": "9"}], **more}

    def telling(bodies: Notifier, call: Call, kind: str, now_ms: int) -> None:
        app = call.x.app
        if kind == "callin" and app.event_url is not None:
            stream = f"status {call.session_id}"
            bodies._outbox.send(app, "number_status", app.event_url, orjson.dumps(body), stream=stream, now_ms=now_ms)
        event(bodies, call, kind, now_ms)

    return patch.object(Notifier, "event", telling)


def _other_event(body: Fields) -> None:
    if body["eventType"] == "alerting":
        body["eventType"] = "numberStatus"


def _both_names(other: str | None = None) -> Operator:
    """The CDR has the extension under both of its names; the second may say another one."""

    def bend(_: Call, fee: Fields) -> None:
        if "extendNumber" in fee:
            fee["extendNum"] = other or fee["extendNumber"]

    return change_cdr(bend)


def _no_name(_: Call, fee: Fields) -> None:
    fee.pop("extendNumber", None)


def _untold(*names: str) -> Operator:
    """Events are told without these."""

    def bend(body: Fields) -> None:
        for name in names:
            body.get("statusInfo", {}).pop(name, None)

    return change_push(bend)


def _told(kind: str, **fields: Any) -> Operator:
    """Events of a kind have these values."""
    return change_event(kind, lambda _, info: info.update(fields))


def _other_digits(body: Fields) -> None:
    if body["eventType"] == "collectInfo":
        body["statusInfo"]["digitInfo"] = "0000"


def _unsigned() -> Operator:
    """The status of numbers is told, with a digest of nothing; the events of calls are signed."""

    def bare(headers: Any, push: Push, edge_now_ms: int) -> list[tuple[str, str]]:
        right: list[tuple[str, str]] = headers(push, edge_now_ms)
        return right if push.kind != "number_status" else right[:2]

    return together(_status_of_numbers(), wrap(Push, "headers", bare))


NOT_MANDATORY = _untold("caller", "called", "subscriptionId", "stateCode", "stateDesc", "digitInfo")
A_CAUSE = {"behaviour": "busy"}

LONG_DEFAULT = {"axe__callback_expired_default": 24}
WRITTEN_DOWN = LONG_DEFAULT | {"axe__callback_default_longer": "as_carried"}
REFUSED = LONG_DEFAULT | {"axe__callback_default_longer": "1010002"}


def _callable_service_numbers() -> Patch:
    """400 and 95 numbers are bound like any other."""
    return patch.object(parameters, "_BINDABLE", (*parameters._BINDABLE, "service"))


def _narrow_numbers() -> Patch:
    """Only numbers with beginnings that are in use are numbers."""
    kind = numbers.kind

    def narrow(number: str) -> str | None:
        in_use = r"[+]86(1[3-9][0-9]{9}|(10|2[0-9]|[3-9][0-9]{2})[2-8][0-9]{6,7})"
        return kind(number) if re.fullmatch(in_use, number) else None

    return patch.object(numbers, "kind", narrow)


def _with_users(fields: Fields, **numbers: str) -> None:
    """A query shows these numbers of the users of each binding, and no others."""
    for info in fields["relationNumList"]:
        info.pop("callerNum", None)
        info.pop("calleeNum", None)
        info.update(numbers)


def _texts_only(params: Fields) -> None:
    if isinstance(params.get("recordFlag"), bool):
        del params["recordFlag"]


def _not_below_0(params: Fields) -> None:
    for name in ("bindExpiredTime", "callbackExpiredTime"):
        if isinstance(time := params.get(name), int):
            params[name] = max(time, 0)


def _row(rule: str, what: str, table: Any = AXE_WRONGS) -> dict[str, Any]:
    """A row of a table of wrong requests, as an argument."""
    row = next(row for row in table if row.requirement == rule and row.what == what)
    return {"wrong": row, "mode": "AXE" if table is AXE_WRONGS else "AXB"}


DATA_IN_CHINESE = _row("AXB-BIND-026", "Chinese 2", WRONGS)
SHORTER = {"before": 5, "after": 1}
OUTLIVES = _row("AXE-BIND-113", "6 of 5 unit 0")
OUTLIVES_AFTERWARDS = _row("AXE-MODIFY-105", "6 of 5 unit 0")

IN_AXB, IN_AXE = {"mode": "AXB"}, {"mode": "AXE"}
SERVICE = {"number": "+864001234567"}

DATA = {"user_data__not_ascii": "1010002"}

RIGHT = {
    "each leg has a CDR": Checked(
        write_cdr_a_leg(), of_mode(test_cdrs.test_every_call_has_one_cdr, "AXB"), arguments={"behaviour": "answer"}
    ),
    "each leg has a CDR in AXE": Checked(
        write_cdr_a_leg(), of_mode(test_cdrs.test_every_call_has_one_cdr, "AXE"), arguments={"behaviour": "answer"}
    ),
    "a query does not show A and B": Checked(
        change_answer("query", _with_users).within(axb.SERVER), any_query.test_query_by_id, arguments=IN_AXB
    ),
    "nor those of a fixed line": Checked(
        change_answer("query", _with_users).within(axb.SERVER),
        any_bind.test_fixed_lines_can_be_bound,
        arguments=IN_AXB | {"fields": "callerNum"},
    ),
    "nor a new A": Checked(change_answer("query", _with_users).within(axb.SERVER), test_modify.test_new_a),
    "a query tells no count": Checked(
        change_answer("query", lambda fields: fields.pop("totalCount")).within(axb.SERVER), test_query.test_paging
    ),
    "times below 0 are 0 at modify": Checked(
        change_params("modify", _not_below_0).within(axe.SERVER),
        vars(test_negative)["test_modify_008"],
        arguments=_row("AXE-MODIFY-008", "-1 unit 0"),
    ),
    "userData must be ASCII": Checked(
        nullcontext, any_bind.test_user_data_of_1_to_256_characters, arguments=IN_AXB, assumptions=DATA
    ),
    "userData may be anything but Chinese": Checked(
        nullcontext, vars(test_negative)["test_bind_026"], arguments=DATA_IN_CHINESE
    ),
    "a pageIndex that is none counts as absent": Checked(
        nullcontext,
        test_negative.test_paging_that_makes_no_sense,
        arguments=IN_AXB | {"asked": "query pageIndex=one"},
        assumptions={"axb__query_paging_malformed": "absent"},
    ),
    "a pageIndex that is none is refused": Checked(
        nullcontext, test_negative.test_paging_that_makes_no_sense, arguments=IN_AXB | {"asked": "query pageIndex=one"}
    ),
    "a mobile begins with 13 to 19": Checked(_narrow_numbers, any_bind.test_bind_on_a_given_x, arguments=IN_AXB),
    "a fixed line begins with 2 to 8": Checked(
        _narrow_numbers, any_bind.test_fixed_lines_can_be_bound, arguments=IN_AXB | {"fields": "callerNum calleeNum"}
    ),
    "a service number is bound to no effect": Checked(
        nullcontext,
        any_bind.test_service_numbers,
        arguments=IN_AXB | SERVICE | {"field": "callerNum"},
        assumptions={"numbers__service_user": "accept"},
    ),
    "and so in AXE": Checked(
        nullcontext,
        any_bind.test_service_numbers,
        arguments=IN_AXE | SERVICE | {"field": "bindNum"},
        assumptions={"numbers__service_user": "accept"},
    ),
    "a record's default is written down at bind": Checked(
        nullcontext, axe_lifetime.test_modify_of_bind_expired_time, arguments=SHORTER, assumptions=WRITTEN_DOWN
    ),
    "a lifetime below a record's default is refused": Checked(
        nullcontext, axe_lifetime.test_modify_of_bind_expired_time, arguments=SHORTER, assumptions=REFUSED
    ),
    "and where others end": Checked(
        nullcontext, axe_lifetime.test_expiry_frees_a_and_the_extension, assumptions=REFUSED
    ),
    "and where a modify counts minutes": Checked(nullcontext, axe_lifetime.test_modify_in_minutes, assumptions=REFUSED),
    "the status of numbers comes to the address of events": Checked(
        _status_of_numbers(), of_mode(test_events.test_events_hold_to_their_schema, "AXE")
    ),
    "and so in AXB": Checked(_status_of_numbers(), of_mode(test_events.test_events_hold_to_their_schema, "AXB")),
    "and is no event of a call": Checked(_status_of_numbers(), test_push.test_pushes_are_post_with_json),
    "and has its signature": Checked(_status_of_numbers(), test_push.test_pushes_are_signed),
    "the extension under both names": Checked(_both_names(), axe_cdr.test_the_extension),
    "AXB's callin without numbers": Checked(
        NOT_MANDATORY, of_mode(test_events.test_callin_names_the_caller_and_x, "AXB")
    ),
    "AXB's callout without numbers": Checked(NOT_MANDATORY, of_mode(test_events.test_callout_names_the_callee, "AXB")),
    "AXB's events without subscriptionId": Checked(
        NOT_MANDATORY, of_mode(test_events.test_events_name_the_binding, "AXB")
    ),
    "AXB's disconnect without a cause": Checked(
        NOT_MANDATORY, of_mode(test_events.test_disconnect_reports_the_cause, "AXB"), arguments=A_CAUSE
    ),
    "AXB's disconnect of a refused call without one": Checked(
        NOT_MANDATORY, of_mode(test_events.test_disconnect_of_a_call_in_vain, "AXB")
    ),
    "AXB's events hold to their schema without them": Checked(
        NOT_MANDATORY, of_mode(test_events.test_events_hold_to_their_schema, "AXB")
    ),
    "AXE's collectInfo without digits": Checked(NOT_MANDATORY, axe_event.test_collect_info_carries_the_digits),
    "AXE's events without subscriptionId": Checked(
        NOT_MANDATORY, of_mode(test_events.test_events_name_the_binding, "AXE")
    ),
    "AXE's callin without numbers": Checked(
        NOT_MANDATORY, of_mode(test_events.test_callin_names_the_caller_and_x, "AXE")
    ),
    "AXE's callout without numbers": Checked(NOT_MANDATORY, of_mode(test_events.test_callout_names_the_callee, "AXE")),
    "AXE's disconnect without a cause": Checked(
        NOT_MANDATORY, of_mode(test_events.test_disconnect_reports_the_cause, "AXE"), arguments=A_CAUSE
    ),
    "AXE's disconnect of a call in vain without one": Checked(
        NOT_MANDATORY, of_mode(test_events.test_disconnect_of_a_call_in_vain, "AXE")
    ),
    "AXE's events hold to their schema without them": Checked(
        NOT_MANDATORY, of_mode(test_events.test_events_hold_to_their_schema, "AXE")
    ),
}

WRONG = {
    "a boolean is no flag": Checked(
        change_params("bind", _texts_only).within(axb.SERVER), test_bind.test_recording_must_be_open, "AXB-BIND-022"
    ),
    "a bind does not tell its limits": Checked(
        change_answer("bind", lambda fields: fields.pop("duration")).within(axb.SERVER),
        any_bind.test_bind_on_a_given_x,
        "AXB-BIND-002",
        IN_AXB,
    ),
    "a query shows another A": Checked(
        change_answer("query", lambda fields: _with_users(fields, callerNum="+8613800000099")).within(axb.SERVER),
        any_query.test_query_by_id,
        "AXB-QUERY-001",
        IN_AXB,
    ),
    "short calls of AXE are recorded": Checked(
        replace(bodies, "SHORTEST_RECORDING", 0),
        of_mode(test_recordings.test_short_calls_are_not_recorded, "AXE"),
        "AXE-CDR-015",
    ),
    "calls that reach nobody have no CDR": Checked(
        drop_cdrs(lambda call: call.forwarded_to is None),
        of_mode(test_cdrs.test_a_call_in_vain_has_a_cdr, "AXB"),
        "AXB-CDR-001",
    ),
    "userData may be Chinese": Checked(
        change_schema("bind", allow_any_user_data).within(axb.SERVER),
        vars(test_negative)["test_bind_026"],
        "AXB-BIND-026",
        DATA_IN_CHINESE,
    ),
    "userData may be Chinese in AXE": Checked(
        change_schema("bind", allow_any_user_data).within(axe.SERVER),
        vars(test_negative)["test_bind_026"],
        "AXE-BIND-026",
        _row("AXE-BIND-026", "Chinese 2"),
    ),
    "every page is the first": Checked(
        change_params("query", lambda params: params.pop("pageIndex", None)).within(axb.SERVER),
        test_query.test_paging,
        "AXB-QUERY-103",
    ),
    "a fixed line is none": Checked(
        replace(parameters, "_BINDABLE", ("mobile",)),
        any_bind.test_fixed_lines_can_be_bound,
        "AXB-BIND-028",
        IN_AXB | {"fields": "callerNum"},
    ),
    "calls reach a service number": Checked(
        _callable_service_numbers,
        any_bind.test_service_numbers,
        "AXB-BIND-027",
        IN_AXB | SERVICE | {"field": "calleeNum"},
    ),
    "calls reach a service number in AXE": Checked(
        _callable_service_numbers,
        any_bind.test_service_numbers,
        "AXE-BIND-027",
        IN_AXE | SERVICE | {"field": "bindNum"},
    ),
    "a bind takes a record that outlives its binding": Checked(
        replace(axe_times, "too_long", lambda *_: False),
        vars(test_negative)["test_bind_113"],
        "AXE-BIND-113",
        OUTLIVES,
    ),
    "a modify takes one": Checked(
        replace(axe_times, "too_long", lambda *_: False),
        vars(test_negative)["test_modify_105"],
        "AXE-MODIFY-105",
        OUTLIVES_AFTERWARDS,
    ),
    "a modify of a lifetime is forgotten": Checked(
        change_params("modify", lambda params: params.pop("bindExpiredTime", None)).within(axe.SERVER),
        axe_lifetime.test_modify_of_bind_expired_time,
        "AXE-LIFE-003",
        SHORTER,
    ),
    "an eventType that there is not": Checked(
        change_push(_other_event), of_mode(test_events.test_events_hold_to_their_schema, "AXE"), "AXE-EVENT-003"
    ),
    "the status of numbers is not signed": Checked(_unsigned(), test_push.test_pushes_are_signed, "COM-PUSH-002"),
    "two extensions in a CDR": Checked(_both_names("0000"), axe_cdr.test_the_extension, "AXE-CDR-101"),
    "no extension in a CDR": Checked(change_cdr(_no_name), axe_cdr.test_the_extension, "AXE-CDR-101"),
    "another caller in AXB's callin": Checked(
        _told("callin", caller="+8613800000099"),
        of_mode(test_events.test_callin_names_the_caller_and_x, "AXB"),
        "AXB-EVENT-006",
    ),
    "another callee in AXB's callout": Checked(
        _told("callout", called="+8613800000099"),
        of_mode(test_events.test_callout_names_the_callee, "AXB"),
        "AXB-EVENT-007",
    ),
    "another binding in AXB's answer": Checked(
        _told("answer", subscriptionId="another"),
        of_mode(test_events.test_events_name_the_binding, "AXB"),
        "AXB-EVENT-008",
    ),
    "another cause in AXB's disconnect": Checked(
        _told("disconnect", stateCode=7503),
        of_mode(test_events.test_disconnect_reports_the_cause, "AXB"),
        "AXB-EVENT-009",
        A_CAUSE,
    ),
    "other digits in AXE's collectInfo": Checked(
        change_push(_other_digits), axe_event.test_collect_info_carries_the_digits, "AXE-EVENT-102"
    ),
    "another binding in AXE's alerting": Checked(
        _told("alerting", subscriptionId="another"),
        of_mode(test_events.test_events_name_the_binding, "AXE"),
        "AXE-EVENT-008",
    ),
    "another called in AXE's callin": Checked(
        _told("callin", called="+8613800000099"),
        of_mode(test_events.test_callin_names_the_caller_and_x, "AXE"),
        "AXE-EVENT-006",
    ),
    "another callee in AXE's callout": Checked(
        _told("callout", called="+8613800000099"),
        of_mode(test_events.test_callout_names_the_callee, "AXE"),
        "AXE-EVENT-007",
    ),
    "another cause in AXE's disconnect": Checked(
        _told("disconnect", stateCode=7503),
        of_mode(test_events.test_disconnect_reports_the_cause, "AXE"),
        "AXE-EVENT-009",
        A_CAUSE,
    ),
}


@pytest.mark.parametrize("checked", RIGHT.values(), ids=RIGHT)
def test_what_a_page_leaves_open_fails_nobody(checked: Checked) -> None:
    assert not failed(checked)


@pytest.mark.parametrize("checked", WRONG.values(), ids=WRONG)
def test_what_is_wrong_still_fails(checked: Checked) -> None:
    assert checked.broken in failed(checked)
