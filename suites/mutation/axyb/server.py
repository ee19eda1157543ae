"""AXYB as its server has it: what the bugs of all modes must know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axyb import calls as axyb_calls
from privnum.mockserver.modes.axyb import mode as axyb
from privnum.mockserver.modes.axyb import number_selection as axyb_selection
from privnum.mockserver.modes.axyb.bindings import AXBinding, Relation, roles_of
from privnum.suites.checks.axyb.invalid_requests import WRONGS
from privnum.suites.mutation.model import ServerMode

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields

__all__ = ["SERVER", "binding_named", "bindings_on", "relations_on"]


def relations_on(x: XNumber) -> list[Relation]:
    """The relations whose Y a number is."""
    roles = roles_of(x)
    return [] if roles is None else [relation for of_a in roles.by_a.values() for relation in of_a]


def bindings_on(x: XNumber) -> list[AXBinding]:
    """The bindings of A in which a number is X or Y."""
    roles = roles_of(x)
    own = [] if roles is None or roles.binding is None else [roles.binding]
    return [*own, *(relation.ax for relation in relations_on(x))]


def binding_named(world: World, params: Params) -> AXBinding | None:
    """The binding of the subscriptionId that a request names, whosever it is."""
    found = world.bindings.get(str(params.get("subscriptionId")))
    return found if isinstance(found, AXBinding) else None


def _selected_bindings(world: World, params: Params) -> list[Any]:
    found = binding_named(world, params)
    return [] if found is None else [found]


def _heir_of_call(call: Call) -> Binding | None:
    return next(iter(bindings_on(call.x)), None)


def _heir_of(binding: Any) -> Binding | None:
    """What the same A has now; a bind cannot ask for the X of before."""
    every = (roles_of(x) for x in binding.x.app.numbers)
    return next((roles.binding for roles in every if roles and roles.binding and roles.binding.a == binding.a), None)


def _bound_anew(world: World, binding: Any) -> Binding:
    id_ = world.identity.subscription_id()
    if isinstance(binding, AXBinding):
        return AXBinding(id_, binding.x, binding.a, world.now_ms)
    return Relation(id_, binding.x, binding.ax, binding.b, world.now_ms)


def _shown_bindings(answer: Fields) -> list[Fields]:
    found: list[Fields] = answer["xyRelationNumList"]
    return found


def _is_call_back(_call: Call) -> bool:
    return False


ONE_A_AN_X = "An X is one A's: there is nothing else on it."
NO_MODIFY = "AXYB has no modify."
NO_TABLE = "AXYB has no table of what stands against a bind."

SERVER = ServerMode(
    name="axyb",
    checks="AXYB",
    handlers=axyb.HANDLERS,
    calls=axyb_calls.AXYBCalls,
    routing=axyb_calls,
    binding=AXBinding,
    x_selection=axyb_selection,
    users=("origNum",),
    x_name="relationNum",
    selector=("relationNum",),
    people=("a",),
    lifetime="duration",
    nothing_found="1016001",
    foreign_nothing="403/1012007",
    bind_answer={"BIND-101": ("subscriptionId", "relationNumber"), "BIND-002": ()},
    shown_fields={
        "QUERY-008": (
            *("numA", "numX", "numY", "numB", "recordFlag", "recordHintTone", "subscribeTime", "callDirection"),
            *("duration", "ybDuration", "preVoiceX", "preVoiceY", "userData"),
        ),
    },
    shown=_shown_bindings,
    empty_query={},
    settings={},
    modified_in_calls=(),
    flags=("recordFlag",),
    clipped={"origNum": 14, "areaCode": 4},
    left_out=dict.fromkeys(("recordHintTone", "preVoiceX", "preVoiceY"), 128),
    bind_faults={},
    fault_names={},
    event_kinds=("callin", "callout", "alerting", "answer", "disconnect"),
    foreign_service_type="004",
    open_cause="wrong direction",
    fixed_line_rows=("AXYB-CALL-007", "COM-OPEN-069"),
    given_up_rules={"forwarded": "CALL-014", "alerting": "CALL-015"},
    wrongs=WRONGS,
    good_bind={"origNum": "+8613800000001", "areaCode": "0755"},
    bindings_on=bindings_on,
    selected=_selected_bindings,
    heir_of_call=_heir_of_call,
    heir_of=_heir_of,
    bound_anew=_bound_anew,
    is_call_back=_is_call_back,
    said_by={"BIND-001": "BIND-101"},
    noticed_by={"renewed": "LIFE-001", "unbind-code": "OPEN-001", "query-code": "OPEN-001"},
    cannot_have={
        "modified-end-cuts": NO_MODIFY,
        "expired-modified": NO_MODIFY,
        "schema-bind-subscriptionId-0-maxLength": "A longer id names no binding: it is refused anyway.",
        "expired-code": "The code of what is not there is a choice, and no probe waits for an end.",
        "bind-again": NO_TABLE,
        "plain-x": "The answer to a bind calls X relationNumber (bind-plain).",
        "bound-elsewhere": NO_TABLE,
        "frozen-takes-more": NO_TABLE,
        "suspended-takes-more": NO_TABLE,
        "expired-users-stay": NO_TABLE,
        "unbind-whole-x": ONE_A_AN_X,
    },
)
