"""Seeded bugs that only a race shows.

A server that answers each request in a thread, one at a time, as a lock has it; the bug lets go of the lock for a
moment in the midst of a request. One after another, requests are answered rightly.
"""

from __future__ import annotations

import asyncio
import dataclasses
import threading
import time
from typing import TYPE_CHECKING, Any

from privnum.mockserver.control.edge import BODILESS
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.http import asgi
from privnum.mockserver.http.protocol import WireProtocol
from privnum.mockserver.modes.axe.bindings import Extensions, extension_text
from privnum.mockserver.pushes.addresses import is_control
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation import ax, axb, axe
from privnum.suites.mutation.model import Bug, mode_operator
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import serve_by

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Fields, Operator, Patch, ServerMode, ServerPart

__all__ = ["parts"]

MOMENT = 0.02
"""Seconds for which a request lets others go first."""

_TURN = threading.Lock()
_HAS_TURN = threading.local()


def _in_turn(serve: Callable[..., Any], *arguments: Any) -> Any:
    """Serve a request while no other is served."""
    with _TURN:
        _HAS_TURN.here = True
        try:
            return serve(*arguments)
        finally:
            _HAS_TURN.here = False


def _let_others_go_first() -> None:
    """Let go of the lock for a moment.

    Without effect where requests are served by plain calls.
    """
    if getattr(_HAS_TURN, "here", False):
        _TURN.release()
        try:
            time.sleep(MOMENT)
        finally:
            _TURN.acquire()


async def _serve_in_thread(right: Any, app: asgi.App, scope: Any, receive: Any, send: Any) -> None:
    """Answer a request of the API in a thread; all else as ever."""
    path = scope["raw_path"].decode("latin-1") if scope["type"] == "http" else ""
    if not path or is_control(path):
        await right(app, scope, receive, send)
        return
    method: str = scope["method"]
    body = b"" if method in BODILESS else await asgi.read_whole(receive)
    query = scope["query_string"].decode("latin-1")
    asked = (method, path, query, scope["headers"], body, scope["client"][0])
    answer = await asyncio.to_thread(_in_turn, app.edge.api, *asked)
    app._clocks.after(path)
    await asgi.send_answer(send, answer)


def _in_threads(bug: Operator) -> Operator:
    """Serve requests in threads, with this bug."""
    return together(
        replace(WireProtocol, "_goes_straight", lambda _: False),
        wrap(asgi.App, "__call__", _serve_in_thread),
        bug,
    )


# ── bugs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _enter_later() -> Operator:
    """Look whether a bind may be, and enter it a moment later."""

    def bind(right: Any, world: World, binding: Binding) -> None:
        _let_others_go_first()
        right(world, binding)

    return wrap(World, "bind", bind)


def _draw_alike() -> Operator:
    """Draw the lowest free extension, and enter it a moment later."""

    def free_one(extensions: Extensions, order: str, identity: Ids) -> str:  # noqa: ARG001 - as the right one has it
        digits = extensions._digits
        texts = (extension_text(value, digits) for value in range(1, 10**digits))
        return next(text for text in texts if text not in extensions.by_digits)

    return replace(Extensions, "free_one", free_one)


@mode_operator
def _write_all_back(mode: ServerMode) -> Patch:
    """Read all settings of a binding, and write them all a moment later.

    With those of the modify.
    """

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        binding = world.bindings.get(str(params.get("subscriptionId")))
        read = (
            {name: getattr(binding, name) for name in mode.settings.values()}
            if isinstance(binding, mode.binding)
            else {}
        )
        _let_others_go_first()
        for name, value in read.items():
            if getattr(binding, name) != value:
                setattr(binding, name, value)
        fields: Fields = right(world, app, params)
        return fields

    return serve_by("modify", perform).apply(mode)


def _find_before() -> Operator:
    """Look for the binding of an unbind, and dissolve it a moment later.

    If it is still there.
    """

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        sub = str(params.get("subscriptionId"))
        found = world.bindings.get(sub)
        _let_others_go_first()
        try:
            fields: Fields = right(world, app, params)
        except Refusal:
            if found is None or world.bindings.get(sub) is not None:  # it was refused for another reason
                raise
            return {}
        return fields

    return serve_by("unbind", perform)


BUGS = (
    Bug(
        "enters-later",
        "BIND-005",
        "A bind looks who is bound, and enters its users later.",
        _in_threads(_enter_later()),
    ),
    Bug(
        "writes-all-back",
        "MODIFY-006",
        "A modify writes all settings back that it read before.",
        _in_threads(_write_all_back()),
    ),
    Bug(
        "finds-before",
        "UNBIND-004",
        "An unbind looks for its binding before it dissolves it.",
        _in_threads(_find_before()),
    ),
)
OWN_BUGS = {
    "AXB": (
        Bug(
            "enters-one-later",
            "AXB-BIND-102",
            "A bind looks whether its users are on X, and enters them later.",
            _in_threads(_enter_later()),
        ),
    ),
    "AXE": (
        Bug(
            "gives-asked-twice",
            "AXE-BIND-103",
            "A bind looks whether the extension is free, and enters it later.",
            _in_threads(_enter_later()),
        ),
        Bug(
            "draws-alike",
            "AXE-BIND-102",
            "A bind draws a free extension, and enters it later.",
            _in_threads(together(_draw_alike(), _enter_later())),
        ),
    ),
    "AX": (
        Bug(
            "gives-sixth-x",
            "AX-BIND-032",
            "A bind counts the X of A, and enters one more later.",
            _in_threads(_enter_later()),
        ),
    ),
}


def parts() -> Iterator[tuple[ServerPart, tuple[Bug, ...]]]:
    """The parts of the server that have these bugs."""
    for mode in (axb.SERVER, axe.SERVER, ax.SERVER):
        yield mode, tuple(dataclasses.replace(bug, at_once=True) for bug in (*BUGS, *OWN_BUGS[mode.checks]))
