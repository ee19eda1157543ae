"""Seeded bugs of query that only AXB can have."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes.axb import query as axb_query
from privnum.suites.mutation.axb.server import pair_named, pairs_on
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, wrap
from privnum.suites.mutation.operators.requests import (
    change_answer,
    change_code,
    change_params,
    change_schema,
    drop_param,
    serve_by,
    show_as_bound,
    show_as_text,
)

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.modes.axb.bindings import Pair
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields

__all__ = ["BUGS"]

# ── which bindings ───────────────────────────────────────────────────────────────────────────────────────────────────


def _list_whole_x(right: Any, world: World, app: Application, params: Params) -> Fields:
    """List the whole X of the binding that is named by its id."""
    pair = pair_named(world, params)
    other = {"relationNum": pair.x.number} if pair is not None and pair.x.app is app else params
    fields: Fields = right(world, app, other)
    return fields


def _list_one(fields: Fields) -> None:
    del fields["relationNumList"][1:]


def _shorten_users(schema: Any) -> None:
    schema["properties"]["callerNum"]["anyOf"][0]["maxLength"] = 31


SELECTED = (
    Bug("query-whole-x", "QUERY-001", "A query by id lists its whole X.", serve_by("query", _list_whole_x)),
    Bug("query-first", "QUERY-101", "A query by X shows one binding.", change_answer("query", _list_one)),
    *(
        Bug(f"query-any-{name}", "QUERY-102", f"{name} is ignored.", drop_param("query", name))
        for name in ("callerNum", "calleeNum")
    ),
    Bug(
        "query-foreign-x-code",
        "OPEN-029",
        "Another's X is refused as not bound.",
        change_code("query", "1012001", "1012007"),
    ),
    Bug("short-users", "QUERY-107", "callerNum has at most 31 characters.", change_schema("query", _shorten_users)),
)


# ── pages ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _count_from_0(params: Params) -> None:
    if str(params.get("pageIndex", "")).isdigit():
        params["pageIndex"] = str(int(params["pageIndex"]) + 1)


def _count_the_page(fields: Fields) -> None:
    fields["totalCount"] = len(fields["relationNumList"])


def _overlap(page: Any, assumptions: Any, x: XNumber, index: int, size: int) -> tuple[list[Pair], int]:
    """Begin each page with the last binding of the page before."""
    found, total = page(assumptions, x, index, size)
    start = max(0, (index - 1) * size - 1)
    return (pairs_on(x)[start : start + size] if index > 1 else found), total


def _clip_size(params: Params) -> None:
    if str(params.get("pageSize", "")).isdigit():
        params["pageSize"] = str(min(100, max(10, int(params["pageSize"]))))


def _page_one_binding(params: Params) -> None:
    """Find nothing behind the first page of a query for one binding."""
    one = "subscriptionId" in params or "callerNum" in params or "calleeNum" in params
    if one and params.get("pageIndex", "1") != "1":
        raise Refusal("1012007")


PAGES = (
    Bug("pages-from-zero", "QUERY-103", "Pages count from 0.", change_params("query", _count_from_0)),
    Bug("page-is-total", "QUERY-103", "totalCount is that of the page.", change_answer("query", _count_the_page)),
    Bug(
        "overlapping-pages", "QUERY-103", "A page begins with the end of the last.", wrap(axb_query, "_page", _overlap)
    ),
    Bug("pages-of-a-hundred", "QUERY-104", "Without pageSize a page has 100.", replace(axb_query, "_USUAL_PAGE", 100)),
    Bug("page-size-in-range", "QUERY-104", "A pageSize is clipped to its range.", change_params("query", _clip_size)),
    Bug("one-is-paged", "QUERY-105", "One binding stands on page 1 only.", change_params("query", _page_one_binding)),
)


# ── what is shown ────────────────────────────────────────────────────────────────────────────────────────────────────


def _keep_bind_time(right: Any, world: World, app: Application, params: Params) -> Fields:
    pair = pair_named(world, params)
    before = pair.subscribed_ms if pair is not None else 0
    fields: Fields = right(world, app, params)
    if pair is not None:
        pair.subscribed_ms = before
    return fields


SHOWN = (
    Bug("bind-time-stays", "QUERY-002", "subscribeTime is that of the bind.", serve_by("modify", _keep_bind_time)),
    *(
        Bug(f"text-{name}", "QUERY-003", f"{name} is shown as a text.", show_as_text(name))
        for name in ("callDirection", "duration", "maxDuration")
    ),
    *(
        Bug(f"old-{name}", "QUERY-003", f"{name} is shown as bound.", show_as_bound(name))
        for name in ("duration", "userData")
    ),
)

BUGS = (*SELECTED, *PAGES, *SHOWN)
