"""What the events and the CDR of one recorded call show."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum.suites.log.axe import AxeReplay
from privnum.suites.log.axyb import AxybReplay
from privnum.suites.log.callbacks import callback_claims
from privnum.suites.log.choices import common_claims
from privnum.suites.log.given import given_claims
from privnum.suites.log.routes import Placed, route_claims
from privnum.suites.log.versions import slack_of
from privnum.suites.oracle import AxbCall, AxCall, AxeCall, AxybCall, XCall
from privnum.suites.oracle.calls import NEVER, ExpectedCall
from privnum.suites.oracle.cdr import compare_cdrs
from privnum.suites.oracle.times import seconds
from privnum.suites.printed.q850 import CAUSES

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from privnum.suites.log.calls import Calls, Session
    from privnum.suites.log.findings import Findings
    from privnum.suites.log.replay import Replay
    from privnum.suites.log.versions import Version

__all__ = ["ORDER", "SETTLED", "CallCheck", "Surrounded"]

Json = dict[str, Any]
_CLASSES: Final[Mapping[str, type[ExpectedCall]]] = {
    kind.mode: kind for kind in (AxCall, AxbCall, AxeCall, AxybCall, XCall)
}
SETTLED: Final = 60
"""Seconds after the last message of a call in which others of it may still come."""
ORDER: Final = ("callin", "callout", "alerting", "answer", "disconnect")
_TIMES: Final = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime")
_OF_BINDING: Final = ("CDR-011", "CDR-012", "CDR-015")
"""Rules about what a binding says."""
_UNANSWERED: Final = ("CDR-007", "CDR-011", "CDR-015")
"""Rules that ask whether a call was answered."""
_OTHERWISE: Final = ("CDR-001", "CDR-009", "CDR-018")
"""Rules that are claimed elsewhere."""


class Surrounded(NamedTuple):
    """What is known beside one call.

    `since` and `end` are the times of the first entry and the last; `whole`: the log is one in which no message is
    missing between them.
    """

    calls: Calls
    since: float
    end: float
    whole: bool


class CallCheck:
    """The claims about one call."""

    def __init__(self, session: Session, replay: Replay | None, findings: Findings, around: Surrounded) -> None:
        self.session = session
        self.findings = findings
        self.mode = session.mode
        self.replay = replay
        self.around = around
        self.is_over = around.end - session.last > SETTLED
        self.exact = around.whole and all(exchange.exact for exchange, _ in (*session.events, *session.cdrs))
        self.slack = max((slack_of(exchange) for exchange, _ in (*session.events, *session.cdrs)), default=0)
        self.begin = min(session.at("callin"), session.at("callout"), session.at("disconnect"))
        self.sub = self._named_binding()
        put_through = [e.when or 0.0 for e, body in session.events if body.get("eventType") in ("callin", "callout")]
        self.versions = self._versions(max(put_through, default=0.0))
        self.lasting = self._versions(session.last)
        self.is_shown = any(version.shown for version in (*self.versions, *self.lasting))
        """Whether a query has shown the binding, and not all of its settings."""

    def rule(self, family: str) -> str:
        """The id of a rule of the mode."""
        return f"{self.mode}-{family}"

    def claim(self, rule: str, ok: bool, text: str, lines: Iterable[int] | None = None) -> None:
        """Claim a rule of the call, or of some of its entries."""
        self.findings.claim(rule, ok, text, *(self.session.lines if lines is None else lines))

    def run(self) -> None:
        """Claim everything."""
        self._claim_counts()
        self._claim_one_call()
        if self.session.events:
            self._claim_events()
            self._claim_route()
            self._claim_reached()
            self._claim_text()
        for _, fee in self.session.cdrs:
            self._claim_cdr_alone(fee)
        if self.session.cdrs:
            self._claim_cdr()

    # ── what is known of the binding ─────────────────────────────────────────────────────────────────────────────────

    def _named_binding(self) -> str:
        """The one binding that the messages name; empty: none, or several."""
        parts = [body.get("statusInfo", {}) for _, body in self.session.events] + [fee for _, fee in self.session.cdrs]
        named = {str(part.get("subscriptionId") or "") for part in parts} - {""}
        if len(named) > 1:
            text = f"the messages of one call name the bindings {', '.join(sorted(named))}"
            self.claim(self.rule("CDR-010" if self.session.cdrs else "EVENT-008"), False, text)
        return next(iter(named)) if len(named) == 1 else ""

    def _versions(self, end: float) -> list[Version]:
        """The versions of the binding that were in force from the call's begin."""
        if self.replay is None or not self.sub or self.begin == NEVER:
            return []
        begin, until = self.begin - self.slack, max(end, self.begin) + self.slack
        if not self.exact:
            return self.replay.versions.about(self.sub, begin, until, shown_by=begin)
        first = self.session.lines[0]
        found = self.replay.versions.about(self.sub, begin, until, shown_by=self.begin)
        return [] if found and found[0].shown and found[0].line > first else found

    # ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _claim_counts(self) -> None:
        """An event comes once, of all but those of digits; a CDR comes once."""
        for kind in ORDER:
            infos = self.session.infos(kind)
            text = f"{len(infos)} different {kind} events of one call; one is right"
            if infos:
                self.claim(self.rule("EVENT-001"), len(infos) == 1, text, self.session.lines_of(kind))
        several = [exchange.line for exchange, _ in self.session.cdrs]
        if several:
            text = f"{len(several)} different CDRs of one call"
            self.claim(self.rule("CDR-018"), len(several) == 1, text, several)

    def _claim_one_call(self) -> None:
        """A sessionId is that of one call: nobody else calls by it."""
        for name in ("caller", "called"):
            came = {str(info[name]) for info in self.session.infos("callin") if info.get(name)}
            text = f"one sessionId in the callin events of different calls ({name} {', '.join(sorted(came))})"
            if came:
                self.claim(self.rule("EVENT-004"), len(came) == 1, text, self.session.lines_of("callin"))

    def _claim_events(self) -> None:
        kinds = [kind for kind in self.session.kinds if kind in ORDER]
        order: list[str] = [kind for kind in ORDER if kind in kinds]
        came = list(dict.fromkeys(kinds))
        self.claim(self.rule("EVENT-011"), came == order, f"order of events: expected {order}, came {came}")
        times = [(kind, self.session.at(kind)) for kind in order if self.session.at(kind) != NEVER]
        for (first, begin), (then, at) in pairwise(times):
            text = f"timestamp of {then} is before that of {first}"
            self.claim(self.rule("EVENT-005"), begin <= at, text, self.session.lines_of(first, then))
        self._claim_missing(order)

    def _claim_missing(self, came: list[str]) -> None:
        """An event between two that came is missing of an answered call.

        Only the platform's own journal shows that it never was sent; the first and last have other addresses, or are
        not due.
        """
        answered = "answer" in came or any(fee.get("fwdAnswerTime") for _, fee in self.session.cdrs)
        began = self.begin != NEVER and self.begin > self.around.since + self.slack
        if not (answered and self.exact and self.is_over and began) or "callout" not in came:
            return
        last = ORDER.index(came[-1])
        missing = [kind for kind in ORDER[1:last] if kind not in came]
        rule = "EVENT-101" if self.mode == "AXE" and not self.session.infos("collectInfo") else "EVENT-001"
        text = f"an answered call without {' and '.join(missing)}"
        self.claim(self.rule(rule), not missing, text)

    def _claim_route(self) -> None:
        """A call goes as the binding says that its events name."""
        callin, callout = self.session.info("callin") or {}, self.session.info("callout")
        if callout is None or self.begin == NEVER:
            return
        if not self.versions:
            self._claim_gone()
            return
        numbers = (callin.get("caller"), callin.get("called"), callout.get("called"))
        caller, dialled, to = (number if isinstance(number, str) else "" for number in numbers)
        placed = Placed(caller, dialled, to, self.begin, self.slack)
        worlds = [list(route_claims(self.mode, version.binding, placed)) for version in self.versions]
        lines = [*(version.line for version in self.versions), *self.session.lines_of("callin", "callout")]
        for claim in common_claims(worlds):
            self.claim(*claim, lines)

    def _claim_reached(self) -> None:
        """What calls before this one say of it.

        Whom A reaches by a call-back, and which Y is whose.
        """
        replay, calls = self.replay, self.around.calls
        if replay is None or self.begin == NEVER:
            return
        if isinstance(replay, AxeReplay) and self.exact:
            found = callback_claims(replay, calls, self.session, self.slack)
        elif isinstance(replay, AxybReplay) and self.versions and not self.is_shown:
            found = given_claims(replay, calls, self.session, self.versions, exact=self.exact)
        else:
            return
        for claim, lines in found:
            self.claim(*claim, [*self.session.lines_of("callin", "callout", "disconnect"), *lines])

    def _claim_gone(self) -> None:
        """A call is not put through by a binding that was gone when it came."""
        rows = self.replay.versions.get(self.sub, []) if self.replay is not None else []
        if not rows or not rows[-1].gone_by or rows[-1].until + self.slack >= self.begin:
            return
        last = rows[-1]
        rule = last.gone_by if "-LIFE-" in last.gone_by else self.rule("UNBIND-007")
        text = f"a call was put through by {self.sub}, which was gone before it came"
        lines = [line for line in (last.line, last.gone_line) if line]
        self.claim(rule, False, text, [*lines, *self.session.lines_of("callin", "callout")])

    def _claim_text(self) -> None:
        """The customer's own text is in callin as it was given."""
        callin = self.session.info("callin")
        if callin is None or not self.versions or self.is_shown or self.session.info("callout") is None:
            return
        if self.mode == "AX" and any(version.binding.callee for version in self.versions):
            return  # it may be that of the temporary callee
        if self.mode in ("AX", "AXB"):
            wanted = {version.binding.text("userData") for version in self.versions}
            came = callin.get("userData") or ""
            text = f"userData in callin: expected {' or '.join(map(repr, sorted(wanted)))}, came {came!r}"
            lines = [*(version.line for version in self.versions), *self.session.lines_of("callin")]
            self.claim(self.rule("EVENT-010"), came in wanted, text, lines)

    # ── CDRs ─────────────────────────────────────────────────────────────────────────────────────────────────────────

    def _claim_cdr_alone(self, fee: Json) -> None:
        """What a CDR shows without the events of the call."""
        lines = [exchange.line for exchange, other in self.session.cdrs if other is fee]
        self._claim_cdr_times(fee, lines)
        reason = fee.get("fwdUnaswRsn")
        if type(reason) is int:
            text = f"fwdUnaswRsn {reason} is no cause of Q.850"
            self.claim(self.rule("CDR-022"), reason in CAUSES, text, lines)
        if fee.get("fwdAnswerTime") and fee.get("ulFailReason") in (0, None):
            text = f"failTime {fee.get('failTime')} of a call that was answered and hung up"
            self.claim(self.rule("CDR-014"), not fee.get("failTime"), text, lines)
            status = fee.get("sipStatusCode")
            self.claim(self.rule("CDR-019"), status in (0, None), f"sipStatusCode: expected 0, came {status!r}", lines)
        kind, wanted = fee.get("serviceType"), _CLASSES[self.mode].service_type
        if kind:
            self.claim(self.rule("CDR-009"), kind == wanted, f"serviceType: expected {wanted}, came {kind!r}", lines)
        if self.mode == "X" and fee.get("notifyMode") is not None:
            mode = fee["notifyMode"]
            self.claim("X-CDR-101", mode == "Block", f"notifyMode of a CDR: expected Block, came {mode!r}", lines)

    def _claim_cdr_times(self, fee: Json, lines: list[int]) -> None:
        rule = self.rule("CDR-006")
        times = [(name, seconds(fee.get(name))) for name in _TIMES if fee.get(name)]
        for name, at in times:
            text = f"{name} {fee.get(name)!r:.40} is not yyyy-MM-dd HH:mm:ss"
            self.claim(rule, at is not None, text, lines)
        known = [(name, at) for name, at in times if at is not None]
        for (first, begin), (then, at) in pairwise(known):
            self.claim(rule, begin <= at, f"{then} is before {first}", lines)
        talk, found = fee.get("callDuration"), dict(known)
        if type(talk) is int and {"fwdAnswerTime", "callEndTime"} <= found.keys():
            wanted = found["callEndTime"] - found["fwdAnswerTime"]
            text = f"callDuration: callEndTime - fwdAnswerTime is {wanted}, came {talk}"
            self.claim(rule, talk == wanted, text, lines)

    def _claim_cdr(self) -> None:
        """The CDR says what the events say."""
        call = self._call_of_events()
        if call is None:
            return
        exchange, fee = self.session.cdrs[0]
        key = exchange.app_key or str(fee.get("appKey"))
        lines = [line for line in self.session.lines if line != exchange.line]
        for rule, ok, text in compare_cdrs(call, [fee], key, recording=True):
            if self._may_claim(rule, text, call):
                self.claim(rule, ok, text, [exchange.line, *lines])
        for version in self.lasting[:1] if self.mode == "AXE" and call.forwarded else ():
            given = [fee[name] for name in ("extendNumber", "extendNum") if fee.get(name)]
            text = f"extension in the CDR: expected {version.binding.extension}, came {', '.join(map(str, given))}"
            same = all(extension == version.binding.extension for extension in given)
            self.claim("AXE-CDR-101", same, text, [exchange.line, version.line])

    def _may_claim(self, rule: str, text: str, call: ExpectedCall) -> bool:
        """Whether the log can show what a claim is about."""
        family = rule.partition("-")[2]
        if family in _OTHERWISE:
            return False
        if call.answered_at == NEVER and family in _UNANSWERED and not (self.exact and self.is_over):
            return False  # the answer may have come in an event that is not in the log
        if family in _OF_BINDING:
            return bool(self.lasting) and not self.is_shown and self.mode in ("AX", "AXB", "AXE")
        if family == "CDR-008":
            return bool(call.causes)
        if family == "CDR-010":
            return bool(self.sub)
        own_display = self.mode in ("AXYB", "X") and ("bindNum" in text or "fwdDisplayNum" in text)
        return not own_display  # what the callee sees is said by a Y, or by the customer's answer

    def _call_of_events(self) -> ExpectedCall | None:
        """The call as its events tell it; None where they do not tell it all."""
        session = self.session
        callin, gone, callout = (session.info(kind) for kind in ("callin", "disconnect", "callout"))
        if callin is None or gone is None or not (callin.get("caller") and callin.get("called")):
            return None
        if NEVER in (session.at("callin"), session.at("disconnect")) or (callout and not callout.get("called")):
            return None
        placed = str(callin["caller"]), str(callin["called"]), session.at("callin")
        call = _CLASSES[self.mode](*placed, self.rule("EVENT-006"))
        if callout is not None:
            call.forwarded_to, call.forwarded_at = str(callout["called"]), session.at("callout")
        elif any(fee.get("fwdDstNum") for _, fee in session.cdrs):
            return None  # it was put through, and the event of that is not in the log
        call.subscription_id = self.sub or None
        call.alerting_at, call.answered_at = session.at("alerting"), session.at("answer")
        call.ends_from = call.ends_by = session.at("disconnect")
        code = gone.get("stateCode")
        call.causes = frozenset((code,)) if type(code) is int else frozenset()
        self._take_settings(call)
        return call

    def _take_settings(self, call: ExpectedCall) -> None:
        """What the binding adds: its texts, who is A, whether calls are recorded."""
        found: set[int] = set()
        for version in self.lasting:
            binding = version.binding
            callee = getattr(binding, "callee", None)
            call.user_data |= {binding.text("userData")} | ({callee.user_data} if callee else set())
            call.recorded.add(bool(binding.fields.get("recordFlag")))
            if self.mode != "AXB" or not binding.text("recordHintTone"):
                call.recorded.add(False)  # AX and AXE may take the flag where the application has no recording
            if self.mode in ("AX", "AXB"):
                found.add(1 if call.caller == binding.a else 0)
        if found and call.forwarded:
            call.directions = frozenset(found)
