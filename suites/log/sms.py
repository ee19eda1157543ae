"""Notices of SMS in a log, against the binding that they name."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from privnum.suites.log.choices import common_claims
from privnum.suites.log.versions import slack_of
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings
    from privnum.suites.log.replay import Replay

__all__ = ["claim_notice", "written_at"]

_DELIVERED = (0, "0")


def claim_notice(exchange: Exchange, mode: str | None, replays: Iterable[Replay], findings: Findings) -> None:
    """Claim that the notice of an SMS that was forwarded fits its binding."""
    event = (exchange.body or {}).get("smsEvent")
    if mode is None or not isinstance(event, dict) or exchange.push != "sms_notify" or exchange.when is None:
        return
    sub = str(event.get("subscriptionId") or "")
    replay = next((each for each in replays if each.mode == mode and sub in each.versions), None)
    if not sub or replay is None or event.get("sendResult", 0) not in _DELIVERED:
        return
    slack = slack_of(exchange)
    # a notice may be late, and be sent again for hours: every version since then may be meant
    shown_by = written_at(event) - (0 if exchange.exact else slack)
    versions = replay.versions.about(sub, exchange.when - 12 * 3600 - slack, exchange.when + slack, shown_by)
    worlds = [list(_claims(mode, version.binding, event)) for version in versions]
    for claim in common_claims(worlds):
        findings.claim(*claim, exchange.line, *(version.line for version in versions))


def written_at(event: Mapping[str, Any]) -> float:
    """When an SMS was written.

    Before all times where its notice does not say it.
    """
    try:
        return datetime.fromisoformat(str(event.get("timeStamp"))).timestamp()
    except ValueError:
        return float("-inf")


def _claims(mode: str, binding: Any, event: Mapping[str, Any]) -> Iterator[Claim]:
    sender, receiver, x = (event.get(name) for name in ("calling", "called", "virtualNumber"))
    if x:
        text = f"virtualNumber of a notice: the X of the binding is {binding.x}, came {x}"
        yield Claim(f"{mode}-SMS-003", x == binding.x, text)
    from_a = sender == binding.a
    if mode == "AXB" and sender:
        wanted = binding.partner(sender) if sender in binding.users else None
        text = f"an SMS of {sender} was forwarded to {receiver}; the binding has {binding.a} and {binding.b}"
        yield Claim("AXB-SMS-003", wanted is not None and (not receiver or receiver == wanted), text)
    if mode == "AX" and sender and not from_a and receiver:
        text = f"an SMS of {sender} was forwarded to {receiver}; it is for A, {binding.a}"
        yield Claim("AX-SMS-003", receiver == binding.a, text)
    direction = event.get("direction")
    if sender and direction is not None:
        wanted_direction = 1 if from_a else 0
        text = f"direction of a notice: expected {wanted_direction}, came {direction!r}"
        yield Claim(f"{mode}-SMS-007", str(direction) == str(wanted_direction), text)
