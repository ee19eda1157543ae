"""Which mode each application of a log has, and its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.log.exchange import Exchange

__all__ = ["Applications", "named_secret"]

_SERVICE_TYPES: Mapping[str, str] = {"003": "AX", "005": "AXE"}
"""serviceType of a CDR that is of one mode alone."""


class Applications:
    """The applications of a log, by app_key.

    `secrets` are those that the user has given, `mode` that of every application of which the log does not say
    it.
    """

    def __init__(self, secrets: Mapping[str, str], mode: str | None = None) -> None:
        self.secrets = dict(secrets)
        self._mode = mode
        self._modes: dict[str, str] = {}
        self._of_bindings: dict[str, str] = {}
        self.nonces: set[str] = set()
        """Those of requests so far."""
        self.seen: set[str] = set()
        """Modes of which something was recorded."""
        self.split: dict[str, list[str]] = {}
        """Servers of each application whose requests went to more than one: two platforms, or two addresses of one."""

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Note the mode of each application, who bound what, and the servers."""
        servers: dict[str, dict[str, None]] = {}
        pushed: dict[str, str] = {}
        for exchange in exchanges:
            row = exchange.operation
            if row is None:
                mode = self._mode_of_body(exchange.body) if exchange.kind == "push" and exchange.body else None
                if mode is not None and exchange.app_key:
                    pushed.setdefault(exchange.app_key, mode)
                continue
            servers.setdefault(exchange.app_key, {})[exchange.server] = None
            if row.mode in MODES and 200 <= exchange.status < 300:
                self._modes.setdefault(exchange.app_key, row.mode)
                sub = exchange.answer["subscriptionId"]
                if isinstance(sub, str):
                    self._of_bindings.setdefault(sub, row.mode)
        self._modes = pushed | self._modes
        self.split = {key: list(names) for key, names in servers.items() if len(names) > 1}

    def note_mode(self, mode: str | None) -> None:
        """Note that something of a mode was recorded."""
        if mode in MODES:
            self.seen.add(str(mode))

    def mode_of_push(self, exchange: Exchange) -> str | None:
        """The mode of a push; None where nothing says it."""
        if exchange.kind != "push" or exchange.body is None:
            return None
        named = self._modes.get(exchange.app_key) if exchange.app_key else None
        return named or self._mode_of_body(exchange.body) or self._mode or self._only(exchange.app_key)

    def _mode_of_body(self, body: Mapping[str, Any]) -> str | None:
        for part in _parts(body):
            mode = self._of_bindings.get(str(part.get("subscriptionId")))
            if mode is not None:
                return mode
            if part.get("notifyMode") or part.get("callRelDirection") is not None:
                return "X"
            if part.get("digitInfo") or part.get("extendNumber") or part.get("extendNum"):
                return "AXE"
            service = _SERVICE_TYPES.get(str(part.get("serviceType")))
            if service is not None:
                return service
        return None

    def _only(self, app_key: str) -> str | None:
        """The mode of all applications, where they have one.

        Of another application than all of these nobody knows it.
        """
        if app_key and "" not in self._modes:
            return None
        modes = set(self._modes.values())
        return next(iter(modes)) if len(modes) == 1 else None

    @property
    def modes(self) -> list[str]:
        """The modes of the log, in the order of the contract."""
        return [mode for mode in MODES if mode in self.seen]


def _parts(body: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """The objects of a push that say what it is about."""
    fees = body.get("feeLst")
    found = [body.get("statusInfo"), body.get("smsEvent"), *(fees if isinstance(fees, list) else ())]
    return [part for part in found if isinstance(part, dict)]


def named_secret(text: str) -> tuple[str, str]:
    """An app_key and its secret, from KEY=SECRET.

    Raises ContractError where it is none.
    """
    key, sign, secret = text.partition("=")
    if not (key and sign and secret):
        raise contracts.ContractError("a secret is written KEY=SECRET, the app_key before it")
    return key, secret
