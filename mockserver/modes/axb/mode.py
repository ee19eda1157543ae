"""AXB: A and B reach each other through X."""

from __future__ import annotations

from typing import Final

from privnum.mockserver.core.modes import Example, Handler, Mode
from privnum.mockserver.modes.axb import bind, modify, query, unbind
from privnum.mockserver.modes.axb.calls import AXBCalls
from privnum.mockserver.modes.axb.sms import AXBSms

__all__ = ["AXB", "HANDLERS"]

HANDLERS: Final[dict[str, Handler]] = {
    "axb.bind": bind.HANDLER,
    "axb.unbind": unbind.HANDLER,
    "axb.modify": modify.HANDLER,
    "axb.query": query.HANDLER,
}

_EXAMPLE: Final = Example(
    {
        "mode": "AXB",
        "app_key": "axb-demo-key-0000000000000000001",
        "app_secret": "axb-demo-secret-0000000000000001",
        "numbers": (
            {"number": "+8617000000001", "area_code": "0755"},
            {"number": "+8617000000002", "area_code": "0755"},
            {"number": "+8617000000003", "area_code": "010"},
            {"number": "+8617000000004", "area_code": "021"},
        ),
    },
    bind='{"callerNum":"+8613800000001","calleeNum":"+8613900000002","relationNum":"{x}"}',
    hint="either of them calls {x} and reaches the other.",
)

AXB: Final = Mode("AXB", HANDLERS, AXBCalls(), _EXAMPLE, sms=AXBSms(), shown=query.shown_binding)
