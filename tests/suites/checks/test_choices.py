"""What a page leaves open breaks no documented rule, whichever way a platform takes; what is wrong beside it does."""

from __future__ import annotations

from contextlib import nullcontext
from typing import Any

import pytest

from privnum.mockserver.modes import parameters
from privnum.mockserver.modes.axe import times as axe_times
from privnum.mockserver.pushes import bodies as bodies
from privnum.suites.checks.axb import (
    test_bind,
    test_modify,
    test_query,
)
from privnum.suites.checks.axe import test_cdr as axe_cdr
from privnum.suites.checks.axe import test_event as axe_event
from privnum.suites.checks.axe import test_lifetime as axe_lifetime
from privnum.suites.checks.bindings import test_bind as any_bind
from privnum.suites.checks.bindings import test_negative
from privnum.suites.checks.bindings import test_query as any_query
from privnum.suites.checks.calls import test_cdrs, test_endings, test_events, test_recordings
from privnum.suites.checks.common import test_push
from privnum.suites.mutation import axb, axe
from privnum.suites.mutation.operators.code import replace
from privnum.suites.mutation.operators.pushes import (
    change_cdr,
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
from tests.suites.checks.choices import (
    A_CAUSE,
    DATA_IN_CHINESE,
    NOT_MANDATORY,
    OUTLIVES,
    OUTLIVES_AFTERWARDS,
    REFUSED,
    SHORTER,
    WRITTEN_DOWN,
    Checked,
    both_names,
    callable_service_numbers,
    failed_rules,
    leave_unsigned,
    narrow_numbers,
    no_name,
    not_below_0,
    of_mode,
    other_digits,
    other_event,
    row,
    send_instead,
    status_of_numbers,
    texts_only,
    with_users,
)

Fields = dict[str, Any]


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
        change_answer("query", with_users).within(axb.SERVER), any_query.test_query_by_id, arguments=IN_AXB
    ),
    "nor those of a fixed line": Checked(
        change_answer("query", with_users).within(axb.SERVER),
        any_bind.test_fixed_lines_can_be_bound,
        arguments=IN_AXB | {"fields": "callerNum"},
    ),
    "nor a new A": Checked(change_answer("query", with_users).within(axb.SERVER), test_modify.test_new_a),
    "a query tells no count": Checked(
        change_answer("query", lambda fields: fields.pop("totalCount")).within(axb.SERVER), test_query.test_paging
    ),
    "times below 0 are 0 at modify": Checked(
        change_params("modify", not_below_0).within(axe.SERVER),
        vars(test_negative)["test_modify_008"],
        arguments=row("AXE-MODIFY-008", "-1 unit 0"),
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
    "a mobile begins with 13 to 19": Checked(narrow_numbers, any_bind.test_bind_on_a_given_x, arguments=IN_AXB),
    "a fixed line begins with 2 to 8": Checked(
        narrow_numbers, any_bind.test_fixed_lines_can_be_bound, arguments=IN_AXB | {"fields": "callerNum calleeNum"}
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
        status_of_numbers(), of_mode(test_events.test_events_hold_to_their_schema, "AXE")
    ),
    "and so in AXB": Checked(status_of_numbers(), of_mode(test_events.test_events_hold_to_their_schema, "AXB")),
    "and is no event of a call": Checked(status_of_numbers(), test_push.test_pushes_are_post_with_json),
    "and has its signature": Checked(status_of_numbers(), test_push.test_pushes_are_signed),
    "the extension under both names": Checked(both_names(), axe_cdr.test_the_extension),
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
    **{
        f"a stopped call ends with {cause}": Checked(
            nullcontext,
            of_mode(test_endings.test_a_call_that_is_stopped, "AXB"),
            arguments={"phase": "alerting"},
            assumptions={"stop_call__release_cause": cause},
        )
        for cause in (0, 7501, 7503, 8017)
    },
}

