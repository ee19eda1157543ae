"""Wrong requests: each is refused, is no server failure, and changes nothing."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.suites.checks.assertions import (
    Pair,
    bound,
    refused,
    unchanged,
)
from privnum.suites.checks.axb.invalid_requests import (
    BROKEN_BODIES,
    BROKEN_QUERIES,
    SERVICE_NUMBERS,
    WRONGS,
    Wrong,
    service_number,
)
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import Bench


def good_request(bench: Bench, operation: str, pair: Pair) -> dict[str, Any]:
    """A request of the operation that would succeed."""
    if operation == "axb.bind":
        return {"callerNum": bench.user(), "calleeNum": bench.user(), "relationNum": pair.x}
    return {"subscriptionId": pair.sub}


def send(bench: Bench, operation: str, content: dict[str, Any]) -> Answer:
    """The request with `content` as its body or query, as the operation has it."""
    if contracts.operations()[operation].body is not None:
        return bench.request(operation, body=content)
    return bench.request(operation, query=content)


def _refuses(requirement: str) -> Callable[..., None]:
    wrongs = [wrong for wrong in WRONGS if wrong.requirement == requirement]

    @check(*dict.fromkeys((requirement, "AXB-BIND-001")))
    @pytest.mark.parametrize("wrong", wrongs, ids=str)
    def refuses(bench: Bench, wrong: Wrong) -> None:
        """One wrong field is refused, and every binding is as it was."""
        pair = bound(bench)
        content = wrong.body(good_request(bench, wrong.operation, pair))
        if wrong.value in SERVICE_NUMBERS:
            content[wrong.field] = service_number(bench, wrong.value)
        with unchanged(bench, requirement, *(x.number for x in bench.app.numbers)):
            answer = send(bench, wrong.operation, content)
            refused(bench, requirement, answer, f"{wrong.operation} with {wrong.field}: {wrong.what}", wrong.code)

    return refuses


for _requirement in sorted({wrong.requirement for wrong in WRONGS}):
    globals()[f"test_{re.sub('-', '_', _requirement).lower()}"] = _refuses(_requirement)


@check("COM-ENV-010", "AXB-BIND-001")
@pytest.mark.parametrize("operation", ["axb.bind", "axb.modify"])
@pytest.mark.parametrize("body", list(BROKEN_BODIES.values()), ids=list(BROKEN_BODIES))
def test_broken_bodies(bench: Bench, operation: str, body: bytes) -> None:
    """A body that is no good JSON object is refused and changes nothing."""
    pair = bound(bench)
    with unchanged(bench, "COM-ENV-010", pair.x):
        answer = bench.request(operation, body=body)
        refused(bench, "COM-ENV-010", answer, f"{operation} with the body {body[:40]!r}")


@check("COM-ENV-010", "AXB-BIND-001")
@pytest.mark.parametrize("operation", ["axb.query", "axb.unbind"])
@pytest.mark.parametrize("query", list(BROKEN_QUERIES.values()), ids=list(BROKEN_QUERIES))
def test_broken_queries(bench: Bench, operation: str, query: str) -> None:
    """A query string that selects nothing is refused and changes nothing."""
    pair = bound(bench)
    with unchanged(bench, "COM-ENV-010", pair.x):
        answer = bench.request(operation, raw_query=query)
        refused(bench, "COM-ENV-010", answer, f"{operation} with the query {query!r}")


@check("COM-ENV-010", "AXB-BIND-001")
@pytest.mark.parametrize("paging", [{"pageIndex": "one"}, {"pageIndex": "1.5"}, {"pageSize": "[10]"}], ids=str)
def test_paging_that_is_no_number(bench: Bench, paging: dict[str, str]) -> None:
    """Whatever becomes of paging that is no number, it is no server failure and changes nothing."""
    pair = bound(bench)
    with unchanged(bench, "COM-ENV-010", pair.x):
        answer = bench.query(relationNum=pair.x, **paging)
        bench.claim("COM-ENV-010", answer.status < 500, f"query with {paging}: came {answer.key}")
