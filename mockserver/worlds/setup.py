"""Makes applications and numbers of a world from control messages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.contracts import ContractError, area_codes, editions
from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import (
    NORMAL,
    Allowed,
    Application,
    SmsRules,
    XNumber,
)
from privnum.mockserver.core.assumptions import Assumptions
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.timestamps import parse_iso
from privnum.mockserver.modes import registry
from privnum.mockserver.pushes.variations import Variations

if TYPE_CHECKING:
    from collections.abc import Container, Iterable, Mapping

    from privnum.mockserver.core.modes import Mode
    from privnum.mockserver.worlds.world import World

__all__ = [
    "add_application",
    "add_numbers",
    "assumptions",
    "change_application",
    "change_number",
    "clock_rate",
    "clock_start",
    "home_areas",
    "instant",
    "new_application",
    "variations",
]

#: Where a world's clock stands unless one is given: 2026-03-01T00:00:00Z.
_USUAL_START: Final = "2026-03-01T00:00:00Z"
_ADDRESSES: Final = ("event_url", "callin_url", "fee_url", "number_status_url", "sms_notify_url", "sms_control_url")
_PLAIN: Final[tuple[str, ...]] = (
    *("recording", "sms", "sms_content", "sms_verdict", "status", "requests_per_minute", "sp_id", "push_scheme"),
    *_ADDRESSES,
)
_MAY_BE_NULL: Final = frozenset({"requests_per_minute", "sms_verdict", "push_scheme", *_ADDRESSES})


def assumptions(edition: str, overrides: Mapping[str, str | int]) -> Assumptions:
    """Return a world's choices.

    Raises:
        ControlError: an unknown edition or assumption, or a value that is no choice; it names the near miss.
    """
    try:
        return Assumptions.of(edition, overrides)
    except ContractError as error:
        raise ControlError(400, str(error), "assumptions" if edition in editions() else "edition") from None


def variations(ids: Iterable[str]) -> Variations | None:
    """Return what a world does otherwise, None where that is nothing.

    Raises:
        ControlError: an unknown id (it names the near miss), or two that exclude each other.
    """
    try:
        chosen = Variations(ids)
    except ContractError as error:
        raise ControlError(400, str(error), "variations") from None
    return chosen if chosen.ids else None


def instant(text: str, where: str) -> int:
    """Return the milliseconds of `yyyy-MM-ddTHH:mm:ssZ`, .SSS allowed.

    Raises:
        ControlError: another form, a day that is not, or a year before 1970.
    """
    whole, dot, rest = text.partition(".")
    ms = parse_iso(f"{whole}Z" if dot else whole)
    if ms is not None and dot:
        ms += int(rest[:3])
    if ms is None or ms < 0:
        raise ControlError(400, f"{text!r} is no time of the form 2026-03-01T00:00:00Z from 1970 on", where)
    return ms


def clock_start(clock: Mapping[str, Any]) -> int:
    """Return where a new world's clock stands."""
    return instant(clock.get("now") or _USUAL_START, "clock.now")


def clock_rate(mode: str, clock: Mapping[str, Any], where: str) -> int:
    """Return how many times as fast as real time a clock of this mode goes.

    Raises:
        ControlError: a rate for a clock that does not run.
    """
    rate: int | None = clock.get("rate")
    if rate is not None and mode != "running":
        raise ControlError(400, f'a rate is for a running clock, this one is {mode}; add "mode": "running"', where)
    return rate or 1


def home_areas(given: Mapping[str, str]) -> dict[str, str]:
    """Return the home areas of mobile prefixes (AXB-BIND-104).

    The area codes have their leading zero.

    Raises:
        ControlError: an area code that is in no table.
    """
    return {prefix: area(code, f"home_areas.{prefix}") for prefix, code in given.items()}


def area(code: str, where: str) -> str:
    """Return an area code with its leading zero.

    Raises:
        ControlError: it is in no table.
    """
    normal = numbers.normal_area(code)
    if normal not in area_codes():
        raise ControlError(400, f"{code!r} is no area code; write e.g. 0755", where)
    return normal


def add_application(world: World, spec: Mapping[str, Any], where: str, *, taken: Container[bytes]) -> Application:
    """Make an application with its numbers and enter it into the world.

    Args:
        world: where it will live.
        spec: the message, valid by its schema.
        where: path of the message, for errors.
        taken: app_keys in use on this server.

    Raises:
        ControlError: its key or a number is taken, or a setting cannot be; nothing has changed then.
    """
    prefix = f"{where}." if where else ""
    mode = registry.modes()[spec["mode"]]
    key = spec.get("app_key")
    if key is not None and (key.encode() in taken or key in world.applications):
        raise ControlError(409, f"app_key {key!r} is in use on this server; keys are unique", f"{prefix}app_key")
    changes = checked_changes(mode, spec, where)
    made = new_numbers(world, spec.get("numbers") or (), f"{prefix}numbers")
    # Nothing is refused from here on, so a refused message has drawn no key and no secret.
    while key is None or key.encode() in taken:
        key = world.identity.app_key()
    secret = spec.get("app_secret") or world.identity.app_secret()
    app = new_application(mode, key, secret, spec.get("sp_id") or "demo_sp")
    _apply(app, changes)
    _enter_numbers(world, app, made)
    world.applications[key] = app
    return app


