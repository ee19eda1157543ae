"""Waiting for the notices of an SMS."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

from privnum.suites.callbacks.completion import deduplicate
from privnum.suites.checks.assertions import PATIENCE

if TYPE_CHECKING:
    from privnum.suites.callbacks.inbox import Push
    from privnum.suites.driver.protocol import SmsView
    from privnum.suites.runner.context import CheckContext

__all__ = ["about", "count_notices", "extra", "notices"]

Kind = Literal["sms_notify", "sms_block"]


def about(context: CheckContext, sms: SmsView, kind: Kind = "sms_notify") -> list[Push]:
    """The pushes of that kind about an SMS that have come so far.

    Repeats and copies are among them.
    """
    pushes = context.pushes()
    return [push for push in pushes if push.kind == kind and push.sms.get("smsIdentifier") == sms.identifier]


def notices(context: CheckContext, sms: SmsView, kind: Kind = "sms_notify") -> list[dict[str, Any]]:
    """What notices of that kind say of an SMS, each message once.

    Time passes until there is one, at most PATIENCE seconds.
    """
    for _ in range(PATIENCE):
        if about(context, sms, kind):
            break
        context.advance(1)
    return [push.sms for push in deduplicate(about(context, sms, kind))]


def count_notices(context: CheckContext, sms: SmsView, kind: Kind = "sms_notify", seconds: int = PATIENCE) -> int:
    """How many notices of that kind come of an SMS within that time.

    Copies of one instant, which come together, count once; what says the same at another instant counts again.
    """
    notices(context, sms, kind)
    first = about(context, sms, kind)
    context.advance(seconds)
    later = about(context, sms, kind)[len(first) :]
    return len(deduplicate(first)) + len(later)


def extra(event: dict[str, Any], key: str) -> str | None:
    """A value of a notice's extInfo (splitNum, direction), if it is there."""
    info = event.get("extInfo")
    paras = info.get("extParas") if isinstance(info, dict) else None
    found = [p.get("value") for p in paras if isinstance(p, dict) and p.get("key") == key] if paras else []
    return str(found[0]) if found else None
