"""What the documents let a platform do is no failure: each seed is a choice that could be defended with a page."""

from __future__ import annotations

import contextlib
from functools import partial
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, NamedTuple
from unittest.mock import patch

import pytest

from privnum.mockserver.calls import participants as participants
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.ids import Ids
from privnum.suites.checks.ax import test_changes as ax_changes
from privnum.suites.checks.ax import test_query as ax_query
from privnum.suites.checks.axb import (
    test_modify,
    test_query,
)
from privnum.suites.checks.axb import test_printed as axb_printed
from privnum.suites.checks.axb.invalid_requests import WRONGS
from privnum.suites.checks.axe import test_bind as axe_bind
from privnum.suites.checks.axe import test_lifetime as axe_lifetime
from privnum.suites.checks.axe import test_query as axe_query
from privnum.suites.checks.axe.invalid_requests import WRONGS as AXE_WRONGS
from privnum.suites.checks.bindings import test_bind, test_negative, test_settings, test_unbind
from privnum.suites.checks.bindings import test_lifetime as any_lifetime
from privnum.suites.checks.bindings import test_modify as any_modify
from privnum.suites.checks.bindings import test_query as any_query
from privnum.suites.checks.calls import test_causes, test_cdrs, test_recordings
from privnum.suites.checks.common import test_authentication, test_envelope
from privnum.suites.mutation import ax, axb, axe
from privnum.suites.mutation.common.authentication import refuse_with
from privnum.suites.mutation.operators.code import set_row
from privnum.suites.mutation.operators.pushes import change_cdr
from privnum.suites.mutation.operators.requests import change_answer, change_code, change_params
from privnum.suites.oracle import (
    Assumptions,
)
from privnum.suites.oracle.cdr import NOT_MANDATORY
from privnum.suites.printed.numbers import FIXED_LINES
from privnum.suites.report import model
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from privnum import contracts
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Operator, Patch

X = "+8617000000001"
A, B = "+8613800000001", "+8613800000002"
TIMES: dict[str, str | int] = {"call.setup_seconds": 0, "axe.collection_seconds": 10}
READINGS_OF_AXB = Assumptions(TIMES)
READINGS_OF_AXE = Assumptions(
    TIMES | {"axe.record_written": "transfer", "binding.expiry_instant": "gone", "axe.bind_expired_default": 168}
)


def verdicts(session: Session, check: Callable[..., None], **arguments: Any) -> dict[str, str]:
    """What each requirement came out as when the check was run once."""
    with contextlib.suppress(pytest.skip.Exception, pytest.fail.Exception):
        check(context=CheckContext(session, "it"), **arguments)
    session.journal.run_finished(interrupted=False)
    return {rule["id"]: rule["verdict"] for rule in model.build(session.journal.events)["requirements"]}


@contextlib.contextmanager
def a_run(**assumptions: contracts.Value) -> Iterator[Session]:
    """A run against our server, in worlds with these readings (dots are written as two underscores)."""
    assumptions = {name.replace("__", "."): value for name, value in assumptions.items()}
    session = Session(EMBEDDED, world_assumptions=assumptions)
    session.journal.run_started(EMBEDDED.describe(), {"profile": "quick", "seed": 0})
    yield session
    session.close()


def of_mode(check: Callable[..., None], mode: str) -> Callable[..., None]:
    """Return a check of all modes in one of them."""
    return partial(check, mode=mode)


class Choice(NamedTuple):
    """What a platform does, a check that meets it, the rule that the check is about, and its verdict."""

    seed: Callable[[], Patch]
    check: Callable[..., None]
    rule: str
    arguments: Mapping[str, Any] = MappingProxyType({})
    verdict: str = "passed"


# ── the seeds ────────────────────────────────────────────────────────────────────────────────────────────────────────


def _plus_in_queries(params: Params) -> None:
    if (x := params.get("relationNum", "")).startswith(" "):
        params["relationNum"] = f"+{x.strip()}"


def _x_alone(params: Params) -> None:
    if "relationNum" in params:
        params.pop("areaMatchMode", None)


def _texts_only(params: Params) -> None:
    if isinstance(params.get("recordFlag"), bool):
        del params["recordFlag"]


def _of_no_effect(name: str) -> Callable[[Params], None]:
    """A number in local spelling is bound, to nobody."""

    def bend(params: Params) -> None:
        if not params.get(name, "+").startswith("+"):
            params[name] = "+8613899999999"

    return bend


