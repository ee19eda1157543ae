"""SMS of X: what becomes of userData in a verdict."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.sms.notices import notices
from privnum.suites.checks.sms.verdicts import route
from privnum.suites.checks.x.sms_profile import XSms
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []


@probe("x.sms_user_data", needs=("sms", "receiver", "clock"))
def sms_user_data(context: CheckContext) -> str:
    """The Notify of an SMS whose verdict has a userData."""
    sender, x = XSms(context).asked_sender()
    context.x.answers_sms(sender, route(context.user(), userData="case-7"))
    found = notices(context, XSms(context).wait_until_decided(context.sms(sender, x, "hello")))
    if not found:
        raise CannotSettle("an SMS brought no Notify")
    came = found[0].get("userData")
    return {"case-7": "echoed", None: "ignored", "": "ignored"}.get(came, f"userData {came!r}")
