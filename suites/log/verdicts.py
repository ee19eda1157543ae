"""SMS of which the customer was asked, against what became of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.suites.log.choices import assume, in_every_choice
from privnum.suites.log.sms import written_at
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.sms import counted_action, named_receiver
from privnum.suites.oracle.types import Claim
from privnum.suites.oracle.x.answers import is_success

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from privnum import contracts
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings
    from privnum.suites.log.replay import Replay
    from privnum.suites.oracle.types import Assumptions

__all__ = ["Verdicts"]

_DELIVERED: Final = (0, "0")
_SAME: Final = {"calling": "SMS-019", "virtualNumber": "SMS-019", "smsContent": "SMS-018"}
"""Fields that all notices of one SMS have alike, and the rules that say so."""


class _Verdict(NamedTuple):
    """What an answer to a Block says in one choice.

    To whom the SMS goes, or by which rule to nobody.
    """

    to: str = ""
    rule: str = ""
    user_data: str = ""


@dataclass(slots=True)
class _Asked:
    """A Block: its entry, what it says, and the verdict in each choice.

    None: nobody knows.
    """

    line: int
    event: dict[str, Any]
    verdicts: list[_Verdict] | None
    others: list[int] = field(default_factory=list)


@dataclass
class _State:
    """What the choices of open points are tried with."""

    assumptions: Assumptions


class Verdicts:
    """Every Block of a log, by its SMS.

    `known` are choices of the platform; `whole`: no message is missing in the log.
    """

    def __init__(self, known: Mapping[str, contracts.Value], *, whole: bool) -> None:
        self._known = known
        self._whole = whole
        self._blocks: dict[tuple[str, str], _Asked] = {}
        self._asking: dict[str, float] = {}
        """When the first Block of each application was recorded."""

    def take(self, exchange: Exchange, mode: str | None, replays: Iterable[Replay], findings: Findings) -> None:
        """Claim what a notice of an SMS shows."""
        event = (exchange.body or {}).get("smsEvent")
        if mode is None or not isinstance(event, dict) or not exchange.whole:
            return
        key = (exchange.app_key, str(event.get("smsIdentifier") or ""))
        if exchange.push == "sms_block":
            findings.claim_all(_of_block(mode, event, replays), exchange.line)
            self._keep(exchange, event, key, mode)
        elif exchange.push == "sms_notify":
            asked = self._blocks.get(key)
            if asked is None:
                findings.claim_all(self._of_unasked(exchange, mode, event), exchange.line)
            else:
                findings.claim_all(_of_asked(asked, mode, event), exchange.line, asked.line, *asked.others)

    def _keep(self, exchange: Exchange, event: dict[str, Any], key: tuple[str, str], mode: str) -> None:
        self._asking.setdefault(exchange.app_key, exchange.when or 0.0)
        earlier = self._blocks.get(key)
        if earlier is not None:
            earlier.verdicts = None  # asked twice: which answer counts is open
            earlier.others.append(exchange.line)
            return
        kept = {name: event.get(name) for name in _SAME}
        self._blocks[key] = _Asked(exchange.line, kept, self._verdicts_of(exchange, mode))

    def _verdicts_of(self, exchange: Exchange, mode: str) -> list[_Verdict] | None:
        """What the answer says in every choice."""
        if not exchange.answer_whole or not (exchange.status or exchange.exact):
            return None
        state = _State(assume(self._known))

        def read() -> _Verdict:
            if not is_success(exchange.status, state.assumptions):
                return _Verdict(rule=f"{mode}-SMS-029")
            action = counted_action(exchange.answer.body, state.assumptions)
            if action.get("operation") == "DiscardMessage":
                return _Verdict(rule=f"{mode}-SMS-028")
            message = action.get("message")
            to = message.get("called") if isinstance(message, dict) else None
            if action.get("operation") != "vNumberRoute" or not isinstance(to, str) or kind_of(to) == "malformed":
                return _Verdict(rule=f"{mode}-SMS-032")
            return _Verdict(to=to, user_data=str(action.get("userData") or ""))

        return in_every_choice(state, self._known, read)

    def _of_unasked(self, exchange: Exchange, mode: str, event: Mapping[str, Any]) -> Iterator[Claim]:
        """An SMS whose receiver only the customer could name, unasked.

        Only our journal shows that he was not, and only where he was asked of another one before it was written.
        """
        seen = self._whole and exchange.exact and written_at(event) > self._asking.get(exchange.app_key, float("inf"))
        if not seen or mode not in ("AX", "X") or event.get("sendResult") not in _DELIVERED or not event.get("called"):
            return
        text = f"an SMS went to {event['called']}, and the customer was not asked for its receiver"
        if mode == "X":
            yield Claim("X-SMS-025", False, text)
            return
        content = event.get("smsContent")
        from_a = _direction(event) == "1"
        if from_a and isinstance(content, str):
            yield Claim("AX-SMS-025", named_receiver(content)[1] is not None, text)


def _direction(event: Mapping[str, Any]) -> str:
    """The direction of an SMS, as a notice has it; empty where it has none."""
    if event.get("direction") is not None:
        return str(event["direction"])
    paras = event.get("extInfo")
    rows = paras.get("extParas") if isinstance(paras, dict) else None
    found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
    return next((str(row.get("value")) for row in found if row.get("key") == "direction"), "")


def _of_block(mode: str, event: Mapping[str, Any], replays: Iterable[Replay]) -> Iterator[Claim]:
    """What a Block shows by itself and by the binding that it names."""
    if mode == "AXB":
        yield Claim("AXB-SMS-102", False, "a Block was sent; in AXB every notice is a Notify")
        return
    if mode not in ("AX", "X"):
        return
    called = event.get("called")
    yield Claim(f"{mode}-SMS-026", not called, f"a Block names {called} as the receiver; it has none yet")
    if mode == "AX":
        sub, sender = str(event.get("subscriptionId") or ""), event.get("calling")
        rows = next((each.versions[sub] for each in replays if each.mode == mode and sub in each.versions), [])
        if rows and sender:
            ok = any(sender == version.binding.a for version in rows)
            yield Claim("AX-SMS-104", ok, f"a Block was sent of an SMS of {sender}, who is not A: it is for A")


def _of_asked(asked: _Asked, mode: str, event: Mapping[str, Any]) -> Iterator[Claim]:
    """What a notice shows of an SMS of which the customer was asked."""
    for name, rule in _SAME.items():
        said, came = asked.event.get(name), event.get(name)
        if said and came:
            what = "another text" if name == "smsContent" else f"{name} {came}; the Block has {said}"
            yield Claim(f"{mode}-{rule}", said == came, f"a notice of an SMS has {what}")
    verdicts = asked.verdicts or []
    if not verdicts:
        return
    result, called = event.get("sendResult"), event.get("called")
    if all(not verdict.to for verdict in verdicts):
        yield from _of_stopped(verdicts[0].rule, result, called)
    elif result in _DELIVERED and called and all(verdict.to for verdict in verdicts):
        wanted = {verdict.to for verdict in verdicts}
        text = f"the verdict names {', '.join(sorted(wanted))}; the SMS went to {called}"
        yield Claim("X-SMS-101" if mode == "X" else "AX-SMS-027", called in wanted, text)
        texts = {verdict.user_data for verdict in verdicts} - {""}
        if mode == "AX" and texts:
            came = event.get("userData")
            yield Claim(
                "AX-SMS-110", came in texts, f"userData of a notice: expected that of the verdict, came {came!r}"
            )


def _of_stopped(rule: str, result: object, called: object) -> Iterator[Claim]:
    """An SMS which the verdict, or that there is none, sends to nobody."""
    said = {"028": "the verdict was DiscardMessage", "029": "no verdict came", "032": "the answer was no verdict"}
    why = said[rule[-3:]]
    if result in _DELIVERED:
        yield Claim(rule, not called, f"{why}, and the SMS went to {called}")
    elif rule.endswith("028"):
        yield Claim(rule, str(result) == "6", f"{why}: expected sendResult 6, came {result!r}")