def _trim_flag(params: Params) -> None:
    if isinstance(flag := params.get("recordFlag"), str):
        params["recordFlag"] = flag.strip()


def _no_user_data(params: Params) -> None:
    if "userData" in params:
        raise Refusal("403/1010002", "There is no userData in a modify.")


def _one_id() -> Patch:
    """An id is given again once its binding is over."""
    return patch.object(Ids, "subscription_id", lambda _: "one-and-the-same")


def _by_the_platforms_time() -> Operator:
    return set_row(participants.BEHAVIOURS, "no_answer", outcome=8035, wait=90)


def _by_address(_: Call, fee: dict[str, Any]) -> None:
    if fee.get("recordObjectName"):
        fee |= {"recordObjectName": "", "recordDomain": "", "recordFileDownloadUrl": "https://files.example/1.wav"}


def _odd_reserved_fields(_: Call, fee: dict[str, Any]) -> None:
    fee |= {"voiceCheckType": "0", "mptyId": 17}


def _ids_only(name: str) -> Operator:
    """A query lists nothing but what no binding could be known by otherwise."""

    def bend(fields: dict[str, Any]) -> None:
        fields[name] = [{"subscriptionId": info["subscriptionId"]} for info in fields[name]]
        for more in ("totalCount", "pageIndex", "pageSize"):
            fields.pop(more, None)

    return change_answer("query", bend)


def _size_of_the_page(fields: dict[str, Any]) -> None:
    fields["pageSize"] = len(fields["relationNumList"])


def _id_only(fields: dict[str, Any]) -> None:
    for name in [name for name in fields if name != "subscriptionId"]:
        del fields[name]


def _cdr_of_the_mandatory() -> Operator:
    def bend(_: Call, fee: dict[str, Any]) -> None:
        for name in NOT_MANDATORY:
            fee.pop(name, None)

    return change_cdr(bend)


def _points_of_their_own() -> Operator:
    """The rows of the table of release points that the table of causes does not have."""
    points = {7501: 8009, 7502: 8004, 8101: 8003, 8035: 8003, 7503: 7504, 8104: 8002, 7516: 8009}

    def bend(_: Call, fee: dict[str, Any]) -> None:
        fee["ulFailReason"] = points.get(fee["ulFailReason"], fee["ulFailReason"])
        if not fee["ulFailReason"]:
            del fee["ulFailReason"]

    return change_cdr(bend)


def wrong(rule: str, what: str, table: Any = WRONGS) -> dict[str, Any]:
    """The row of a table of wrong requests."""
    row = next(row for row in table if row.requirement == rule and row.what == what)
    return {"wrong": row, "mode": "AXE" if table is AXE_WRONGS else "AXB"}


IN_AX, IN_AXB, IN_AXE = {"mode": "AX"}, {"mode": "AXB"}, {"mode": "AXE"}
IDS_OF_AX = _ids_only("privateNumList").within(ax.SERVER)
IDS_OF_AXB = _ids_only("relationNumList").within(axb.SERVER)
SERVICE = IN_AXB | {"wrong": next(row for row in WRONGS if row.field == "callerNum" and row.value == "95555")}
AXE_SERVICE = IN_AXE | {"wrong": next(row for row in AXE_WRONGS if row.field == "bindNum" and row.value == "95555")}
NEGATIVE = vars(test_negative)

