"""Which of two faults an AXE bind names; changes on a blocked X."""

from __future__ import annotations

from itertools import combinations
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.probes.axe.fixtures import require_binding
from privnum.suites.probes.fixtures import code_or
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.checks.axe.scenarios import Binding
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []


class _Faulty:
    """Binds with any of the faults that axe.bind_faults names.

    On a full X, or on one with a single binding.
    """

    def __init__(self, context: CheckContext) -> None:
        self._context = context
        self._app = context.axe.one_digit_app
        everyone = [require_binding(context, app=self._app) for _ in range(9)]
        self._full = everyone[0]
        self._other = require_binding(context, x=context.axe.x(1, self._app), app=self._app)
        context.set_application(self._app, recording=False)

    def code(self, *faults: str) -> str:
        """The code of a bind with these faults."""
        there: Binding = self._full if "full" in faults else self._other
        self._context.set_number(there.x, "11" if "blocked" in faults else "5")
        fields: dict[str, Any] = {}
        if "recording" in faults:
            fields = {"recordFlag": "true", "recordHintTone": self._context.axe.tone()}
        if "display" in faults:
            fields["displayNumMode"] = "1"
        a = there.a if "user" in faults else self._context.user()
        extension = there.extension if "extension" in faults else None
        return code_or(self._context.axe.bind(a, there.x, extension, app=self._app, **fields), "accept")


@probe("axe.bind_faults", needs=("one_digit_extensions", "application_settings", "number_status"))
def bind_faults(context: CheckContext) -> str:
    """Binds with one fault, and with two of those with their own codes."""
    if len(context.axe.one_digit_app.numbers) < 2:
        raise CannotSettle("the application with extensions of one digit has one X")
    faulty = _Faulty(context)
    assumptions = [str(choice).split() for choice in contracts.assumptions()["axe.bind_faults"].values]
    single = {fault: faulty.code(fault) for fault in assumptions[0]}
    first: dict[tuple[str, str], str] = {}
    for pair in combinations(assumptions[0], 2):
        codes = [single[fault] for fault in pair]
        if "accept" in codes or codes[0] == codes[1]:
            continue
        named = faulty.code(*pair)
        first[pair] = next((fault for fault in pair if single[fault] == named), named)
    for order in assumptions:
        if all(fault in order and fault == min(pair, key=order.index) for pair, fault in first.items()):
            return " ".join(order)
    return ", ".join(f"{fault} of {' and '.join(pair)}" for pair, fault in first.items())
