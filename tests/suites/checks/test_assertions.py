"""A step on which a check stands breaks no rule when it fails: the check ends in an error that says which it was."""

from __future__ import annotations

import importlib
import itertools
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum import contracts
from privnum.suites.base.claims import SetUpFailed, Violation
from privnum.suites.checks.bindings import test_bind
from privnum.suites.runner.check import check, check_of
from privnum.suites.runner.context import CheckContext
from privnum.suites.transport.api import make_answer
from tests.suites.platforms import AXB, Platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.session import Session

STANDING_ON_A_BIND = (
    *(f"calls.test_{topic}" for topic in ("causes", "cdrs", "events", "limits", "status")),
    *(f"axb.test_{topic}" for topic in ("call", "cdr", "lifetime", "modify", "query", "unbind", "clients")),
    *(f"axe.test_{topic}" for topic in ("call", "callback", "cdr", "event", "lifetime", "modify", "query", "unbind")),
    *(f"bindings.test_{topic}" for topic in ("dissolved", "modify", "query", "unbind")),
    *(f"common.test_{topic}" for topic in ("envelope", "push", "stop_call", "authentication")),
)
OF_BINDS = {"COM-ENV-011", "COM-AUTH-025"}
"""Rules that a bind be answered with success, of a check that has nothing else to look at."""
BINDS = {contracts.operations()[f"{mode}.bind"].path for mode in ("axb", "axe")}


class TakesNoBinding(Platform):
    """Refuses every bind, as it may where something of somebody else's is in the way."""

    def session(self, **options: Any) -> Session:
        session = super().session(**options)
        session.findings.find_rest()
        inner = self.transport.request

        def refusing(method: str, path: str, *rest: Any) -> Answer:
            if method != "POST" or path not in BINDS:
                return inner(method, path, *rest)
            content = orjson.dumps({"resultcode": "1012010", "resultdesc": "not now"})
            return make_answer(403, [("Content-Type", "application/json;charset=UTF-8")], content)

        self.transport.request = refusing  # type: ignore[method-assign, assignment]
        return session


def checks_of(module: str) -> Iterator[tuple[Any, dict[str, Any]]]:
    """Every check of a module, in each of its modes, with the first value of each of its parameters."""
    for function in list(vars(importlib.import_module(f"privnum.suites.checks.{module}")).values()):
        found = check_of(function)
        if found is not None and found.requirements and not found.disruptive:
            marks = [mark for mark in getattr(function, "pytestmark", ()) if mark.name == "parametrize"]
            for mode in found.by_mode or (None,):
                yield (
                    function,
                    dict(itertools.chain.from_iterable(_first(mark.args[0], mark.args[1], mode) for mark in marks)),
                )


def _first(names: Any, values: Any, mode: str | None) -> Iterator[tuple[str, Any]]:
    words = names.replace(" ", "").split(",") if isinstance(names, str) else list(names)
    sets = ([value] if len(words) == 1 else value for value in values)
    given = next(each for each in sets if mode is None or words[0] != "mode" or each[0] == mode)
    yield from zip(words, given, strict=True)


def finish_event(session: Session, function: Any, **parameters: Any) -> dict[str, Any]:
    with suppress(pytest.skip.Exception, pytest.fail.Exception):
        function(context=CheckContext(session, "it"), **parameters)
    return dict([event for event in session.journal.events if event["event"] == "check_finished"][-1])


@pytest.mark.parametrize("module", STANDING_ON_A_BIND)
def test_a_refused_bind_fails_no_rule_but_those_of_binds(module: str) -> None:
    session = TakesNoBinding().session()
    outcomes = {}
    for function, parameters in checks_of(module):
        outcomes[f"{function.__name__}[{parameters.get('mode')}]"] = finish_event(session, function, **parameters)
    claims = [event for event in session.journal.events if event["event"] == "claim"]
    assert {claim["requirement"] for claim in claims if claim["outcome"] == "failed"} <= OF_BINDS
    errors = [event["reason"] for event in outcomes.values() if event["outcome"] == "error"]
    errors = [reason for reason in errors if not reason.startswith("no answer to")]  # raw bytes have no port here
    assert all("could not be set up: bind" in reason and "403/1012010" in reason for reason in errors)
    assert errors


def test_the_rule_of_the_bind_itself_fails() -> None:
    assert finish_event(TakesNoBinding().session(), test_bind.test_bind_on_a_given_x, mode="AXB")["outcome"] == "failed"


@check("AXB-CALL-101", "AXB-LIFE-001")
def about_two(context: CheckContext) -> None:
    """What is expected here is said by the tests."""


@pytest.mark.parametrize(
    ("requirement", "stands", "raised"),
    [
        ("AXB-CALL-101", False, Violation),
        ("AXB-CALL-101", True, Violation),
        ("AXB-LIFE-001", False, Violation),
        ("AXB-LIFE-001", True, SetUpFailed),
        ("AXB-BIND-001", False, SetUpFailed),
    ],
)
def test_only_rules_that_a_check_is_about_can_fail_by_its_steps(
    requirement: str, stands: bool, raised: type[BaseException]
) -> None:
    context = CheckContext(Platform(AXB).session(), "it")
    described = check_of(about_two)
    assert described is not None
    context.rules = described.requirements
    with pytest.raises(raised):
        context.expect(requirement, False, "it did not happen", stands=stands)
    assert (context.ledger.violation is None) == (raised is SetUpFailed)


def test_what_fails_nobody_is_a_difference_wherever_it_is_seen() -> None:
    context = CheckContext(Platform(AXB).session(), "it")
    context.rules = ("AXB-CALL-101",)
    context.expect("AXB-QUERY-008", False, "it is not shown")
    assert context.ledger.differs.keys() == {"AXB-QUERY-008"}
