"""Bind: what it answers, what it takes, what it refuses."""

from __future__ import annotations

from itertools import chain, combinations
from typing import TYPE_CHECKING

import pytest

from privnum.suites.checks.bindings.invalid_requests import GLOBAL_SERVICE_NUMBERS, service_number
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import NotExercised, check_each_mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.checks.bindings.profile import BindingProfile


def each_user(mode: type[BindingProfile]) -> Iterable[str]:
    """Fields of a bind that hold users."""
    return mode.user_fields()


def groups_of_users(mode: type[BindingProfile]) -> Iterable[str]:
    """One of these fields, or several."""
    users = mode.user_fields()
    groups = chain.from_iterable(combinations(users, count) for count in range(1, len(users) + 1))
    return map(" ".join, groups)


@check_each_mode(BINDINGS, "BIND-001")
def test_bind_on_a_given_x(mode: BindingProfile) -> None:
    """A bind on X answers with a subscriptionId and that X.

    The binding is there.
    """
    binding = mode.bind_users()
    sub, x = binding.answer["subscriptionId"], binding.answer[mode.x_field]
    ok = isinstance(sub, str) and 1 <= len(sub) <= 64
    mode.claim("BIND-001", ok, f"subscriptionId: expected 1 to 64 characters, came {sub!r}")
    mode.claim("BIND-001", x == binding.x, f"{mode.x_field}: expected {binding.x}, came {x!r}")
    faults = mode.faults_of_answer(binding)
    mode.claim("BIND-001", not faults, "; ".join(faults))
    mode.is_there("BIND-001", binding, "after the bind")


@check_each_mode(BINDINGS, "BIND-001")
def test_each_bind_has_its_own_id(mode: BindingProfile) -> None:
    """Two bindings have two subscriptionIds."""
    one, two = mode.bind_users(), mode.bind_users()
    mode.claim("BIND-001", one.sub != two.sub, f"two bindings have the one subscriptionId {one.sub}")


@check_each_mode(BINDINGS, "BIND-005")
def test_the_same_users_are_bound_once_on_an_x(mode: BindingProfile) -> None:
    """The same users are bound once on X, and the first binding stays.

    A second bind is refused, with other settings too.
    """
    binding = mode.bind_users()
    other = mode.other_settings(binding)
    with mode.claim_unchanged("BIND-005", binding):
        mode.claim_refused("BIND-005", mode.again(binding), "second bind of the same users on X")
        again = mode.again(binding, **other)
        mode.claim_refused("BIND-005", again, f"second bind of the same users on X with {sorted(other)}")
    left = mode.selected_by({**binding.body, **other})
    if left is not None:
        mode.claim("BIND-005", not mode.query(**left).ok, f"the refused bind is found by {sorted(left)}")


@check_each_mode(BINDINGS, "BIND-007")
def test_an_x_carries_several_bindings(mode: BindingProfile) -> None:
    """Different users are bound on one X."""
    bindings = [mode.bind_users(by="BIND-007") for _ in range(5)]
    for binding in bindings:
        mode.is_there("BIND-007", binding, "several bindings on one X")
    places = {tuple(sorted(mode.fixed_fields(binding).items())) for binding in bindings}
    mode.claim("BIND-007", len(places) == len(bindings), f"{len(bindings)} bindings are {len(places)} different ones")


@check_each_mode(BINDINGS, "BIND-008")
def test_the_same_users_on_another_x(mode: BindingProfile) -> None:
    """Users of one X can be bound on another X.

    In any role, together and with others.
    """
    first, x = mode.bind_users(**{mode.x_field: mode.side.x(0)}), mode.side.x(1)
    users = first.users
    mixed = [users, users[::-1]]
    mixed += [(*users[:at], mode.context.user(), *users[at + 1 :]) for at in range(len(users)) if len(users) > 1]
    for group in dict.fromkeys(mixed):
        there = mode.bind_users(**mode.users_as_fields(group), **{mode.x_field: x}, by="BIND-008")
        mode.claim("BIND-008", there.x != first.x, "users of one X were bound on it again")
        mode.is_there("BIND-008", there, "bound on a second X")
        mode.is_there("BIND-008", first, "after a bind on a second X")
        mode.succeeds("BIND-008", mode.unbind(subscriptionId=there.sub), "unbind on the second X")


@check_each_mode(BINDINGS, "BIND-010")
def test_an_x_of_another_application(mode: BindingProfile) -> None:
    """An X of another application is refused, bound there or not.

    It does not stand in its owner's way.
    """
    theirs = mode.side.second_app
    body = mode.body(theirs)
    mode.claim_refused("BIND-010", mode.ask("bind", body=body), "bind on another application's X")
    mode.bind_users(app=theirs, **body, by="BIND-010")
    for again in (body, mode.body(theirs)):
        mode.claim_refused(
            "BIND-010", mode.ask("bind", body=again), "bind on another application's X that has a binding"
        )


@check_each_mode(BINDINGS, "BIND-006")
def test_a_bind_takes_effect_at_once(mode: BindingProfile) -> None:
    """A call directly after the bind is put through."""
    for place in range(len(mode.users)):
        mode.reaches("BIND-006", mode.routes(mode.bind_users(by="BIND-006"))[place])


@check_each_mode(BINDINGS, "BIND-025")
def test_user_data_of_1_to_256_characters(mode: BindingProfile) -> None:
    """The ends of the range of userData are taken."""
    for text in ("u", "0123456789abcdef" * 16):
        mode.bind_users(userData=text, by="BIND-025")


@check_each_mode(BINDINGS, "BIND-027", "BIND-001", cases=("field", each_user))
@pytest.mark.parametrize("number", GLOBAL_SERVICE_NUMBERS)
def test_service_numbers(mode: BindingProfile, field: str, number: str) -> None:
    """A 400 or 95 number is refused, or nobody is put through to it."""
    first = mode.bind_users()
    before = mode.snapshot(first)
    service = service_number(mode.context, number)
    body = mode.body(**{field: service})
    answer = mode.ask("bind", body=body)
    if not answer.ok:
        mode.claim_refused("BIND-027", answer, f"bind of {number} as {field}")
        mode.same("BIND-027", before, mode.snapshot(first))
        return
    if "calls" not in mode.context.capabilities:
        raise NotExercised("the number was bound; whether calls reach it is not seen without a driver", "calls")
    for route in mode.routes(mode.read(body, answer)):
        if route.callee == service:
            call = mode.place(route)
            mode.claim("BIND-027", call.forwarded_to is None, f"a call to X reached {call.forwarded_to}")


@check_each_mode(BINDINGS, "BIND-028", cases=("fields", groups_of_users))
def test_fixed_lines_can_be_bound(mode: BindingProfile, fields: str) -> None:
    """A fixed line can be each user, and all of them, and a query shows it."""
    lines = {field: mode.context.user("fixed_line") for field in fields.split()}
    binding = mode.bind_users(**lines, by="BIND-028")
    mode.shows("BIND-028", binding, **mode.users_as_fields(binding.users))


@check_each_mode(BINDINGS, "BIND-029")
@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_blocked_x_takes_no_binding(mode: BindingProfile, status: str) -> None:
    """An X that is blocked is refused until it is normal again.

    Suspended, unavailable or frozen.
    """
    body = mode.body()
    for x in mode.in_the_way(body):
        mode.context.set_number(x, status)
    mode.claim_refused("BIND-029", mode.ask("bind", body=body), f"bind on an X of status {status}")
    for x in mode.in_the_way(body):
        mode.context.set_number(x, "5")
    mode.bind_users(**body, by="BIND-029")
