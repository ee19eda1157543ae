"""Extensions that look alike.

The beginning of another, one digit apart, the same number with leading zeros.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import cdr_of, claim_refusal, claim_success
from privnum.suites.checks.axe.scenarios import (
    GONE,
    PROMPTS,
    answered_call,
    bind_users,
    claim_caller_refused,
    claim_reaches,
    claim_unchanged,
    info_of,
)
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "clock")


def digits_of(context: CheckContext) -> int:
    """How many digits an extension has.

    Raises NotExercised where one has no beginning.
    """
    digits = context.axe.app.extension_digits
    if digits == 1:
        raise NotExercised("an extension of one digit has no beginning that it shares with another")
    return digits


def with_zeros(context: CheckContext) -> str:
    """An extension that begins with zeros."""
    return "12".rjust(digits_of(context), "0") if digits_of(context) > 2 else "02"


def shorter(extension: str) -> list[str]:
    """What is less than the extension.

    Its beginnings, its ends, it without its zeros.
    """
    parts = {extension[:end] for end in range(1, len(extension))} | {extension[at:] for at in range(1, len(extension))}
    return sorted(parts | {extension.lstrip("0")} - {extension, ""})


def neighbours(extension: str) -> list[str]:
    """Extensions that differ from it in one digit, or in their order.

    They have the same length.
    """
    other = {digit: "7" if digit != "7" else "8" for digit in "0123456789"}
    found = {extension[:at] + other[digit] + extension[at + 1 :] for at, digit in enumerate(extension)}
    found |= {extension[::-1], extension[1:] + extension[:1]}
    return sorted(text for text in found if text != extension and int(text))


def bound_twice(context: CheckContext) -> tuple[Binding, Binding]:
    """A binding with leading zeros in its extension, and one without.

    Neither is a neighbour of the other.
    """
    plain = "1234"[: digits_of(context)]
    return bind_users(context, extension=with_zeros(context), by="AXE-BIND-101"), bind_users(context, extension=plain)


@check("AXE-CALL-103", "AXE-CALL-102", needs=NEEDS)
def test_what_is_less_reaches_nobody(context: CheckContext) -> None:
    """A part of an extension reaches nobody and ends with 8022.

    Its beginning, its end, or it without its zeros.
    """
    caller = context.user()
    for binding in bound_twice(context):
        for digits in shorter(binding.extension):
            claim_caller_refused(context, "AXE-CALL-103", caller, binding.x, 8022, digits=[digits] * PROMPTS)
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding, caller))


@check("AXE-CALL-103", needs=NEEDS)
def test_one_digit_apart_reaches_nobody(context: CheckContext) -> None:
    """An extension that is nearly right ends with 8022.

    It differs in one digit, or in the order of digits.
    """
    pair, caller = bound_twice(context), context.user()
    taken = {binding.extension for binding in pair}
    for binding in pair:
        for digits in neighbours(binding.extension):
            if digits not in taken:
                claim_caller_refused(context, "AXE-CALL-103", caller, binding.x, 8022, digits=[digits] * PROMPTS)


@check("AXE-BIND-101", "AXE-CALL-102", needs=NEEDS)
def test_neighbours_are_bound_side_by_side(context: CheckContext) -> None:
    """Neighbouring extensions are bound on one X; each reaches its own A.

    They differ in one digit, or in the order of digits.
    """
    first, _ = bound_twice(context)
    near = [bind_users(context, x=first.x, extension=text, by="AXE-BIND-101") for text in neighbours(first.extension)]
    caller = context.user()
    for binding in (first, *near):
        context.claim("AXE-BIND-101", len(binding.extension) == len(first.extension), f"came {binding.extension}")
        context.hang_up(claim_reaches(context, "AXE-CALL-102", binding, caller))


def _selects_nothing(requirement: str, ask: Callable[[CheckContext, dict[str, str]], Answer]) -> Any:
    @check(requirement)
    def selects(context: CheckContext) -> None:
        """X with an unbound extension that is like a bound one selects nothing."""
        pair = bound_twice(context)
        taken = {binding.extension for binding in pair}
        with claim_unchanged(context, requirement, *pair):
            for binding in pair:
                for digits in neighbours(binding.extension):
                    if digits not in taken:
                        answer = ask(context, {"virtualNum": binding.x, "extendNum": digits})
                        claim_refusal(context, requirement, answer, f"a request by {digits}", GONE)
                for digits in shorter(binding.extension):  # of a wrong length: another code would do
                    answer = ask(context, {"virtualNum": binding.x, "extendNum": digits})
                    claim_refusal(context, requirement, answer, f"a request by {digits}")

    return selects


test_a_query_by_what_is_alike = _selects_nothing("AXE-QUERY-005", lambda b, by: b.axe.query(**by))
test_an_unbind_by_what_is_alike = _selects_nothing("AXE-UNBIND-004", lambda b, by: b.axe.unbind(**by))
test_a_modify_by_what_is_alike = _selects_nothing(
    "AXE-MODIFY-002", lambda b, by: b.axe.modify(**by, callbackExpiredTime=7)
)


@check("AXE-QUERY-101", "AXE-BIND-101")
def test_zeros_are_shown(context: CheckContext) -> None:
    """An extension is answered and shown with its leading zeros."""
    wanted = with_zeros(context)
    binding = bind_users(context, extension=wanted, by="AXE-BIND-101")
    context.claim("AXE-BIND-101", binding.extension == wanted, f"bind: expected {wanted}, came {binding.extension}")
    info = info_of(context, "AXE-QUERY-101", binding, virtualNum=binding.x, extendNum=wanted)
    came = info.get("extendNum") or wanted
    context.claim("AXE-QUERY-101", came == wanted, f"query shows extendNum: expected {wanted!r}, came {came!r}")


@check("AXE-EVENT-102", needs=(*NEEDS, "receiver"))
def test_zeros_are_in_the_event(context: CheckContext) -> None:
    """DigitInfo, where it is pushed, has the zeros that were entered."""
    binding = bind_users(context, extension=with_zeros(context), by="AXE-BIND-101")
    call = answered_call(context, binding)
    came = [push.info.get("digitInfo") for push in context.events(call) if push.event_type == "collectInfo"]
    ok = bool(came) and set(came) <= {binding.extension, None}  # the field is not mandatory
    context.claim("AXE-EVENT-102", ok, f"digitInfo: expected {binding.extension}, came {came}")


@check("AXE-CDR-101", needs=(*NEEDS, "receiver"))
def test_zeros_are_in_the_cdr(context: CheckContext) -> None:
    """The CDR has the extension with its zeros."""
    binding = bind_users(context, extension=with_zeros(context), by="AXE-BIND-101")
    cdr = cdr_of(context, answered_call(context, binding), "AXE-CDR-001")
    came = {cdr[name] for name in ("extendNumber", "extendNum") if cdr.get(name)}
    context.claim("AXE-CDR-101", came == {binding.extension}, f"CDR: expected {binding.extension}, came {came}")


@check("AXE-CALL-107", needs=(*NEEDS, "application_settings"))
def test_each_entry_stands_alone(context: CheckContext) -> None:
    """What was entered before is no part of the next entry.

    Be it the beginning of an extension or a wrong one.
    """
    context.set_application(context.axe.app, repeat_collections=1)
    binding = bound_twice(context)[1]
    half = len(binding.extension) // 2
    caller = context.user()
    parts = [binding.extension[:half], binding.extension[half:]]
    claim_caller_refused(context, "AXE-CALL-107", caller, binding.x, 8022, digits=parts)
    for first in (parts[0], neighbours(binding.extension)[0]):
        call = context.call(context.user(), binding.x, digits=[first, binding.extension])
        context.advance(6)
        reached = context.look(call).forwarded_to
        context.claim("AXE-CALL-107", reached == binding.a, f"after {first}: expected {binding.a}, reached {reached}")
        context.hang_up(call)
        claim_success(context, "AXE-QUERY-001", context.axe.query(subscriptionId=binding.sub), "query")
