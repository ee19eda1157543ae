"""The control plane.

The driver protocol, by which a test makes happen what the API cannot, and what is privnum's alone.

The messages and their schemas stand in contracts/driver.toml, control.toml and their folders in contracts/schemas.
"""

from __future__ import annotations

import logging
from contextvars import ContextVar
from typing import TYPE_CHECKING, Final

from privnum import contracts
from privnum.mockserver.control.hints import did_you_mean, path_hint
from privnum.mockserver.control.lists import bindings_list, journal_list, list_page, page_of
from privnum.mockserver.control.messages import Command, ControlAnswer, read_body, read_query
from privnum.mockserver.control.paths import operations_by_form
from privnum.mockserver.control.snapshots import mark_restore
from privnum.mockserver.core.errors import ControlError, printable
from privnum.mockserver.core.numbers import mask
from privnum.mockserver.core.timestamps import LATEST_MS, iso
from privnum.mockserver.modes import registry
from privnum.mockserver.worlds import setup
from privnum.mockserver.worlds.pushes import push_of, resend
from privnum.mockserver.worlds.sms import sms_of, write_sms
from privnum.mockserver.worlds.triggers import trigger

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.worlds.platform import Platform
    from privnum.mockserver.worlds.world import World

__all__ = ["ASKED_ADDRESS", "INTERNAL", "Control", "error_body"]

_PROTOCOL: Final = 1
#: Segments of its shortest path, /_privnum/health.
_SHORTEST_PATH: Final = 3
#: What is said of a bug of ours; the log has the rest.
INTERNAL: Final = "internal error; the server's log says more"
#: Most characters of an error, and of where it is (driver/error).
_LONGEST_ERROR: Final = 2000
_LONGEST_WHERE: Final = 200

#: The address under which the message under way has reached the server, where it has many.
ASKED_ADDRESS: Final[ContextVar[str | None]] = ContextVar("asked_address", default=None)

_log = logging.getLogger("privnum.control")


def error_body(error: str, where: str) -> dict[str, str]:
    """Return the body of a refusal (driver/error).

    Phone numbers and secrets that were sent are masked in it.
    """
    return {"error": contracts.mask(error)[:_LONGEST_ERROR], "where": contracts.mask(where)[:_LONGEST_WHERE]}


