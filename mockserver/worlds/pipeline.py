"""The way of an API request.

Route, authenticate, authorise, validate, the mode's operation, respond.
"""

from __future__ import annotations

import html
from typing import TYPE_CHECKING, Any, Final, NamedTuple

import orjson

from privnum import contracts
from privnum.mockserver.core import auth
from privnum.mockserver.core.answers import JSON, Answer
from privnum.mockserver.core.applications import FROZEN
from privnum.mockserver.core.errors import LONGEST_TEXT, Refusal
from privnum.mockserver.core.validation import Reader
from privnum.mockserver.journal import remarks
from privnum.mockserver.journal.remarks import Sent
from privnum.mockserver.modes import registry

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Handler, Params
    from privnum.mockserver.worlds.world import World

__all__ = ["Pipeline", "Request", "Route"]

#: The operation that need not be every mode's (COM-OPEN-028).
_STOP_CALL: Final = "common.stop_call"


class Request(NamedTuple):
    """A request as the edge hands it over.

    Header names in lower case, the first of equal ones.
    `asked_url` returns the URL under which it has reached the server.
    """

    query: str
    headers: Mapping[bytes, bytes]
    body: bytes
    client: str
    edge_now_ms: int
    asked_url: Callable[[Mapping[bytes, bytes]], str]


class Route(NamedTuple):
    """An operation and how it is served."""

    operation: contracts.Operation
    handler: Handler
    reader: Reader


class Pipeline:
    """Operations by method and path, and the steps of a request."""

    __slots__ = ("_paths", "_routes")

    def __init__(self) -> None:
        handlers = registry.handlers()
        self._routes: dict[tuple[str, str], Route] = {}
        self._paths: dict[str, list[str]] = {}
        for operation in contracts.operations().values():
            handler = handlers[operation.id]
            route = Route(operation, handler, Reader(operation, handler))
            self._routes[operation.method, operation.path] = route
            self._paths.setdefault(operation.path, []).append(operation.method)

    def route(self, method: str, path: str, assumptions: Assumptions) -> Route:
        """Return the operation of a method and path.

        Raises:
            Refusal: 404 for an address that is no API (COM-ENV-005), or the world's choice at http.wrong_method.
        """
        route = self._routes.get((method, path))
        if route is not None:
            return route
        methods = self._paths.get(path)
        if methods is None:
            raise no_such_api(path, self._paths)
        what = f"This address has {', '.join(methods)} only."
        raise Refusal(assumptions.text("http.wrong_method"), what, "COM-OPEN-001")

    def serve(
        self, route: Route, request: Request, assumptions: Assumptions, world: World | None, app: Application | None
    ) -> Answer:
        """Take a request through the remaining steps.

        Returns the answer to one that is carried out.

        Args:
            route: the operation that is asked for.
            request: as it came.
            assumptions: those of the world, or the server's where no world is known.
            world: the world it is for.
            app: the application that it names; whether it comes from there is not proved.

        Raises:
            Refusal: whatever step refuses it; nothing has changed then.
        """
        if assumptions.needs_json_type:
            _refuse_unless_json(assumptions, request)
        if world is not None and world.failures:
            auth.check_lockout(world.failures, request.client, request.edge_now_ms)
        params: Params | None = None
        if assumptions.parameters_first:
            params = route.reader.read(request.query, request.body, assumptions)
        world, app = authenticate(assumptions, world, app, request)
        authorise(world, app, route, request)
        if world.strict:
            sent = Sent(route.operation, request.query, request.headers, request.body, request.edge_now_ms)
            remarks.refuse(sent)
        if params is None:
            params = route.reader.read(request.query, request.body, assumptions)
        try:
            fields = route.handler.perform(world, app, params)
        except Refusal as refusal:
            former = world.former_codes.get(route.operation.id, {}).get(refusal.key)
            if former is None:
                raise
            raise Refusal(former, refusal.detail, refusal.rule) from None
        if route.handler.redirects:
            return redirect(assumptions, request.asked_url(request.headers) + fields["location"])
        return tuple.__new__(Answer, (200, respond(assumptions, fields), JSON, None))  # as Answer(…), but faster


