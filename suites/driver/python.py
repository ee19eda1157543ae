"""A driver written in Python.

An object instead of a server, with the same messages (docs/driver.md).

class Console:
    def perform(self, operation, places, message):
        if operation == "capabilities":
            return {"protocol": 1, "modes": ["AXB"], "capabilities": ["calls"]}
        if operation == "calls.create":
            return self.dial(message["caller"], message["called"])
        raise Refused(f"there is no {operation} here", status=404)
"""

from __future__ import annotations

import sys
from dataclasses import dataclass, field
from importlib import import_module, metadata
from typing import TYPE_CHECKING, Any, Protocol
from urllib.parse import parse_qsl

import orjson

from privnum import contracts
from privnum.suites.base.claims import Stopped
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.transport.api import make_answer

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from privnum.suites.base.answer import Answer

__all__ = ["GROUP", "DriverPlace", "ObjectDriver", "PythonDriver", "Refused", "load_driver"]

GROUP = "privnum.drivers"
"""The entry-point group in which an installed distribution names its drivers."""


class Refused(Exception):
    """What `perform` raises for a message that it does not carry out.

    `error` says in a sentence what was wrong and what would be right, `where` is the field that was wrong, `status`
    what a driver over HTTP would answer with: 400 a bad message, 404 no such world, call or message.
    """

    def __init__(self, error: str, where: str = "", status: int = 400) -> None:
        super().__init__(error)
        self.error = error
        self.where = where
        self.status = status


class PythonDriver(Protocol):
    """What a factory has to make.

    If the object has a method `close` too, it is called when the run is over.
    """

    def perform(self, operation: str, places: Mapping[str, str], message: Mapping[str, Any]) -> Any:
        """Carry out one message and return the reply, as JSON would have it.

        Dict, list, str, int, float, bool, None.

        `operation` is an id of contracts/driver.toml ("calls.create"), `places` are the parameters of its path
        (`world`, `app_key`, `number`, `call`), `message` is its body or its query, empty where it has none. The reply
        must fit the response schema of the operation; None where it has none. Raise Refused to refuse. Calls come one
        after the other, all from one thread.
        """
        ...


@dataclass(frozen=True, slots=True)
class DriverPlace:
    """Where target.toml says a Python driver is.

    The name of an entry point, or `package.module:factory`.

    The factory is called with `settings` as keyword arguments. Modules are also looked for in `folder`, that of the
    file.
    """

    entry_point: str | None = None
    object: str | None = None
    settings: Mapping[str, Any] = field(default_factory=dict, repr=False)
    folder: Path | None = None

    @property
    def name(self) -> str:
        """How reports call it."""
        return self.entry_point or self.object or ""


class ObjectDriver(Driver):
    """The client of a Python driver."""

    def __init__(self, made: PythonDriver) -> None:
        self._made = made

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        """See Driver.exchange.

        The answer has the operation's status, or that of Refused.

        Raises DriverError where `perform` raises anything else, or returns what JSON cannot say.
        """
        wanted = contracts.control_operations()[operation]
        message = dict(parse_qsl(query)) if body is None else body
        status: Any = wanted.status
        try:
            reply = self._made.perform(operation, places, message)
        except Refused as refusal:
            status, reply = refusal.status, {"error": refusal.error, "where": refusal.where}
        except (Exception, Stopped, SystemExit) as error:
            problem = contracts.mask(f"{type(error).__name__}: {error}")
            raise DriverError(f"{operation}: perform raised {problem}") from error
        if not isinstance(status, int):
            raise DriverError(
                f"{operation}: perform raised Refused with the status {status!r}; a whole number is right"
            )
        try:
            content = b"" if reply is None else orjson.dumps(reply)
        except TypeError as error:
            raise DriverError(f"{operation}: perform returned what is no JSON: {error}") from None
        return make_answer(status, [("Content-Type", "application/json")] if content else [], content)

    def close(self) -> None:
        """Call its `close`, if it has one."""
        close = getattr(self._made, "close", None)
        if close is not None:
            close()


def load_driver(place: DriverPlace) -> ObjectDriver:
    """Find the factory and call it.

    Raises DriverError, a single line, where that does not go.
    """
    factory = _entry_point(place) if place.entry_point is not None else _object(place)
    try:
        made = factory(**place.settings)
    except (Exception, SystemExit) as error:
        problem = f"{type(error).__name__}: {error}".replace("\n", " ")
        raise DriverError(f"the factory of driver {place.name} raised {problem}") from error
    if not callable(getattr(made, "perform", None)):
        raise DriverError(f"driver {place.name} has no method perform; its factory returned a {type(made).__name__}")
    return ObjectDriver(made)


def _entry_point(place: DriverPlace) -> Any:
    known = metadata.entry_points(group=GROUP)
    found = next((point for point in known if point.name == place.entry_point), None)
    if found is None:
        names = ", ".join(sorted(point.name for point in known)) or "none"
        raise DriverError(
            f"no installed package names {place.entry_point!r} in its entry points {GROUP}; there: {names}"
        )
    try:
        return found.load()
    except Exception as error:
        raise DriverError(f"driver {place.name} cannot be loaded from {found.value}: {error}") from error


def _object(place: DriverPlace) -> Any:
    module, _, path = (place.object or "").partition(":")
    if place.folder is not None and str(place.folder) not in sys.path:
        sys.path.append(str(place.folder))
    try:
        found: Any = import_module(module)
        for name in path.split("."):
            found = getattr(found, name)
    except Exception as error:
        raise DriverError(f"driver {place.name} cannot be loaded: {error}") from error
    return found
