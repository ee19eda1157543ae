"""Claims about a history.

By what no order of its requests allows, and by the search for an order.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, NamedTuple

from privnum.suites.base.claims import NotExercised
from privnum.suites.base.printing import plural
from privnum.suites.history.breaches import crowds, double_unbinds, held_bindings, lost_writes, pairs
from privnum.suites.history.operations import lines
from privnum.suites.history.search import BOUND, find_order, smallest_evidence
from privnum.suites.oracle import Undecided

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from privnum.suites.checks.concurrency.models import OracleModel
    from privnum.suites.checks.concurrency.profiles import RaceProfile
    from privnum.suites.history.breaches import Breach
    from privnum.suites.history.operations import Operation
    from privnum.suites.runner.context import CheckContext

__all__ = ["ORDER", "Crowd", "breaches", "claim_kept", "claim_order", "parts_by_x", "requires_order"]

ORDER = "COM-STATE-001"
"""That there is an order: in no source, so that nobody fails by it."""


def parts_by_x(operations: Iterable[Operation], x_field: str) -> list[list[Operation]]:
    """The operations by X: what is bound on one does not depend on another."""
    operations = list(operations)
    x_of = {each.seen.sub: each.seen.x for each in operations if each.seen.sub}
    parts: dict[str, list[Operation]] = defaultdict(list)
    for each in operations:
        fields = each.request.fields
        x = fields.get(x_field) or x_of.get(str(fields.get("subscriptionId"))) or each.seen.x
        parts[str(x)].append(each)
    return list(parts.values())


class Crowd(NamedTuple):
    """How many bindings may be there at one instant, by which rule.

    `whose` they are.
    """

    most: int
    rule: str
    whose: str


def breaches(profile: RaceProfile, operations: Sequence[Operation], crowd: Crowd | None = None) -> Iterator[Breach]:
    """What no order of these operations allows.

    All of their bindings are of the `crowd`, if one is given.
    """

    def ends(request: Operation, bind: Operation) -> bool:
        fields = request.request.fields
        if request.request.verb == "modify":
            return bool({*profile.context.of(profile.mode).mode.users} & fields.keys())
        named = fields.get("subscriptionId") in (bind.seen.sub, None, "")
        return request.request.verb == "unbind" and named

    held = held_bindings(operations, ends)
    yield from pairs(held, profile.alike)
    yield from double_unbinds(operations, profile.rule("UNBIND-004"))
    yield from lost_writes(operations, profile.rule("MODIFY-006"))
    if crowd is not None:
        yield from crowds(held, *crowd)


def claim_kept(context: CheckContext, found: Iterable[Breach], rules: Iterable[str]) -> None:
    """Claim that requests at once broke none of these rules.

    The history is in the steps of a failure.
    """
    for breach in found:
        told = lines(breach.operations)
        for line in told:
            context.note(f"at once: {line}")
        context.claim(breach.rule, False, f"{breach.what}: {'; '.join(told)}")
    for rule in rules:
        context.claim(rule, True, "requests at once kept it")


def requires_order(model: OracleModel[Any], parts: Iterable[Sequence[Operation]]) -> None:
    """Raise NotExercised where the oracle explains not even single requests.

    They went one after another. Then the search would blame on their overlapping what is so without it.
    """
    for part in parts:
        if _search(model, part) == "none":
            last = lines(smallest_evidence(part, model))[-1]
            raise NotExercised(f"asked one after another the target answers otherwise, which other checks try: {last}")


def claim_order(context: CheckContext, model: OracleModel[Any], parts: Iterable[Sequence[Operation]]) -> None:
    """Claim that the operations have an order that explains their answers.

    In it the oracle answers as the target did.

    Raises NotExercised where there are too many orders to find out.
    """
    for part in parts:
        word = _search(model, part)
        if word == "too_many":
            raise NotExercised(f"too many orders: {plural(len(part), 'request')}, none found in {BOUND} steps")
        text = ""
        if word == "none":
            text = "; ".join(lines(smallest_evidence(part, model)))
        context.claim(ORDER, word == "order", f"no order of these requests explains their answers: {text}")


def _search(model: OracleModel[Any], part: Sequence[Operation]) -> str:
    try:
        return find_order(part, model).word
    except Undecided as error:
        raise NotExercised(f"the contract leaves open what is right here: {error}") from None
