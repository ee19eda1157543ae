"""Checks and probes.

Test functions that say which requirements they check.

@check("AXB-BIND-005")
def test_pair_is_bound_once(context: CheckContext) -> None:
    a, b, x = context.user(), context.user(), context.axb.x()
    context.axb.bind(a, b, x)
    again = context.axb.bind(a, b, x)
    context.claim("AXB-BIND-005", again.key == "403/1012010", f"the second bind was answered with {again.key}")

@probe("axb.a_equals_b")
def a_equals_b(context: CheckContext) -> Value:
    return context.axb.bind(a, a, context.axb.x()).code or "no code"
"""

from __future__ import annotations

import functools
import inspect
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any, ParamSpec

import pytest

from privnum import contracts
from privnum.suites.base.claims import NoAnswer, NotExercised, Violation
from privnum.suites.runner.definitions import MARK, PROBES, CannotSettle, Check, Probe, check_of
from privnum.suites.runner.execute import run_check
from privnum.suites.runner.pytest_items import context_of
from privnum.suites.target.modes import takes_digits

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from privnum.suites.runner.context import CheckContext

__all__ = [
    "PROBES",
    "CannotSettle",
    "Check",
    "NoAnswer",
    "NotExercised",
    "Probe",
    "Violation",
    "check",
    "check_each_mode",
    "check_of",
    "check_probe",
    "probe",
]

P = ParamSpec("P")
KEYWORD = inspect.Parameter.KEYWORD_ONLY


def check(
    *requirements: str, needs: Iterable[str] | None = None, disruptive: bool | None = None
) -> Callable[[Callable[P, object]], Callable[P, None]]:
    """Make a test function the check of these requirements.

    `needs` and `disruptive` default to what the requirements themselves say. The function takes `context`. Raises
    UnknownName at import for a requirement that the contract does not have.
    """
    plain = _describe_check(requirements, needs, disruptive)

    def decorate(function: Callable[P, object]) -> Callable[P, None]:
        return _as_test(function, _with_timing(plain, inspect.isgeneratorfunction(function)))

    return decorate


def check_each_mode(
    profiles: Mapping[str, Callable[[CheckContext], object]],
    *rules: str,
    needs: Iterable[str] | None = None,
    where: Callable[[Any], object] = bool,
    along: Callable[[Any, str], Iterable[str]] = lambda *_: (),
    cases: tuple[str, Callable[[Any], Iterable[object]]] | None = None,
) -> Callable[[Callable[..., object]], Callable[..., None]]:
    """Make a function the check of shared rules, run for each mode.

    For each mode that has the first of them.

    Args:
        profiles: what the function gets in place of `context`: made of it, by mode.
        rules: of families ("CDR-006"), or by their whole ids; those that a mode does not have are not cited there.
        needs: as for `check`.
        where: whether the profile of a mode has the case.
        along: rules that only that mode has and that are checked along with one of a family.
        cases: a further parameter, and its values by the profile of the mode; a mode without any is left out.

    Raises UnknownName at import for a rule that no mode has.

    """
    there = {
        mode: profile
        for mode, profile in profiles.items()
        if where(profile) and (cases is None or any(True for _ in cases[1](profile)))
    }
    cited = {mode: _cited_ids(mode, rules, partial(along, profile)) for mode, profile in there.items()}
    by_mode = {mode: _describe_check(ids, needs, None) for mode, ids in cited.items() if ids}

    def decorate(function: Callable[..., object]) -> Callable[..., None]:
        @functools.wraps(function)
        def of_mode(context: CheckContext, mode: str, **given: Any) -> object:
            return function(profiles[mode](context), **given)

        # pytest gives a test what the signature asks for
        names = ["context", "mode", *list(inspect.signature(function).parameters)[1:]]
        _set_attributes(of_mode, __signature__=inspect.Signature([inspect.Parameter(n, KEYWORD) for n in names]))
        timed = inspect.isgeneratorfunction(function)
        each = {mode: _with_timing(described, timed) for mode, described in by_mode.items()}
        checked = _as_test(of_mode, _of_all_modes(each))
        marks = getattr(function, "pytestmark", [])
        by_case = pytest.mark.parametrize("mode", list(each))
        if cases is not None:
            name, values = cases
            pairs = [(mode, value) for mode in each for value in values(profiles[mode])]
            by_case = pytest.mark.parametrize(("mode", name), pairs, ids=[f"{mode}-{value}" for mode, value in pairs])
        _set_attributes(checked, pytestmark=[by_case.mark, *marks])
        return checked

    return decorate


def _cited_ids(mode: str, rules: Iterable[str], along: Callable[[str], Iterable[str]]) -> tuple[str, ...]:
    """The ids of the rules in that mode.

    None where it does not have the first.
    """
    known = contracts.requirements()
    found: dict[str, None] = {}
    for place, rule in enumerate(rules):
        if rule not in known and not any(id_.partition("-")[2] == rule for id_ in known):
            raise contracts.UnknownName("requirement", rule, known)
        id_ = rule if rule in known else f"{mode}-{rule}"
        if id_ in known and known[id_].mode in (mode, "common"):
            found |= dict.fromkeys((id_, *along(rule)))
        elif not place:
            return ()
    return tuple(found)


