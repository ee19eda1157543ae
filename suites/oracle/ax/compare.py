"""Compare what came with what had to come in AX.

A binding in a query answer, and userData in callin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle import events
from privnum.suites.oracle.shown import claim_shown, claim_time, flag_of
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.ax.routing import AxCall
    from privnum.suites.oracle.ax.types import AxBinding
    from privnum.suites.oracle.types import Assumptions

__all__ = ["DEFAULTS", "compare_binding", "compare_events"]

DEFAULTS: Mapping[str, object] = {"maxDuration": 0, "recordFlag": False, "privateSms": True, "turnFlag": "on"}
"""What a query may show of what was never set."""
FLAGS = ("recordFlag", "privateSms")
NEVER_SHOWN_UNSET = ("callDirection", "calleeNumDisplay")
CHANGED_BY = {"origNum": "AX-MODIFY-003", "callDirection": "AX-MODIFY-007", "turnFlag": "AX-MODIFY-104"}
NUMBERS = ("origNum", "privateNum")


# ── a binding in a query answer ──────────────────────────────────────────────────────────────────────────────────────


def compare_binding(binding: AxBinding, info: Mapping[str, object]) -> Iterator[Claim]:
    """One element of privateNumList against the live binding.

    But for its id nothing need be shown.
    """
    for name, value in zip(NUMBERS, (binding.a, binding.x), strict=True):
        if info.get(name) not in (None, ""):
            rule = _rule(binding, name, "AX-QUERY-001", others="AX-MODIFY-010")
            yield claim_shown(rule, name, value, info.get(name))
    for name in (*DEFAULTS, *NEVER_SHOWN_UNSET, "userData"):
        shown = info.get(name)
        if shown not in (None, ""):
            yield _setting_shown(binding, name, flag_of(shown) if name in FLAGS else shown)
    yield from _tones_shown(binding, info)
    if info.get("subscribeTime"):
        yield claim_time("AX-QUERY-002", [binding.bound_at], info.get("subscribeTime"))


def _setting_shown(binding: AxBinding, name: str, shown: object) -> Claim:
    """A claim that a setting is shown with the value in force."""
    value = binding.fields.get(name, DEFAULTS.get(name))
    if value is None and name in NEVER_SHOWN_UNSET:
        return Claim("AX-QUERY-105", False, f"query shows {name} {shown!r}, which was never set")
    if name in FLAGS or value is None or isinstance(value, str):
        return claim_shown(_rule(binding, name, "AX-QUERY-003"), name, value, shown)
    return claim_shown(_rule(binding, name, "AX-QUERY-003"), name, int(str(value)), shown)


def _tones_shown(binding: AxBinding, info: Mapping[str, object]) -> Iterator[Claim]:
    """Tones of preVoice that were set.

    A recordHintTone is shown only where calls are recorded.
    """
    voice = info.get("preVoice")
    for tone in ("callerHintTone", "calleeHintTone"):
        shown = voice.get(tone) if isinstance(voice, dict) else None
        if shown:
            rule = _rule(binding, tone, "AX-QUERY-003")
            yield claim_shown(rule, tone, binding.fields.get(tone), shown)
    if hint := info.get("recordHintTone"):
        ok = bool(binding.fields.get("recordFlag")) and hint == binding.fields.get("recordHintTone")
        yield Claim("AX-QUERY-106", ok, f"query shows recordHintTone {hint!r}, which is not that of a recording")


def _rule(binding: AxBinding, name: str, plain: str, others: str = "AX-MODIFY-006") -> str:
    """The requirement that a wrong value breaks.

    That of the last modify, if it carried the field, or left it.
    """
    if name in binding.carried:
        return CHANGED_BY.get(name, plain)
    return others if binding.carried else plain


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_events(call: AxCall, bodies: Sequence[dict[str, object]], assumptions: Assumptions) -> Iterator[Claim]:
    """The call events of an ended call, with userData in callin.

    It is that of the binding, or of the temporary callee.
    """
    yield from events.compare_events(call, bodies)
    ours = call.callin_user_data
    theirs = (call.callee.user_data or None) if call.callee is not None else None
    if ours and theirs:
        by_choice = {"callee": theirs, "binding": ours}
        choices = assumptions.any_of("ax.call_user_data", *by_choice)
        wanted = [by_choice[str(choice)] for choice in choices]
        yield from events.compare_callin(call, bodies, "AX-OPEN-022", wanted)
    else:
        rule = "AX-EVENT-101" if theirs else "AX-EVENT-010"
        yield from events.compare_callin(call, bodies, rule, [ours or theirs])
