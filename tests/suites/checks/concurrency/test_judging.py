"""A documented rule fails where no order allows it; where no order explains the answers, a target differs."""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

import privnum.suites.probes  # noqa: F401  # a session needs them
from privnum.suites.base.claims import NotExercised, Violation
from privnum.suites.checks.concurrency import judging
from privnum.suites.checks.concurrency.judging import (
    ORDER,
    Crowd,
    breaches,
    claim_kept,
    claim_order,
    parts_by_x,
    requires_order,
)
from privnum.suites.checks.concurrency.models import MODELS
from privnum.suites.checks.concurrency.profiles import PROFILES
from privnum.suites.history.operations import Operation, Request, Seen, Verb
from privnum.suites.history.search import find_order
from privnum.suites.oracle import Undecided
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator

A, B, C = "+8613800000001", "+8613800000002", "+8613800000003"
USERS = {"AXB": ("callerNum", "calleeNum"), "AXE": ("bindNum",), "AX": ("origNum",)}


@pytest.fixture(scope="module")
def session() -> Iterator[Session]:
    session = Session(EMBEDDED)
    yield session
    session.close()


@pytest.fixture
def context(session: Session) -> Iterator[CheckContext]:
    context = CheckContext(session, "histories").open()
    yield context
    context.close()


def on(verb: Verb, fields: dict[str, Any], seen: Seen, invoked: float = 0, answered: float = 9) -> Operation:
    return Operation(1, Request(verb, fields), seen, invoked, answered)


def bind_of(context: CheckContext, mode: str, sub: str, *users: str, place: int = 0, **more: Any) -> Operation:
    """A bind that succeeded within the first nine seconds."""
    x = context.of(mode).app.numbers[place].number
    extension = more.get("extendNum", "0007")
    fields = dict(zip(USERS[mode], users, strict=True)) | {MODELS[mode].x_field: x, **more}
    return on("bind", fields, Seen(True, "200/0", sub, x, extension))


def rules_of(context: CheckContext, mode: str, *operations: Operation, crowd: Crowd | None = None) -> list[str]:
    return [breach.rule for breach in breaches(PROFILES[mode](context), operations, crowd)]


def test_what_may_not_be_there_twice_has_its_rule_in_each_mode(context: CheckContext) -> None:
    axb, axe, ax = (partial(bind_of, context, mode) for mode in ("AXB", "AXE", "AX"))
    assert rules_of(context, "AXB", axb("s1", A, B), axb("s2", A, B)) == ["AXB-BIND-005"]
    assert rules_of(context, "AXB", axb("s1", A, B), axb("s2", C, A)) == ["AXB-BIND-102"]
    assert rules_of(context, "AXB", axb("s1", A, B), axb("s2", A, B, place=1)) == []
    assert rules_of(context, "AX", ax("s1", A), ax("s2", A)) == ["AX-BIND-005"]
    assert rules_of(context, "AX", ax("s1", A), ax("s2", B)) == ["AX-BIND-031"]
    assert rules_of(context, "AX", ax("s1", A), ax("s2", A, place=1)) == []
    assert rules_of(context, "AXE", axe("s1", A), axe("s2", A)) == ["AXE-BIND-005"]
    assert rules_of(context, "AXE", axe("s1", A), axe("s2", B)) == ["AXE-BIND-102"]
    assert rules_of(context, "AXE", *(axe(s, who, extendNum="0009") for s, who in (("s1", A), ("s2", B)))) == [
        "AXE-BIND-103"
    ]
    assert rules_of(context, "AXE", axe("s1", A), axe("s2", B, place=1)) == []


def test_a_crowd_is_of_all_x(context: CheckContext) -> None:
    binds = [bind_of(context, "AX", f"s{place}", A, place=place) for place in range(3)]
    assert {*rules_of(context, "AX", *binds, crowd=Crowd(2, "AX-BIND-032", "an A"))} == {"AX-BIND-032"}
    assert rules_of(context, "AX", *binds, crowd=Crowd(3, "AX-BIND-032", "an A")) == []


