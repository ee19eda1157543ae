"""AX as its server has it: what the bugs of all modes must know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.ax import bind as ax_bind
from privnum.mockserver.modes.ax import calls as ax_calls
from privnum.mockserver.modes.ax import mode as ax
from privnum.mockserver.modes.ax import number_selection as ax_selection
from privnum.mockserver.modes.ax.bindings import AXBinding, binding_on
from privnum.suites.checks.ax.invalid_requests import TONES, WRONGS
from privnum.suites.mutation.model import ServerMode

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields

__all__ = ["SERVER", "named_binding"]


def named_binding(world: World, params: Params) -> AXBinding | None:
    """The binding that a request names by its id, else by X, whosever it is."""
    if "subscriptionId" in params:
        found = world.bindings.get(str(params["subscriptionId"]))
        return found if isinstance(found, AXBinding) else None
    x = world.numbers.get(str(params.get("privateNum")))
    return None if x is None else binding_on(x)


def _bindings_on(x: XNumber) -> list[Any]:
    found = binding_on(x)
    return [] if found is None else [found]


def _selected_bindings(world: World, params: Params) -> list[Any]:
    found = named_binding(world, params)
    return [] if found is None else [found]


def _heir_of_call(call: Call) -> AXBinding | None:
    return binding_on(call.x)


def _heir_of(binding: AXBinding) -> AXBinding | None:
    return binding_on(binding.x)


def _bound_anew(world: World, binding: AXBinding) -> AXBinding:
    return AXBinding(world.identity.subscription_id(), binding.x, binding.a, world.now_ms)


def _shown_bindings(answer: Fields) -> list[Fields]:
    found: list[Fields] = answer["privateNumList"]
    return found


def _is_call_back(_call: Call) -> bool:
    return False


ANY_CODE = "With which code it is refused is a choice."

SERVER = ServerMode(
    name="ax",
    checks="AX",
    handlers=ax.HANDLERS,
    calls=ax_calls.AXCalls,
    routing=ax_calls,
    binding=AXBinding,
    x_selection=ax_selection,
    users=("origNum",),
    x_name="privateNum",
    selector=("privateNum",),
    people=("a",),
    lifetime="",
    nothing_found="1016001",
    foreign_nothing="403/1012007",
    bind_answer={"BIND-001": ("subscriptionId", "privateNum"), "BIND-101": ("origNum",)},
    shown_fields={
        "QUERY-001": ("subscriptionId",),
        "QUERY-107": ("origNum", "privateNum"),
        "QUERY-008": (
            *("callDirection", "maxDuration", "recordFlag", "privateSms", "turnFlag", "calleeNumDisplay"),
            *("preVoice", "userData", "subscribeTime"),
        ),
    },
    shown=_shown_bindings,
    empty_query={"privateNumList": []},
    settings={
        "callDirection": "direction",
        "maxDuration": "max_duration",
        "recordFlag": "record",
        "recordHintTone": "record_tone",
        "privateSms": "private_sms",
        "turnFlag": "power",
        "userData": "user_data",
    },
    modified_in_calls=(
        *("callDirection", "recordFlag", "privateSms", "lastMinVoice", "turnFlag"),
        "userData",
    ),
    flags=("recordFlag", "privateSms"),
    clipped={"origNum": 14, "areaCode": 4},
    left_out=dict.fromkeys(TONES, 128),
    bind_faults=ax_bind.BIND_FAULTS,
    fault_names={"full": "1011003", "bound": "1016002", "recording": "1012012", "blocked": "1012102"},
    event_kinds=("callin", "callout", "alerting", "answer", "disconnect"),
    foreign_service_type="004",
    fixed_line_rows=("AX-CALL-007", "COM-OPEN-069"),
    given_up_rules={"forwarded": "CALL-014", "alerting": "CALL-015"},
    wrongs=WRONGS,
    good_bind={"origNum": "+8613800000001", "privateNum": "+8617000000001"},
    bindings_on=_bindings_on,
    selected=_selected_bindings,
    heir_of_call=_heir_of_call,
    heir_of=_heir_of,
    bound_anew=_bound_anew,
    is_call_back=_is_call_back,
    noticed_by={"only-a-calls": "CALL-101"},
    cannot_have={
        "schema-set_callee-subscriptionId-0-maxLength": "A longer id names no binding: it is refused anyway.",
        "renewed": "A binding has no lifetime (AX-LIFE-101).",
        "cdr-user-data-of-first": "An X carries one binding (AX-BIND-031).",
        "call-9-dropped": "The row behind it needs a callee: without it the server fails; a-calls-himself is the bug.",
        "service-numbers": "Bound or not, nobody is put through to a 400 or 95 number as A.",
        "unbind-code": ANY_CODE,
        "modify-code": ANY_CODE,
        "query-code": ANY_CODE,
        "unbind-whole-x": "An X carries one binding (AX-BIND-031).",
    },
)
