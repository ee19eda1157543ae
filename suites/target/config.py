"""What is under test: an address in a target.toml, or the embedded server."""

from __future__ import annotations

import ipaddress
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from privnum import contracts
from privnum.suites.driver.python import DriverPlace
from privnum.suites.target.modes import takes_digits
from privnum.suites.target.number_pool import Pool
from privnum.suites.transport.api import TIMEOUT
from privnum.suites.transport.tls import ca_fault
from privnum.toml_files import FileError, TomlFile, from_environment, read_toml
from privnum.toml_lines import join_key

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
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
    "trusting",
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

    `more_numbers` says whether it has X numbers beside those of `numbers`; None: it is not said. The last three are
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


def _secret(text: str) -> str:
    try:
        return from_environment(text, "app_secret")
    except FileError as error:
        raise TargetError(str(error)) from None


@dataclass(frozen=True, slots=True)
class ReceiverAddress:
    """Where the suites listen for pushes, and the target's address for it.

    With `event_path` or `fee_path` the target pushes to one fixed address for each kind, which somebody enters there by
    hand; else the target gets an address for each check. After `patience_seconds` without a push none is waited for,
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

    `request_timeout`: seconds after which a request counts as unanswered. `ca_file` has certificates to trust where it
    is asked over https. `file`: the target.toml that describes it.
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
    ca_file: str | None = None
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
        file = read_toml(path, "target/target", "docs/target.md")
    except FileError as error:
        raise TargetError(str(error)) from None
    return replace(_target(file, path.parent), file=path)


@contextmanager
def _told_at(file: TomlFile, name: str) -> Iterator[None]:
    """Add the place of a key to what is wrong with it."""
    try:
        yield
    except (TargetError, FileError, contracts.ContractError) as error:
        raise TargetError(str(file.error(name, str(error)))) from None


def _target(file: TomlFile, folder: Path) -> Target:
    table = file.table
    driver = table.get("driver", {"kind": "none"})
    with _told_at(file, "driver"):
        place = _driver_place(driver, folder)
        token = from_environment(driver["token"], "driver.token") if "token" in driver else None
    target = Target(
        name=table.get("name", contracts.mask(table["base_url"])),
        base_url=table["base_url"].rstrip("/"),
        modes=tuple(table.get("modes", ())),
        driver_url=driver["url"].rstrip("/").removesuffix("/_privnum") if driver["kind"] == "http" else None,
        driver_place=place,
        driver_token=token,
        world=driver.get("world"),
        receiver=ReceiverAddress(**table.get("receiver", {})),
        assumptions=_assumptions(file),
        applications=_applications(file),
        request_timeout=table.get("request_timeout", TIMEOUT),
        ca_file=_ca_file(file, folder),
        pools=_pools(file),
        safety=Safety(**table.get("safety", {})),
    )
    with _told_at(file, "receiver"):
        target.receiver.check()
    if not target.applications and (not target.has_driver or target.world is not None):
        message = "applications is empty; at least one must be named unless a driver makes worlds (no [driver] world)"
        raise TargetError(str(file.error("applications", message)))
    return target


def _ca_file(file: TomlFile, folder: Path) -> str | None:
    """Its path, which begins at the folder of the file."""
    if "ca_file" not in file.table:
        return None
    path = str(folder / file.table["ca_file"])
    with _told_at(file, "ca_file"):
        trusting(EMBEDDED, path, "ca_file")
    return path


def trusting(target: Target, ca_file: str | None, option: str = "--ca") -> Target:
    """The target, with another file of certificates to trust, if one is given.

    Raises TargetError where it cannot be used.
    """
    if ca_file is None:
        return target
    problem = ca_fault(ca_file)
    if problem is not None:
        raise TargetError(f"{option}: {problem}")
    return replace(target, ca_file=ca_file)


def _assumptions(file: TomlFile) -> dict[str, contracts.Value]:
    choices = {}
    for name, value in file.table.get("assumptions", {}).items():
        with _told_at(file, join_key("assumptions", name)):
            choices[name] = contracts.assumption_values(overrides={name: value})[name]
    return choices


def _pools(file: TomlFile) -> dict[str, Pool]:
    pools = {}
    for kind, numbers in file.table.get("users", {}).items():
        with _told_at(file, f"users.{kind}"):
            pools[kind] = Pool.read(kind, numbers)
    return pools


def _driver_place(driver: dict[str, Any], folder: Path) -> DriverPlace | None:
    of_python = [name for name in ("entry_point", "object", "settings") if name in driver]
    if driver["kind"] != "python":
        if of_python:
            raise TargetError(f"driver.{of_python[0]} is for a driver of kind python, not {driver['kind']}")
        return None
    if ("entry_point" in driver) == ("object" in driver):
        raise TargetError("driver: kind python needs entry_point or object, one of them, to say where the factory is")
    settings = {
        name: from_environment(s, name) if isinstance(s, str) else s for name, s in driver.get("settings", {}).items()
    }
    return DriverPlace(driver.get("entry_point"), driver.get("object"), settings, folder.resolve())


def _applications(file: TomlFile) -> tuple[App, ...]:
    apps = []
    for index, table in enumerate(file.table.get("applications", ())):
        with _told_at(file, f"applications[{index}].app_secret"):
            apps.append(App.read(table, index + 1))
    return tuple(apps)


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
