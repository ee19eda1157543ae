"""A world whose methods are awaited.

A receiver of pushes may run in the event loop of the test: the loop is free while a method waits.
"""

from __future__ import annotations

import asyncio
import functools
import inspect
import sys
from collections.abc import Callable, Coroutine, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Concatenate, ParamSpec, TypeVar, cast

from privnum.mockserver.embed.applications import AppHandle, AxApp, AxbApp, AxeApp, AxybApp, ModeApp
from privnum.mockserver.embed.async_faults import AsyncFault
from privnum.mockserver.embed.async_snapshots import AsyncSnapshot
from privnum.mockserver.embed.awaited import Awaited
from privnum.mockserver.embed.errors import tells_all
from privnum.mockserver.embed.handle import WorldHandle
from privnum.mockserver.embed.journal import HELD, warn

if TYPE_CHECKING:
    from datetime import datetime
    from types import TracebackType
    from typing import Self

    from privnum.mockserver.embed.pushes import Push

__all__ = ["AsyncAxApp", "AsyncAxbApp", "AsyncAxeApp", "AsyncAxybApp", "AsyncWorldHandle", "awaiting"]

__tracebackhide__ = tells_all

_P = ParamSpec("_P")
_T = TypeVar("_T")
_E = TypeVar("_E", AsyncFault, AsyncSnapshot)
_App = TypeVar("_App", bound=ModeApp)


async def awaiting(work: Callable[[], _T]) -> _T:
    """Do work that blocks in another thread.

    The loop of asyncio, or of trio, is free meanwhile. What the work warns of is told at the line that awaits.
    """
    held: list[str] = []

    def run_once() -> tuple[_T | None, BaseException | None]:
        HELD.set(held)
        try:
            return work(), None
        except Exception as error:
            return None, error

    result, error = await _in_thread(run_once)
    for message in held:
        warn(message)
    if error is not None:
        raise error
    return cast("_T", result)


async def _in_thread(done: Callable[[], _T]) -> _T:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        found: _T = await sys.modules["trio"].to_thread.run_sync(done)
        return found
    return await asyncio.to_thread(done)


@dataclass(frozen=True, slots=True)
class _AsyncApp(AppHandle):
    """An application whose requests are awaited; else as its twin."""

    twin: Any = field(repr=False, compare=False)

    async def unbind(self, **selectors: Any) -> dict[str, Any]:
        """Dissolve what the selectors name, such as a subscriptionId."""
        answer: dict[str, Any] = await awaiting(functools.partial(self.twin.unbind, **selectors))
        return answer

    async def query(self, **selectors: Any) -> dict[str, Any]:
        """Look bindings up."""
        answer: dict[str, Any] = await awaiting(functools.partial(self.twin.query, **selectors))
        return answer


def _of_app(
    method: Callable[Concatenate[_App, _P], _T],
) -> Callable[Concatenate[_AsyncApp, _P], Coroutine[Any, Any, _T]]:
    @functools.wraps(method)
    async def await_method(self: _AsyncApp, /, *given: _P.args, **named: _P.kwargs) -> _T:
        return await awaiting(functools.partial(method, self.twin, *given, **named))

    return await_method


class AsyncAxApp(_AsyncApp):
    """An application of mode AX."""

    __slots__ = ()
    bind = _of_app(AxApp.bind)
    modify = _of_app(AxApp.modify)
    set_callee = _of_app(AxApp.set_callee)


class AsyncAxbApp(_AsyncApp):
    """An application of mode AXB."""

    __slots__ = ()
    bind = _of_app(AxbApp.bind)
    modify = _of_app(AxbApp.modify)


class AsyncAxeApp(_AsyncApp):
    """An application of mode AXE."""

    __slots__ = ()
    bind = _of_app(AxeApp.bind)
    modify = _of_app(AxeApp.modify)


