"""Wrong AXE requests: each is refused, is no server failure, and changes nothing.

A check that claims a rule of all modes cites one of AXE too, as it is none for a run of another mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal
from privnum.suites.checks.axb.invalid_requests import (
    BROKEN_BODIES,
    BROKEN_QUERIES,
    SERVICE_NUMBERS,
    service_number,
)
from privnum.suites.checks.axe.invalid_requests import (
    A_TONE,
    SOMEBODY,
    THE_X,
    WRONGS,
)
from privnum.suites.checks.axe.scenarios import bound, unchanged
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.checks.axb.invalid_requests import Wrong
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.runner.context import CheckContext


def good_request(context: CheckContext, operation: str, binding: Binding) -> dict[str, Any]:
    """A request of the operation that would succeed."""
    if operation == "bind":
        return {"bindNum": context.user(), "virtualNum": binding.x}
    return {"subscriptionId": binding.sub}


def _filled(context: CheckContext, binding: Binding, value: Any) -> Any:
    """The value, or what it keeps the place of."""
    if value == SOMEBODY:
        return context.user()
    if value == A_TONE:
        return context.axe.tone()
    if value in SERVICE_NUMBERS:
        return service_number(context, value)
    return binding.x if value == THE_X else value


def _refuses(requirement: str) -> Callable[..., None]:
    wrongs = [wrong for wrong in WRONGS if wrong.requirement == requirement]

    @check(*dict.fromkeys((requirement, "AXE-BIND-001")))
    @pytest.mark.parametrize("wrong", wrongs, ids=str)
    def refuses(context: CheckContext, wrong: Wrong) -> None:
        """One wrong field is refused, the binding that is there stays, and A of a refused bind can be bound."""
        binding = bound(context)
        good = good_request(context, wrong.operation, binding)
        with unchanged(context, requirement, binding):
            filled = {n: _filled(context, binding, value) for n, value in wrong.body(good).items()}
            content = {name: value for name, value in filled.items() if name in good or value is not None}
            answer = context.axe.request(wrong.operation, **content)
            claim_refusal(
                context, requirement, answer, f"{wrong.operation} with {wrong.field}: {wrong.what}", wrong.code
            )
        if wrong.operation == "bind" and not answer.ok:
            bound(context, good["bindNum"], binding.x, by="AXE-BIND-001")

    return refuses


for _requirement in sorted({wrong.requirement for wrong in WRONGS}):
    globals()[f"test_{_requirement.replace('-', '_').lower()}"] = _refuses(_requirement)


@check("COM-ENV-010", "AXE-BIND-001")
@pytest.mark.parametrize("operation", ["bind", "modify"])
@pytest.mark.parametrize("body", list(BROKEN_BODIES.values()), ids=list(BROKEN_BODIES))
def test_broken_bodies(context: CheckContext, operation: str, body: bytes) -> None:
    """A body that is no good JSON object is refused and changes nothing."""
    binding = bound(context)
    with unchanged(context, "COM-ENV-010", binding):
        answer = context.axe.request(operation, content=body)
        claim_refusal(context, "COM-ENV-010", answer, f"{operation} with the body {body[:40]!r}")


@check("COM-ENV-010", "AXE-BIND-001")
@pytest.mark.parametrize("operation", ["query", "unbind"])
@pytest.mark.parametrize("query", list(BROKEN_QUERIES.values()), ids=list(BROKEN_QUERIES))
def test_broken_queries(context: CheckContext, operation: str, query: str) -> None:
    """A query string that selects nothing is refused and changes nothing."""
    binding = bound(context)
    with unchanged(context, "COM-ENV-010", binding):
        answer = context.axe.request(operation, raw_query=query)
        claim_refusal(context, "COM-ENV-010", answer, f"{operation} with the query {query!r}")


@check("COM-ENV-010", "AXE-BIND-001")
@pytest.mark.parametrize("operation", ["query_v2", "query_count"])
@pytest.mark.parametrize("paging", [{"limit": "ten"}, {"limit": "1.5"}, {"cursor": "x"}, {"cursor": "-1"}], ids=str)
def test_paging_that_makes_no_sense(context: CheckContext, operation: str, paging: dict[str, str]) -> None:
    """Whatever becomes of paging that is no number, it is no server failure and changes nothing."""
    binding = bound(context)
    with unchanged(context, "COM-ENV-010", binding):
        selector: dict[str, Any] = {"virtualNum": binding.x} if operation == "query_v2" else {}
        answer = context.axe.request(operation, **(selector | paging))
        context.claim("COM-ENV-010", answer.status < 500, f"{operation} with {paging}: came {answer.key}")
