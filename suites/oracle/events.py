"""Compare the events of a call with its timeline.

A mode adds what it has on top (oracle/<mode>/compare.py).

One claim per fact, each under the rule that it would break. What came may be any JSON: it is looked for in lists, never
in sets, as a list or an object has no hash.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.oracle.calls import NEVER
from privnum.suites.oracle.times import seconds, time_text
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.oracle.calls import ExpectedCall

__all__ = ["compare_callin", "compare_events", "infos_of"]

Json = dict[str, object]


def infos_of(bodies: Sequence[Json]) -> list[tuple[str, Json]]:
    """EventType and statusInfo of each event."""
    found = [(str(body.get("eventType")), body.get("statusInfo")) for body in bodies]
    return [(kind, info if isinstance(info, dict) else {}) for kind, info in found]


def compare_events(call: ExpectedCall, bodies: Sequence[Json]) -> Iterator[Claim]:
    """The call events of an ended call, each sent successfully once.

    In the order of arrival.
    """
    infos = infos_of(bodies)
    yield from _compare_kinds(call, [kind for kind, _ in infos])
    sessions = {str(info.get("sessionId")) for _, info in infos}
    yield Claim(call.rule("EVENT-004"), len(sessions) == 1, f"one sessionId expected, came {sorted(sessions)}")
    sent = {kind: info for kind, info in infos if kind != call.prompted}
    yield from _compare_times(call, sent)
    if (callin := sent.get("callin")) is not None:
        yield from _compare_fields(call.rule("EVENT-006"), callin, caller=call.caller, called=call.x)
    if (callout := sent.get("callout")) is not None:
        yield from _compare_fields(call.rule("EVENT-007"), callout, called=call.forwarded_to)
    if call.forwarded:
        for kind, info in sent.items():
            if kind not in call.nameless:
                yield from _compare_fields(call.rule("EVENT-008"), info, subscriptionId=call.subscription_id)
        yield from _compare_later_user_data(call, sent)
    if (gone := sent.get("disconnect")) is not None:
        yield from _compare_cause(call, gone)


def compare_callin(
    call: ExpectedCall, bodies: Sequence[Json], rule: str, wanted: Sequence[str | None]
) -> Iterator[Claim]:
    """Claim what userData callin has, if the call was put through.

    It is one of `wanted`; None: there is none.
    """
    callin = dict(infos_of(bodies)).get("callin")
    if callin is not None and call.forwarded:
        data = callin.get("userData") or None
        expected = wanted[0] if len(wanted) == 1 else wanted
        yield Claim(rule, data in wanted, f"userData in callin: expected {expected!r}, came {data!r}")


def _compare_kinds(call: ExpectedCall, kinds: list[str]) -> Iterator[Claim]:
    """Which events there are.

    Each once, but for those of digits that were entered.
    """
    wanted, prompted = call.events(), call.prompted
    once = [kind for kind in kinds if kind != prompted]
    if "answer" in wanted:
        ok = sorted(once) == sorted(wanted) and (prompted is None or prompted in kinds)
        expected = f"{wanted} and {prompted}" if prompted else f"{wanted}"
        yield Claim(call.rule(call.events_rule), ok, f"events: expected {expected}, came {kinds}")
    else:
        ok = "answer" not in kinds and kinds.count("disconnect") == 1
        yield Claim(call.rule("EVENT-002"), ok, f"events: expected a disconnect and no answer, came {kinds}")
    steps = (*wanted[:1], prompted, *wanted[1:])
    order = [kind for kind in steps if kind for _ in range(kinds.count(kind) if kind == prompted else kind in kinds)]
    yield Claim(call.rule("EVENT-011"), kinds == order, f"order of events: expected {order}, came {kinds}")


def _compare_times(call: ExpectedCall, sent: Mapping[str, Json]) -> Iterator[Claim]:
    expected = {"callin": call.placed_at, "callout": call.forwarded_at}
    expected |= {"alerting": call.alerting_at, "answer": call.answered_at}
    if call.ends_from == call.ends_by:
        expected["disconnect"] = call.ends_by
    for kind, info in sent.items():
        at, wanted = seconds(info.get("timestamp")), expected.get(kind)
        ok = at is not None and wanted in {None, NEVER, at}
        rule = call.rule_of_end("EVENT-005") if kind == "disconnect" else call.rule("EVENT-005")
        yield Claim(rule, ok, f"timestamp of {kind}: expected {time_text(wanted)}, came {info.get('timestamp')}")


def _compare_fields(rule: str, info: Mapping[str, object], **fields: object) -> Iterator[Claim]:
    """Fields of an event that need not be there.

    Where they are, they have these values.
    """
    for name, value in fields.items():
        came = info.get(name)
        if came not in (None, ""):
            ok = came == value
            yield Claim(rule, ok, "" if ok else f"{name} of an event: expected {value!r}, came {came!r}")


def _compare_cause(call: ExpectedCall, info: Mapping[str, object]) -> Iterator[Claim]:
    """StateCode and stateDesc of a disconnect.

    An integer and a text, where they are there; the code is the cause.
    """
    code, desc = info.get("stateCode"), info.get("stateDesc")
    ok = (code is None or type(code) is int) and (desc is None or (isinstance(desc, str) and bool(desc)))
    message = f"disconnect: expected stateCode and stateDesc, came {code!r} and {desc!r}"
    yield Claim(call.rule("EVENT-009"), ok, message)
    if code is not None:
        wanted = sorted(call.causes)
        yield Claim(call.cause_requirement, code in wanted, f"stateCode: expected {wanted}, came {code!r}")


def _compare_later_user_data(call: ExpectedCall, sent: Mapping[str, Json]) -> Iterator[Claim]:
    """UserData of events behind callin is one of the binding's texts.

    Where they have any.
    """
    known = call.user_data
    for kind in ("callout", "alerting", "answer", "disconnect"):
        data = sent.get(kind, {}).get("userData")
        if data:
            yield Claim(
                call.later_user_data_rule, data in known, f"userData in {kind}: expected {known}, came {data!r}"
            )