class Control:
    """The driver protocol over a platform.

    Args:
        platform: whose worlds it governs.
        version: of this product, for health and capabilities.
    """

    __slots__ = ("_operations", "_platform", "_version")

    def __init__(self, platform: Platform, version: str) -> None:
        self._platform = platform
        self._version = version
        self._operations = operations_by_form()

    def handle(self, method: str, path: str, query: str, body: bytes) -> ControlAnswer:
        """Carry out a control message; never raises for what is sent.

        Args:
            method: as sent.
            path: the raw path, not decoded.
            query: the raw query string, not decoded.
            body: as sent.
        """
        try:
            operation, parameters = self._route(method, path)
            command = Command(parameters, read_query(operation, query), read_body(operation, body))
            for where, why in self._platform.push_faults(command.body):
                raise ControlError(400, why, where)
            return _COMMANDS[operation.id](self, operation.status, command)
        except ControlError as error:
            sent = error_body(error.error, error.where)
            return ControlAnswer(error.status, lambda: sent)
        except Exception:  # a bug of ours; the server goes on
            _log.exception("internal error while carrying out %s", contracts.mask(printable(f"{method} {path}")))
            sent = error_body(INTERNAL, "server")
            return ControlAnswer(500, lambda: sent)

    def _route(self, method: str, path: str) -> tuple[contracts.ControlOperation, dict[str, str]]:
        segments = path.rstrip("/").split("/")
        for template, operation in self._operations.get((method, len(segments)), ()):
            if template.fits(segments):
                return operation, template.parameters(segments)
        methods = [
            other
            for (other, count), operations in self._operations.items()
            for template, _ in operations
            if count == len(segments) and template.fits(segments)
        ]
        if methods:
            raise ControlError(405, f"{path[:200]} has {', '.join(methods)}, not {method[:20]}", "method")
        begin = "it begins with /_privnum/health; " * (len(segments) < _SHORTEST_PATH)
        near = path_hint(path) or f"; {begin}privnum rules --list messages has its paths"
        raise ControlError(404, f"the control plane has no {path[:200]}{near}", "path")

    # ── server ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _health(self, status: int, _: Command) -> ControlAnswer:
        dropped = self._platform.dropped
        counts = {what: dropped[what] for what in ("calls", "pushes", "sms")}
        faulty = len(self._platform.faulty)
        health = {"status": "ok", "version": self._version, "dropped": counts, "faults": faulty}
        return ControlAnswer(status, lambda: health)

    def _capabilities(self, status: int, _: Command) -> ControlAnswer:
        health = {
            "protocol": _PROTOCOL,
            "product": "privnum",
            "version": self._version,
            "edition": self._platform.edition,
            "modes": sorted(registry.modes()),
            "capabilities": list(contracts.capabilities()),
        }
        return ControlAnswer(status, lambda: health)

    # ── worlds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _world(self, command: Command) -> World:
        name = command.path["world"]
        world = self._platform.worlds.get(name)
        if world is None:
            raise ControlError(
                404, f"there is no world {name[:64]!r}{did_you_mean(name, self._platform.worlds)}", "world"
            )
        return world

    def _list_worlds(self, status: int, _: Command) -> ControlAnswer:
        return ControlAnswer(status, lambda: {"worlds": [{"id": name} for name in self._platform.worlds]})

    def _create_world(self, status: int, command: Command) -> ControlAnswer:
        return self._world_answer(status, self._platform.create_world(command.body))

    def _get_world(self, status: int, command: Command) -> ControlAnswer:
        return self._world_answer(status, self._world(command))

    def _reset_world(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        world.reset()
        return self._world_answer(status, world)

    def _drop_world(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        self._platform.drop_world(world.id)
        return ControlAnswer(status, lambda: None, dropped=world)

    def _world_answer(self, status: int, world: World) -> ControlAnswer:
        return ControlAnswer(status, lambda: world.view(self._base_url()), world)

    # ── snapshots ────────────────────────────────────────────────────────────────────────────────────────────────────

    def _create_snapshot(self, status: int, command: Command) -> ControlAnswer:
        made = self._platform.take_snapshot(self._world(command), command.body.get("id"))
        return ControlAnswer(status, made.view)

    def _list_snapshots(self, status: int, command: Command) -> ControlAnswer:
        return ControlAnswer(status, self._platform.shelf_of(self._world(command)).view)

    def _restore(self, status: int, command: Command) -> ControlAnswer:
        """Put a world back; a running clock goes on from the time of the snapshot."""
        world = self._world(command)
        snapshot = self._platform.shelf_of(world).find(command.body.get("snapshot"))
        self._platform.restore(world, snapshot)
        mark_restore(world, snapshot, f"/_privnum/worlds/{world.id}/restore")
        until_ms = world.now_ms if world.clock_mode == "running" else None
        return ControlAnswer(status, lambda: world.view(self._base_url()), world, until_ms)

    def _drop_snapshot(self, status: int, command: Command) -> ControlAnswer:
        shelf = self._platform.shelf_of(self._world(command))
        shelf.drop(shelf.find(command.path["snapshot"]))
        return ControlAnswer(status, lambda: None)

    def _base_url(self) -> str:
        return ASKED_ADDRESS.get() or self._platform.base_url

    # ── applications and numbers ─────────────────────────────────────────────────────────────────────────────────────

    def _application(self, command: Command) -> Application:
        world = self._world(command)
        key = command.path["app_key"]
        app = world.applications.get(key)
        if app is None:
            raise ControlError(404, f"world {world.id} has no application {key[:128]!r}", "app_key")
        return app

    def _create_application(self, status: int, command: Command) -> ControlAnswer:
        app = self._platform.add_application(self._world(command), command.body)
        return ControlAnswer(status, app.view)

    def _update_application(self, status: int, command: Command) -> ControlAnswer:
        app = self._application(command)
        world = self._world(command)
        world.change_application(app, command.body)
        return ControlAnswer(status, app.view, world)

    def _add_numbers(self, status: int, command: Command) -> ControlAnswer:
        app = self._application(command)
        setup.add_numbers(self._world(command), app, command.body["numbers"])
        return ControlAnswer(status, app.view)

    def _update_number(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        x: XNumber | None = world.numbers.get(command.path["number"])
        if x is None:
            number = command.path["number"]
            is_bare = f"+{number.lstrip(' ')}" in world.numbers
            hint = "write its + as %2B" if is_bare else "its applications have their numbers in worlds.get"
            raise ControlError(404, f"{mask(number)} is no X of world {world.id}; {hint}", "number")
        world.change_number(x, command.body)
        return ControlAnswer(status, x.view, world)

    # ── clock ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _get_clock(self, status: int, command: Command) -> ControlAnswer:
        return ControlAnswer(status, self._world(command).clock_view)

    def _set_clock(self, status: int, command: Command) -> ControlAnswer:
        """Put the clock, advance it, change its mode.

        The shell lets the world run to `until_ms`.
        """
        world = self._world(command)
        now = command.body.get("now")
        start_ms = world.now_ms if now is None else setup.instant(now, "now")
        until_ms = start_ms + command.body.get("advance_seconds", 0) * 1000
        if until_ms > LATEST_MS:
            text = f"the clock cannot pass {iso(LATEST_MS)}; it stands at {iso(world.now_ms)}"
            raise ControlError(400, text, "advance_seconds")
        mode = command.body.get("mode", world.clock_mode)
        if "mode" in command.body or "rate" in command.body:
            world.clock_rate = setup.clock_rate(mode, command.body, "rate")
        world.now_ms, world.clock_mode = start_ms, mode
        return ControlAnswer(status, world.clock_view, world, until_ms)

    # ── calls and pushes ─────────────────────────────────────────────────────────────────────────────────────────────

    def _create_call(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        return ControlAnswer(status, world.place_call(command.body).view, world)

    def _list_calls(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        engine, page = world.call_engine, page_of(command.query)
        return ControlAnswer(status, lambda: list_page("calls", *engine.page(page), engine.kept))

    def _get_call(self, status: int, command: Command) -> ControlAnswer:
        return ControlAnswer(status, self._world(command).call_of(command.path["call"]).view)

    def _hang_up(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        return ControlAnswer(status, world.hang_up(command.path["call"], command.body["by"]).view, world)

    def _create_sms(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        return ControlAnswer(status, write_sms(world, command.body).view, world)

    def _list_sms(self, status: int, command: Command) -> ControlAnswer:
        engine, page = self._world(command).sms, page_of(command.query)
        return ControlAnswer(status, lambda: list_page("sms", *engine.page(page), engine.kept))

    def _get_sms(self, status: int, command: Command) -> ControlAnswer:
        return ControlAnswer(status, sms_of(self._world(command), command.path["sms"]).view)

    def _list_journal(self, status: int, command: Command) -> ControlAnswer:
        view, wait = journal_list(self._world(command).journal, command.query, self._base_url())
        return ControlAnswer(status, view, wait=wait)

    def _list_bindings(self, status: int, command: Command) -> ControlAnswer:
        world, page = self._world(command), page_of(command.query)
        return ControlAnswer(status, lambda: bindings_list(world, command.query, page))

    def _get_push(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        return ControlAnswer(status, push_of(world, command.path["push"]).view, world)

    def _resend(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        return ControlAnswer(status, resend(world, command.path["push"], command.body).view, world)

    def _trigger(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        return ControlAnswer(status, trigger(world, command.body).view, world)

    # ── faults ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _list_faults(self, status: int, command: Command) -> ControlAnswer:
        return ControlAnswer(status, self._world(command).faults.view)

    def _set_faults(self, status: int, command: Command) -> ControlAnswer:
        faults = self._world(command).faults
        faults.replace(command.body["faults"])
        return ControlAnswer(status, faults.view)

    def _add_fault(self, status: int, command: Command) -> ControlAnswer:
        return ControlAnswer(status, self._world(command).faults.add(command.body).view)

    def _clear_faults(self, status: int, command: Command) -> ControlAnswer:
        faults, id_ = self._world(command).faults, command.query.get("id")
        if id_ is None:
            faults.clear()
        else:
            faults.remove(int(id_))
        return ControlAnswer(status, faults.view)

    def _list_pushes(self, status: int, command: Command) -> ControlAnswer:
        world = self._world(command)
        outbox, page, state = world.outbox, page_of(command.query), command.query.get("state")
        return ControlAnswer(status, lambda: list_page("pushes", *outbox.page(page, state), outbox.kept), world)


_COMMANDS: Final[dict[str, Callable[[Control, int, Command], ControlAnswer]]] = {
    "health": Control._health,
    "capabilities": Control._capabilities,
    "worlds.list": Control._list_worlds,
    "worlds.create": Control._create_world,
    "worlds.get": Control._get_world,
    "worlds.delete": Control._drop_world,
    "worlds.reset": Control._reset_world,
    "snapshots.create": Control._create_snapshot,
    "snapshots.list": Control._list_snapshots,
    "snapshots.restore": Control._restore,
    "snapshots.delete": Control._drop_snapshot,
    "applications.create": Control._create_application,
    "applications.update": Control._update_application,
    "numbers.add": Control._add_numbers,
    "numbers.update": Control._update_number,
    "clock.get": Control._get_clock,
    "clock.set": Control._set_clock,
    "calls.create": Control._create_call,
    "calls.list": Control._list_calls,
    "calls.get": Control._get_call,
    "calls.hang_up": Control._hang_up,
    "sms.create": Control._create_sms,
    "sms.list": Control._list_sms,
    "sms.get": Control._get_sms,
    "pushes.list": Control._list_pushes,
    "pushes.get": Control._get_push,
    "pushes.resend": Control._resend,
    "trigger": Control._trigger,
    "bindings.list": Control._list_bindings,
    "journal.list": Control._list_journal,
    "faults.list": Control._list_faults,
    "faults.set": Control._set_faults,
    "faults.add": Control._add_fault,
    "faults.clear": Control._clear_faults,
}
