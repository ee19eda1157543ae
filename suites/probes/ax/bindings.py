"""Bindings: refusals, numbers, areas, modifies, queries."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.suites.checks.assertions import UNKNOWN
from privnum.suites.checks.ax.scenarios import listed_bindings
from privnum.suites.printed.operations import X_PER_A
from privnum.suites.probes.ax.fixtures import callee_of, require_binding
from privnum.suites.probes.fixtures import code_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

MALFORMED = "+86170"
"""An X that is no number of mobile format."""
UNSET = ("recordFlag", "privateSms", "maxDuration", "turnFlag")
"""What a query may show with a default."""
TAKEN = "accept"


def by_x(context: CheckContext, x: str) -> tuple[Answer, ...]:
    """A query, an unbind, a modify and a temporary callee by that X."""
    return (
        context.ax.query(privateNum=x),
        context.ax.unbind(privateNum=x),
        context.ax.modify(privateNum=x, callDirection=1),
        context.ax.set_callee(None, context.user(), privateNum=x),
    )


@probe("ax.malformed_x")
def malformed_x(context: CheckContext) -> str:
    """A bind on a malformed X, and requests by it."""
    answers = (context.ax.bind(context.user(), MALFORMED), *by_x(context, MALFORMED))
    return one(code_or(answer, TAKEN) for answer in answers)


@probe("ax.selector_x_of_other_application", needs=("second_application",))
def selector_x_of_other_application(context: CheckContext) -> str:
    """Requests by an X of another AX application, on which there is a binding."""
    theirs = require_binding(context, app=context.ax.second_app)
    return one(code_or(answer, TAKEN) for answer in by_x(context, theirs.x))


@probe("ax.binding_not_found")
def binding_not_found(context: CheckContext) -> str:
    """Requests by an unknown id, an unbound A and an unbound X."""
    x = context.ax.free_x()
    answers = (
        context.ax.query(subscriptionId=UNKNOWN),
        context.ax.unbind(subscriptionId=UNKNOWN),
        context.ax.modify(UNKNOWN, callDirection=1),
        context.ax.set_callee(UNKNOWN, context.user()),
        context.ax.query(origNum=context.user()),
        context.ax.query(privateNum=x),
        context.ax.modify(privateNum=x, callDirection=1),
        context.ax.set_callee(None, context.user(), privateNum=x),
    )
    return one(code_or(answer, TAKEN) for answer in answers)


@probe("ax.unbind_unbound_x")
def unbind_unbound_x(context: CheckContext) -> str:
    """An unbind by an X of the application that nobody has."""
    return code_or(context.ax.unbind(privateNum=context.ax.free_x()), TAKEN)


@probe("ax.unbind_without_selector")
def unbind_without_selector(context: CheckContext) -> str:
    """An unbind that names nothing."""
    return code_or(context.ax.unbind(), TAKEN)


@probe("ax.selector_missing")
def selector_missing(context: CheckContext) -> str:
    """A modify, a query and a temporary callee that name no binding."""
    answers = (
        context.ax.modify(callDirection=1),
        context.ax.query(),
        context.ax.set_callee(None, context.user()),
    )
    return one(code_or(answer, TAKEN) for answer in answers)


@probe("ax.unbind_by_a")
def unbind_by_a(context: CheckContext) -> str:
    """An unbind by the origNum of an A who has two X."""
    first = require_binding(context)
    second = require_binding(context, first.a)
    answer = context.ax.unbind(origNum=first.a)
    left = [binding.sub for binding in (first, second) if context.ax.query(subscriptionId=binding.sub).ok]
    if len(left) in (0, 2):
        return "all" if not left else "refuse" if not answer.ok else "taken to no effect"
    return "one of two"


@probe("ax.unbind_bare_plus")
def unbind_bare_plus(context: CheckContext) -> str:
    """An unbind by an X whose + is not encoded."""
    binding = require_binding(context)
    return code_or(context.request("ax.unbind", raw_query=f"privateNum={binding.x}", app=context.ax.app), TAKEN)


@probe("ax.bind_faults", needs=("application_settings", "number_status", "six_x"))
def bind_faults(context: CheckContext) -> str:
    """Two faults of a bind at a time, of five that can be made.

    A full, no recording, X frozen, another's, his own.
    """
    other, full = require_binding(context), context.user()
    own = [require_binding(context, full) for _ in range(X_PER_A)]
    context.set_application(context.ax.app, recording=False)

    def answered_code(*faults: str) -> str:
        x = own[0].x if "1016002" in faults else other.x if "1011005" in faults else context.ax.x(X_PER_A + 1)
        a = full if {"1011003", "1016002"} & {*faults} else context.user()
        context.set_number(x, "11" if "1012102" in faults else "5")
        answer = context.ax.bind(a, x, **({"recordFlag": "true"} if "1012012" in faults else {}))
        context.set_number(x, "5")
        if answer.ok:
            context.ax.unbind(subscriptionId=answer["subscriptionId"])
        return code_or(answer, TAKEN)

    pairs = [
        *(("1011003", fault) for fault in ("1012012", "1012102", "1011005", "1016002")),
        *(("1012012", fault) for fault in ("1012102", "1011005")),
        ("1012102", "1011005"),
    ]
    words = {
        answered_code("1012102"): "1012102",
        answered_code("1012012"): "1012012",
    }  # these may have other codes, or none
    codes = {faults: answered_code(*faults) for faults in pairs}
    seen = {faults: words.get(code, code) for faults, code in codes.items()}
    for choice in contracts.assumptions()["ax.bind_faults"].values:
        order = str(choice).split()
        if all(code == min(faults, key=order.index) for faults, code in seen.items()):
            return str(choice)
    return ", ".join(f"{code} of {' and '.join(faults)}" for faults, code in seen.items())


@probe("ax.blocked_x", needs=("number_status",))
def blocked_x(context: CheckContext) -> str:
    """A bind on an X that is suspended, unavailable, frozen for binding."""
    seen, x = [], context.ax.free_x()
    for status in ("9", "10", "11"):
        context.set_number(x, status)
        seen.append(code_or(context.ax.bind(context.user(), x), TAKEN))
    context.set_number(x, "5")
    return one(seen)


@probe("ax.a_equals_x")
def a_equals_x(context: CheckContext) -> str:
    """X as A, at bind and at modify, and as the temporary callee."""
    x, binding = context.ax.free_x(), require_binding(context)
    bind = context.ax.bind(x, x)
    if bind.ok:
        context.ax.unbind(subscriptionId=bind["subscriptionId"])
    callee = context.ax.set_callee(binding.sub, binding.x)
    answers = (bind, callee, context.ax.modify(binding.sub, origNum=binding.x))
    return one(code_or(answer, TAKEN) for answer in answers)


@probe("ax.area_without_type", needs=("area_x", "any_x"))
def area_without_type(context: CheckContext) -> str:
    """A bind by areaCode without privateNumType."""
    context.require_exclusive()
    return code_or(context.ax.bind(context.user(), areaCode="0755"), TAKEN)


@probe("ax.area_mode_without_area")
def area_mode_without_area(context: CheckContext) -> str:
    """AreaMatchMode beside privateNum."""
    return code_or(context.ax.bind(context.user(), context.ax.free_x(), areaMatchMode="1"), "ignore")


@probe("ax.display_real_caller")
def display_real_caller(context: CheckContext) -> str:
    """A bind with calleeNumDisplay 1, and a call to its A."""
    answer = context.ax.bind(context.user(), x := context.ax.free_x(), calleeNumDisplay="1")
    if not answer.ok:
        return str(answer.code)
    if "calls" not in context.capabilities:
        raise CannotSettle("the bind was taken; what becomes of calls is not seen without a driver")
    call = context.call(context.user(), x)
    return "intercept" if call.release_cause == 8024 else f"a call {call.state} {call.release_cause}"


@probe("ax.recording_not_open", needs=("application_settings",))
def recording_not_open(context: CheckContext) -> str:
    """RecordFlag true where the application has no recording."""
    context.set_application(context.ax.app, recording=False)
    binding = require_binding(context)
    answers = (
        context.ax.bind(context.user(), context.ax.free_x(), recordFlag="true"),
        context.ax.modify(binding.sub, recordFlag="true"),
    )
    return one(code_or(answer, "ignore") for answer in answers)


@probe("ax.modify_orig_num")
def modify_orig_num(context: CheckContext) -> str:
    """A modify by privateNum with another A, who has no X."""
    binding, a2 = require_binding(context), context.user()
    answer = context.ax.modify(privateNum=binding.x, origNum=a2, callDirection=1)
    if not answer.ok:
        return "selector"
    return "new_a" if binding.sub in listed_bindings(context.ax.query(origNum=a2)) else "taken, and A is as before"


@probe("ax.modify_same_a")
def modify_same_a(context: CheckContext) -> str:
    """A modify to the A that the binding has, by subscriptionId."""
    binding = require_binding(context)
    return code_or(context.ax.modify(binding.sub, origNum=binding.a), "success")


@probe("ax.modify_full_a", needs=("six_x",))
def modify_full_a(context: CheckContext) -> str:
    """A modify to an A who has five X."""
    binding, full = require_binding(context), context.user()
    for _ in range(X_PER_A):
        require_binding(context, full)
    return code_or(context.ax.modify(binding.sub, origNum=full), TAKEN)


@probe("ax.query_unset_fields")
def query_unset_fields(context: CheckContext) -> str:
    """Which of four settings a query shows of a binding that was given none."""
    binding = require_binding(context)
    info = listed_bindings(context.ax.query(subscriptionId=binding.sub)).get(binding.sub)
    if info is None:
        raise CannotSettle("a query by id does not show the binding")
    shown = [name for name in UNSET if info.get(name) not in (None, "")]
    return "defaults" if len(shown) == len(UNSET) else ", ".join(shown) or "omit"


@probe("ax.callee_orig_num")
def callee_orig_num(context: CheckContext) -> str:
    """A temporary callee whose origNum is the calleeNum."""
    binding, number = require_binding(context), context.user()
    return code_or(context.ax.set_callee(binding.sub, number, origNum=number), "ignore")


@probe("ax.callee_after_new_a", needs=("calls",))
def callee_after_new_a(context: CheckContext) -> str:
    """A call of the new A of a binding that had a temporary callee before."""
    binding, a2 = require_binding(context), context.user()
    callee = callee_of(context, binding)
    answer = context.ax.modify(binding.sub, origNum=a2)
    if not answer.ok:
        raise CannotSettle(f"a modify of A was answered with {answer.key}")
    call = context.call(a2, binding.x)
    words = {callee: "holds", None: "gone" if call.release_cause == 8013 else f"cause {call.release_cause}"}
    return words.get(call.forwarded_to, "reaches somebody else")
