"""Wrong requests: each is refused and changes nothing.

None is a server failure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal
from privnum.suites.checks.bindings.invalid_requests import (
    A_TONE,
    BROKEN_BODIES,
    BROKEN_QUERIES,
    SERVICE_NUMBERS,
    SOMEBODY,
    THE_ID,
    THE_X,
    UNSAID,
    service_number,
)
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from privnum.suites.checks.bindings.binding import AnyBinding
    from privnum.suites.checks.bindings.invalid_requests import Wrong
    from privnum.suites.checks.bindings.profile import BindingProfile


def family_of(wrong: Wrong) -> str:
    """What the modes call the rule of a row."""
    return wrong.requirement if wrong.requirement == UNSAID else wrong.requirement.partition("-")[2]


def good_request(mode: BindingProfile, operation: str, binding: AnyBinding) -> dict[str, Any]:
    """A request of the operation that would succeed."""
    return mode.body() if operation == "bind" else {"subscriptionId": binding.sub}


def filled_value(mode: BindingProfile, binding: AnyBinding, value: Any) -> Any:
    """The value, or what it keeps the place of."""
    if value in SERVICE_NUMBERS:
        return service_number(mode.context, value)
    places: Mapping[str, Callable[[], str]] = {
        SOMEBODY: mode.context.user,
        A_TONE: mode.side.tone,
        THE_X: lambda: binding.x,
        THE_ID: lambda: binding.sub,
    }
    return places[value]() if isinstance(value, str) and value in places else value


def _refuses(family: str) -> Callable[..., None]:
    def rows(mode: type[BindingProfile]) -> Iterable[Wrong]:
        return (wrong for wrong in mode.wrongs if family_of(wrong) == family)

    def refuses(mode: BindingProfile, wrong: Wrong) -> None:
        """One wrong field is refused, and every binding stays.

        The users of a refused bind can be bound.
        """
        binding = mode.bind_users()
        good = good_request(mode, wrong.operation, binding)
        content = {name: filled_value(mode, binding, value) for name, value in wrong.body(good).items()}
        what = f"{wrong.operation} with {wrong.field}: {wrong.what}"
        with mode.claim_unchanged(wrong.requirement, binding):
            answer = mode.side.request(wrong.operation, **content)
            claim_refusal(mode.context, wrong.requirement, answer, what, wrong.code)
        if wrong.operation == "bind" and not answer.ok:
            mode.bind_users(**good, by=mode.plain_bind)

    def has_rows(mode: type[BindingProfile]) -> bool:
        return any(rows(mode))

    cited = dict.fromkeys((family, "BIND-001"))
    return check_each_mode(BINDINGS, *cited, where=has_rows, cases=("wrong", rows))(refuses)


for _family in sorted({family_of(wrong) for profile in BINDINGS.values() for wrong in profile.wrongs}):
    globals()[f"test_{_family.lower().replace('-', '_')}"] = _refuses(_family)


def with_a_body(mode: type[BindingProfile]) -> Iterable[str]:
    """Operations that have a body."""
    return (name for name in ("bind", "modify") if mode.has(name))


@check_each_mode(BINDINGS, UNSAID, "BIND-001", cases=("operation", with_a_body))
@pytest.mark.parametrize("body", list(BROKEN_BODIES.values()), ids=list(BROKEN_BODIES))
def test_broken_bodies(mode: BindingProfile, operation: str, body: bytes) -> None:
    """A body that is no good JSON object is refused and changes nothing."""
    with mode.claim_unchanged(UNSAID, mode.bind_users()):
        answer = mode.side.request(operation, content=body)
        mode.claim_refused(UNSAID, answer, f"{operation} with the body {body[:40]!r}")


@check_each_mode(BINDINGS, UNSAID, "BIND-001")
@pytest.mark.parametrize("operation", ["query", "unbind"])
@pytest.mark.parametrize("query", list(BROKEN_QUERIES.values()), ids=list(BROKEN_QUERIES))
def test_broken_queries(mode: BindingProfile, operation: str, query: str) -> None:
    """A query string that selects nothing is refused and changes nothing."""
    with mode.claim_unchanged(UNSAID, mode.bind_users()):
        answer = mode.side.request(operation, raw_query=mode.raw_query(query))
        mode.claim_refused(UNSAID, answer, f"{operation} with the query {query!r}")


def strange_pages(mode: type[BindingProfile]) -> Iterable[str]:
    """Operations with paging, and values of it that make no sense."""
    return (f"{operation} {name}={value}" for operation, pages in mode.paging for name, value in pages)


@check_each_mode(BINDINGS, UNSAID, "BIND-001", cases=("asked", strange_pages))
def test_paging_that_makes_no_sense(mode: BindingProfile, asked: str) -> None:
    """Paging that is no number is no server failure and changes nothing."""
    operation, _, paging = asked.partition(" ")
    name, _, value = paging.partition("=")
    binding = mode.bind_users()
    with mode.claim_unchanged(UNSAID, binding):
        fields: dict[str, Any] = {mode.x_field: binding.x, name: value}
        answer = mode.side.request(operation, **fields)
        mode.claim(UNSAID, answer.status < 500, f"{operation} with {paging}: came {answer.key}")
