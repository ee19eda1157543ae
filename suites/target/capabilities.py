"""What a target and its driver make possible.

One word each, as `needs` of requirements and checks name them.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.base.printing import plural
from privnum.suites.target.modes import takes_digits

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.target.config import App, Target

__all__ = ["FEW", "MANY", "NO_LOCKOUT", "PLENTY", "SOME", "equipment", "lack_of", "main_application"]

FEW = 12
"""Mobiles with which every check can be run that names no more in its needs."""
SOME = 60
"""Users that `some_users` promises."""
MANY = 10_020
"""Users that `many_users` promises: both sides of 5000 pairs, and a few."""
PLENTY = 1_002
"""X numbers that `many_x` promises, or a world to which they can be added: 1001 X beside one Y."""
NO_LOCKOUT = "no_lockout"
"""What a target lacks that has declared that it never locks out: nothing would help."""
_AREA = "0755"


def equipment(
    target: Target,
    capabilities: Iterable[str],
    apps: Iterable[App],
    declared: Mapping[str, contracts.Value],
    settled: Mapping[str, contracts.Value],
    mode: str,
) -> dict[str, str | None]:
    """Every word, with None if it is there, else the reason why it is not.

    `apps` are the applications that checks get, `declared` the choices that are known without a probe, `settled` all.
    Words about applications are about those of `mode`.
    """
    offered = frozenset(capabilities)
    lacks = "the driver does not offer that" if target.has_driver else "there is no driver with which"
    words: dict[str, str | None] = {
        word: None if word in offered else f"{lacks} {meaning}" for word, meaning in contracts.capabilities().items()
    }
    own_world = "worlds" in offered and target.world is None
    if not own_world and words["home_areas"] is None:
        words["home_areas"] = "only new worlds get the home areas of users"
    apps = tuple(apps)
    words.update(_of_applications(apps, mode))
    words.update(_of_users(target, own_world=own_world))
    first = main_application(apps, mode)
    words["many_x"] = None if own_world else words["two_x"] or _numbers(first, PLENTY)
    words["any_x"] = _any_x(target, main_application(apps, mode))
    words["receiver"] = _receiver(target, offered)
    words["push_addresses"] = (
        words["application_settings"] if target.receiver.fixed is None else "target.toml says that the address is fixed"
    )
    words["unknown_path"] = None
    words["wire"] = _wire(target)
    failures = declared.get("auth.lockout_failures")
    words["lockout_count"] = (
        "it is not known after how many failures the target locks out: declare auth.lockout_failures"
        if failures is None
        else ("the target never locks out (auth.lockout_failures 0)" if failures == 0 else None)
    )
    words["stop_call"] = (
        None if settled.get("stop_call.modes") == "all" else "stop call is for AXYB applications only (stop_call.modes)"
    )
    return words


def lack_of(need: str, known: Mapping[str, object]) -> str:
    """What to call the lack of a need in events.

    One of its own where the target has declared that there is none.
    """
    return NO_LOCKOUT if need == "lockout_count" and known.get("auth.lockout_failures") == 0 else need


def main_application(apps: Iterable[App], mode: str) -> App | None:
    """The application of `mode` that checks use.

    The first with room for more than nine extensions, else the first.
    """
    own = [app for app in apps if app.mode == mode]
    return next((app for app in own if app.extension_digits > 1), own[0] if own else None)


def _of_applications(apps: tuple[App, ...], mode: str) -> dict[str, str | None]:
    own = [app for app in apps if app.mode == mode]
    first = main_application(apps, mode)
    digits = {app.extension_digits for app in apps if takes_digits(app.mode)}
    none = None if first else f"there is no {mode} application"
    return {
        "two_x": none or _numbers(first, 2),
        "three_x": none or _numbers(first, 3),
        "six_x": none or _numbers(first, 6),
        "area_x": none or _area(first),
        "recording": none or (None if first and first.recording else "the application has no recording"),
        "second_application": none or (None if len(own) > 1 else f"there is one {mode} application only"),
        "other_mode_application": None if len(own) < len(apps) else "there is no application of another mode",
        "one_digit_extensions": None if 1 in digits else "there is no AXE application with extensions of one digit",
    }


def _numbers(app: App | None, count: int) -> str | None:
    """Why the application has not this many private numbers; None if it has."""
    there = len(app.numbers) if app else 0
    words = {2: "two X numbers"}
    return None if there >= count else f"the application has fewer than {words.get(count, f'{count} X numbers')}"


def _area(app: App | None) -> str | None:
    """Why it cannot be said which X the platform may pick in an area.

    None if it can.
    """
    areas = {x.area_code for x in app.numbers} if app else set()
    if app and (app.more_numbers is not False or None in areas):
        return "it is not known of every X of the application in which area it is (area_code, more_numbers = false)"
    return None if _AREA in areas else f"the application has no X that is known to be in area {_AREA}"


def _any_x(target: Target, app: App | None) -> str | None:
    """Why a bind may not leave it to the platform which X is taken."""
    if not target.only_named_numbers or (app and app.more_numbers is False):
        return None
    return "only X numbers of target.toml may be bound, and it does not say that there are no others (more_numbers)"


def _of_users(target: Target, *, own_world: bool) -> dict[str, str | None]:
    mobiles = MANY if own_world else len(target.pools.get("mobile", ()))
    fixed = MANY if own_world else len(target.pools.get("fixed_line", ()))
    return {
        "some_users": _enough(mobiles, SOME, "mobile"),
        "many_users": _enough(mobiles, MANY, "mobile"),
        "fixed_line_users": _enough(fixed, 4, "fixed_line"),
    }


def _enough(there: int, wanted: int, kind: str) -> str | None:
    return (
        None
        if there >= wanted
        else f"target.toml allows {plural(there, 'user')} of the kind {kind}; {wanted} are needed"
    )


def _receiver(target: Target, offered: frozenset[str]) -> str | None:
    if "worlds" in offered and target.world is None:
        return None
    if "application_settings" in offered:
        return None
    if target.receiver.url is not None or target.receiver.fixed is not None:
        return None
    return "the push addresses of the target cannot be set, and target.toml names no receiver.url to which it pushes"


def _wire(target: Target) -> str | None:
    if target.base_url is None or target.base_url.startswith("http://"):
        return None
    return "raw bytes are sent to http:// addresses only"
