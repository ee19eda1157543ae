"""AXYB: A sees Y and B sees X.

A is bound to an X first, then each B, or who calls X, to a Y.
"""

from __future__ import annotations

from typing import Final

from privnum.mockserver.core.modes import Example, Handler, Mode
from privnum.mockserver.modes.axyb import bind, query, unbind
from privnum.mockserver.modes.axyb.calls import AXYBCalls

__all__ = ["AXYB", "HANDLERS"]

HANDLERS: Final[dict[str, Handler]] = {
    "axyb.bind": bind.HANDLER,
    "axyb.unbind": unbind.HANDLER,
    "axyb.query": query.HANDLER,
}

_EXAMPLE: Final = Example(
    {
        "mode": "AXYB",
        "app_key": "axyb-demo-key-000000000000000001",
        "app_secret": "axyb-demo-secret-000000000000001",
        "numbers": (
            {"number": "+8617000000031", "area_code": "0755"},
            {"number": "+8617000000032", "area_code": "0755"},
            {"number": "+8617000000033", "area_code": "010"},
        ),
    },
    bind='{"origNum":"+8613800000001","areaCode":"0755"}',
    hint="a caller of the relationNumber of the answer reaches A. Bind B with its subscriptionId to give him a Y.",
    query="app_key={app_key}",
)

AXYB: Final = Mode("AXYB", HANDLERS, AXYBCalls(), _EXAMPLE, before_call=bind.give_y, shown=query.shown_binding)
