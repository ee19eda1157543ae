"""AXB as its server has it: what the bugs of all modes must know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axb import bind as axb_bind
from privnum.mockserver.modes.axb import calls as axb_calls
from privnum.mockserver.modes.axb import mode as axb
from privnum.mockserver.modes.axb import number_selection as axb_selection
from privnum.mockserver.modes.axb.bindings import Pair, Pairs, pair_of
from privnum.suites.checks.axb.invalid_requests import WRONGS
from privnum.suites.mutation.model import ServerMode

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields

__all__ = ["SERVER", "pair_named", "pairs_on", "users_on"]


def pairs_on(x: XNumber) -> list[Pair]:
    """The pairs on X, in the order in which they were bound."""
    return list(x.held.by_id.values()) if isinstance(x.held, Pairs) else []


def users_on(x: XNumber) -> dict[str, Pair]:
    """The pairs on X by A and by B, as the server keeps them."""
    return x.held.by_user if isinstance(x.held, Pairs) else {}


def pair_named(world: World, params: Params) -> Pair | None:
    """The pair of the subscriptionId that a request names, whosever it is."""
    found = world.bindings.get(str(params.get("subscriptionId")))
    return found if isinstance(found, Pair) else None


def _selected_bindings(world: World, params: Params) -> list[Any]:
    found = pair_named(world, params)
    return [] if found is None else [found]


def _heir_of_call(call: Call) -> Pair | None:
    return pair_of(call.x, call.caller)


def _heir_of(pair: Pair) -> Pair | None:
    return pair_of(pair.x, pair.a) or pair_of(pair.x, pair.b)


def _bound_anew(world: World, pair: Pair) -> Pair:
    return Pair(world.identity.subscription_id(), pair.x, pair.a, pair.b, world.now_ms)


def _shown_bindings(answer: Fields) -> list[Fields]:
    found: list[Fields] = answer["relationNumList"]
    return found


def _is_call_back(_call: Call) -> bool:
    return False


SERVER = ServerMode(
    name="axb",
    checks="AXB",
    handlers=axb.HANDLERS,
    calls=axb_calls.AXBCalls,
    routing=axb_calls,
    binding=Pair,
    x_selection=axb_selection,
    users=("callerNum", "calleeNum"),
    x_name="relationNum",
    selector=("relationNum",),
    people=("a", "b"),
    lifetime="duration",
    nothing_found="1012007",
    foreign_nothing="403/1016001",
    bind_answer={
        "BIND-001": ("subscriptionId", "relationNum"),
        "BIND-002": ("callDirection", "duration", "maxDuration"),
    },
    shown_fields={
        "QUERY-001": ("subscriptionId",),
        "QUERY-108": ("relationNum", "callerNum", "calleeNum"),
        "QUERY-008": (
            *("callDirection", "duration", "maxDuration", "recordFlag"),
            *("privateSms", "preVoice", "userData"),
        ),
    },
    shown=_shown_bindings,
    empty_query={"totalCount": 0, "pageIndex": 1, "pageSize": 50, "relationNumList": []},
    settings={
        "callDirection": "direction",
        "duration": "duration",
        "maxDuration": "max_duration",
        "recordFlag": "record",
        "recordHintTone": "record_tone",
        "privateSms": "private_sms",
        "userData": "user_data",
    },
    modified_in_calls=("callDirection", "duration", "recordFlag", "privateSms", "preVoice", "lastMinVoice", "userData"),
    flags=("recordFlag", "privateSms"),
    clipped={"callerNum": 14, "calleeNum": 14, "areaCode": 4},
    left_out=dict.fromkeys(
        ("recordHintTone", "lastMinVoice", "preVoice.callerHintTone", "preVoice.calleeHintTone"), 128
    ),
    bind_faults=axb_bind.BIND_FAULTS,
    fault_names={"full": "1012009", "bound": "1012010", "recording": "1012012", "blocked": "1012102"},
    event_kinds=("callin", "callout", "alerting", "answer", "disconnect"),
    foreign_service_type="005",
    fixed_line_rows=("AXB-CALL-007", "COM-OPEN-069"),
    given_up_rules={"forwarded": "CALL-014", "alerting": "CALL-015"},
    wrongs=WRONGS,
    good_bind={"callerNum": "+8613800000001", "calleeNum": "+8613800000002", "relationNum": "+8617000000001"},
    bindings_on=pairs_on,
    selected=_selected_bindings,
    heir_of_call=_heir_of_call,
    heir_of=_heir_of,
    bound_anew=_bound_anew,
    is_call_back=_is_call_back,
)
