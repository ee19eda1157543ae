"""X as its server has it: what the bugs of all modes must know of it.

Nothing is bound, so most of it is empty.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.bindings import Binding
from privnum.mockserver.modes.x import calls as x_calls
from privnum.mockserver.modes.x import mode as x_mode
from privnum.suites.mutation.model import ServerMode

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Fields

__all__ = ["SERVER"]

NOTHING_BOUND = "Nothing is bound in X: there is neither a modify nor an unbind, and no second binding."
NOT_TOLD = "No event of X has a subscriptionId."


class NoBinding(Binding):
    """A binding that nobody makes."""

    def enter(self) -> None:
        """See Binding."""

    def leave(self) -> None:
        """See Binding."""


def _bindings_on(_x: object) -> list[Any]:
    return []


def _selected_bindings(_world: World, _params: Params) -> list[Any]:
    return []


def _no_heir(_gone: object) -> Binding | None:
    return None


def _bound_anew(_world: World, _binding: Any) -> Binding:
    raise LookupError(NOTHING_BOUND)


def _shown_bindings(_answer: Fields) -> list[Fields]:
    return []


def _is_call_back(_call: Call) -> bool:
    return False


SERVER = ServerMode(
    name="x",
    checks="X",
    handlers=x_mode.HANDLERS,
    calls=x_calls.XCalls,
    routing=x_calls,
    binding=NoBinding,
    x_selection=x_calls,
    users=(),
    x_name="",
    selector=(),
    people=(),
    lifetime="",
    nothing_found="",
    foreign_nothing="",
    bind_answer={},
    shown_fields={},
    shown=_shown_bindings,
    empty_query={},
    settings={},
    modified_in_calls=(),
    flags=(),
    clipped={},
    left_out={},
    bind_faults={},
    fault_names={},
    event_kinds=("callin", "callout", "alerting", "answer", "disconnect"),
    foreign_service_type="003",
    fixed_line_rows=("X-OPEN-005",),
    given_up_rules={"forwarded": "CALL-014", "alerting": "CALL-015"},
    wrongs=(),
    good_bind={},
    bindings_on=_bindings_on,
    selected=_selected_bindings,
    heir_of_call=_no_heir,
    heir_of=_no_heir,
    bound_anew=_bound_anew,
    is_call_back=_is_call_back,
    noticed_by={"cdr-without-userData": "EVENT-103", "cdr-old-user-data": "EVENT-103"},
    cannot_have={
        **{
            f"{kind}-without-subscriptionId": NOT_TOLD
            for kind in ("callin", "callout", "alerting", "answer", "disconnect")
        },
        "no-callin": "Without the question nobody is put through; not-asked is the bug.",
        "callin-without-caller": "A customer who does not learn who calls cannot answer: no call is put through.",
        "cdr-user-data-of-first": NOTHING_BOUND,
        "sms-private-ignored": NOTHING_BOUND,
        "sms-private-asked": NOTHING_BOUND,
        **dict.fromkeys(
            ("renewed", "limit-lifted", "limit-restarts", "ringing-dropped", "busy-binding", "stop-together"),
            NOTHING_BOUND,
        ),
    },
)