class AsyncAxybApp(_AsyncApp):
    """An application of mode AXYB, whose requests have app_key in the query."""

    __slots__ = ()
    bind = _of_app(AxybApp.bind)
    bind_b = _of_app(AxybApp.bind_b)


def _of_world(
    method: Callable[Concatenate[WorldHandle, _P], _T],
) -> Callable[Concatenate[AsyncWorldHandle, _P], Coroutine[Any, Any, _T]]:
    """Return the twin of a method that leaves the event loop free."""

    @functools.wraps(method)
    async def await_method(self: AsyncWorldHandle, /, *given: _P.args, **named: _P.kwargs) -> _T:
        return await awaiting(functools.partial(method, self.twin, *given, **named))

    return await_method


def _of_ending(
    method: Callable[Concatenate[WorldHandle, _P], _T], kind: Callable[[_T, Any], _E]
) -> Callable[Concatenate[AsyncWorldHandle, _P], Awaited[_E]]:
    """Return the twin of a method that makes what ends with a `with`."""

    @functools.wraps(method)
    def make_awaited(self: AsyncWorldHandle, /, *given: _P.args, **named: _P.kwargs) -> Awaited[_E]:
        async def make() -> _E:
            return kind(await awaiting(functools.partial(method, self.twin, *given, **named)), awaiting)

        return Awaited(make)

    return make_awaited


