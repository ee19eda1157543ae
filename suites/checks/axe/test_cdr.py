"""AXE's own in CDRs: the extension."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.axe.call_profile import EXTENSION, AxeCalls
from privnum.suites.checks.axe.scenarios import bind_users
from privnum.suites.runner.check import check

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


@check("AXE-CDR-101", needs=("calls", "receiver", "clock"))
def test_the_extension(context: CheckContext) -> None:
    """The CDR of a call to A has the extension with its leading zeros.

    Answered or not.
    """
    calls = AxeCalls(context)
    for binding in (bind_users(context, extension=f"{7:0{context.axe.app.extension_digits}d}"), bind_users(context)):
        for behaviour in ("answer", "busy"):
            cdr = calls.cdr(calls.completed_call(calls.to_a(binding), behaviour=behaviour))
            came = [cdr[name] for name in EXTENSION if cdr.get(name)]
            ok = bool(came) and set(came) == {binding.extension}
            context.claim("AXE-CDR-101", ok, f"extendNumber or extendNum: expected {binding.extension}, came {came}")