WRONG = {
    "a stopped call whose CDR has another end": Checked(
        change_cdr(lambda _, fee: fee.update(ulFailReason=0)),
        of_mode(test_endings.test_a_call_that_is_stopped, "AXB"),
        "AXB-CDR-008",
        {"phase": "alerting"},
        {"stop_call__release_cause": 8017},
    ),
    "a boolean is no flag": Checked(
        change_params("bind", texts_only).within(axb.SERVER), test_bind.test_recording_must_be_open, "AXB-BIND-022"
    ),
    "a bind does not tell its limits": Checked(
        change_answer("bind", lambda fields: fields.pop("duration")).within(axb.SERVER),
        any_bind.test_bind_on_a_given_x,
        "AXB-BIND-002",
        IN_AXB,
    ),
    "a query shows another A": Checked(
        change_answer("query", lambda fields: with_users(fields, callerNum="+8613800000099")).within(axb.SERVER),
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
        row("AXE-BIND-026", "Chinese 2"),
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
        callable_service_numbers,
        any_bind.test_service_numbers,
        "AXB-BIND-027",
        IN_AXB | SERVICE | {"field": "calleeNum"},
    ),
    "calls reach a service number in AXE": Checked(
        callable_service_numbers,
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
        change_push(other_event), of_mode(test_events.test_events_hold_to_their_schema, "AXE"), "AXE-EVENT-003"
    ),
    "the status of numbers is not signed": Checked(leave_unsigned(), test_push.test_pushes_are_signed, "COM-PUSH-002"),
    "two extensions in a CDR": Checked(both_names("0000"), axe_cdr.test_the_extension, "AXE-CDR-101"),
    "no extension in a CDR": Checked(change_cdr(no_name), axe_cdr.test_the_extension, "AXE-CDR-101"),
    "another caller in AXB's callin": Checked(
        send_instead("callin", caller="+8613800000099"),
        of_mode(test_events.test_callin_names_the_caller_and_x, "AXB"),
        "AXB-EVENT-006",
    ),
    "another callee in AXB's callout": Checked(
        send_instead("callout", called="+8613800000099"),
        of_mode(test_events.test_callout_names_the_callee, "AXB"),
        "AXB-EVENT-007",
    ),
    "another binding in AXB's answer": Checked(
        send_instead("answer", subscriptionId="another"),
        of_mode(test_events.test_events_name_the_binding, "AXB"),
        "AXB-EVENT-008",
    ),
    "another cause in AXB's disconnect": Checked(
        send_instead("disconnect", stateCode=7503),
        of_mode(test_events.test_disconnect_reports_the_cause, "AXB"),
        "AXB-EVENT-009",
        A_CAUSE,
    ),
    "other digits in AXE's collectInfo": Checked(
        change_push(other_digits), axe_event.test_collect_info_carries_the_digits, "AXE-EVENT-102"
    ),
    "another binding in AXE's alerting": Checked(
        send_instead("alerting", subscriptionId="another"),
        of_mode(test_events.test_events_name_the_binding, "AXE"),
        "AXE-EVENT-008",
    ),
    "another called in AXE's callin": Checked(
        send_instead("callin", called="+8613800000099"),
        of_mode(test_events.test_callin_names_the_caller_and_x, "AXE"),
        "AXE-EVENT-006",
    ),
    "another callee in AXE's callout": Checked(
        send_instead("callout", called="+8613800000099"),
        of_mode(test_events.test_callout_names_the_callee, "AXE"),
        "AXE-EVENT-007",
    ),
    "another cause in AXE's disconnect": Checked(
        send_instead("disconnect", stateCode=7503),
        of_mode(test_events.test_disconnect_reports_the_cause, "AXE"),
        "AXE-EVENT-009",
        A_CAUSE,
    ),
}


@pytest.mark.parametrize("checked", RIGHT.values(), ids=RIGHT)
def test_what_a_page_leaves_open_fails_nobody(checked: Checked) -> None:
    assert not failed_rules(checked)


@pytest.mark.parametrize("checked", WRONG.values(), ids=WRONG)
def test_what_is_wrong_still_fails(checked: Checked) -> None:
    assert checked.broken in failed_rules(checked)
