"""A target of X alone: rules of all modes are tried there, without a binding."""

from __future__ import annotations

from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.suites.checks.common import (
    test_authentication,
    test_number_status,
    test_push,
    test_push_addresses,
    test_stop_call,
)
from privnum.suites.mutation.registry import mutants
from privnum.suites.runner.check import PROBES, NotExercised
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED
from tests.suites.checks.test_allowed_behaviour import verdicts

if TYPE_CHECKING:
    from collections.abc import Callable

COMMON: list[tuple[str, str, Callable[..., None], dict[str, Any]]] = [
    ("COM-AUTH-002", "no-blank", test_authentication.test_separators, {"separator": ", "}),
    ("COM-AUTH-007", "long-nonce", test_authentication.test_nonces_of_many_lengths, {"length": 128, "alphabet": "ab"}),
    ("COM-AUTH-022", "any-digest", test_authentication.test_wrong_digest, {"how": "hex"}),
    ("COM-AUTH-026", "unauthorised-026", test_authentication.test_application_not_available, {}),
    ("COM-AUTH-030", "unauthorised-030", test_authentication.test_flow_control, {}),
    ("COM-PUSH-002", "push-digest", test_push.test_pushes_are_signed, {}),
    ("COM-PUSH-004", "tired-repeats", test_push.test_a_failed_push_is_repeated, {"kind": "call_event"}),
    ("COM-PUSH-004", "content-with-timeout", test_push.test_whatever_is_no_success_is_a_failure, {"way": "late"}),
    ("COM-PUSH-005", "never-content", test_push.test_no_repeat_after_a_late_success, {"failures": 1}),
    ("COM-PUSH-006", "no-fee-address", test_push_addresses.test_no_address_no_push, {}),
    (
        "COM-PUSH-010",
        "all-wait-for-slow",
        test_push_addresses.test_a_failing_customer_holds_up_nobody_else,
        {"way": "late"},
    ),
    ("COM-STATUS-006", "", test_number_status.test_a_number_frozen_for_binding_is_told_of, {}),
    ("COM-STOP-001", "stop-nothing", test_stop_call.test_stop_call_releases_a_call, {}),
]


def found_verdict(rule: str, check: Callable[..., None], **arguments: Any) -> str:
    """The verdict on a rule by a run on our server in X alone."""
    target = replace(EMBEDDED, modes=("X",))
    session = Session(target)
    session.journal.run_started(target.describe(), {"profile": "quick", "seed": 0})
    try:
        return verdicts(session, check, **arguments)[rule]
    finally:
        session.close()


@pytest.mark.parametrize(("rule", "bug", "check", "given"), COMMON, ids=[f"{rule}-{bug}" for rule, bug, *_ in COMMON])
def test_rules_of_all_modes_are_tried_on_x(
    rule: str, bug: str, check: Callable[..., None], given: dict[str, Any]
) -> None:
    """They hold, and their seeded bugs are found."""
    by_kind = check in (
        test_push.test_a_failed_push_is_repeated,
        test_push.test_whatever_is_no_success_is_a_failure,
        test_push.test_no_repeat_after_a_late_success,
        test_push_addresses.test_no_address_no_push,
    )
    given = {"kind": "cdr", **given} if by_kind else given
    assert found_verdict(rule, check, **given) == "passed"
    if bug:
        with mutants()[f"common-{bug}"].apply():
            assert found_verdict(rule, check, **given) in ("failed", "differs")


PROBED = (
    *("call.setup_seconds", "call.reject_cause", "call.second_leg_caller", "call.disconnect_numbers"),
    *("call.unannounced_recording", "cdr.merge_seconds", "cdr.ask_support_fields"),
    *("push.scheme", "push.separator", "push.retry_clock", "push.success_status", "push.answer_resultcode"),
    *("stop_call.modes", "stop_call.ended_call", "stop_call.bad_parameter", "stop_call.release_cause"),
    *("number_status.cause", "number_status.retry"),
)
CHOICES = [
    (id_, value)
    for id_ in PROBED
    for value in (contracts.assumptions()[id_].value, *contracts.assumptions()[id_].choices)
]


@pytest.mark.parametrize(("assumption", "value"), CHOICES)
def test_probes_of_calls_find_out_what_x_alone_does(assumption: str, value: contracts.Value) -> None:
    """Where nothing can be bound, the customer answers the calls that they place."""
    session = Session(replace(EMBEDDED, modes=("X",)), world_assumptions={assumption: value})
    with closing(session), session.findings.probing(assumption):
        try:
            found = PROBES[assumption].find(CheckContext(session, "it").open())
        except NotExercised as error:  # which pytest would take for a skip
            pytest.fail(str(error))
    assert found == value