class AsyncWorldHandle:
    """A world, as WorldHandle has it, for async tests.

    What asks the server is awaited.

        await world.axb.bind("+8613800000001", "+8613900000002", x)
        call = await world.call("+8613800000001", x)
        await world.advance(10)
        await world.hang_up(call)
        assert (await world.cdrs())[0]["sessionId"] == call.session_id

    A receiver of pushes may run in the loop that awaits, of asyncio or trio; a method returns when every push that it
    makes due has its outcome, and the receiver answers meanwhile. What is a property of WorldHandle and asks the server
    (`now`, `pushes`, `events`, `cdrs`, …) is a method here.

    Args:
        twin: the world.
    """

    def __init__(self, twin: WorldHandle) -> None:
        self.twin = twin

    @property
    def id(self) -> str:
        """Its name on the server."""
        return self.twin.id

    @property
    def url(self) -> str:
        """Base address of its API: what a client program takes for the platform's."""
        return self.twin.url

    @property
    def applications(self) -> tuple[AppHandle, ...]:
        """Its applications, in their order."""
        return tuple(map(_async_app, self.twin.applications))

    @property
    def ax(self) -> AsyncAxApp:
        """The first application of mode AX. LookupError: there is none."""
        return AsyncAxApp(*_fields_of(self.twin.ax))

    @property
    def axb(self) -> AsyncAxbApp:
        """The first application of mode AXB. LookupError: there is none."""
        return AsyncAxbApp(*_fields_of(self.twin.axb))

    @property
    def axe(self) -> AsyncAxeApp:
        """The first application of mode AXE. LookupError: there is none."""
        return AsyncAxeApp(*_fields_of(self.twin.axe))

    @property
    def axyb(self) -> AsyncAxybApp:
        """The first application of mode AXYB. LookupError: there is none."""
        return AsyncAxybApp(*_fields_of(self.twin.axyb))

    @property
    def x(self) -> AppHandle:
        """The first application of mode X. LookupError: there is none."""
        return self.twin.x

    def headers(self, app: AppHandle | None = None) -> dict[str, str]:
        """Return signed headers (AKSK) for a request of an application."""
        return self.twin.headers(app)

    request = _of_world(WorldHandle.request)
    bind = _of_world(WorldHandle.bind)
    modify = _of_world(WorldHandle.modify)
    unbind = _of_world(WorldHandle.unbind)
    query = _of_world(WorldHandle.query)

    call = _of_world(WorldHandle.call)
    hang_up = _of_world(WorldHandle.hang_up)
    look = _of_world(WorldHandle.look)
    advance = _of_world(WorldHandle.advance)
    send_sms = _of_world(WorldHandle.send_sms)
    look_at_sms = _of_world(WorldHandle.look_at_sms)
    set_number = _of_world(WorldHandle.set_number)

    send_pushes_to = _of_world(WorldHandle.send_pushes_to)
    send_sms_notices_to = _of_world(WorldHandle.send_sms_notices_to)
    set_application = _of_world(WorldHandle.set_application)
    journal = _of_world(WorldHandle.journal)
    bindings = _of_world(WorldHandle.bindings)
    resend = _of_world(WorldHandle.resend)
    trigger = _of_world(WorldHandle.trigger)
    set_clock = _of_world(WorldHandle.set_clock)
    faults = _of_world(WorldHandle.faults)
    fault = _of_ending(WorldHandle.fault, AsyncFault)
    clear_faults = _of_world(WorldHandle.clear_faults)
    reset = _of_world(WorldHandle.reset)
    snapshot = _of_ending(WorldHandle.snapshot, AsyncSnapshot)

    async def now(self) -> datetime:
        """World time, UTC."""
        return await awaiting(lambda: self.twin.now)

    async def pushes(self) -> list[Push]:
        """Every push, in the order in which they arose."""
        return await awaiting(lambda: self.twin.pushes)

    async def events(self) -> list[dict[str, Any]]:
        """Bodies of the call events."""
        return await awaiting(lambda: self.twin.events)

    async def cdrs(self) -> list[dict[str, Any]]:
        """The single CDRs, whatever messages they came in."""
        return await awaiting(lambda: self.twin.cdrs)

    async def sms_notices(self) -> list[dict[str, Any]]:
        """The smsEvent of each notice of an SMS, Notify and Block."""
        return await awaiting(lambda: self.twin.sms_notices)

    async def number_statuses(self) -> list[dict[str, Any]]:
        """What numStatus pushes tell: a number each, with status and cause."""
        return await awaiting(lambda: self.twin.number_statuses)

    async def answer_calls(self, answer: _Answer) -> None:
        """Answer for the customer when the platform asks of a call of mode X.

        As WorldHandle.answer_calls; a function may be async, and runs in the loop that awaits this.
        """
        given = _in_loop(answer)
        await awaiting(lambda: self.twin.answer_calls(given))

    async def answer_sms(self, verdict: _Answer | None) -> None:
        """Answer for the customer when the platform asks of an SMS (Block).

        As WorldHandle.answer_sms; a function may be async, and runs in the loop that awaits this.
        """
        given = _in_loop(verdict)
        await awaiting(lambda: self.twin.answer_sms(given))

    async def close(self) -> None:
        """Drop the world."""
        await awaiting(self.twin.close)

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None
    ) -> None:
        await self.close()


#: What answers for a customer: an object, bytes, or a function, sync or async.
_Answer = Mapping[str, Any] | bytes | Callable[[dict[str, Any]], Any]


def _in_loop(answer: Any) -> Any:
    """Return an answer; an async function is run in the running loop."""
    if not inspect.iscoroutinefunction(answer):
        return answer
    try:
        loop = asyncio.get_running_loop()
    except RuntimeError:
        token = sys.modules["trio"].lowlevel.current_trio_token()
        return lambda asked: sys.modules["trio"].from_thread.run(answer, asked, trio_token=token)
    return lambda asked: asyncio.run_coroutine_threadsafe(answer(asked), loop).result()


def _fields_of(app: ModeApp) -> tuple[str, str, str, tuple[str, ...], ModeApp]:
    return app.mode, app.app_key, app.app_secret, app.numbers, app


_OF_MODE = {"AX": AsyncAxApp, "AXB": AsyncAxbApp, "AXE": AsyncAxeApp, "AXYB": AsyncAxybApp}


def _async_app(app: AppHandle) -> AppHandle:
    return _OF_MODE[app.mode](*_fields_of(app)) if isinstance(app, ModeApp) else app
