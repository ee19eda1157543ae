"""Compare what came with what had to come in AXYB.

Relations in a query answer, userData, numbers of a CDR.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle import cdr, events
from privnum.suites.oracle.shown import claim_shown, claim_time, flag_of
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.axyb.routing import AxybCall
    from privnum.suites.oracle.axyb.types import AxybBinding, AxybExpected, Relation
    from privnum.suites.oracle.types import Assumptions

__all__ = ["compare_cdrs", "compare_events", "compare_relations"]

TEXTS_OF_A = ("recordHintTone", "preVoiceX")


# ── relations in a query answer ──────────────────────────────────────────────────────────────────────────────────────


def compare_relations(
    expected: AxybExpected, shown: Sequence[Mapping[str, object]], assumptions: Assumptions
) -> Iterator[Claim]:
    """Elements of xyRelationNumList against a binding's relations."""
    binding, rule = expected.binding, expected.requirement
    assert binding is not None
    relations = expected.relations or (None,)
    message = f"query: expected {len(relations)} relations, came {len(shown)}"
    yield Claim(rule, len(shown) == len(relations), "" if len(shown) == len(relations) else message)
    for relation in relations:
        info = _of_relation(relation, shown)
        if info is None:
            yield Claim(rule, False, f"query does not show the Y {relation.y} of B" if relation else "no relation")
        else:
            yield from _compare_relation(binding, relation, info, assumptions)


def _of_relation(relation: Relation | None, shown: Sequence[Mapping[str, object]]) -> Mapping[str, object] | None:
    """The element that shows the relation.

    By its Y, else by its B, else the only one there is.
    """
    for name, number in (("numY", relation.y), ("numB", relation.b)) if relation else ():
        for info in shown:
            if info.get(name) == number:
                return info
    relations = [info for info in shown if info.get("numY") or info.get("numB")]
    return shown[0] if shown and not (relation and relations) else None


def _compare_relation(
    binding: AxybBinding, relation: Relation | None, info: Mapping[str, object], assumptions: Assumptions
) -> Iterator[Claim]:
    numbers = {"numA": binding.a, "numX": binding.x}
    numbers |= {"numY": relation.y, "numB": relation.b} if relation else {}
    for name, number in numbers.items():
        if info.get(name):
            yield claim_shown("AXYB-QUERY-001", name, number, info.get(name))
    for name in () if relation else ("numY", "numB"):
        ok = not info.get(name)
        yield Claim("AXYB-QUERY-001", ok, "" if ok else f"query shows {name}, and nobody has a Y")
    for name, value in _settings(binding, relation).items():
        shown = flag_of(info.get(name)) if name == "recordFlag" else info.get(name)
        if shown not in (None, ""):
            yield claim_shown("AXYB-QUERY-003", name, value, shown)
    yield from _compare_user_data(binding, relation, info.get("userData"), assumptions)
    if info.get("subscribeTime"):
        times = {binding.bound_at, *([relation.bound_at] if relation else [])}
        yield claim_time("AXYB-QUERY-002", times, info.get("subscribeTime"))
    named = assumptions.any_of("axyb.bind_id", "subscription_id", "own") == {"subscription_id"}
    if relation is not None and info.get("bindId") and named:
        yield claim_shown("AXYB-OPEN-009", "bindId", relation.subscription_id, info.get("bindId"))


def _settings(binding: AxybBinding, relation: Relation | None) -> dict[str, object]:
    """What a query may show of the settings, by field: lifetimes are text."""
    of_b = relation.fields if relation else {}
    settings: dict[str, object] = {
        "callDirection": binding.direction,
        "duration": str(binding.fields.get("duration", 7200)),
        "ybDuration": str(binding.yb_seconds(of_b)),
        "recordFlag": bool(binding.fields.get("recordFlag")),
        "preVoiceY": of_b.get("preVoiceY"),
    }
    return settings | {name: binding.fields.get(name) for name in TEXTS_OF_A}


def _compare_user_data(
    binding: AxybBinding, relation: Relation | None, shown: object, assumptions: Assumptions
) -> Iterator[Claim]:
    if not shown:
        return
    ours = binding.text("userData") or None
    theirs = relation.fields.get("userData") if relation else None
    wanted, rule = _chosen_data(ours, theirs, assumptions)
    yield Claim(rule, shown in wanted, f"query shows userData: expected {wanted}, came {shown!r}")


def _chosen_data(ours: object, theirs: object, assumptions: Assumptions) -> tuple[list[object], str]:
    """The userData that counts of those of A and B, and the rule."""
    if not (ours and theirs):
        return [ours or theirs], "AXYB-QUERY-003"
    by_choice = {"a": ours, "b": theirs}
    chosen = assumptions.any_of("axyb.user_data_of_call", *by_choice)
    return [by_choice[str(choice)] for choice in chosen], "AXYB-OPEN-021"


# ── events and CDRs ──────────────────────────────────────────────────────────────────────────────────────────────────


def compare_events(call: AxybCall, bodies: Sequence[dict[str, object]], assumptions: Assumptions) -> Iterator[Claim]:
    """The call events of an ended call, with userData in callin."""
    yield from events.compare_events(call, bodies)
    theirs = call.relation.fields.get("userData") if call.relation else None
    wanted, rule = _chosen_data(call.callin_user_data, theirs, assumptions)
    present = assumptions.any_of("axyb.callin_user_data", "present", "absent")
    choices = [str(data) for data in wanted if data] if "present" in present else []
    empty: list[str | None] = [None] if "absent" in present or not choices else []
    rule = "AXYB-OPEN-021" if rule == "AXYB-OPEN-021" else "AXYB-OPEN-022"
    yield from events.compare_callin(call, bodies, rule, [*choices, *empty])


def compare_cdrs(
    call: AxybCall, cdrs: Sequence[dict[str, object]], app_key: str, assumptions: Assumptions, *, recording: bool
) -> Iterator[Claim]:
    """The CDRs of an ended call, with bindNum: the number dialled, or X."""
    yield from cdr.compare_cdrs(call, cdrs, app_key, recording=recording)
    if not cdrs or call.bound_x is None:
        return
    came = cdrs[0].get("bindNum")
    if came is None:
        return
    private = {call.x, call.bound_x, *call.may_be_given, *([call.relation.y] if call.relation else ())}
    yield Claim("AXYB-CDR-005", came in private, f"CDR bindNum: expected a private number, came {came!r}")
    by_choice = {"dialled": call.x, "x": call.bound_x}
    wanted = [by_choice[str(choice)] for choice in assumptions.any_of("axyb.cdr_bind_num", *by_choice)]
    yield Claim("AXYB-OPEN-024", came in wanted, f"CDR bindNum: expected {wanted}, came {came!r}")
