"""AXE as its server has it: what the bugs of all modes must know of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axe import bind as axe_bind
from privnum.mockserver.modes.axe import calls as axe_calls
from privnum.mockserver.modes.axe import mode as axe
from privnum.mockserver.modes.axe import number_selection as axe_selection
from privnum.mockserver.modes.axe.bindings import Extension, extensions_of
from privnum.suites.checks.axe.invalid_requests import WRONGS
from privnum.suites.mutation.model import ServerMode

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields

__all__ = ["SERVER", "a_of", "by_digits", "by_user", "extensions_on", "named_bindings"]


def by_digits(x: XNumber) -> dict[str, Extension]:
    """The bindings on X by extension, as the server keeps them."""
    held = extensions_of(x)
    return {} if held is None else held.by_digits


def by_user(x: XNumber) -> dict[str, Extension]:
    """The bindings on X by A, as the server keeps them."""
    held = extensions_of(x)
    return {} if held is None else held.by_user


def extensions_on(x: XNumber) -> list[Extension]:
    """The bindings on X, in the order in which they were made."""
    return list(by_digits(x).values())


def a_of(x: XNumber, caller: str) -> Extension | None:
    """The binding of `caller` on `x`, where he is an A of it."""
    return by_user(x).get(caller)


def named_bindings(world: World, params: Params) -> list[Extension]:
    """The binding of a subscriptionId, or every binding on virtualNum.

    Whosever they are.
    """
    if "subscriptionId" in params:
        binding = world.bindings.get(params["subscriptionId"])
        return [binding] if isinstance(binding, Extension) else []
    x = world.numbers.get(str(params.get("virtualNum")))
    return [] if x is None else extensions_on(x)


def _selected_bindings(world: World, params: Params) -> list[Any]:
    found = named_bindings(world, params)
    return [one for one in found if "subscriptionId" in params or one.digits == params.get("extendNum")]


def _heir_of_call(call: Call) -> Extension | None:
    return by_digits(call.x).get(call.extension or "")


def _heir_of(extension: Extension) -> Extension | None:
    return by_digits(extension.x).get(extension.digits)


def _bound_anew(world: World, extension: Extension) -> Extension:
    return Extension(world.identity.subscription_id(), extension.x, extension.a, extension.digits, world.now_ms)


def _shown_bindings(answer: Fields) -> list[Fields]:
    return [answer]


def _is_call_back(call: Call) -> bool:
    return a_of(call.x, call.caller) is not None


SERVER = ServerMode(
    name="axe",
    checks="AXE",
    handlers=axe.HANDLERS,
    calls=axe_calls.AXECalls,
    routing=axe_calls,
    binding=Extension,
    x_selection=axe_selection,
    users=("bindNum",),
    x_name="virtualNum",
    selector=("virtualNum", "extendNum"),
    people=("a",),
    lifetime="bindExpiredTime",
    nothing_found="1016001",
    foreign_nothing="403/1012007",
    bind_answer={
        "BIND-001": ("subscriptionId", "virtualNum", "extendNum"),
        "BIND-002": ("bindExpiredTime", "callbackExpiredTime"),
    },
    shown_fields={
        "QUERY-001": ("subscriptionId",),
        "QUERY-008": (
            *("virtualNum", "extendNum", "bindNum", "displayNumMode", "recordFlag", "recordHintTone"),
            *("callbackTone", "callbackNum", "callbackExpiredTime", "userData", "timeUnit", "bindExpiredTime"),
        ),
    },
    shown=_shown_bindings,
    empty_query={},
    settings={
        "recordFlag": "record",
        "recordHintTone": "record_tone",
        "callbackTone": "callback_tone",
        "callbackNum": "callback_num",
        "callbackExpiredTime": "callback_time",
        "userData": "user_data",
    },
    modified_in_calls=(
        *("callbackNum", "callbackTone", "recordFlag", "displayNumMode"),
        *("bindExpiredTime", "callbackExpiredTime"),
    ),
    flags=("recordFlag",),
    clipped={"bindNum": 14, "callbackNum": 14, "areaCode": 4, "extendNum": 4, "userData": 256},
    left_out={"callbackTone": 128, "recordHintTone": 128},
    bind_faults=axe_bind.BIND_FAULTS,
    fault_names={"bound": "user"},
    event_kinds=("callin", "collectInfo", "callout", "alerting", "answer", "disconnect"),
    foreign_service_type="004",
    fixed_line_rows=("AXE-CALL-007",),
    given_up_rules={"collecting": "CALL-106", "forwarded": "CALL-014", "alerting": "CALL-015"},
    wrongs=WRONGS,
    good_bind={"bindNum": "+8613800000001", "virtualNum": "+8617000000001"},
    bindings_on=extensions_on,
    selected=_selected_bindings,
    heir_of_call=_heir_of_call,
    heir_of=_heir_of,
    bound_anew=_bound_anew,
    is_call_back=_is_call_back,
    said_by={"LIFE-005": "LIFE-003"},
    noticed_by={
        "no-modify-in-call": "MODIFY-104",
        "ringing-dropped": "CALL-009",
    },
    narrower=frozenset({"extendNum"}),
    cannot_have={
        "callin-without-subscriptionId": "A callin names no binding (AXE-EVENT-008).",
        "cdr-display": "No page says what fwdDisplayNum of AXE is.",
        "cdr-without-fwdDisplayNum": "No page says what fwdDisplayNum of AXE is.",
        "cdr-without-recordDomain": "AXE's CDR names the recording by recordObjectName alone (AXE-CDR-011).",
        "one-session": "A call has its session before its binding is known; that it changes is a fault of the driver.",
        "cdr-direction-1": "The direction of a call-back is a choice (AXE-OPEN-028).",
    },
)
