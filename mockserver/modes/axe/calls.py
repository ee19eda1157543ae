"""AXE: who reaches whom by a call to X.

The rules stand in CALL_TABLE and ENTRY_TABLE.
"""

from __future__ import annotations

from functools import partial
from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NO_CALLS
from privnum.mockserver.core.modes import BindingSnapshot, Collect, Connect, DigitsDecision, Reject
from privnum.mockserver.modes.axe.bindings import extensions_of
from privnum.mockserver.modes.axe.settings import settings_of
from privnum.mockserver.modes.axe.times import record
from privnum.mockserver.modes.call_table import ANY, first_fit, state_of
from privnum.mockserver.modes.parameters import can_be_called

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Decision
    from privnum.mockserver.modes.axe.bindings import Extension

__all__ = ["CALL_TABLE", "ENTRY_TABLE", "AXECalls", "EntryRule"]


class CallRule(NamedTuple):
    """One row of the table: a situation, and what becomes of a call in it.

    None fits everything.

    `x` is "open", "closed" (status 9 or 10) or "frozen" (its tenant is), `caller` a kind of number, `role` "A" where
    the caller has an extension on X, else "N"; `record` whether A has a call-back record, `binding` and `app` what is
    set for the case that he has none. `outcome` is what is done, or the release cause.
    """

    x: str | None
    caller: str | None
    role: str | None
    record: str | None
    binding: str | None
    app: str | None
    outcome: str | int
    rule: str


#: What becomes of a call to X. The first row that fits counts.
CALL_TABLE: Final = (
    #        X         caller        role  record binding   app         outcome                 rule
    CallRule("frozen", ANY,         ANY, ANY,  ANY,     ANY,       7108,                   "AXE-CALL-002"),
    CallRule("closed", ANY,         ANY, ANY,  ANY,     ANY,       8055,                   "AXE-CALL-003"),
    CallRule("open",   "fixed_line", "A",  ANY,  ANY,     ANY,       8023,                   "AXE-CALLBACK-109"),
    CallRule("open",   "fixed_line", "N",  ANY,  ANY,     ANY,       8023,                   "AXE-CALL-007"),
    CallRule("open",   ANY,         "N",  ANY,  ANY,     ANY,       "collect digits",       "AXE-CALL-101"),
    CallRule("open",   ANY,         "A",  "yes", ANY,     ANY,       "connect last caller",  "AXE-CALLBACK-101"),
    CallRule("open",   ANY,         "A",  "no",  "number", ANY,       "connect callbackNum",  "AXE-CALLBACK-104"),
    CallRule("open",   ANY,         "A",  "no",  "tone",   ANY,       "play callbackTone",    "AXE-CALLBACK-105"),
    CallRule("open",   ANY,         "A",  "no",  "none",   "transfer", "connect app's number", "AXE-CALLBACK-107"),
    CallRule("open",   ANY,         "A",  "no",  "none",   "play",     "play app's tone",      "AXE-CALLBACK-107"),
    CallRule("open",   ANY,         "A",  "no",  "none",   "none",     8019,                   "AXE-CALLBACK-106"),
)  # fmt: skip


class EntryRule(NamedTuple):
    """One row of the table.

    What was entered at a prompt, and what becomes of the call. None fits everything.

    `entry` is "bound", "wrong" or "none", `shown` the binding's displayNumMode ("0" or "1"), `again` whether another
    prompt is left. `play` is what the caller hears; without a release cause he is asked again, or put through.
    """

    entry: str | None
    shown: str | None
    again: str | None
    play: str | None
    cause: int | None
    rule: str


#: What becomes of a call when a collection is over. The first row that fits counts.
ENTRY_TABLE: Final = (
    #         entry    shown again  play                cause  rule
    EntryRule("bound", "0",  ANY,  None,               None,  "AXE-CALL-102"),
    EntryRule("bound", "1",  ANY,  None,               8024,  "AXE-OPEN-015"),
    EntryRule("wrong", ANY, "yes", "wrong_extension",  None,  "AXE-CALL-107"),
    EntryRule("wrong", ANY, "no",  "wrong_extension",  8022,  "AXE-CALL-103"),
    EntryRule("none",  ANY, "yes", "extension_prompt", None,  "AXE-OPEN-043"),
    EntryRule("none",  ANY, "no",  "no_extension",     8033,  "AXE-CALL-105"),
)  # fmt: skip