@pytest.mark.parametrize("selector", ["subscriptionId", "relationNum"])
def test_who_may_have_been_unbound_is_not_counted(context: CheckContext, selector: str) -> None:
    """By its id or by its X, and whatever was answered; and whom a modify may have put out of the way."""
    first, second = bind_of(context, "AXB", "s1", A, B), bind_of(context, "AXB", "s2", A, B)
    fields = {"subscriptionId": "s1", "relationNum": first.seen.x}
    unbind = on("unbind", {selector: fields[selector]}, Seen(False, "403/1012007"), 5, 6)
    modify = on("modify", {"subscriptionId": "s1", "callerNum": C}, Seen(True, "200/0"), 5, 6)
    assert rules_of(context, "AXB", first, second, unbind) == []
    assert rules_of(context, "AXB", first, second, modify) == []
    assert rules_of(context, "AXB", first, second, on("unbind", {"subscriptionId": "s3"}, unbind.seen, 5, 6)) != []


def test_a_documented_rule_fails_with_the_history_in_its_steps(context: CheckContext) -> None:
    binds = [bind_of(context, "AXB", sub, A, B) for sub in ("s1", "s2")]
    with pytest.raises(Violation, match="two bindings have the same A and B on one X at one time") as raised:
        claim_kept(context, breaches(PROFILES["AXB"](context), binds), ["AXB-BIND-005"])
    assert raised.value.requirement == "AXB-BIND-005"
    notes = [step.text for step in raised.value.steps if step.kind == "note"]
    assert [note.partition(",")[0] for note in notes] == ["at once: 0.0 to 9000.0 ms"] * 2
    assert not any(A in note for note in notes)


def test_what_was_kept_is_claimed(context: CheckContext) -> None:
    claim_kept(context, [], ["AXB-BIND-005"])
    assert context.ledger.passed["AXB-BIND-005"] == 1


def refused_by_nobody(context: CheckContext) -> list[Operation]:
    bind = bind_of(context, "AXB", "", A, B)
    return [on("bind", dict(bind.request.fields), Seen(False, "403/1012010"))]


def test_a_target_without_an_order_differs_and_does_not_fail(context: CheckContext) -> None:
    model = MODELS["AXB"].of(context, context.axb.app, [])
    history = refused_by_nobody(context)
    claim_order(context, model, [history])
    (text,) = context.ledger.differs[ORDER]
    assert text.startswith("no order of these requests explains their answers: 0.0 to 9000.0 ms, client 1: bind ")
    assert text.endswith("-> 403/1012010")
    with pytest.raises(NotExercised, match=r"asked one after another .* -> 403/1012010"):
        requires_order(model, [history])


def test_an_order_is_claimed_for_each_x(context: CheckContext) -> None:
    model = MODELS["AXB"].of(context, context.axb.app, [])
    binds = [bind_of(context, "AXB", f"s{place}", A, B, place=place) for place in range(2)]
    unbind = on("unbind", {"subscriptionId": "s1"}, Seen(True, "200/0"), 10, 11)
    parts = parts_by_x([*binds, unbind], "relationNum")
    assert parts == [[binds[0]], [binds[1], unbind]]
    claim_order(context, model, parts)
    requires_order(model, parts)
    assert context.ledger.passed[ORDER] == 2
    assert ORDER not in context.ledger.differs


def test_too_many_orders_are_no_verdict(context: CheckContext, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(judging, "find_order", partial(find_order, bound=0))
    model = MODELS["AXB"].of(context, context.axb.app, [])
    with pytest.raises(NotExercised, match="too many orders: 1 request,"):
        claim_order(context, model, [refused_by_nobody(context)])
    assert ORDER not in context.ledger.claimed


def test_what_the_contract_leaves_open_is_no_verdict(context: CheckContext, monkeypatch: pytest.MonkeyPatch) -> None:
    def leave_open(*_: object) -> None:
        raise Undecided("axb.a_equals_b")

    monkeypatch.setattr(judging, "find_order", leave_open)
    with pytest.raises(NotExercised, match=r"leaves open what is right here: axb\.a_equals_b"):
        claim_order(context, MODELS["AXB"].of(context, context.axb.app, []), [[]])
