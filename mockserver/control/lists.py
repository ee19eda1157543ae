"""Lists of the control plane: bindings, calls, pushes, a journal."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.history import Page
from privnum.mockserver.core.timestamps import precise
from privnum.mockserver.journal.formats import FORMATS, Look
from privnum.mockserver.journal.select import Wait, Wanted
from privnum.mockserver.modes import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.history import Kept
    from privnum.mockserver.journal.ring import Journal
    from privnum.mockserver.worlds.world import World

__all__ = ["bindings_list", "journal_list", "list_page", "page_of"]

#: Bindings of one answer where no `limit` is given: a world may have a million.
_MOST: Final = 1_000


def bindings_list(world: World, query: Mapping[str, str], page: Page) -> dict[str, Any]:
    """Return the bindings of a world that are asked for.

    `query` fits its schema (driver/bindings.query).
    """
    x, user, id_ = (query.get(name) for name in ("x", "user", "subscription_id"))

    def fits(binding: Binding) -> bool:
        return (
            (x is None or x in binding.numbers())
            and (user is None or user in binding.users())
            and (id_ is None or id_ in binding.ids())
            and page.finds(binding)
        )

    limit = None if page.last else page.limit or _MOST
    found, more = world.bindings.page(page._replace(limit=limit), fits)
    views = [_binding_view(world, binding) for binding in found]
    return {"bindings": views, "next": views[-1]["id"] if more and views else None}


def _binding_view(world: World, binding: Binding) -> dict[str, Any]:
    app = binding.x.app
    shown = registry.modes()[app.mode].shown
    return {
        "id": binding.subscription_id,
        "mode": app.mode,
        "app_key": app.app_key,
        "x": binding.x.number,
        "users": list(binding.users()),
        "bound_at": precise(binding.subscribed_ms),
        "ends_at": precise(binding.expires_ms) if binding.expires_ms else None,
        "reaches": binding.reaches(world.now_ms),
        "shown": {} if shown is None else shown(world.assumptions, binding),
    }


def journal_list(journal: Journal, query: Mapping[str, str], base_url: str) -> tuple[Callable[[], Any], Wait | None]:
    """Return what makes the answer, and what is waited for before.

    `query` fits its schema (driver/journal.query).
    """
    page_of(query)  # refuses limit with last
    wanted, shape = Wanted.of(query), FORMATS[query.get("format", "json")]
    masked, seconds = query.get("secrets") != "shown", float(query.get("wait", 0))
    wait = Wait(journal, wanted, seconds) if seconds else None
    return (lambda: shape(Look(journal, wanted.of_journal(journal), base_url, masked))), wait


def page_of(query: Mapping[str, str]) -> Page:
    """Return which of many are asked for.

    Raises:
        ControlError: a number from the first on, and one from the end.
    """
    limit, last = query.get("limit"), query.get("last")
    if limit is not None and last is not None:
        raise ControlError(400, "limit counts from the first on, last from the end; send one of them", "last")
    return Page(
        query.get("after"),
        None if limit is None else int(limit),
        None if last is None else int(last),
        query.get("find"),
    )


def list_page(name: str, found: list[dict[str, Any]], more: bool, kept: Kept) -> dict[str, Any]:
    """Return a list with what says whether it is all.

    `next` is the id to ask behind, `dropped` what is no more.
    """
    return {name: found, "next": found[-1]["id"] if more and found else None, "dropped": kept.dropped}
