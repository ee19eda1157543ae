"""A look at the ground before the first check.

What is bound there already would be in the way of every check.
"""

from __future__ import annotations

from collections import Counter
from itertools import islice
from typing import TYPE_CHECKING, Final

from privnum.suites.base.claims import NoAnswer, TimeOver, Unreachable
from privnum.suites.base.printing import plural
from privnum.suites.driver.circuit_breaker import NO_EVIDENCE
from privnum.suites.driver.protocol import DriverError
from privnum.suites.runner.environment import DEFAULT_WORLD
from privnum.suites.safety.cleanup import Bound, CannotTell, bindings_on
from privnum.suites.safety.limits import UsedUp
from privnum.suites.target.config import TargetError
from privnum.suites.target.modes import BINDING_MODES

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.driver.protocol import Driver
    from privnum.suites.safety.cleanup import Ask
    from privnum.suites.target.config import App, Target

__all__ = ["bound_already", "prove_free", "prove_world"]

_LISTED: Final = 3
"""Bindings, or worlds, that are shown one by one."""
_ASKS: Final = {"worlds": "worlds.get", "clock": "clock.get", "calls": "calls.list", "pushes": "pushes.list"}
"""What asks for a world and changes nothing, by the capability that it takes."""
_UNKNOWN: Final = 404
_ENOUGH: Final = 20
"""Bindings after which no more are looked for: it is known what has to be done."""


def bound_already(apps: Iterable[App], ask: Ask) -> list[Bound]:
    """What is bound on these applications' X, as the platform says.

    Raises Unreachable.
    """
    found: list[Bound] = []
    for app in apps:
        for x in app.numbers if app.mode in BINDING_MODES else ():
            try:
                found += islice(bindings_on(x.number, app, ask), _ENOUGH)
            except Unreachable:
                raise
            except (CannotTell, NoAnswer):  # the checks will say the rest of it
                continue
            if len(found) >= _ENOUGH:
                return _of_one_x(found)
    return _of_one_x(found)


def _of_one_x(found: list[Bound]) -> list[Bound]:
    """Without what is shown on several X.

    A target that shows one binding everywhere is for the checks to check.
    """
    places = Counter(bound.subscription_id for bound in found)
    return [bound for bound in found if places[bound.subscription_id] == 1]


def prove_free(target: Target, apps: Iterable[App], ask: Ask) -> None:
    """Raise TargetError where something is bound on an X of target.toml.

    What, and how to dissolve it.
    """
    try:
        found = bound_already(apps, ask)
    except (TimeOver, UsedUp):  # the run ends where its first check would begin, and its report says so
        return
    if not found:
        return
    listed = "; ".join(f"{bound.app.mode} {bound}" for bound in found[:_LISTED])
    more = len(found) - _LISTED
    others = f"{more} or more others" if len(found) >= _ENOUGH else plural(more, "other")
    rest = f"; and {others}" if more > 0 else ""
    raise TargetError(
        f"{target.name}: X numbers of target.toml are in use, where nothing else may be bound: {listed}{rest}. "
        f"Name other X numbers, or dissolve what is there: privnum clean --target {target.file or 'FILE'} "
        "--all-bindings (docs/target.md)"
    )


def prove_world(target: Target, driver: Driver, capabilities: Iterable[str]) -> None:
    """Raise TargetError where the driver does not know the checks' world.

    Or where that makes faults.
    """
    _prove_faultless(target, driver, {*capabilities})
    asks = next((ask for word, ask in _ASKS.items() if word in {*capabilities}), None)
    if asks is None or (target.world is None and "worlds" in {*capabilities}):
        return
    world = target.world or DEFAULT_WORLD
    answer = driver.exchange(asks, world=world)
    if answer.status != _UNKNOWN:
        return
    right = _names_of_worlds(driver) if "worlds" in {*capabilities} else "name the one that it has"
    raise TargetError(
        f"{target.name}: [driver] world: the driver knows no world {world[:60]!r}; {right} (docs/target.md)"
    )


def _prove_faultless(target: Target, driver: Driver, offered: set[str]) -> None:
    """Raise TargetError where the checks' world was told to make faults.

    A world that is made for a check has none.
    """
    if "faults" not in offered or ("worlds" in offered and target.world is None):
        return
    world = target.world or DEFAULT_WORLD
    answer = driver.exchange("faults.list", world=world)
    if answer.status == _UNKNOWN:
        return
    active = [fault for fault in answer.items("faults") if fault.get("left") != 0]
    if active:
        words = ", ".join(sorted({str(fault.get("fault")) for fault in active}))
        raise TargetError(
            f"{target.name}: world {world} makes {plural(len(active), 'fault')} ({words:.100}): {NO_EVIDENCE}"
        )


def _names_of_worlds(driver: Driver) -> str:
    """What would be right."""
    try:
        names = [str(world["id"])[:60] for world in driver.send("worlds.list")["worlds"]]
    except DriverError:
        names = []
    there = f"it has {', '.join(names[:_LISTED])}{' and others' * (len(names) > _LISTED)}; " if names else ""
    return f"{there}leave the key out to have a world made for each check"