CHOICES = {
    "the other number of 'unavailable'": Choice(
        refuse_with("403/1010008", "403/1010004"), test_authentication.test_application_not_available, "COM-AUTH-026"
    ),
    "arrears as 1012001": Choice(
        refuse_with("403/1010029", "403/1012001"), test_authentication.test_frozen_subscriber, "COM-AUTH-027"
    ),
    "a query reads a bare plus": Choice(
        change_params("query", _plus_in_queries).within(axb.SERVER),
        test_envelope.test_a_bare_plus_is_a_blank,
        "COM-ENV-006",
    ),
    "areaMatchMode beside an X is not looked at": Choice(
        change_params("bind", _x_alone).within(axb.SERVER),
        NEGATIVE["test_bind_024"],
        "AXB-BIND-024",
        wrong("AXB-BIND-024", "strict"),
    ),
    "a boolean is no flag of a modify": Choice(
        change_params("modify", _texts_only).within(axb.SERVER),
        test_modify.test_recording_must_be_open,
        "AXB-MODIFY-011",
    ),
    "flags are trimmed": Choice(
        change_params("bind", _trim_flag).within(axb.SERVER),
        NEGATIVE["test_com_env_010"],
        "COM-ENV-010",
        wrong("COM-ENV-010", "blank before it"),
        verdict="differs",
    ),
    "a malformed service number is bound to no effect": Choice(
        change_params("bind", _of_no_effect("callerNum")).within(axb.SERVER),
        NEGATIVE["test_com_env_010"],
        "COM-ENV-010",
        SERVICE,
        verdict="differs",
    ),
    "a malformed service number is bound in AXE": Choice(
        change_params("bind", _of_no_effect("bindNum")).within(axe.SERVER),
        NEGATIVE["test_com_env_010"],
        "COM-ENV-010",
        AXE_SERVICE,
        verdict="differs",
    ),
    "ids come again": Choice(_one_id, of_mode(any_lifetime.test_expiry_frees_the_numbers, "AXB"), "AXB-LIFE-006"),
    "it rings until the platform's time is over": Choice(
        _by_the_platforms_time(), of_mode(test_causes.test_no_answer, "AXB"), "AXB-CALL-017"
    ),
    "it rings so in AXE": Choice(
        _by_the_platforms_time(),
        of_mode(test_causes.test_no_answer, "AXE"),
        "AXE-CALL-017",
    ),
    "a query shows whom it is about": Choice(IDS_OF_AXB, any_query.test_query_by_id, "AXB-QUERY-001", IN_AXB),
    "and the forms of users": Choice(IDS_OF_AXB, axb_printed.test_mobiles_of_every_beginning, "AXB-BIND-001"),
    "and those of fixed lines": Choice(
        IDS_OF_AXB,
        axb_printed.test_fixed_lines_of_every_form,
        "AXB-BIND-028",
        {"number": FIXED_LINES[0]},
    ),
    "and its X after a modify": Choice(IDS_OF_AXB, any_modify.test_x_stays, "AXB-MODIFY-010", IN_AXB),
    "AX shows the id": Choice(IDS_OF_AX, any_query.test_query_by_id, "AX-QUERY-001", IN_AX),
    "and of every X of A": Choice(IDS_OF_AX, ax_query.test_by_a, "AX-QUERY-101"),
    "and of a new A": Choice(IDS_OF_AX, ax_changes.test_a_new_a, "AX-MODIFY-003"),
    "and of A beside X": Choice(IDS_OF_AX, ax_changes.test_the_present_a_beside_x, "AX-MODIFY-105"),
    "and what was set": Choice(
        IDS_OF_AXB,
        test_settings.test_what_was_set_is_shown,
        "AXB-QUERY-003",
        {"mode": "AXB", "named": "duration 3600"},
    ),
    "and what stays": Choice(
        IDS_OF_AXB,
        any_modify.test_absent_fields_stay,
        "AXB-MODIFY-006",
        IN_AXB,
    ),
    "pageSize is how many there are": Choice(
        change_answer("query", _size_of_the_page).within(axb.SERVER), test_query.test_paging, "AXB-QUERY-103"
    ),
    "nor more of the pages of 50": Choice(
        change_answer("query", _size_of_the_page).within(axb.SERVER),
        test_query.test_page_size_out_of_range_is_50,
        "AXB-QUERY-104",
    ),
    "AXE shows the id": Choice(
        change_answer("query", _id_only).within(axe.SERVER), any_query.test_query_by_id, "AXE-QUERY-001", IN_AXE
    ),
    "and of X and extension": Choice(
        change_answer("query", _id_only).within(axe.SERVER), axe_query.test_query_by_extension, "AXE-QUERY-101"
    ),
    "and after a modify": Choice(
        change_answer("query", _id_only).within(axe.SERVER), any_modify.test_x_stays, "AXE-MODIFY-010", IN_AXE
    ),
    "a CDR tells what is mandatory": Choice(
        _cdr_of_the_mandatory(), of_mode(test_cdrs.test_numbers, "AXB"), "AXB-CDR-005", verdict="passed"
    ),
    "of its times the two by which one reckons": Choice(
        _cdr_of_the_mandatory(), of_mode(test_cdrs.test_times, "AXB"), "AXB-CDR-006"
    ),
    "no serviceType": Choice(
        _cdr_of_the_mandatory(), of_mode(test_cdrs.test_service_type, "AXB"), "AXB-CDR-009", verdict="not_exercised"
    ),
    "so in AXE": Choice(_cdr_of_the_mandatory(), of_mode(test_cdrs.test_numbers, "AXE"), "AXE-CDR-005"),
    "and its times": Choice(_cdr_of_the_mandatory(), of_mode(test_cdrs.test_times, "AXE"), "AXE-CDR-006"),
    "release points of their own": Choice(
        _points_of_their_own(), of_mode(test_cdrs.test_release_point, "AXB"), "AXB-CDR-008"
    ),
    "release points of AXE": Choice(
        _points_of_their_own(), of_mode(test_cdrs.test_release_point, "AXE"), "AXE-CDR-008"
    ),
    "a wrong parameter as AXE's table has it": Choice(
        refuse_with("403/1010002", "500/1020001"),
        NEGATIVE["test_bind_003"],
        "AXE-BIND-003",
        wrong("AXE-BIND-003", "missing", AXE_WRONGS),
    ),
    "a recording has an address": Choice(
        change_cdr(_by_address), of_mode(test_recordings.test_recording, "AXB"), "AXB-CDR-011"
    ),
    "a short one has, too": Choice(
        change_cdr(_by_address), of_mode(test_recordings.test_short_calls_are_not_recorded, "AXB"), "AXB-CDR-015"
    ),
    "a recording of AXE has an address": Choice(
        change_cdr(_by_address), of_mode(test_recordings.test_recording, "AXE"), "AXE-CDR-011"
    ),
    "fields that no page prints": Choice(
        change_cdr(_odd_reserved_fields), of_mode(test_cdrs.test_mandatory_fields, "AXB"), "AXB-CDR-002"
    ),
    "a foreign X as a record that there is not": Choice(
        change_code("bind", "1012001", "1012007").within(axb.SERVER),
        test_bind.test_an_x_of_another_application,
        "AXB-BIND-010",
        IN_AXB,
    ),
    "so in unbind": Choice(
        change_code("unbind", "1012001", "1012007").within(axb.SERVER),
        test_unbind.test_an_x_of_another_application,
        "AXB-UNBIND-005",
        IN_AXB,
    ),
    "so in a query": Choice(
        change_code("query", "1012001", "1012007").within(axb.SERVER),
        any_query.test_an_x_of_another_application,
        "AXB-QUERY-006",
        IN_AXB,
    ),
    "a blocked X as a record that there is not": Choice(
        change_code("bind", "1012102", "1012007").within(axb.SERVER),
        test_bind.test_a_blocked_x_takes_no_binding,
        "AXB-BIND-029",
        IN_AXB | {"status": "10"},
    ),
    "a taken extension as one that has been bound": Choice(
        change_code("bind", "1020167", "1013102").within(axe.SERVER), axe_bind.test_a_taken_extension, "AXE-BIND-103"
    ),
    "an AXE modify has no userData": Choice(
        change_params("modify", _no_user_data).within(axe.SERVER),
        any_modify.test_unknown_binding,
        "AXE-MODIFY-002",
        IN_AXE,
    ),
    "nor where fields stay": Choice(
        change_params("modify", _no_user_data).within(axe.SERVER),
        any_modify.test_absent_fields_stay,
        "AXE-MODIFY-006",
        IN_AXE,
    ),
    "nor where X stays": Choice(
        change_params("modify", _no_user_data).within(axe.SERVER),
        any_modify.test_x_stays,
        "AXE-MODIFY-010",
        IN_AXE,
    ),
    "nor where the end stays": Choice(
        change_params("modify", _no_user_data).within(axe.SERVER),
        axe_lifetime.test_modify_of_something_else_leaves_the_end,
        "AXE-LIFE-003",
    ),
}


@pytest.mark.parametrize("choice", CHOICES.values(), ids=CHOICES)
def test_a_choice_fails_nobody(choice: Choice) -> None:
    with choice.seed(), a_run() as session:
        found = verdicts(session, choice.check, **choice.arguments)
    assert found[choice.rule] == choice.verdict
    assert "failed" not in found.values()
