"""Wrong AXE requests: each is refused, is no server failure, and changes nothing.

A check that claims a rule of all modes cites one of AXE too, as it is none for a run of another mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.assertions import refused
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
    from privnum.suites.runner.context import Bench


def good_request(bench: Bench, operation: str, binding: Binding) -> dict[str, Any]:
    """A request of the operation that would succeed."""
    if operation == "axe.bind":
        return {"bindNum": bench.user(), "virtualNum": binding.x}
    return {"subscriptionId": binding.sub}


def _filled(bench: Bench, binding: Binding, value: Any) -> Any:
    """The value, or what it keeps the place of."""
    if value == SOMEBODY:
        return bench.user()
    if value == A_TONE:
        return bench.axe.tone()
    if value in SERVICE_NUMBERS:
        return service_number(bench, value)
    return binding.x if value == THE_X else value


def _refuses(requirement: str) -> Callable[..., None]:
    wrongs = [wrong for wrong in WRONGS if wrong.requirement == requirement]

    @check(*dict.fromkeys((requirement, "AXE-BIND-001")))
    @pytest.mark.parametrize("wrong", wrongs, ids=str)
    def refuses(bench: Bench, wrong: Wrong) -> None:
        """One wrong field is refused, the binding that is there stays, and A of a refused bind can be bound."""
        binding = bound(bench)
        good = good_request(bench, wrong.operation, binding)
        with unchanged(bench, requirement, binding):
            filled = {n: _filled(bench, binding, value) for n, value in wrong.body(good).items()}
            content = {name: value for name, value in filled.items() if name in good or value is not None}
            answer = bench.axe.request(wrong.operation, **content)
            refused(bench, requirement, answer, f"{wrong.operation} with {wrong.field}: {wrong.what}", wrong.code)
        if wrong.operation == "axe.bind" and not answer.ok:
            bound(bench, good["bindNum"], binding.x, by="AXE-BIND-001")

    return refuses


for _requirement in sorted({wrong.requirement for wrong in WRONGS}):
    globals()[f"test_{_requirement.replace('-', '_').lower()}"] = _refuses(_requirement)


@check("COM-ENV-010", "AXE-BIND-001")
@pytest.mark.parametrize("operation", ["axe.bind", "axe.modify"])
@pytest.mark.parametrize("body", list(BROKEN_BODIES.values()), ids=list(BROKEN_BODIES))
def test_broken_bodies(bench: Bench, operation: str, body: bytes) -> None:
    """A body that is no good JSON object is refused and changes nothing."""
    binding = bound(bench)
    with unchanged(bench, "COM-ENV-010", binding):
        answer = bench.axe.request(operation, content=body)
        refused(bench, "COM-ENV-010", answer, f"{operation} with the body {body[:40]!r}")


@check("COM-ENV-010", "AXE-BIND-001")
@pytest.mark.parametrize("operation", ["axe.query", "axe.unbind"])
@pytest.mark.parametrize("query", list(BROKEN_QUERIES.values()), ids=list(BROKEN_QUERIES))
def test_broken_queries(bench: Bench, operation: str, query: str) -> None:
    """A query string that selects nothing is refused and changes nothing."""
    binding = bound(bench)
    with unchanged(bench, "COM-ENV-010", binding):
        answer = bench.axe.request(operation, raw_query=query)
        refused(bench, "COM-ENV-010", answer, f"{operation} with the query {query!r}")


@check("COM-ENV-010", "AXE-BIND-001")
@pytest.mark.parametrize("operation", ["axe.query_v2", "axe.query_count"])
@pytest.mark.parametrize("paging", [{"limit": "ten"}, {"limit": "1.5"}, {"cursor": "x"}, {"cursor": "-1"}], ids=str)
def test_paging_that_makes_no_sense(bench: Bench, operation: str, paging: dict[str, str]) -> None:
    """Whatever becomes of paging that is no number, it is no server failure and changes nothing."""
    binding = bound(bench)
    with unchanged(bench, "COM-ENV-010", binding):
        selector: dict[str, Any] = {"virtualNum": binding.x} if operation == "axe.query_v2" else {}
        answer = bench.axe.request(operation, **(selector | paging))
        bench.claim("COM-ENV-010", answer.status < 500, f"{operation} with {paging}: came {answer.key}")
