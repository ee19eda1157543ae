"""Seeded bugs of SMS that are not forwarded."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import numbers
from privnum.mockserver.core.applications import NO_CALLS, SmsRules
from privnum.mockserver.modes.ax import sms as ax_sms
from privnum.mockserver.modes.axb import sms as axb_sms
from privnum.mockserver.sms import engine
from privnum.mockserver.sms.engine import SmsEngine
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, set_entry, together, wrap
from privnum.suites.mutation.operators.sms import change_event, drop_row, result_of_row, set_extra

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.modes.bindings import DirectedBinding
    from privnum.mockserver.sms.message import Sms
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS"]

FROZEN, TRIAL, SUSPENDED, APPLICATION, NUMBER, BLACKLIST = "tenant", "trial", "x", "app", "number", "blacklist"
NOT_MOBILE, KEYWORD, FORBIDDEN = "line", "keyword", "word"
"""The server's words for what stands against an SMS."""


def _say_of_failure(event: dict[str, Any]) -> None:
    """Name X as the receiver of what nobody received."""
    if event["sendResult"] and "called" not in event:
        event["called"] = event["virtualNumber"]


def _count_failure(event: dict[str, Any]) -> None:
    if event["sendResult"]:
        set_extra(event, "splitNum", "1")


def _no_failures(right: Any, box: SmsEngine, sms: Sms, result: Any, *given: Any, **more: Any) -> None:
    """Push no Notify of an SMS that was not sent."""
    app = sms.x.app
    url, app.sms_notify_url = app.sms_notify_url, app.sms_notify_url if result == 0 else None
    try:
        right(box, sms, result, *given, **more)
    finally:
        app.sms_notify_url = url


def _private(refused: Callable[[DirectedBinding], str | None]) -> Operator:
    """Read privateSms otherwise, in every mode."""
    return together(
        replace(ax_sms, "refused_by_binding", refused),
        replace(axb_sms, "refused_by_binding", refused),
    )


def _ignore(_binding: DirectedBinding) -> None:
    return None


def _absent_is_false(binding: DirectedBinding) -> str | None:
    return None if binding.private_sms else "sms.private_sms_off"


def _is_suspended(sms: Sms) -> bool:
    return sms.x.status == "9"


def _any_status(sms: Sms) -> bool:
    return sms.x.status in {*NO_CALLS, "11"}


def _row(word: str, stands: Callable[[Sms], bool]) -> Operator:
    _, result, rule = engine._AGAINST[word]
    return set_entry(engine._AGAINST, word, (stands, result, rule))


def _first_word(right: Any, rules: SmsRules, text: str) -> bool:
    """Forbid the first word alone."""
    return bool(right(rules._replace(forbidden=rules.forbidden[:1]), text))


def _send_anywhere(right: Any, box: SmsEngine, sms: Sms, to: str, text: str, now_ms: int) -> None:
    """Send to fixed lines, too."""
    if numbers.kind(to) == "mobile":
        right(box, sms, to, text, now_ms)
    else:
        sms.delivered_to, sms.delivered_text = to, text
        box._end(sms, 0, now_ms, sent=1)


def _no_binding(result: int) -> Operator:
    return together(replace(ax_sms, "_NO_BINDING", result), replace(axb_sms, "_NO_BINDING", result))


BUGS = (
    Bug("sms-failure-untold", "SMS-009", "A failed SMS is not reported.", wrap(SmsEngine, "_end", _no_failures)),
    Bug("sms-failure-received", "SMS-009", "A failed SMS has a receiver.", change_event(_say_of_failure)),
    Bug("sms-failure-counted", "SMS-009", "A failed SMS has parts.", change_event(_count_failure)),
    Bug("sms-no-binding-11", "SMS-010", "Without a binding the result is 11.", _no_binding(11)),
    Bug("sms-suspended-goes", "SMS-011", "A suspended X carries SMS.", drop_row(SUSPENDED)),
    Bug("sms-unavailable-goes", "SMS-011", "An unavailable X carries SMS.", _row(SUSPENDED, _is_suspended)),
    Bug("sms-suspended-2", "SMS-011", "Of a suspended X the result is 2.", result_of_row(SUSPENDED, 2)),
    Bug("sms-frozen-x", "SMS-012", "An X frozen for binding carries no SMS.", _row(SUSPENDED, _any_status)),
    Bug("sms-frozen-tenant-goes", "SMS-013", "A frozen tenant has SMS.", drop_row(FROZEN)),
    Bug("sms-frozen-tenant-3", "SMS-013", "Of a frozen tenant the result is 3.", result_of_row(FROZEN, 3)),
    Bug("sms-number-without", "SMS-014", "A number without SMS carries them.", drop_row(NUMBER)),
    Bug("sms-number-without-3", "SMS-014", "Of a number without SMS the result is 3.", result_of_row(NUMBER, 3)),
    Bug("sms-private-ignored", "SMS-015", "privateSms is ignored.", _private(_ignore)),
    Bug("sms-private-asked", "SMS-015", "Without privateSms there are no SMS.", _private(_absent_is_false)),
    Bug("sms-application-without", "SMS-015", "An application without SMS has them.", drop_row(APPLICATION)),
    Bug("sms-part-as-whole", "SMS-022", "What was sent in part has 0.", set_entry(engine._NETWORK, "partly", 0)),
    Bug("sms-failed-5", "SMS-022", "What the network failed to send has 5.", set_entry(engine._NETWORK, "fails", 5)),
    Bug(
        "sms-broken-10", "SMS-022", "What the platform failed to send has 10.", set_entry(engine._NETWORK, "breaks", 10)
    ),
    Bug("sms-to-fixed-line", "SMS-024", "A fixed line gets SMS.", wrap(SmsEngine, "_send", _send_anywhere)),
    Bug("sms-of-fixed-line", "SMS-024", "A fixed line sends SMS.", drop_row(NOT_MOBILE)),
    Bug("sms-blacklisted", "SMS-023", "The blacklist is ignored.", drop_row(BLACKLIST)),
    Bug("sms-trial", "SMS-023", "A trial application has SMS.", drop_row(TRIAL)),
    Bug("sms-keyword", "SMS-023", "The keyword is not asked for.", drop_row(KEYWORD)),
    Bug("sms-forbidden", "SMS-023", "No word is forbidden.", drop_row(FORBIDDEN)),
    Bug("sms-first-word", "SMS-023", "Only the first word is forbidden.", wrap(SmsRules, "forbids", _first_word)),
    Bug("sms-keyword-13", "SMS-023", "Without the keyword the result is 13.", result_of_row(KEYWORD, 13)),
    Bug("sms-forbidden-12", "SMS-023", "Of a forbidden word the result is 12.", result_of_row(FORBIDDEN, 12)),
    Bug("sms-blacklisted-13", "SMS-023", "Of the blacklist the result is 13.", result_of_row(BLACKLIST, 13)),
    Bug("sms-trial-1", "SMS-023", "Of a trial application the result is 1.", result_of_row(TRIAL, 1)),
)
