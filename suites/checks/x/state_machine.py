"""Any history of X calls and SMS, which the customer answers in many ways."""

from __future__ import annotations

from dataclasses import fields as fields_of
from typing import Any

from hypothesis import strategies as st
from hypothesis.stateful import precondition, rule

from privnum.suites.checks.state_machine.machine import WorldMachine
from privnum.suites.checks.state_machine.sms import WORDS
from privnum.suites.checks.state_machine.strategies import USERS, mostly_mobiles, places, plans
from privnum.suites.checks.x.model_based import XPair
from privnum.suites.checks.x.strategies import STATUSES, callin_answers, verdicts
from privnum.suites.oracle import CallPlan, XPlan
from privnum.suites.target.tones import with_known_tones

__all__ = ["XMachine", "XRules"]

an_x = places(XPair.x_count)
a_status = st.sampled_from(("5", "5", "5", "5", "9", "10"))


class XRules(WorldMachine):
    """What a world with X has on top: calls, SMS, the customer's answers."""

    x: XPair

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        api = self.context.x
        self.x = XPair(self.context, api.app, self.strangers_to(api.app), loose=loose)
        self.pairs.append(self.x)

    def call_x_number(self, caller: int, callee: int, x: int, plan: CallPlan, data: st.DataObject) -> None:
        """Call an X; the customer's answer is drawn for it."""
        a, b, number = self.users[caller], self.users[callee], self.x.xs[x % len(self.x.xs)]
        answer: Any = data.draw(callin_answers(a, b, number))
        if isinstance(answer, dict):
            answer = {name: _answer_with_tones(info, self.x.app.tones) for name, info in answer.items()}
        given = {field.name: getattr(plan, field.name) for field in fields_of(CallPlan)}
        self.x.call(a, number, XPlan(**given, answer=answer, status=data.draw(STATUSES)))

    @precondition(lambda self: self.can_call(self.x))
    @rule(caller=mostly_mobiles(), callee=places(6), x=an_x, plan=plans(), data=st.data())
    def call_an_x(self, caller: int, callee: int, x: int, plan: CallPlan, data: st.DataObject) -> None:
        """Somebody calls an X."""
        self.call_x_number(caller, callee, x, plan, data)

    @precondition(lambda self: self.can_call(self.x) and "number_status" in self.x.offers)
    @rule(caller=mostly_mobiles(), x=an_x, status=st.sampled_from(("9", "10")), data=st.data())
    def call_a_blocked_x(self, caller: int, x: int, status: Any, data: st.DataObject) -> None:
        """Somebody calls an X that carries no calls now."""
        number = self.x.xs[x % len(self.x.xs)]
        self.x.set_status(number, status)
        self.call_x_number(caller, (caller + 1) % 4, x, CallPlan(), data)
        self.x.set_status(number, "5")

    # ── SMS ──────────────────────────────────────────────────────────────────────────────────────────────────────────

    @precondition(lambda self: self.goes_on and {"sms", "receiver", "clock"} <= self.x.offers)
    @rule(sender=mostly_mobiles(), receiver=places(USERS), x=an_x, text=WORDS, blocked=a_status, data=st.data())
    def write_to_x_number(
        self, sender: int, receiver: int, x: int, text: str, blocked: Any, data: st.DataObject
    ) -> None:
        """Anybody writes to an X, which is suspended now and then."""
        number = self.x.xs[x % len(self.x.xs)]
        verdict = data.draw(verdicts(self.users[sender], self.users[receiver]))
        if blocked != "5" and "number_status" in self.x.offers:
            self.x.set_status(number, blocked)
        self.x.write(self.users[sender], number, text or "hello", verdict)
        if blocked != "5" and "number_status" in self.x.offers:
            self.x.set_status(number, "5")


def _answer_with_tones(info: Any, tones: Any) -> Any:
    """The object of an answer, or a list of one, with known tones."""
    if isinstance(info, list):
        return [_answer_with_tones(each, tones) for each in info]
    return with_known_tones(info, tones) | _nulls(info) if isinstance(info, dict) else info


def _nulls(info: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in info.items() if value is None}


class XMachine(XRules):
    """A world of X, with another application of it."""

    def make_pairs(self, *, loose: bool) -> None:
        """See WorldMachine."""
        super().make_pairs(loose=loose)
        for app in self.second_apps("X"):
            self.others.append(XPair(self.context, app, [self.x.app], loose=loose))
