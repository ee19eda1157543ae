"""AXE queries: odd selectors, lists, and how a binding is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.probes.axe.bindings import NOBODYS_X
from privnum.suites.probes.axe.fixtures import require_binding
from privnum.suites.probes.fixtures import code_or, one
from privnum.suites.runner.check import CannotSettle, probe

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

UNSET = ("displayNumMode", "recordFlag", "timeUnit", "bindExpiredTime", "callbackExpiredTime")


@probe("axe.selector_missing")
def selector_missing(context: CheckContext) -> str:
    """Unbind, modify and query with nothing, X alone, extension alone."""
    binding = require_binding(context)
    seen = []
    for selector in ({}, {"virtualNum": binding.x}, {"extendNum": binding.extension}):
        seen += [context.axe.unbind(**selector), context.axe.query(**selector)]
        seen.append(context.axe.modify(None, **(selector | {"callbackNum": context.user()})))
    return one(code_or(answer, "accept") for answer in seen)


@probe("axe.selector_x_of_other_application")
def selector_x_of_other_application(context: CheckContext) -> str:
    """Every operation by an X that nobody owns, and by a foreign X.

    The latter where there is another application.
    """
    places = [(NOBODYS_X, "1" * context.axe.app.extension_digits)]
    if len(context.axe.apps) > 1:
        theirs = require_binding(context, app=context.axe.second_app)
        places.append((theirs.x, theirs.extension))
    seen: list[Answer] = []
    for x, extension in places:
        there = {"virtualNum": x, "extendNum": extension}
        seen += [context.axe.unbind(**there), context.axe.query(**there), context.axe.query_v2(**there)]
        seen += [
            context.axe.modify(None, **(there | {"callbackNum": context.user()})),
            context.axe.query_count(number=x),
        ]
    return one(code_or(answer, "accept") for answer in seen)


@probe("axe.query_times_after_modify")
def query_times_after_modify(context: CheckContext) -> str:
    """Bindings of 100 hours, and without a time, modified to 120 minutes."""
    pairs = {(100, "0"): "bind", (168, "0"): "bind", (None, None): "bind", (120, "1"): "current"}
    seen = []
    binds: tuple[dict[str, Any], ...] = ({"timeUnit": "0", "bindExpiredTime": 100}, {})
    for fields in binds:
        sub = require_binding(context, **fields).sub
        answer = context.axe.modify(sub, timeUnit="1", bindExpiredTime=120)
        if not answer.ok:
            raise CannotSettle(f"a modify of both was answered with {answer.key}")
        info = context.axe.query(subscriptionId=sub)
        shown = (info["bindExpiredTime"], info["timeUnit"])
        seen.append(pairs.get(shown, f"bindExpiredTime {shown[0]}, timeUnit {shown[1]}"))
    return "bind_where_carried" if seen == ["bind", "current"] else one(seen)


@probe("axe.query_unset_fields")
def query_unset_fields(context: CheckContext) -> str:
    """What a query shows of a binding of which only the numbers were set."""
    answer = context.axe.query(subscriptionId=require_binding(context).sub)
    if not answer.ok:
        raise CannotSettle("a binding is not found by its subscriptionId")
    shown = [name for name in UNSET if answer[name] is not None]
    return "omit" if not shown else "defaults" if len(shown) == len(UNSET) else f"only {', '.join(shown)}"


@probe("axe.query_v2_x_alone")
def query_v2_x_alone(context: CheckContext) -> str:
    """Query v2 by an X that has a binding."""
    return code_or(context.axe.query_v2(virtualNum=require_binding(context).x), "list")


@probe("axe.query_v2_empty")
def query_v2_empty(context: CheckContext) -> str:
    """Query v2 by an X whose one binding was unbound.

    Where it lists an X that has one.
    """
    binding = require_binding(context)
    if not context.axe.query_v2(virtualNum=binding.x).ok:
        raise CannotSettle("query v2 lists no X")
    context.axe.unbind(subscriptionId=binding.sub)
    return code_or(context.axe.query_v2(virtualNum=binding.x), "empty")


@probe("axe.list_limit")
def list_limit(context: CheckContext) -> str:
    """Limits of 0 and 101 in the binding count and in query v2.

    The latter where it lists an X.
    """
    x = require_binding(context).x
    answers = [context.axe.query_count(limit=limit) for limit in (0, 101)]
    if context.axe.query_v2(virtualNum=x).ok:
        answers += [context.axe.query_v2(virtualNum=x, limit=limit) for limit in (0, 101)]
    return one(code_or(answer, "default") for answer in answers)
