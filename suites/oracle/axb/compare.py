"""Compare what came with what had to come in AXB.

A binding in a query answer, and userData in callin.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle import events
from privnum.suites.oracle.shown import claim_shown, claim_time, flag_of

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.axb.routing import AxbCall
    from privnum.suites.oracle.axb.types import AxbBinding
    from privnum.suites.oracle.types import Claim

__all__ = ["DEFAULTS", "compare_binding", "compare_events"]

DEFAULTS: Mapping[str, object] = {
    "callDirection": 0,
    "duration": 0,
    "maxDuration": 0,
    "recordFlag": False,
    "privateSms": True,
}
INTEGERS = ("callDirection", "duration", "maxDuration")
FLAGS = ("recordFlag", "privateSms")
CHANGED_BY = {"callerNum": "AXB-MODIFY-003", "calleeNum": "AXB-MODIFY-101", "callDirection": "AXB-MODIFY-007"}


# ── a binding in a query answer ──────────────────────────────────────────────────────────────────────────────────────


def compare_binding(binding: AxbBinding, info: Mapping[str, object]) -> list[Claim]:
    """One element of relationNumList against the live binding.

    But for its id nothing need be shown.
    """
    claims = []
    for name, number in (("relationNum", binding.x), ("callerNum", binding.a), ("calleeNum", binding.b)):
        if info.get(name) not in (None, ""):
            claims.append(_shown_claim(binding, name, number, info.get(name), "AXB-QUERY-001"))
    for name in (*INTEGERS, *FLAGS, "userData"):
        value, shown = binding.fields.get(name, DEFAULTS.get(name)), info.get(name)
        if shown in (None, ""):
            continue
        if name in FLAGS:
            shown = flag_of(shown)
        claims.append(_shown_claim(binding, name, value, shown, "AXB-QUERY-003"))
    voice = info.get("preVoice")
    for tone in ("callerHintTone", "calleeHintTone"):
        shown = voice.get(tone) if isinstance(voice, dict) else None
        if shown or (tone in binding.fields and isinstance(voice, dict)):
            claims.append(_shown_claim(binding, tone, binding.fields.get(tone), shown, "AXB-QUERY-003"))
    if not info.get("subscribeTime"):
        return claims
    times = {binding.changed_at, *binding.stale_times}
    claims.append(claim_time("AXB-QUERY-002", times, info.get("subscribeTime")))
    return claims


def _shown_claim(binding: AxbBinding, name: str, value: object, shown: object, plain: str) -> Claim:
    """A claim that the query answer shows `value` for `name`.

    Under the rule that a difference breaks.
    """
    requirement = plain
    if name in binding.carried:
        requirement = CHANGED_BY.get(name, plain)
    elif binding.carried:
        requirement = "AXB-MODIFY-010" if name == "relationNum" else "AXB-MODIFY-006"
        if name.endswith("HintTone") and name != "recordHintTone":
            requirement = "AXB-MODIFY-009"
    return claim_shown(requirement, name, value, shown)


# ── events ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_events(call: AxbCall, bodies: Sequence[dict[str, object]]) -> Iterator[Claim]:
    """The call events of an ended call, with userData in callin."""
    yield from events.compare_events(call, bodies)
    yield from events.compare_callin(call, bodies, "AXB-EVENT-010", [call.callin_user_data])
