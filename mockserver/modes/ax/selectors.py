"""AX: how a request names its binding.

By subscriptionId, by X, or, to query, by A.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.numbers import mask
from privnum.mockserver.modes.ax.bindings import AXBinding, binding_on
from privnum.mockserver.modes.parameters import check_x

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World

__all__ = [
    "BIND",
    "CALLEE",
    "MODIFY",
    "QUERY",
    "UNBIND",
    "check_private_num",
    "id_wins",
    "own_binding",
    "own_x",
    "refuse_missing",
]


class Naming(NamedTuple):
    """An operation's own rules of what it names.

    No selector, a binding that there is not, an X that is another's.

    `unbound_code` and `foreign_code` are the assumptions that hold the codes of an X without a binding, and of one of
    another application; None is 1011001, which the page of bind names.
    """

    missing: str
    unknown: str
    foreign: str
    unbound_code: str = "ax.binding_not_found"
    foreign_code: str | None = "ax.selector_x_of_other_application"


BIND: Final = Naming("", "", "AX-BIND-010", foreign_code=None)
UNBIND: Final = Naming("AX-UNBIND-002", "AX-UNBIND-004", "AX-UNBIND-005", "ax.unbind_unbound_x")
MODIFY: Final = Naming("AX-MODIFY-001", "AX-MODIFY-002", "AX-MODIFY-002")
QUERY: Final = Naming("AX-QUERY-104", "AX-QUERY-005", "AX-QUERY-006")
CALLEE: Final = Naming("AX-CALLEE-102", "AX-CALLEE-112", "AX-CALLEE-112")


def id_wins(params: Params) -> None:
    """Let subscriptionId decide where it is given.

    AX-MODIFY-102, AX-CALLEE-103.
    """
    if "subscriptionId" in params:
        params.pop("privateNum", None)


def check_private_num(assumptions: Assumptions, params: Params) -> None:
    """Check the form of privateNum, if it is given (ax.malformed_x)."""
    check_x(assumptions, params, "privateNum", "ax.malformed_x", "AX-OPEN-001")


def refuse_missing(assumptions: Assumptions, rules: Naming, names: str = "subscriptionId or privateNum") -> Refusal:
    """Return the refusal of a request that names no binding; its code is open.

    ax.selector_missing.
    """
    what = f"Give {names}; in a query string send + as %2B."
    return Refusal(assumptions.text("ax.selector_missing"), what, rules.missing)


def own_x(world: World, app: Application, number: str, rules: Naming) -> XNumber:
    """Return the application's X of that number.

    AX-BIND-010, AX-UNBIND-005, AX-QUERY-006.
    """
    x = world.numbers.get(number)
    if x is None or x.app is not app:
        code = "403/1011001" if rules.foreign_code is None else world.assumptions.text(rules.foreign_code)
        raise Refusal(code, f"privateNum {mask(number)} must be an X of this application.", rules.foreign)
    return x


def own_binding(world: World, app: Application, params: Params, rules: Naming) -> AXBinding:
    """Return the application's binding of a subscriptionId or privateNum.

    Raises:
        Refusal: there is none (AX-UNBIND-004, AX-MODIFY-002, AX-QUERY-005, AX-CALLEE-112).
    """
    if "subscriptionId" in params:
        named = world.bindings.get(params["subscriptionId"])
        if not isinstance(named, AXBinding) or named.x.app is not app:
            code = world.assumptions.text("ax.binding_not_found")
            raise Refusal(code, "subscriptionId names no binding of this application.", rules.unknown)
        return named
    binding = binding_on(own_x(world, app, params["privateNum"], rules))
    if binding is None:
        code = world.assumptions.text(rules.unbound_code)
        raise Refusal(code, "privateNum carries no binding.", rules.unknown)
    return binding