def no_such_api(path: str, paths: Collection[str]) -> Refusal:
    """Return the refusal of an address that is none of `paths`."""
    near = contracts.nearest(path, paths, 0.5)
    hint = f"did you mean {near}?" if near else "privnum rules --list operations has them."
    if path in ("", "/"):
        hint = "this is privnum: privnum rules --list operations has its API, /_privnum/health is its control plane."
    return Refusal("404/1010006", f"No API has this address; {hint}", "COM-ENV-005")


def _refuse_unless_json(assumptions: Assumptions, request: Request) -> None:
    if not request.headers.get(b"content-type", b"").lower().startswith(b"application/json"):
        what = "Send Content-Type: application/json;charset=UTF-8, on GET and DELETE too."
        raise Refusal(assumptions.text("http.content_type_missing"), what, "COM-OPEN-045")


def authenticate(
    assumptions: Assumptions, world: World | None, app: Application | None, request: Request
) -> tuple[World, Application]:
    """Prove who sends the request, and count where that fails (COM-AUTH-029)."""
    try:
        token = auth.read_token(request.headers, assumptions)
        app = auth.authenticate(token, app, assumptions, request.edge_now_ms)
    except Refusal as refusal:
        if world is not None and refusal.key in auth.FAILURES:
            auth.count_failure(world.failures, request.client, assumptions, request.edge_now_ms)
        raise
    if world is None:
        raise auth.unknown_application()
    if world.failures:
        world.failures.pop(request.client, None)
    return world, app


def authorise(world: World, app: Application, route: Route, request: Request) -> None:
    """Check whether the application may send this request from where it comes.

    Raises:
        Refusal: COM-AUTH-025, COM-AUTH-026, COM-AUTH-027, COM-AUTH-028, COM-AUTH-030.
    """
    if app.status == "unavailable":
        raise Refusal("403/1010008", "", "COM-AUTH-026")
    if app.status == FROZEN:
        raise Refusal("403/1010029", "", "COM-AUTH-027")
    if route.operation.mode != app.mode and not _mode_allows(route.operation, app.mode, world.assumptions):
        what = f"{route.operation.id} is not for an application of mode {app.mode}."
        raise Refusal("403/1010040", what, "COM-AUTH-025")
    if app.allowed is not None and not app.allows(request.client):
        raise Refusal("403/1020166", "", "COM-AUTH-028")
    if app.requests_per_minute is not None and not app.within_flow(world.now_ms):
        code, assumptions = route.handler.flow_fault, world.assumptions
        code = assumptions.text(code) if code in assumptions else code
        raise Refusal(code, "Wait a minute.", "COM-AUTH-030")


def _mode_allows(operation: contracts.Operation, app_mode: str, assumptions: Assumptions) -> bool:
    if operation.mode != "common":
        return operation.mode == app_mode
    return operation.id != _STOP_CALL or assumptions["stop_call.modes"] == "all" or app_mode == "AXYB"


def respond(assumptions: Assumptions, fields: dict[str, Any]) -> bytes:
    """Return the answer to a request that was carried out.

    COM-ENV-001, COM-ENV-002.
    """
    return orjson.dumps({"resultcode": "0", "resultdesc": assumptions["http.success_text"], **fields})


def redirect(assumptions: Assumptions, address: str) -> Answer:
    """Return the 301 to an address (COM-RECORD-001, COM-OPEN-049)."""
    to = (b"location", address.encode())
    choice = assumptions["recording.redirect_body"]
    if choice == "empty":
        return Answer(301, b"", (to,))
    if choice == "note":
        note = f'<html><body>Moved to <a href="{html.escape(address)}">here</a>.</body></html>'
        return Answer(301, note.encode(), (to, (b"content-type", b"text/html;charset=utf-8")))
    return Answer(301, orjson.dumps({"location": address}), (to, *JSON))


def longest_text(route: Route | None) -> int:
    """Return how long a resultdesc may be: 128 for stop call, else 256.

    COM-ENV-001.
    """
    return LONGEST_TEXT if route is None else route.handler.longest_text
