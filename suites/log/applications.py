"""Which mode each application of a log has, and its secret."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.log.exchange import Exchange

__all__ = ["Applications", "named_secret", "servers_of_split"]

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

    def learn(self, exchanges: Iterable[Exchange]) -> None:
        """Note who asks for operations of which mode, and who bound what."""
        for exchange in exchanges:
            row = exchange.operation
            if row is not None and row.mode in MODES and 200 <= exchange.status < 300:
                self._modes.setdefault(exchange.app_key, row.mode)
                sub = exchange.answer["subscriptionId"]
                if isinstance(sub, str):
                    self._of_bindings.setdefault(sub, row.mode)
        for exchange in exchanges:
            mode = exchange.operation.mode if exchange.operation else self.mode_of_push(exchange)
            if mode in MODES:
                self.seen.add(str(mode))

    def mode_of_push(self, exchange: Exchange) -> str | None:
        """The mode of a push; None where nothing says it."""
        if exchange.kind != "push" or exchange.body is None:
            return None
        named = self._modes.get(exchange.app_key) if exchange.app_key else None
        return named or self._mode_of_body(exchange.body) or self._mode or self._only()

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

    def _only(self) -> str | None:
        """The mode of all applications, where they have one."""
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


def servers_of_split(exchanges: Iterable[Exchange]) -> dict[str, list[str]]:
    """The servers of each application whose requests went to more than one.

    They may be two platforms, or one with two addresses.
    """
    found: dict[str, dict[str, None]] = {}
    for exchange in exchanges:
        if exchange.operation is not None:
            found.setdefault(exchange.app_key, {})[exchange.server] = None
    return {key: list(servers) for key, servers in found.items() if len(servers) > 1}


def named_secret(text: str) -> tuple[str, str]:
    """An app_key and its secret, from KEY=SECRET.

    Raises ContractError where it is none.
    """
    key, sign, secret = text.partition("=")
    if not (key and sign and secret):
        raise contracts.ContractError("a secret is written KEY=SECRET, the app_key before it")
    return key, secret
