"""The SMS of a world.

Asks the mode whom one is for, sends it or lets it wait for the customer's verdict.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import FROZEN, NO_CALLS
from privnum.mockserver.core.history import Kept
from privnum.mockserver.core.modes import SmsAsk, SmsRoute
from privnum.mockserver.pushes.push import Question
from privnum.mockserver.sms.message import Sms
from privnum.mockserver.sms.notices import Discard, NoVerdict, body_of, no_answer_text, parts_of, verdict_of
from privnum.mockserver.sms.text import parts

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.history import Page
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.modes import SmsDecision, SmsMode
    from privnum.mockserver.core.timers import Timers
    from privnum.mockserver.pushes.outbox import Outbox

__all__ = ["RANK", "SmsEngine"]

#: Rank of the ends of waiting within an instant: behind all else.
RANK: Final = 4

#: Minutes after which a notice is repeated, by a choice at sms.retry_minutes (AX-SMS-020).
_EACH_MINUTE: Final = (1, 2, 3, 4, 5, 6)
_SENT: Final = 0
_INTERNAL_ERROR: Final = 5
_DISCARDED: Final = 6
_NO_VERDICT: Final = 7
#: sendResult by what the network does (SMS-022).
_NETWORK: Final = {"delivers": _SENT, "partly": 9, "fails": 10, "breaks": _INTERNAL_ERROR}

#: What stands against an SMS, by the words of sms.first_reason. A result, or the assumption that holds it.
_AGAINST: Final[dict[str, tuple[Callable[[Sms], bool], int | str, str]]] = {
    # word       what                                                       result                     rule
    "tenant":    (lambda sms: sms.x.app.status == FROZEN,                   1,                         "SMS-013"),
    "trial":     (lambda sms: sms.x.app.sms_rules.trial,                    4,                         "SMS-023"),
    "x":         (lambda sms: sms.x.status in NO_CALLS,                     3,                         "SMS-011"),
    "app":       (lambda sms: not sms.x.app.sms,                            "sms.application_without", "SMS-015"),
    "number":    (lambda sms: not sms.x.sms,                                11,                        "SMS-014"),
    "blacklist": (lambda sms: sms.sender in sms.x.app.sms_rules.blacklist,  8,                         "SMS-023"),
    "line":      (lambda sms: numbers.kind(sms.sender) != "mobile",         "sms.not_mobile",          "SMS-024"),
    "keyword":   (lambda sms: sms.x.app.sms_rules.lacks_keyword(sms.text),  12,                        "SMS-023"),
    "word":      (lambda sms: sms.x.app.sms_rules.forbids(sms.text),        13,                        "SMS-023"),
}  # fmt: skip
#: The word for what the mode says against one: that no binding takes it.
_WAY: Final = "way"


class SmsEngine:
    """The SMS of a world.

    Args:
        assumptions: the world's settled choices.
        identity: names the SMS.
        timers: where each that waits has the end of its waiting.
        outbox: sends notices to the customer, and asks him.
    """

    __slots__ = ("_all", "_assumptions", "_identity", "_outbox", "_timers", "kept")

    def __init__(self, assumptions: Assumptions, identity: Ids, timers: Timers, outbox: Outbox) -> None:
        self._assumptions = assumptions
        self._identity = identity
        self._timers = timers
        self._outbox = outbox
        #: Those that are over and still there.
        self.kept = Kept("sms")
        self.clear()

    def clear(self) -> None:
        """Forget every SMS; the verdicts on those that wait will be ignored."""
        self._all: dict[str, Sms] = {}
        self.kept.clear()

    def get(self, sms_id: str) -> Sms | None:
        """Return the SMS of that id."""
        return self._all.get(sms_id)

    def page(self, page: Page) -> tuple[list[dict[str, Any]], bool]:
        """Return a page of the SMS as the control plane shows them.

        In the order in which they were written, and whether there are more.
        """
        found, more = page.of(self._all, page.finds)
        return [sms.view() for sms in found], more

    def write(self, mode: SmsMode, x: XNumber, sender: str, text: str, network: str, now_ms: int) -> Sms:
        """Let `sender` write to `x`; send it, or ask the customer."""
        sms_id, identifier = self._identity.sms_ids()
        sms = Sms(sms_id, identifier, x, sender, text, network, now_ms)
        self._all[sms.id] = sms
        decision = mode.route_sms(self._assumptions, x, sender, text)
        self._take_over(sms, decision)
        sms.against = self._first_reason(sms, decision)
        asks_all = self._assumptions["sms.ask_of_blocked"] == "asked"
        if isinstance(decision, SmsAsk) and (asks_all or sms.against is None):
            self._ask(sms, now_ms)
        elif sms.against is None and isinstance(decision, SmsRoute):
            self._send(sms, decision.to, decision.text, now_ms)
        elif sms.against is not None:
            self._end(sms, sms.against, now_ms)
        return sms

    def time_is_over(self, sms: Sms, now_ms: int) -> None:
        """End the waiting for a verdict (AX-SMS-029)."""
        if sms.result is None:
            if sms.problem is None:
                seconds = self._assumptions.number("sms.verdict_seconds")
                self._note_silence(sms, f"nothing within {seconds} s of world time")
            self._end(sms, _NO_VERDICT, now_ms)

    def _note_silence(self, sms: Sms, came: str) -> None:
        """Keep for people what came where a verdict should have come."""
        sms.problem = no_answer_text(sms.x.app.mode, came, self._assumptions.text("push.success_status"))

    def _take_over(self, sms: Sms, decision: SmsDecision) -> None:
        """Keep what the mode has found out.

        The binding may change or go while the SMS waits.
        """
        sms.direction, sms.terms = decision.direction, decision.terms
        sms.takes_data = not isinstance(decision, SmsAsk) or decision.takes_data
        if sms.terms is not None:
            sms.user_data = sms.terms.user_data

    def _first_reason(self, sms: Sms, decision: SmsDecision) -> int | str | None:
        """Return the result of the first thing that stands against an SMS.

        COM-OPEN-964.
        """
        for word in self._assumptions.text("sms.first_reason").split():
            if word == _WAY:
                if not isinstance(decision, SmsRoute | SmsAsk):
                    return decision.result
            elif _AGAINST[word][0](sms):
                return _AGAINST[word][1]
        return None

    def _send(self, sms: Sms, to: str, text: str, now_ms: int) -> None:
        """Hand an SMS to the network, and send a notice of it.

        SMS-001, SMS-022.
        """
        if numbers.kind(to) != "mobile":
            self._end(sms, "sms.not_mobile", now_ms)
            return
        result, whole = _NETWORK[sms.network], parts_of(sms, text)
        if result == _NETWORK["partly"] and whole == 1:
            result = _NETWORK["fails"]  # all but the last part of one is none
        if result not in (_SENT, _NETWORK["partly"]):
            self._end(sms, result, now_ms)
            return
        sms.delivered_to, sms.delivered_text = to, text
        self._end(sms, result, now_ms, sent=whole if result == _SENT else whole - 1)

    def _ask(self, sms: Sms, now_ms: int) -> None:
        """Ask the customer; the SMS waits for his verdict (AX-SMS-025).

        Where he has no address for it nobody is asked (COM-OPEN-963).
        """
        app = sms.x.app
        if app.sms_control_url is None:
            self._note_silence(sms, "nothing; the application has no sms_control_url")
            if self._assumptions["sms.no_control_address"] == "at_once":
                self._end(sms, _NO_VERDICT, now_ms)
                return
        until_ms = now_ms + self._assumptions.number("sms.verdict_seconds") * 1000
        self._timers.add(until_ms, RANK, sms)
        if app.sms_control_url is None:
            return
        body = body_of(sms, "Block", parts(sms.text), self._assumptions)
        verdict = b"" if app.sms_verdict is None else orjson.dumps(app.sms_verdict)
        question = Question(partial(self._take_answer, sms), until_ms, inbox=verdict)
        self._push(sms, "sms_block", app.sms_control_url, body, now_ms, question)

    def _push(self, sms: Sms, kind: str, url: str, body: bytes, now_ms: int, question: Question | None = None) -> None:
        stream, minutes = f"sms {sms.id}", self._repeat_minutes()
        self._outbox.send(sms.x.app, kind, url, body, stream=stream, now_ms=now_ms, minutes=minutes, question=question)

    def _repeat_minutes(self) -> tuple[int, ...] | None:
        """Return the minutes after which a notice is repeated; None: the usual."""
        return _EACH_MINUTE if self._assumptions["sms.retry_minutes"] == "each_minute" else None

    def _take_answer(self, sms: Sms, answer: bytes | None, now_ms: int, came: str) -> bool:
        """Take the customer's answer; None: none that counts as success.

        `came` says what came instead. Returns whether the SMS still waits (COM-OPEN-953).
        """
        if sms.result is not None or self._all.get(sms.id) is not sms:
            return False
        several = self._assumptions.text("sms.several_actions")
        verdict = None if not answer else verdict_of(answer, sms.x.app.mode, several)
        sms.problem = None
        if verdict is None:
            self._note_silence(sms, came if answer is None else f"{came}, without a body")
        elif isinstance(verdict, NoVerdict):
            sms.problem = verdict.problem
        choice = self._assumptions["sms.no_verdict"]
        if sms.problem is not None and choice == "waits":
            return True
        self._timers.cancel(sms)
        if verdict is None or isinstance(verdict, NoVerdict):
            self._end(sms, _INTERNAL_ERROR if choice == "internal_error" else _NO_VERDICT, now_ms)
            return False
        if sms.takes_data and verdict.user_data is not None:
            sms.user_data = verdict.user_data
        if isinstance(verdict, Discard):
            self._end(sms, _DISCARDED, now_ms)
        elif sms.against is not None:
            self._end(sms, sms.against, now_ms)
        else:
            self._send(sms, verdict.to, sms.text, now_ms)
        return False

    def _end(self, sms: Sms, result: int | str, now_ms: int, *, sent: int = 0) -> None:
        """Settle an SMS, and send the notice of it.

        `result` is the sendResult, or an assumption that holds it; where that is "none" there is no notice.
        """
        settled = self._assumptions.text(result) if isinstance(result, str) else str(result)
        sms.result = _INTERNAL_ERROR if settled == "none" else int(settled)
        discarded = sms.result in (_DISCARDED, _NO_VERDICT) and self._assumptions["sms.notify_of_discarded"] == "none"
        url = sms.x.app.sms_notify_url
        if url is not None and settled != "none" and not discarded:
            self._push(sms, "sms_notify", url, body_of(sms, "Notify", sent, self._assumptions), now_ms)
        gone = self.kept.add(sms.id)
        if gone is not None:
            del self._all[gone]
