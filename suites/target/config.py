"""What is under test: an address in a target.toml, or the embedded server."""

from __future__ import annotations

import ipaddress
import os
import tomllib
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privnum import contracts
from privnum.suites.driver.python import DriverPlace
from privnum.suites.target.modes import takes_digits
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import TIMEOUT

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

__all__ = [
    "EMBEDDED",
    "App",
    "ReceiverAddress",
    "Safety",
    "Target",
    "TargetError",
    "XNumber",
    "application_spec",
    "load_target",
]


class TargetError(Exception):
    """The target cannot be checked at all.

    Its file is wrong, or nothing answers. The text is one line.
    """


@dataclass(frozen=True, slots=True)
class XNumber:
    """A private number of an application.

    `area_code` as "0755", None where it is not known.
    """

    number: str
    area_code: str | None = None


@dataclass(frozen=True, slots=True)
class App:
    """An application that the checks use.

    `index` is its place in the world, from 1.

    `more_numbers` tells whether it has X numbers beside those of `numbers`; None: it is not said. The last three are
    AXE's: digits of an extension, how often a caller is asked again, and what A gets who dials X without a call-back
    record ({"play": tone} or {"transfer": number}).
    """

    key: str
    secret: str = field(repr=False)
    mode: str
    numbers: tuple[XNumber, ...] = ()
    recording: bool = True
    tones: tuple[str, ...] | None = None
    sp_id: str | None = None
    index: int = 1
    more_numbers: bool | None = None
    extension_digits: int = 4
    repeat_collections: int = 0
    no_record: Mapping[str, str] | None = None

    @classmethod
    def read(cls, message: Mapping[str, Any], index: int) -> App:
        """From the driver's message or a table of target.toml."""
        numbers = [{"number": n} if isinstance(n, str) else n for n in message.get("numbers", ())]
        tones = message.get("tones")
        return cls(
            key=message["app_key"],
            secret=_secret(message["app_secret"]),
            mode=message["mode"],
            numbers=tuple(XNumber(n["number"], n.get("area_code")) for n in numbers),
            recording=message.get("recording", True),
            tones=None if tones is None else tuple(tones),
            sp_id=message.get("sp_id"),
            index=index,
            more_numbers=message.get("more_numbers"),
            extension_digits=message.get("extension_digits", 4),
            repeat_collections=message.get("repeat_collections", 0),
            no_record=message.get("no_record"),
        )


def _secret(text: str, name: str = "app_secret") -> str:
    """`$NAME` means that environment variable, so files need no secret."""
    if not text.startswith("$"):
        return text
    try:
        return os.environ[text[1:]]
    except KeyError:
        raise TargetError(f"{name} names the environment variable {text[1:]}, which is not set") from None


@dataclass(frozen=True, slots=True)
class ReceiverAddress:
    """Where the suites listen for pushes, and the target's address for it.

    With `event_path` or `fee_path` the target pushes to one fixed address for each kind, which somebody enters there by
    hand; else the target is told an address for each check. After `patience_seconds` without a push none is waited for,
    where the driver cannot say whether one is due.
    """

    host: str = "127.0.0.1"
    port: int = 0
    url: str | None = None
    event_path: str | None = None
    fee_path: str | None = None
    patience_seconds: float = 5.0

    @property
    def fixed(self) -> tuple[str, str] | None:
        """The addresses to which call events and CDRs always come.

        None where each check has its own.
        """
        paths = [path for path in (self.event_path, self.fee_path) if path is not None]
        if not paths:
            return None
        host = f"[{self.host}]" if ":" in self.host else self.host
        base = (self.url or f"http://{host}:{self.port}").rstrip("/")
        return base + paths[0], base + paths[-1]

    def check(self) -> None:
        """Raises TargetError where no target could reach it."""
        if self.fixed and not self.port:
            raise TargetError("receiver: an address that is fixed needs a port that is; set receiver.port")
        if self.url is None and self.host in ("0.0.0.0", "::"):  # noqa: S104  # it is asked about, not bound
            raise TargetError(f"receiver.host {self.host} is no address to push to; set receiver.url")


@dataclass(frozen=True, slots=True)
class Safety:
    """What a run may touch.

    `only_named_numbers` None: on this machine any number, elsewhere named ones only.
    """

    only_named_numbers: bool | None = None


