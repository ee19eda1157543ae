"""Wrong requests: each is refused, is no server failure, and changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import claim_refusal
from privnum.suites.checks.axb.invalid_requests import (
    BROKEN_BODIES,
    BROKEN_QUERIES,
    SERVICE_NUMBERS,
    WRONGS,
    Wrong,
    service_number,
)
from privnum.suites.checks.axb.scenarios import Pair, bound, claim_unchanged
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.runner.context import CheckContext


def good_request(context: CheckContext, operation: str, pair: Pair) -> dict[str, Any]:
    """A request of the operation that would succeed."""
    if operation == "bind":
        return {"callerNum": context.user(), "calleeNum": context.user(), "relationNum": pair.x}
    return {"subscriptionId": pair.sub}


def _refuses(requirement: str) -> Callable[..., None]:
    wrongs = [wrong for wrong in WRONGS if wrong.requirement == requirement]

    @check(*dict.fromkeys((requirement, "AXB-BIND-001")))
    @pytest.mark.parametrize("wrong", wrongs, ids=str)
    def refuses(context: CheckContext, wrong: Wrong) -> None:
        """One wrong field is refused, and every binding is as it was."""
        pair = bound(context)
        content = wrong.body(good_request(context, wrong.operation, pair))
        if wrong.value in SERVICE_NUMBERS:
            content[wrong.field] = service_number(context, wrong.value)
        with claim_unchanged(context, requirement, *(x.number for x in context.axb.app.numbers)):
            answer = context.axb.request(wrong.operation, **content)
            claim_refusal(
                context, requirement, answer, f"{wrong.operation} with {wrong.field}: {wrong.what}", wrong.code
            )

    return refuses


for _requirement in sorted({wrong.requirement for wrong in WRONGS}):
    globals()[f"test_{re.sub('-', '_', _requirement).lower()}"] = _refuses(_requirement)


@check("COM-ENV-010", "AXB-BIND-001")
@pytest.mark.parametrize("operation", ["bind", "modify"])
@pytest.mark.parametrize("body", list(BROKEN_BODIES.values()), ids=list(BROKEN_BODIES))
def test_broken_bodies(context: CheckContext, operation: str, body: bytes) -> None:
    """A body that is no good JSON object is refused and changes nothing."""
    pair = bound(context)
    with claim_unchanged(context, "COM-ENV-010", pair.x):
        answer = context.axb.request(operation, content=body)
        claim_refusal(context, "COM-ENV-010", answer, f"{operation} with the body {body[:40]!r}")


@check("COM-ENV-010", "AXB-BIND-001")
@pytest.mark.parametrize("operation", ["query", "unbind"])
@pytest.mark.parametrize("query", list(BROKEN_QUERIES.values()), ids=list(BROKEN_QUERIES))
def test_broken_queries(context: CheckContext, operation: str, query: str) -> None:
    """A query string that selects nothing is refused and changes nothing."""
    pair = bound(context)
    with claim_unchanged(context, "COM-ENV-010", pair.x):
        answer = context.axb.request(operation, raw_query=query)
        claim_refusal(context, "COM-ENV-010", answer, f"{operation} with the query {query!r}")


@check("COM-ENV-010", "AXB-BIND-001")
@pytest.mark.parametrize("paging", [{"pageIndex": "one"}, {"pageIndex": "1.5"}, {"pageSize": "[10]"}], ids=str)
def test_paging_that_is_no_number(context: CheckContext, paging: dict[str, str]) -> None:
    """Whatever becomes of paging that is no number, it is no server failure and changes nothing."""
    pair = bound(context)
    with claim_unchanged(context, "COM-ENV-010", pair.x):
        answer = context.axb.query(relationNum=pair.x, **paging)
        context.claim("COM-ENV-010", answer.status < 500, f"query with {paging}: came {answer.key}")
