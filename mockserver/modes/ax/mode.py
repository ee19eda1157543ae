"""AX: anyone reaches A through X.

A calls out through X to a temporary callee.
"""

from __future__ import annotations

from typing import Final

from privnum.mockserver.core.modes import Example, Handler, Mode
from privnum.mockserver.modes.ax import bind, callee, modify, query, unbind
from privnum.mockserver.modes.ax.calls import AXCalls
from privnum.mockserver.modes.ax.sms import AXSms

__all__ = ["AX", "HANDLERS"]

HANDLERS: Final[dict[str, Handler]] = {
    "ax.bind": bind.HANDLER,
    "ax.unbind": unbind.HANDLER,
    "ax.modify": modify.HANDLER,
    "ax.query": query.HANDLER,
    "ax.set_callee": callee.HANDLER,
}

_EXAMPLE: Final = Example(
    {
        "mode": "AX",
        "app_key": "ax-demo-key-00000000000000000001",
        "app_secret": "ax-demo-secret-00000000000000001",
        "numbers": (
            {"number": "+8617000000021", "area_code": "0755"},
            {"number": "+8617000000022", "area_code": "0755"},
            {"number": "+8617000000023", "area_code": "010"},
        ),
    },
    bind='{"origNum":"+8613800000001","privateNum":"{x}"}',
    hint="""\
who calls {x} then reaches +8613800000001. For a call of his own PUT
{"privateNum":"{x}","calleeNum":"+8613900000002"} to {url}/rest/caas/privatenumber/calleenumber/v1.0 first.""",
)

AX: Final = Mode("AX", HANDLERS, AXCalls(), _EXAMPLE, sms=AXSms(), shown=query.shown_binding)
