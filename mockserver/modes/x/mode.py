"""X: the customer's server says of each call and SMS what becomes of it."""

from __future__ import annotations

from typing import Final

from privnum.mockserver.core.modes import Example, Handler, Mode
from privnum.mockserver.modes.x.calls import XCalls
from privnum.mockserver.modes.x.settings import AnswerSettings
from privnum.mockserver.modes.x.sms import XSms

__all__ = ["HANDLERS", "X"]

#: X has no operations of its own: nothing is bound.
HANDLERS: Final[dict[str, Handler]] = {}

_EXAMPLE: Final = Example(
    {
        "mode": "X",
        "app_key": "x-demo-key-000000000000000000001",
        "app_secret": "x-demo-secret-000000000000000001",
        "numbers": (
            {"number": "+8617000000041", "area_code": "0755"},
            {"number": "+8617000000042", "area_code": "010"},
        ),
        "callin_answer": {"body": {"operation": "connect", "connectInfo": {"calleeNum": "+8613900000002"}}},
        "sms_verdict": {"actions": [{"operation": "vNumberRoute", "message": {"called": "+8613900000002"}}]},
    },
    bind="",
    hint="the built-in inbox answers callin, and connects the caller to +8613900000002 (callin_answer). With an "
    "event_url of your own your server is asked. So is it of SMS: sms_verdict, sms_control_url.",
)

X: Final = Mode("X", HANDLERS, XCalls(), _EXAMPLE, AnswerSettings, sms=XSms())
