"""Calls of X mode, by the customer's answers to their callin."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.log.choices import assume, in_every_choice
from privnum.suites.oracle.types import Claim
from privnum.suites.oracle.x.answers import End, is_success, read
from privnum.suites.oracle.x.calls import XOracle, XSurroundings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum import contracts
    from privnum.suites.log.calls import Session
    from privnum.suites.log.findings import Findings
    from privnum.suites.oracle.x.answers import Connection

__all__ = ["claim_answers"]


def claim_answers(session: Session, known: Mapping[str, contracts.Value], findings: Findings) -> None:
    """Claim that an X call goes as the customer answered its callin."""
    asked = [(exchange, body) for exchange, body in session.events if body.get("eventType") == "callin"]
    if session.mode != "X" or len(asked) != 1:
        return
    exchange, body = asked[0]
    info = body["statusInfo"]
    mode, callout = info.get("notifyMode"), session.info("callout")
    if mode is not None:
        text = f"notifyMode of callin: expected Block, came {mode!r}"
        findings.claim("X-EVENT-101", mode == "Block" or exchange.answer.body is None, text, exchange.line)
    findings.claim("X-EVENT-104", not info.get("subscriptionId"), "callin carries a subscriptionId", exchange.line)
    if session.times_sent[exchange.content] > 1 or not exchange.answer_whole:
        return  # asked twice: which answer counts is open
    x, caller = str(info.get("called") or ""), str(info.get("caller") or "")
    if not (x and caller) or exchange.answer.body is None:
        return
    state = XOracle(XSurroundings({x: None}), assume(known), 0)

    def decide() -> Connection | End:
        if not is_success(exchange.status, state.assumptions):
            return End("X-CALL-103", frozenset())
        return read(exchange.answer.body, caller, x, state.around, state.assumptions)

    worlds = in_every_choice(state, known, decide)
    lines = [exchange.line, *session.lines_of("callout")]
    for claim in _claims(worlds or [], session, callout):
        findings.claim(*claim, *lines)


def _claims(worlds: list[Any], session: Session, callout: dict[str, Any] | None) -> Iterator[Claim]:
    if not worlds or callout is None:
        return
    ends = [world for world in worlds if isinstance(world, End)]
    if len(ends) == len(worlds):
        yield Claim(ends[0].rule, False, "the customer's answer put nobody through, and the call was put through")
        return
    if ends:
        return
    targets, texts = {world.to for world in worlds}, {world.user_data for world in worlds}
    to = callout.get("called")
    if to:
        ok = to in targets
        yield Claim("X-CALL-104", ok, f"the answer names {', '.join(sorted(targets))}; the call reached {to}")
    for kind in ("callout", "alerting", "answer", "disconnect"):
        info = session.info(kind)
        if info is not None and len(texts) == 1:
            came = info.get("userData") or ""
            wanted = next(iter(texts))
            yield Claim("X-EVENT-103", came == wanted, f"userData of {kind}: expected {wanted!r}, came {came!r}")
    for kind in ("callout", "alerting", "answer", "disconnect"):
        mode = (session.info(kind) or {}).get("notifyMode")
        if mode is not None:
            yield Claim("X-EVENT-102", mode == "Notify", f"notifyMode of {kind}: expected Notify, came {mode!r}")
