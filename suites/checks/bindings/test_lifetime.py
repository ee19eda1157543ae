"""How long a binding lasts."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import check_each_mode
from privnum.suites.runner.scheduler import Moment, span

if TYPE_CHECKING:
    from collections.abc import Iterator
    from typing import Any

    from privnum.suites.checks.bindings.profile import BindingProfile

DAY = 86400
REAL = 5
"""A lifetime in real time: a second of it is left for the answers that show what was there before its end."""
MARGIN = {True: 1, False: 2}
"""Seconds before an end at which a binding is looked for, by whether time stands still meanwhile."""


def lasting(mode: BindingProfile, seconds: int, *, real: int = REAL, whole: int = 0) -> tuple[dict[str, Any], int]:
    """Fields of a bind that lasts about that long, and how long.

    `real` where it passes in real time.
    """
    least, real = mode.lifetimes[0], max(mode.lifetimes[0], real)
    seconds = span(mode.context, max(least, seconds), real=real, whole=max(whole, real + 1))
    return mode.lasting(seconds)


def before_the_end(mode: BindingProfile, made: Moment, life: int) -> float:
    """How long to wait from now until shortly before the end."""
    return made.until(life - MARGIN[mode.context.controls_clock])


def lives(mode: BindingProfile, rule: str, binding: Any, when: str, made: Moment, end: int) -> None:
    """Claim that the binding is there, where it surely must be.

    Where the answers came surely before `end` seconds were over.
    """
    queries = ({"subscriptionId": binding.sub}, binding.there)
    shown = [mode.shown_keys(mode.query(**query)) for query in queries]
    made.certain(end)
    for query, found in zip(queries, shown, strict=True):
        mode.claim(rule, mode.key(binding) in found, f"{when}: a query by {sorted(query)} shows {found}")


@check_each_mode(BINDINGS, "LIFE-001")
@pytest.mark.parametrize("place", ["shortest", "a day", "longest"])
def test_a_lifetime_ends_the_binding(mode: BindingProfile, place: str) -> Iterator[float]:
    """A binding ends when its seconds are over, and not before.

    Shortly before, it is there; a second after, gone.
    """
    shortest, longest = mode.lifetimes
    seconds = {"shortest": shortest, "a day": DAY, "longest": longest}[place]
    fields, life = lasting(mode, seconds, real=REAL if place == "shortest" else seconds)
    with Moment(mode.context) as made:
        binding = mode.bind_users(**fields)
    yield before_the_end(mode, made, life)
    lives(mode, "LIFE-001", binding, f"before {life} s are over", made, life)
    yield made.until(life + 1)
    mode.is_gone("LIFE-001", binding, f"a second after {life} s are over")


@check_each_mode(BINDINGS, "LIFE-001", needs=("clock",))
def test_each_binding_has_its_own_end(mode: BindingProfile) -> Iterator[float]:
    """Of two bindings the shorter ends alone."""
    fields, first = lasting(mode, 60, real=3)
    later, second = mode.lasting(3 * first)
    with Moment(mode.context) as made:
        short, long = mode.bind_users(**fields), mode.bind_users(**later)
    yield made.until(first + 1)
    mode.is_gone("LIFE-001", short, f"after its {first} s")
    lives(mode, "LIFE-001", long, f"after {first + 1} s of {second}", made, second)


@check_each_mode(BINDINGS, "LIFE-001", needs=("clock", "calls"))
def test_an_expired_binding_carries_no_calls(mode: BindingProfile) -> None:
    """After its end nobody is put through by it any more."""
    context = mode.context
    fields, life = lasting(mode, 600)  # longer than a caller takes to enter what he is asked for
    with Moment(context) as made:
        binding = mode.bind_users(**fields)
    routes = mode.routes(binding)
    context.advance(max(0.0, before_the_end(mode, made, life) - mode.entering(routes[0])))
    call = mode.place(routes[0])
    made.certain(life)
    mode.claim("LIFE-001", call.forwarded_to == routes[0].callee, f"before the end a call reached {call.forwarded_to}")
    context.hang_up(call)
    context.advance(made.until(life + 1))
    for route in routes:
        mode.reaches_nobody("LIFE-001", route)


@check_each_mode(BINDINGS, "LIFE-002")
def test_an_endless_binding(mode: BindingProfile) -> Iterator[float]:
    """A binding without a lifetime is there after a year.

    A binding of the lifetime 0, and one without a lifetime where that means none, is there after a year.
    """
    year = span(mode.context, 366 * DAY, real=366 * DAY)
    bindings = [mode.bind_users(**fields) for fields in mode.endless]
    yield year
    for binding in bindings:
        mode.is_there("LIFE-002", binding, "after a year")


@check_each_mode(BINDINGS, "LIFE-006")
def test_expiry_frees_the_numbers(mode: BindingProfile) -> Iterator[float]:
    """After the end the same users can be bound again."""
    fields, life = lasting(mode, 60, real=2)
    with Moment(mode.context) as made:
        binding = mode.bind_users(**fields)
    yield made.until(life + 1)
    again = mode.bind_users(**mode.users_as_fields(binding.users[::-1]), **binding.there, by="LIFE-006")
    mode.info("LIFE-006", again)


@check_each_mode(BINDINGS, "LIFE-007")
def test_an_expired_binding_is_gone_for_requests(mode: BindingProfile) -> Iterator[float]:
    """Unbind, query and modify of an expired binding are refused.

    They revive nothing.
    """
    fields, life = lasting(mode, 60, real=2)
    with Moment(mode.context) as made:
        binding = mode.bind_users(**fields)
    yield made.until(life + 1)
    mode.claim_not_found("LIFE-007", mode.query(subscriptionId=binding.sub), "query of an expired binding")
    if mode.has("modify"):
        mode.claim_not_found("LIFE-007", mode.modify(binding.sub, **fields), "modify of an expired binding")
    for selector in mode.dissolving(binding) if mode.context.controls_clock else mode.dissolving(binding)[:1]:
        mode.claim_not_found("LIFE-007", mode.unbind(**selector), f"unbind of an expired binding by {sorted(selector)}")
    mode.is_gone("LIFE-007", binding, "after the refused requests")


@check_each_mode(BINDINGS, "LIFE-001", "LIFE-002", needs=("clock",))
def test_the_end_of_a_predecessor_does_not_count(mode: BindingProfile) -> None:
    """Users that are bound anew live by the new lifetime.

    Users that were unbound before their end and bound anew live by the new lifetime, or without end.
    """
    fields, life = lasting(mode, 60, real=6)
    longer, _ = mode.lasting(100 * life)
    former = [mode.bind_users(**fields) for _ in range(2)]
    for binding in former:
        mode.succeeds("UNBIND-001", mode.unbind(subscriptionId=binding.sub), "unbind")
    endless = mode.bind_users(**{**mode.anew(former[0]), **mode.endless[-1]})
    long = mode.bind_users(**{**mode.anew(former[1]), **longer})
    mode.context.advance(life + 2)
    for rule, binding in (("LIFE-002", endless), ("LIFE-001", long)):
        mode.is_there(rule, binding, "at the end of the one that was unbound before it")
