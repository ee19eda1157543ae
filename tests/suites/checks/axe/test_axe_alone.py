"""A target of AXE alone: rules of all modes are tried there."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.core.applications import Application
from privnum.suites.checks.common import test_authentication, test_envelope, test_push, test_push_addresses
from privnum.suites.report import model
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.item_order import rank
from tests.suites.platforms import AXB, AXE, Platform

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.runner.session import Session

SECOND = replace(AXE, key="axe-2", secret="axe-secret-2", numbers=(replace(AXE.numbers[0], number="+8617000000021"),))
COMMON: list[tuple[str, Callable[..., None], dict[str, Any]]] = [
    ("COM-AUTH-002", test_authentication.test_separators, {"separator": ", "}),
    ("COM-AUTH-023", test_authentication.test_created_out_of_limit, {"days": 8}),
    ("COM-AUTH-026", test_authentication.test_application_not_available, {}),
    ("COM-AUTH-030", test_authentication.test_flow_control, {}),
    ("COM-ENV-001", test_envelope.test_every_answer_is_an_envelope, {}),
    ("COM-ENV-006", test_envelope.test_a_bare_plus_is_a_blank, {}),
    ("COM-ENV-008", test_envelope.test_bodies_of_get_and_delete_are_ignored, {}),
    ("COM-ENV-009", test_envelope.test_null_means_absent, {}),
    ("COM-PUSH-001", test_push.test_pushes_are_post_with_json, {}),
    ("COM-PUSH-002", test_push.test_each_application_signs_its_own_pushes, {}),
    ("COM-PUSH-004", test_push.test_a_failed_push_is_repeated, {"kind": "call_event"}),
    ("COM-PUSH-006", test_push_addresses.test_no_address_no_push, {"kind": "cdr"}),
]


def verdict_of(session: Session, requirement: str, check: Callable[..., None], **arguments: Any) -> str:
    with contextlib.suppress(pytest.skip.Exception, pytest.fail.Exception):
        check(context=CheckContext(session, "it"), **arguments)
    session.journal.run_finished(interrupted=False)
    report = model.build(session.journal.events)
    return str(next(rule["verdict"] for rule in report["requirements"] if rule["id"] == requirement))


@pytest.mark.parametrize(("requirement", "check", "arguments"), COMMON, ids=[rule for rule, _, _ in COMMON])
def test_rules_of_all_modes_are_tried_on_axe(
    requirement: str, check: Callable[..., None], arguments: dict[str, Any]
) -> None:
    session = Platform(AXE, SECOND).session()
    assert verdict_of(session, requirement, check, **arguments) == "passed"


def test_no_axb_is_asked_for_where_it_is_not_judged() -> None:
    """An application of AXB may be named as one of another mode only; the platform need not have its API."""
    session = Platform(AXB, AXE).session()
    session.target = replace(session.target, modes=("AXE",), applications=(replace(AXB, secret="not so"), AXE))
    context = CheckContext(session, "it").open()
    with pytest.raises(NotExercised):
        _ = context.axb.app
    assert context.send("GET", "/rest").status == 404
    context.close()
    assert (
        verdict_of(
            session,
            "COM-AUTH-007",
            test_authentication.test_nonces_of_many_lengths,
            length=13,
            alphabet="0123456789abcdef",
        )
        == "passed"
    )


def test_what_locks_out_comes_last() -> None:
    """Nothing can be checked for as long as the lock-out lasts, half an hour perhaps."""
    out, flow = (
        rank(_item(check)) for check in (test_authentication.test_lock_out, test_authentication.test_flow_control)
    )
    assert out > flow


def test_flow_control_may_count_what_came_before_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """A platform that counts every request of the last minute refuses the first one at a low limit."""
    came = []

    def counts_from_the_start(app: Application, now_ms: int) -> bool:
        came.append(now_ms)
        return app.requests_per_minute is None or len(came) <= app.requests_per_minute

    monkeypatch.setattr(Application, "within_flow", counts_from_the_start)
    session = Platform(AXE).session()
    context = CheckContext(session, "before").open()
    for _ in range(20):
        context.axe.query(subscriptionId="0")
    context.close()
    assert verdict_of(session, "COM-AUTH-030", test_authentication.test_flow_control) == "passed"


def test_who_refuses_far_below_the_limit_has_another_reason(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Application, "within_flow", lambda app, _now_ms: app.requests_per_minute is None)
    session = Platform(AXE).session()
    assert verdict_of(session, "COM-AUTH-030", test_authentication.test_flow_control) == "failed"


def test_nothing_is_bound_by_who_gets_locked_out() -> None:
    """It could not be dissolved."""
    session = Platform(AXE).session()
    context = CheckContext(session, "it").open()
    test_authentication.test_lock_out.__wrapped__(context)  # type: ignore[attr-defined]
    assert not [step for step in context.history if step.text == "axe.bind"]
    context.close()


def _item(check: Callable[..., None]) -> Any:
    return SimpleNamespace(function=check, name=check.__name__, module=test_authentication)