def new_application(mode: Mode, app_key: str, app_secret: str, sp_id: str) -> Application:
    """Return an application with the settings that its mode begins with."""
    return Application(mode.name, app_key, app_secret, sp_id, mode.settings() if mode.settings else None)


@cache
def _settings_of_modes() -> tuple[str, ...]:
    """Return the names of the settings that only some modes have."""
    return tuple(name for mode in registry.modes().values() if mode.settings for name in mode.settings.names)


def add_numbers(world: World, app: Application, entries: Iterable[Any]) -> None:
    """Give an application more X.

    Raises:
        ControlError: a number is no X or is taken; nothing has changed then.
    """
    _enter_numbers(world, app, new_numbers(world, entries, "numbers"))


class NewNumber(NamedTuple):
    """An X that will be one when its message has been checked as a whole."""

    number: str
    area_code: str | None
    status: str
    sms: bool


def _enter_numbers(world: World, app: Application, made: Iterable[NewNumber]) -> None:
    for new in made:
        x = world.numbers[new.number] = XNumber(new.number, new.area_code, new.status, app)
        x.sms = new.sms
        app.add_number(x)


def new_numbers(world: World, entries: Iterable[Any], where: str) -> list[NewNumber]:
    """Return the X that `entries` describe.

    Each is a number, or an object with area and status.

    Raises:
        ControlError: a number is no X, stands twice, or belongs to an application of the world.
    """
    made: dict[str, NewNumber] = {}
    for i, entry in enumerate(entries):
        at = f"{where}[{i}]"
        details = {"number": entry} if isinstance(entry, str) else entry
        number = details["number"]
        if numbers.kind(number) != "mobile":
            text = f"{numbers.mask(number)} cannot be an X; write +86 and the 11 digits of a mobile"
            raise ControlError(400, text, at)
        if number in world.numbers or number in made:
            raise ControlError(409, f"{numbers.mask(number)} belongs to an application of this world already", at)
        code = details.get("area_code")
        area_code = None if code is None else area(code, f"{at}.area_code")
        made[number] = NewNumber(number, area_code, details.get("status") or NORMAL, details.get("sms") is not False)
    return list(made.values())


class LaterSettings:
    """Settings that were entered and are in force at a later instant.

    COM-FACT-007.
    """

    __slots__ = ("_app", "_changes", "generation")

    def __init__(self, app: Application, changes: Mapping[str, Any]) -> None:
        self.generation = 0
        self._app = app
        self._changes = changes

    def come_into_force(self) -> None:
        """Change the settings of the application."""
        _apply(self._app, self._changes)


def change_application(app: Application, spec: Mapping[str, Any]) -> LaterSettings | None:
    """Change the settings that `spec` carries.

    Null for a text or flag that cannot be null leaves it. Returns them where they come into force later.

    Raises:
        ControlError: an allow-list entry is no address, or a setting that the application's mode does not have;
            nothing has changed then.
    """
    changes = checked_changes(registry.modes()[app.mode], spec, "")
    if spec.get("in_force_after"):
        return LaterSettings(app, changes)
    _apply(app, changes)
    return None


def checked_changes(mode: Mode, spec: Mapping[str, Any], where: str) -> dict[str, Any]:
    """Return the settings in `spec`, by the names of the attributes.

    An application of that mode gets them.

    Raises:
        ControlError: an allow-list entry is no address, or a setting that the mode does not have.
    """
    prefix = f"{where}." if where else ""
    own = mode.settings.names if mode.settings else ()
    for name in _settings_of_modes():
        if name not in own and spec.get(name) is not None:
            raise ControlError(400, f"an application of mode {mode.name} has no {name}; leave it out", prefix + name)
    given = [name for name in (*_PLAIN, *own) if name in spec]
    nullable = _MAY_BE_NULL | (mode.settings.nullable if mode.settings else frozenset())
    changes = {name: spec[name] for name in given if spec[name] is not None or name in nullable}
    if "tones" in spec:
        changes["tones"] = None if spec["tones"] is None else frozenset(spec["tones"])
    if "sms_rules" in spec:
        changes["sms_rules"] = SmsRules.of(spec["sms_rules"])
    if "allow_list" in spec:
        try:
            changes["allowed"] = Allowed.of(spec["allow_list"])
        except ValueError as error:
            raise ControlError(400, f"{error}; write addresses or networks", f"{prefix}allow_list") from None
    if spec.get("app_secret"):
        changes["app_secret"] = spec["app_secret"]
    return changes


def _apply(app: Application, changes: Mapping[str, Any]) -> None:
    own = app.settings.names if app.settings else ()
    for name, value in changes.items():
        setattr(app.settings if name in own else app, name, value)
    if "requests_per_minute" in changes:
        app.count_requests_anew()


def change_number(x: XNumber, spec: Mapping[str, Any]) -> bool:
    """Change status, cause, area or SMS of an X.

    A new status has the cause that is given, or none. Returns whether status or cause are others now.

    Raises:
        ControlError: an area code that is in no table; nothing has changed then.
    """
    if spec.get("area_code") is not None:
        x.app.move(x, area(spec["area_code"], "area_code"))
    x.sms = spec.get("sms", x.sms)
    before = x.status, x.cause
    x.status = spec.get("status", x.status)
    x.cause = spec.get("cause", x.cause if x.status == before[0] else None)
    return before != (x.status, x.cause)