def _of_all_modes(each: Mapping[str, Check]) -> Check:
    """All that a check is in its modes."""
    ids = dict.fromkeys(id_ for one in each.values() for id_ in one.requirements)
    needs = dict.fromkeys(word for one in each.values() for word in one.needs)
    return Check(
        tuple(ids),
        tuple(needs),
        disruptive=any(one.disruptive for one in each.values()),
        waits=any(one.waits for one in each.values()),
        timed=any(one.timed for one in each.values()),
        by_mode=each,
    )


def _with_timing(plain: Check, timed: bool) -> Check:
    """The check, with whether time has to pass in it.

    It is a generator if `timed`. Where callers enter digits, real time will not do.
    """
    digits = any(takes_digits(mode) for mode in plain.modes)
    waits = timed or not (plain.disruptive or digits or {"calls", "clock"}.isdisjoint(plain.needs))
    return replace(plain, waits=waits, timed=timed)


def _as_test(function: Callable[P, object], described: Check) -> Callable[P, None]:
    """The test that pytest runs.

    The function as a check, with its events and its outcome.
    """

    @functools.wraps(function)
    def run_as_check(*args: P.args, **kwargs: P.kwargs) -> None:
        request: Any = kwargs.pop("request", None)
        context: Any = kwargs["context"] if request is None else context_of(request)
        this = described.of(kwargs.get("mode"))

        def run(fresh: CheckContext) -> None:
            fresh.rules = this.requirements
            if this.waits:
                fresh.session.timetable.run(
                    fresh, this, lambda b: call_check(function, *args, **{**kwargs, "context": b})
                )
            else:
                call_check(function, *args, **{**kwargs, "context": fresh})

        run_check(this, context, run)

    setattr(run_as_check, MARK, described)
    return _asked_by_pytest(run_as_check)


def _asked_by_pytest(function: Callable[P, None]) -> Callable[P, None]:
    """A function with a context, as pytest shall see it.

    It takes pytest's own `request` instead; so there is no fixture of ours that a project's could clash with.
    """
    taken = [
        each.replace(name="request" if each.name == "context" else each.name, kind=KEYWORD)
        for each in inspect.signature(function).parameters.values()
    ]
    _set_attributes(function, __signature__=inspect.Signature(taken))
    return function


def _set_attributes(function: Callable[..., object], **attributes: object) -> None:
    """Give a function what pytest reads of it."""
    for name, value in attributes.items():
        setattr(function, name, value)


def call_check(function: Callable[..., Any], *args: Any, **kwargs: Any) -> Any:
    """What the check gives: nothing, or the generator of one that waits."""
    return function(*args, **kwargs)


def _describe_check(requirements: tuple[str, ...], needs: Iterable[str] | None, disruptive: bool | None) -> Check:
    known = contracts.requirements()
    if not requirements:
        raise contracts.ContractError("a check must cite at least one requirement")
    for id_ in requirements:
        if id_ not in known:
            raise contracts.UnknownName("requirement", id_, known)
    rules = [known[id_] for id_ in requirements]
    words = dict.fromkeys(needs if needs is not None else (word for rule in rules for word in rule.needs))
    disrupts = any(rule.disruptive for rule in rules) if disruptive is None else disruptive
    return Check(requirements, tuple(words), disrupts)


def check_probe(function: Callable[P, None]) -> Callable[P, None]:
    """Mark the test that runs the probes.

    It takes a context, and cites what its probes cite.
    """

    @functools.wraps(function)
    def run_with_context(*args: P.args, **kwargs: P.kwargs) -> None:
        request: Any = kwargs.pop("request", None)
        if request is not None:
            kwargs["context"] = context_of(request)
        function(*args, **kwargs)

    setattr(run_with_context, MARK, Check((), (), disruptive=False))
    return _asked_by_pytest(run_with_context)


def probe(
    assumption: str, *, needs: Iterable[str] = ()
) -> Callable[[Callable[[CheckContext], contracts.Value]], Callable[[CheckContext], contracts.Value]]:
    """Make a function the probe of that assumption.

    It returns the choice it saw, or raises CannotSettle.
    """

    def decorate(find: Callable[[CheckContext], contracts.Value]) -> Callable[[CheckContext], contracts.Value]:
        known = contracts.assumptions()
        if assumption not in known:
            raise contracts.UnknownName("assumption", assumption, known)
        if assumption in PROBES:
            raise contracts.ContractError(f"assumption {assumption} has two probes")
        PROBES[assumption] = Probe(assumption, tuple(needs), find)
        return find

    return decorate