@dataclass(frozen=True, slots=True)
class Target:
    """An implementation under test, as its file describes it.

    `base_url` None: the embedded server.

    `request_timeout`: seconds after which a request counts as unanswered. `file`: the target.toml that describes it.
    """

    name: str
    base_url: str | None = None
    modes: tuple[str, ...] = ()
    driver_url: str | None = None
    driver_place: DriverPlace | None = None
    driver_token: str | None = field(default=None, repr=False)
    world: str | None = None
    receiver: ReceiverAddress = ReceiverAddress()
    assumptions: Mapping[str, contracts.Value] = field(default_factory=dict)
    applications: tuple[App, ...] = ()
    pools: Mapping[str, Pool] = field(default_factory=dict)
    safety: Safety = Safety()
    request_timeout: float = TIMEOUT
    file: Path | None = None

    @property
    def embedded(self) -> bool:
        """Whether it is our own server, in this process."""
        return self.base_url is None

    @property
    def has_driver(self) -> bool:
        """Whether there is somebody who makes calls and lets time pass."""
        return self.embedded or self.driver_url is not None or self.driver_place is not None

    @property
    def loopback(self) -> bool:
        """Whether it runs on this machine, so that nobody else is disturbed."""
        return all(_on_this_machine(url) for url in (self.base_url, self.driver_url) if url is not None)

    @property
    def only_named_numbers(self) -> bool:
        """Whether no number may be bound or dialled but those that the file names."""
        asked = self.safety.only_named_numbers
        return not self.loopback if asked is None else asked

    @property
    def numbers_made_up(self) -> bool:
        """Whether its numbers are nobody's, so that they may be shown."""
        return self.loopback and not self.only_named_numbers

    def describe(self) -> dict[str, Any]:
        """What the report says of it; no secret is in it."""
        return {
            "name": self.name,
            "base_url": None if self.base_url is None else contracts.mask(self.base_url),
            "driver": "embedded" if self.embedded else self._driver_name(),
            "declared": dict(self.assumptions),
            **({} if self.receiver.fixed is None else {"pushes_to": list(self.receiver.fixed)}),
        }

    def _driver_name(self) -> str | None:
        if self.driver_place is not None:
            return f"python: {self.driver_place.name}"
        return None if self.driver_url is None else contracts.mask(self.driver_url)


EMBEDDED = Target(name="embedded server")


def _on_this_machine(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")


def load_target(path: Path) -> Target:
    """The target of that file.

    Raises TargetError, a single line that says what is wrong and where.
    """
    try:
        table = tomllib.loads(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise TargetError(f"{path}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise TargetError(f"{path}: is not UTF-8 ({error.reason} at byte {error.start}); save it as UTF-8") from None
    except RecursionError:
        raise TargetError(f"{path}: is nested too deeply") from None
    except ValueError as error:
        raise TargetError(f"{path}: is no TOML: {error}") from None
    problem = contracts.validator("target/target").first_problem(table)
    if problem is not None:
        raise TargetError(f"{path}: {problem.message} (docs/target.md)")
    try:
        return replace(_target(table, path.parent), file=path)
    except (TargetError, contracts.ContractError) as error:
        raise TargetError(f"{path}: {error}") from None


def _target(table: dict[str, Any], folder: Path) -> Target:
    driver = table.get("driver", {"kind": "none"})
    declared = table.get("assumptions", {})
    legal = contracts.assumption_values(overrides=declared)
    target = Target(
        name=table.get("name", contracts.mask(table["base_url"])),
        base_url=table["base_url"].rstrip("/"),
        modes=tuple(table.get("modes", ())),
        driver_url=driver["url"].rstrip("/").removesuffix("/_privnum") if driver["kind"] == "http" else None,
        driver_place=_driver_place(driver, folder),
        driver_token=_secret(driver["token"], "driver.token") if "token" in driver else None,
        world=driver.get("world"),
        receiver=ReceiverAddress(**table.get("receiver", {})),
        assumptions={name: legal[name] for name in declared},
        applications=_applications(table.get("applications", [])),
        request_timeout=table.get("request_timeout", TIMEOUT),
        pools={kind: Pool.read(kind, numbers) for kind, numbers in table.get("users", {}).items()},
        safety=Safety(**table.get("safety", {})),
    )
    target.receiver.check()
    if not target.applications and (not target.has_driver or target.world is not None):
        raise TargetError(
            "applications is empty; at least one must be named unless a driver makes worlds (no [driver] world)"
        )
    return target


def _driver_place(driver: dict[str, Any], folder: Path) -> DriverPlace | None:
    of_python = [name for name in ("entry_point", "object", "settings") if name in driver]
    if driver["kind"] != "python":
        if of_python:
            raise TargetError(f"driver.{of_python[0]} is for a driver of kind python, not {driver['kind']}")
        return None
    if ("entry_point" in driver) == ("object" in driver):
        raise TargetError("driver: kind python needs entry_point or object, one of them, to say where the factory is")
    settings = {name: _secret(s, name) if isinstance(s, str) else s for name, s in driver.get("settings", {}).items()}
    return DriverPlace(driver.get("entry_point"), driver.get("object"), settings, folder.resolve())


def _applications(tables: list[dict[str, Any]]) -> tuple[App, ...]:
    return tuple(App.read(table, index) for index, table in enumerate(tables, start=1))


def application_spec(app: App) -> dict[str, Any]:
    """The message of the driver protocol that makes such an application."""
    message: dict[str, Any] = {
        "mode": app.mode,
        "app_key": app.key,
        "app_secret": app.secret,
        "numbers": [{"number": x.number} | ({"area_code": x.area_code} if x.area_code else {}) for x in app.numbers],
        "recording": app.recording,
        "tones": list(app.tones or ()),
    }
    if takes_digits(app.mode):
        message |= {"extension_digits": app.extension_digits, "repeat_collections": app.repeat_collections}
        message |= {"no_record": dict(app.no_record)} if app.no_record else {}
    return message
