"""A server ends, whatever its database does."""

from __future__ import annotations

import asyncio
from types import SimpleNamespace
from typing import TYPE_CHECKING, Any, cast

from privnum.mockserver.http.nodes import life
from privnum.mockserver.http.nodes.life import Life

if TYPE_CHECKING:
    import pytest


def test_an_end_waits_for_a_database_for_a_while_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that stands still says nothing, and its connections live."""
    monkeypatch.setattr(life, "_ENDS_WITHIN", 0.01)
    given_up: list[str] = []

    async def stop() -> None:
        ending = Life(cast("Any", None), "127.0.0.1:1", cast("Any", None))
        node = SimpleNamespace(is_lost=False, end=asyncio.Event().wait, lose=given_up.append)
        ending.node = cast("Any", node)
        await asyncio.wait_for(ending.stop(), 30)

    asyncio.run(stop())
    assert given_up == ["the database does not answer"]
