"""A world that goes to another node stands still before what is left of it is written."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

import pytest

from privnum.mockserver.http.nodes.node import Node

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable


def test_nothing_falls_due_in_a_world_that_goes() -> None:
    """To write it may take as long as an image: a push sent meanwhile would be given up, and come a second time."""
    done: list[str] = []

    def doing(what: str) -> Callable[..., Awaitable[None]]:
        async def do(*_: Any) -> None:
            done.append(what)

        return do

    async def give() -> None:
        log, app = SimpleNamespace(finish=doing("written"), ended=False), SimpleNamespace(stop=doing("stands still"))
        of_node = SimpleNamespace(run=doing("given"), wait_until_kept=doing("kept"))
        node = SimpleNamespace(_take_out=lambda _: done.append("taken out"), _near={}, _going={}, log=of_node)
        await Node._give(cast("Any", node), cast("Any", SimpleNamespace(id="w", log=log, app=app)))

    asyncio.run(give())
    assert done == ["taken out", "stands still", "written", "given"]


@pytest.mark.parametrize("drop", [Node.forget, Node.drop_unreadable], ids=["served", "unreadable"])
def test_a_world_that_is_dropped_is_near_to_no_node(drop: Callable[[Any, Any], Awaitable[None]]) -> None:
    """One that is made by its id later goes where that says."""

    async def run(_: object) -> None:
        """Say that it is done."""

    node = SimpleNamespace(_near={"w": "10.0.0.2:80"}, _take_out=lambda _: None, unreadable={"w": "damaged"})
    node.log = SimpleNamespace(run=run)
    unit = SimpleNamespace(id="w", log=SimpleNamespace(ended=False))
    asyncio.run(drop(cast("Any", node), unit if drop is Node.forget else "w"))  # type: ignore[arg-type]
    assert node._near == {}
