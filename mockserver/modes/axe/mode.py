"""AXE: anybody reaches A through X and A's extension.

A dials X and reaches who called him last.
"""

from __future__ import annotations

from typing import Final

from privnum.mockserver.core.modes import Example, Handler, Mode
from privnum.mockserver.modes.axe import bind, modify, query, unbind
from privnum.mockserver.modes.axe.calls import AXECalls
from privnum.mockserver.modes.axe.settings import ExtensionSettings

__all__ = ["AXE", "HANDLERS"]

HANDLERS: Final[dict[str, Handler]] = {
    "axe.bind": bind.HANDLER,
    "axe.unbind": unbind.HANDLER,
    "axe.modify": modify.HANDLER,
    **query.HANDLERS,
}

_EXAMPLE: Final = Example(
    {
        "mode": "AXE",
        "app_key": "axe-demo-key-0000000000000000001",
        "app_secret": "axe-demo-secret-0000000000000001",
        "numbers": (
            {"number": "+8617000000011", "area_code": "0755"},
            {"number": "+8617000000012", "area_code": "010"},
        ),
        "extension_digits": 4,
        "repeat_collections": 2,
    },
    bind='{"bindNum":"+8613800000001","virtualNum":"{x}"}',
    hint='a caller of {x} then enters the extendNum of the answer: add "digits":"<extendNum>" to the call.',
)

AXE: Final = Mode("AXE", HANDLERS, AXECalls(), _EXAMPLE, ExtensionSettings, shown=query.shown_binding)
