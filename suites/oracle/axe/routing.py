"""How one AXE call must go.

What the caller is asked, what he enters, whom he reaches, or what A hears instead.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, ClassVar

from privnum.suites.oracle.axe.types import FOREVER, Record
from privnum.suites.oracle.calls import NEVER, CallPlan, ExpectedCall
from privnum.suites.oracle.numbers import kind_of
from privnum.suites.oracle.routing import forward
from privnum.suites.oracle.types import Undecided

if TYPE_CHECKING:
    from privnum.suites.oracle.axe.state import AxeState
    from privnum.suites.oracle.axe.types import AxeBinding

__all__ = ["AxeCall", "AxePlan", "place"]

WRONG, EMPTY, GIVEN_UP = 8022, 8033, 7516
FIXED_LINE, NO_RECORD, SUSPENDED = 8023, 8019, 8055


@dataclass(frozen=True, slots=True)
class AxePlan(CallPlan):
    """What caller and callee do.

    `digits` are entered in turn, `digits_after` seconds after each prompt.
    """

    digits: tuple[str, ...] = ()
    digits_after: int = 2


@dataclass(slots=True)
class AxeCall(ExpectedCall):
    """One AXE call as it must be."""

    mode: ClassVar[str] = "AXE"
    service_type: ClassVar[str] = "005"
    nameless: ClassVar[frozenset[str]] = frozenset(("callin",))
    plan: AxePlan = field(default_factory=AxePlan)
    calls_back: bool = False
    """Whether A calls X."""
    extension: str | None = None
    collected: list[str] = field(default_factory=list)
    """What was entered at each prompt that is over; empty: nothing."""
    played: list[str] = field(default_factory=list)
    longest: int = 0
    """Seconds after a prompt in which digits are taken."""

    @property
    def prompted(self) -> str | None:
        """See ExpectedCall; anybody who calls back is asked for nothing."""
        return None if self.calls_back else "collectInfo"

    @property
    def events_rule(self) -> str:
        """See ExpectedCall."""
        return "EVENT-101" if self.calls_back else "EVENT-001"

    @property
    def shown_rule(self) -> str:
        """See ExpectedCall."""
        return "AXE-CALLBACK-112" if self.calls_back else self.requirement

    @property
    def entered(self) -> list[str]:
        """What was entered, without the prompts that were not answered."""
        return [digits for digits in self.collected if digits]

    def state(self, now: int) -> str | None:
        """See ExpectedCall; "collecting" while the extension is asked for."""
        if self.forwarded_at == NEVER and now < self.ends_by:
            return "collecting"
        return ExpectedCall.state(self, now)

    def hang_up(self, by: str, now: int) -> None:
        """One side hangs up at `now`.

        Raises Undecided where the contract has no cause for it.
        """
        if self.state(now) != "collecting":
            ExpectedCall.hang_up(self, by, now)
            self.acts_at = None if self.acts_at is not None and self.acts_at > now else self.acts_at
        elif by == "callee":
            raise Undecided("there is no callee yet")
        else:
            self._give_up(now)

    def _give_up(self, now: int) -> None:
        self.requirement, self.acts_at = "AXE-CALL-106", None
        self.end(now, frozenset((GIVEN_UP,)))

    # ── what happens while time passes ───────────────────────────────────────────────────────────────────────────────

    def act(self, state: AxeState) -> None:
        """The caller enters something, the wait for it ends, or a record is made."""
        if self.lost or self.acts_at is None or self.acts_at > state.now:
            return
        try:
            if self.forwarded_at == NEVER:
                self._end_collection(state)
            else:
                self._record_answer(state)
        except Undecided:
            self.lose(state)

    def lose(self, state: AxeState) -> None:
        """Follow it no more.

        Whom the A of any binding on its X reaches is open from now on.
        """
        self.give_up()
        for binding in state.on(self.x):
            state.write_record(binding, self.caller)
            if binding.record is not None:
                binding.record.sure_until, binding.record.gone_from = state.now, NEVER

    def ask(self, state: AxeState, tone: str) -> None:
        """A prompt: wait for the next entry of the plan."""
        self.played.append(tone)
        place = len(self.collected)
        wait = self.longest = int(state.assumptions.choose("axe.collection_seconds"))
        if place < len(self.plan.digits) and self.plan.digits[place] and self.plan.digits_after <= self.longest:
            wait = self.plan.digits_after
        self.acts_at = state.now + wait
        leaves = self.plan.caller_hangs_up_after
        if leaves is None:
            return
        if self.placed_at + leaves == self.acts_at:
            raise Undecided("the caller hangs up in the second in which a collection ends")
        self.acts_at = min(self.acts_at, self.placed_at + leaves)

    def _end_collection(self, state: AxeState) -> None:
        leaves = self.plan.caller_hangs_up_after
        if leaves is not None and self.placed_at + leaves == state.now:
            self._give_up(state.now)
            return
        place = len(self.collected)
        planned = self.plan.digits[place] if place < len(self.plan.digits) else ""
        digits = planned if self.plan.digits_after <= self.longest else ""
        self.collected.append(digits)
        binding = self._entered_binding(state, digits)
        if binding is not None:
            self.extension = binding.extension
            self.forward(state, binding, binding.a, _rule_to_a(state, binding, len(self.collected)))
        elif len(self.collected) <= state.around.repeats and (digits or _silence_repeats(state)):
            self.ask(state, "wrong_extension" if digits else "extension_prompt")
        else:
            self._fail(state, digits)

    def _entered_binding(self, state: AxeState, digits: str) -> AxeBinding | None:
        """The binding of what was entered."""
        if len(digits) > state.around.digits:
            if state.assumptions.choose("axe.surplus_digits", "first", "wrong") == "wrong":
                return None
            digits = digits[: state.around.digits]
        if state.unbound_at.get((self.x, digits), -1) >= self.placed_at:
            # a call that came before the unbind "is connected normally", or its extension "is invalid"
            raise Undecided("an extension that was unbound while the caller was asked for it")
        binding = state.by_extension(self.x, digits) if digits else None
        if binding is not None and binding.expires_at == state.now:
            state.assumptions.choose("binding.expiry_instant", "gone", "alive")
        return binding

    def _fail(self, state: AxeState, digits: str) -> None:
        """The last attempt was in vain."""
        self.played.append("wrong_extension" if digits else "no_extension")
        wrong, empty = any(self.collected), not all(self.collected)
        if wrong and empty:
            assumptions = state.assumptions.any_of("axe.mixed_failures_cause", "last", "wrong_extension")
            last = WRONG if digits else EMPTY
            self.causes = frozenset(last if choice == "last" else WRONG for choice in assumptions)
            self.requirement = "AXE-OPEN-044"
        else:
            self.causes = frozenset((WRONG if wrong else EMPTY,))
            self.requirement = _rule_of_failure(state, self) if wrong else "AXE-CALL-105"
        self.acts_at = None
        self.end(state.now, self.causes)

    # ── put through ──────────────────────────────────────────────────────────────────────────────────────────────────

    def forward(self, state: AxeState, binding: AxeBinding, to: str, requirement: str) -> None:
        """Put it through to `to` by `binding`."""
        if not self.calls_back and binding.fields.get("displayNumMode") == "1":
            raise Undecided("how a call is intercepted that would show the real caller")
        self.requirement, self.acts_at = requirement, None
        passes = forward(state, self, binding, to, self.plan)
        self.forwarded_at = state.now
        if not passes:
            self._intercept_call(state, binding)
        if not passes or self.calls_back:
            return
        written = state.assumptions.any_of("axe.record_written", "transfer", "answer")
        if written == {"transfer"}:
            state.write_record(binding, self.caller)
        elif written == {"answer"}:
            self.acts_at = self.answered_at if self.answered_at != NEVER else None
        else:
            self.lose(state)

    def _intercept_call(self, state: AxeState, binding: AxeBinding) -> None:
        """The carrier lets it not pass.

        Whether the platform has transferred it, and writes a record, nobody says.
        """
        self.extension = None
        if not self.calls_back:
            before = binding.record.callers if binding.record is not None else frozenset()
            binding.record = Record(before | {self.caller}, state.now, state.now, FOREVER)

    def _record_answer(self, state: AxeState) -> None:
        """The callee answered, and the record is written by that."""
        self.acts_at = None
        binding = state.bindings.get(str(self.subscription_id))
        if binding is not None:
            state.write_record(binding, self.caller)


def _silence_repeats(state: AxeState) -> bool:
    return state.assumptions.choose("axe.repeats_of_silence", "yes", "no") == "yes"


def _rule_to_a(state: AxeState, binding: AxeBinding, attempts: int) -> str:
    """The requirement by which a call reaches A: the most special one."""
    if attempts > 1:
        return "AXE-CALL-107"
    if state.status.get(binding.x) == "11":
        return "AXE-CALL-004"
    if kind_of(binding.a) == "fixed_line":
        return "AXE-CALL-008"
    return "AXE-CALL-102" if len(state.on(binding.x)) > 1 else "AXE-CALL-101"


def _rule_of_failure(state: AxeState, call: AxeCall) -> str:
    """The requirement by which a wrong extension fails."""
    freed = state.freed.get((call.x, call.collected[-1]), "")
    if freed.startswith("AXE-LIFE"):
        return "AXE-CALL-104"
    return "AXE-UNBIND-007" if freed else "AXE-CALL-103"


# ── placing a call ───────────────────────────────────────────────────────────────────────────────────────────────────


def place(state: AxeState, caller: str, x: str, plan: AxePlan) -> AxeCall:
    """How a call that `caller` places to `x` now begins.

    Raises Undecided where the contract leaves it open.
    """
    call = AxeCall(caller, x, state.now, "AXE-CALL-101", plan=plan)
    binding = state.by_user(x, caller)
    fixed = kind_of(caller) == "fixed_line"
    if state.status.get(x) in {"9", "10"}:
        if binding is None and "extension" in state.assumptions.any_of(
            "axe.suspended_x_refusal", "dialling", "extension"
        ):
            raise Undecided("a caller who may be asked for an extension of a suspended X")
        causes = {SUSPENDED} | ({FIXED_LINE} if fixed else set()) | ({NO_RECORD} if binding else set())
        return _refuse(call, "AXE-CALL-003", state.now, *causes)
    if fixed:
        if binding is None and "extension" in state.assumptions.any_of(
            "axe.fixed_line_refusal", "dialling", "extension"
        ):
            raise Undecided("a fixed line that may be asked for an extension")
        return _refuse(call, "AXE-CALLBACK-109" if binding else "AXE-CALL-007", state.now, FIXED_LINE)
    if binding is not None:
        _call_back(state, call, binding)
        return call
    if not state.on(x):
        raise Undecided("whether a caller is asked for an extension where nothing is bound on X")
    call.ask(state, "extension_prompt")
    if call.acts_at == state.now:
        raise Undecided("the caller enters digits in the second of his call")
    if state.freed.get((x, caller)):
        call.requirement = "AXE-CALLBACK-110"
    return call


def _refuse(call: AxeCall, requirement: str, now: int, *causes: int) -> AxeCall:
    call.requirement = requirement
    call.end(now, frozenset(causes))
    return call


def _call_back(state: AxeState, call: AxeCall, binding: AxeBinding) -> None:
    """A calls X: latest caller, callbackNum, callbackTone, the setting.

    In this order; the setting is the application's, and nothing the last.
    """
    call.calls_back = True
    call.callin_user_data = binding.text("userData") or None
    record = state.living_record(binding)
    if record is not None:
        if len(record.callers) > 1:
            raise Undecided("who of those that called in one second is the latest")
        (caller,) = record.callers
        call.forward(state, binding, caller, "AXE-CALLBACK-101")
        state.refresh_record(binding)
        return
    none = "AXE-CALLBACK-108" if binding.record is not None else ""
    setting = state.around.no_record or {}
    number, tone = binding.text("callbackNum"), binding.text("callbackTone")
    if not (number or tone):
        number, tone = setting.get("transfer", ""), setting.get("play", "")
        none = none or ("AXE-CALLBACK-107" if setting else "AXE-CALLBACK-106")
    tone_alone = bool(number and tone) and binding.tone_alone
    if tone_alone and state.assumptions.choose("axe.modify_tone_beside_number", "number", "tone") == "tone":
        number, none = "", none or "AXE-OPEN-064"
    if number:
        rule = "AXE-OPEN-064" if tone_alone else "AXE-MODIFY-102" if tone else "AXE-CALLBACK-104"
        call.forward(state, binding, number, none or rule)
        return
    if tone:
        call.played.append(tone)
        causes = {int(cause) for cause in state.assumptions.any_of("axe.tone_cause", 8019, 0)}
        _refuse(call, none or "AXE-CALLBACK-105", state.now, *causes)
        return
    _refuse(call, none, state.now, NO_RECORD)
