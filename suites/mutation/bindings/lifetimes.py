"""Seeded bugs of how long a binding lasts, for every mode."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.worlds.world import World
from privnum.suites.mutation.model import Bug, Fields, mode_operator
from privnum.suites.mutation.operators.bindings import after_modify, on_expiry, widen_fault
from privnum.suites.mutation.operators.code import replace, together, wrap
from privnum.suites.mutation.operators.requests import answer_instead, serve_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Params
    from privnum.suites.mutation.model import Patch, ServerMode

__all__ = ["bugs"]

DAY = 86400


def _count_sixtyfold(count_down: Any, world: World, binding: Binding) -> None:
    seconds, binding.duration = binding.duration, (binding.duration or 0) * 60
    count_down(world, binding)
    binding.duration = seconds


def _end_after_90_days(count_down: Any, world: World, binding: Binding) -> None:
    given, binding.duration = binding.duration, binding.duration or 90 * DAY
    count_down(world, binding)
    binding.duration = given


def _go_on_counting(restart: Any, world: World, binding: Binding) -> None:
    """Count a modified lifetime from the bind: its end stays where it was."""
    left = binding.expires_ms - world.now_ms if binding.expires_ms else 0
    restart(world, binding)
    if left and binding.expires_ms:
        world.timers.cancel(binding)
        binding.expires_ms = world.now_ms + left
        world.timers.add(binding.expires_ms, 0, binding)


def _change_nothing(*_: object) -> None:
    """Show a modified lifetime, and let the old one end the binding."""


def _restart_unless_0(restart: Any, world: World, binding: Binding) -> None:
    if binding.duration:
        restart(world, binding)


def _restart(world: World, binding: Any, _params: Params) -> None:
    """Let the binding live its time from now on."""
    binding.subscribed_ms = world.now_ms
    world.restart_countdown(binding)


# ── after the end ────────────────────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def _keep_users_of_expired(mode: ServerMode) -> Patch:
    """Let nobody bind the users of what has expired on that X."""
    left: dict[int, set[str]] = {}

    def remember(_world: World, binding: Any) -> None:
        left.setdefault(id(binding.x), set()).update(mode.users_of(binding))

    def is_left(mode: ServerMode, wish: Any) -> bool:
        return not left.get(id(wish.x), set()).isdisjoint(mode.users_of(wish))

    return together(on_expiry(remember), widen_fault("bound", is_left)).apply(mode)


@mode_operator
def _modify_expired(mode: ServerMode) -> Patch:
    expired: set[str] = set()

    def remember(_world: World, binding: Any) -> None:
        expired.add(binding.subscription_id)

    def answer(_world: World, _app: Application, params: Params) -> Fields:
        if params.get("subscriptionId") not in expired:
            raise Refusal(mode.nothing_found)
        return {}

    return together(on_expiry(remember), answer_instead("modify", None, answer)).apply(mode)


@mode_operator
def _unbind_expired(mode: ServerMode) -> Patch:
    expired: set[str] = set()

    def remember(_world: World, binding: Any) -> None:
        expired.add(binding.subscription_id)

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        if params.get("subscriptionId") in expired:
            return {}
        fields: Fields = right(world, app, params)
        return fields

    return together(on_expiry(remember), serve_by("unbind", perform)).apply(mode)


@mode_operator
def _refuse_expired_with_foreign_code(mode: ServerMode) -> Patch:
    expired: set[str] = set()

    def remember(_world: World, binding: Any) -> None:
        expired.add(binding.subscription_id)

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        if params.get("subscriptionId") in expired:
            raise Refusal(mode.foreign_nothing, "The binding has expired.")
        fields: Fields = right(world, app, params)
        return fields

    operations = filter(mode.serves, ("unbind", "modify", "query"))
    return together(on_expiry(remember), *(serve_by(operation, perform) for operation in operations)).apply(mode)


def _restarts(name: str, rule: str, description: str, wrapper: Any) -> Bug:
    return Bug(name, rule, description, wrap(World, "restart_countdown", wrapper))


BUGS = (
    Bug("sixty-times", "LIFE-001", "A lifetime counts sixtyfold.", wrap(World, "_count_down", _count_sixtyfold)),
    Bug("no-expiry", "LIFE-001", "Nothing ends what has expired.", replace(World, "_count_down", _change_nothing)),
    Bug(
        "ninety-days", "LIFE-002", "What has no end ends after 90 days.", wrap(World, "_count_down", _end_after_90_days)
    ),
    _restarts("countdown-goes-on", "LIFE-003", "A modified lifetime counts from the bind.", _go_on_counting),
    _restarts("end-stays", "LIFE-003", "A modified lifetime is shown and of no effect.", _change_nothing),
    _restarts("zero-changes-nothing", "LIFE-004", "A modify to 0 leaves the end.", _restart_unless_0),
    Bug("any-modify-restarts", "LIFE-005", "Every modify begins the time anew.", after_modify(_restart)),
    Bug("expired-users-stay", "LIFE-006", "Users of an expired binding cannot be bound.", _keep_users_of_expired()),
    Bug("expired-modified", "LIFE-007", "An expired binding can be modified.", _modify_expired()),
    Bug("expired-unbound", "LIFE-007", "An expired binding can be unbound.", _unbind_expired()),
    Bug(
        "expired-code",
        "LIFE-007",
        "An expired binding has the code of other modes.",
        _refuse_expired_with_foreign_code(),
    ),
)


def bugs(_mode: ServerMode) -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    return iter(BUGS)