_NO_EXTENSION: Final = "no_extension"


_PROMPT: Final = "extension_prompt"


_WRONG_EXTENSION: Final = 8022


_FIXED_LINE: Final = 8023


_SUSPENDED: Final = 8055


#: direction of the CDR (AXE-CDR-004).
_TO_A: Final = 0


_ABNORMAL: Final = 2


class AXECalls:
    """Calls of AXE: the decisions stand in CALL_TABLE and ENTRY_TABLE."""

    service_type = "005"
    collects = True
    callin_names_binding = False
    callin_user_data: str | None = "axe.callin_user_data"
    asks = False
    ends_calls_to_nobody = True

    def route(self, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        """Decide what becomes of a call from `caller` to `x`.

        AXE-CALL-101, AXE-CALLBACK-101.
        """
        held = extensions_of(x)
        a = held.by_user.get(caller) if held else None
        last = a.caller_at(now_ms) if a else None
        situation = (
            state_of(x),
            numbers.kind(caller),
            "N" if a is None else "A",
            "no" if last is None else "yes",
            _set_for_no_record(a),
            next(iter(settings_of(x.app).no_record or ("none",))),
        )
        outcome = first_fit(CALL_TABLE, situation).outcome
        if a is not None:
            return _answer_to_a(assumptions, a, last, outcome)
        direction = assumptions.number("axe.cdr_direction_without_extension")
        if isinstance(outcome, int) and not _asked_first(assumptions, outcome):
            return Reject(outcome, direction)
        return Collect(_PROMPT, direction, partial(_decide_by_digits, assumptions, x, caller))


def _terms(extension: Extension) -> BindingSnapshot:
    recorded, announced = extension.record is True, bool(extension.record_tone)
    return BindingSnapshot(
        extension.subscription_id,
        extension.user_data,
        record=recorded,
        announced=announced,
        extension=extension.digits,
    )


def _set_for_no_record(a: Extension | None) -> str:
    """Return what the binding says of a call-back without a record.

    callbackNum wins (AXE-MODIFY-102, AXE-OPEN-064).
    """
    if a is None:
        return "none"
    if a.tone_first and a.callback_tone:
        return "tone"
    return "number" if a.callback_num else "tone" if a.callback_tone else "none"


def _answer_to_a(assumptions: Assumptions, a: Extension, last: str | None, outcome: str | int) -> Connect | Reject:
    """Connect A, play a tone to him, or end his call."""
    set_by_app = settings_of(a.x.app).no_record or {}
    to = {
        "connect last caller": last,
        "connect callbackNum": a.callback_num,
        "connect app's number": set_by_app.get("transfer"),
    }.get(str(outcome))
    direction = assumptions.number("axe.cdr_direction_of_callback")
    if to is not None:
        renews = to == last and assumptions["axe.callback_refreshes_record"] == "yes"
        on_forward = partial(_renew_record, assumptions, a, to) if renews else None
        return Connect(to, a.x.number, direction, _terms(a), put_through=on_forward)
    if assumptions["cdr.direction_of_refused"] == "abnormal":
        direction = _ABNORMAL
    if isinstance(outcome, int):
        return Reject(outcome, direction, _terms(a))
    tone = a.callback_tone if outcome == "play callbackTone" else set_by_app.get("play")
    return Reject(assumptions.number("axe.tone_cause"), direction, _terms(a), play=tone)


def _decide_by_digits(assumptions: Assumptions, x: XNumber, caller: str, entries: tuple[str, ...]) -> DigitsDecision:
    """Decide by what was entered at each prompt so far.

    AXE-CALL-101, AXE-CALL-102, AXE-CALL-103, AXE-CALL-104, AXE-CALL-105, AXE-CALL-106, AXE-CALL-107.
    """
    digits = _digits(assumptions, x, entries[-1])
    held = extensions_of(x)
    a = held.by_digits.get(digits) if held else None
    situation = (
        "bound" if a else "wrong" if digits else "none",
        None if a is None else str(a.display or 0),
        "yes" if _asked_again(assumptions, x, entries) else "no",
    )
    _, _, _, play, cause, _ = first_fit(ENTRY_TABLE, situation)
    if a is not None:
        against = {_SUSPENDED: x.status in NO_CALLS, _FIXED_LINE: numbers.kind(caller) == "fixed_line"}
        cause = next((why for why, holds in against.items() if holds and _asked_first(assumptions, why)), cause)
        if cause is None and not can_be_called(a.a):
            cause = _WRONG_EXTENSION  # a bind of no effect (numbers.service_user)
        return DigitsDecision(digits, _answer_to_n(assumptions, a, caller, cause))
    direction = _ABNORMAL if any(entries) else assumptions.number("axe.cdr_direction_without_extension")
    if cause is None:
        return DigitsDecision(
            digits, Collect(play or _PROMPT, direction, partial(_decide_by_digits, assumptions, x, caller))
        )
    if any(entries) and assumptions["axe.mixed_failures_cause"] == "wrong_extension":
        cause = _WRONG_EXTENSION
    entered = _digits_for_cdr(assumptions, x, entries) if cause == _WRONG_EXTENSION else None
    if play == _NO_EXTENSION:
        play = assumptions.text("axe.no_extension_announcement")
    return DigitsDecision(digits, Reject(cause, direction, extension=entered, play=play))


def _asked_first(assumptions: Assumptions, cause: int) -> bool:
    """Whether a refused caller is asked for an extension before.

    That depends on the cause (AXE-OPEN-052, AXE-OPEN-054).
    """
    asked = {_FIXED_LINE: "axe.fixed_line_refusal", _SUSPENDED: "axe.suspended_x_refusal"}.get(cause)
    return asked is not None and assumptions[asked] == "extension"


def _answer_to_n(assumptions: Assumptions, a: Extension, caller: str, cause: int | None) -> Connect | Reject:
    """Put a caller through to A, or end his call."""
    if cause is not None:
        return Reject(cause, _TO_A, _terms(a), a.digits)
    return Connect(a.a, a.x.number, _TO_A, _terms(a), a.digits, partial(_write_record, assumptions, a, caller))


def _digits(assumptions: Assumptions, x: XNumber, entry: str) -> str:
    """Return what is collected of an entry (AXE-OPEN-045)."""
    return entry[: settings_of(x.app).extension_digits] if assumptions["axe.surplus_digits"] == "first" else entry


def _asked_again(assumptions: Assumptions, x: XNumber, entries: tuple[str, ...]) -> bool:
    """Return whether there is another prompt (AXE-CALL-107, AXE-OPEN-043)."""
    if not entries[-1] and assumptions["axe.repeats_of_silence"] == "no":
        return False
    return len(entries) <= settings_of(x.app).repeat_collections


def _digits_for_cdr(assumptions: Assumptions, x: XNumber, entries: tuple[str, ...]) -> str | None:
    """Return what the CDR says of a wrong extension.

    The last one, as far as the field can hold it (AXE-OPEN-048).
    """
    if assumptions["axe.cdr_extension_of_failed"] != "present":
        return None
    digits = next(entry for entry in reversed(entries) if entry)[: settings_of(x.app).extension_digits]
    return digits if digits.isdecimal() else None


def _write_record(assumptions: Assumptions, a: Extension, caller: str, moment: str, now_ms: int) -> None:
    """Remember the latest caller who was put through to A.

    AXE-CALLBACK-102, AXE-OPEN-022.
    """
    if moment == assumptions["axe.record_written"]:
        a.last_call = record(assumptions, a, caller, now_ms)


def _renew_record(assumptions: Assumptions, a: Extension, caller: str, moment: str, now_ms: int) -> None:
    """Let the record of a caller begin anew (AXE-OPEN-023).

    Not where another has called since.
    """
    if a.last_call is not None and a.last_call.caller == caller:
        _write_record(assumptions, a, caller, moment, now_ms)
