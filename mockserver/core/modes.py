"""What a mode is to the rest of the server.

Handlers of requests, and routing decisions for calls.

A mode knows nothing of HTTP, events or CDRs.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.worlds.world import World

__all__ = [
    "Ask",
    "BindingSnapshot",
    "CallMode",
    "Collect",
    "Connect",
    "Decision",
    "DigitsDecision",
    "Example",
    "Handler",
    "Held",
    "InboxAnswer",
    "Mode",
    "Params",
    "Reject",
    "Settings",
    "SmsAsk",
    "SmsDecision",
    "SmsMode",
    "SmsRefuse",
    "SmsRoute",
]

#: Parameters of a request: known names only, nothing that means absent, integers as int.
Params = dict[str, Any]


class Handler(NamedTuple):
    """How a mode serves an operation.

    `narrow` takes out what another parameter overrules, before anything is checked. `check` checks the parameters
    alone. `perform` checks them against the state, changes it, and returns the fields of the answer behind resultcode
    and resultdesc. They raise Refusal, `perform` before it changes anything.
    `fault` is the code of a parameter that does not fit its schema, or the assumption that holds the code.
    `clears` names the fields whose empty text takes a value away; elsewhere it means that the field is absent.
    `flow_fault` is the code for who asks too often, or the assumption that holds it.
    `redirects`: a success is a 301 to the "location" that `perform` returns, a path on this server.
    """

    perform: Callable[[World, Application, Params], dict[str, Any]]
    narrow: Callable[[Params], None] | None = None
    check: Callable[[Assumptions, Params], None] | None = None
    fault: str = "403/1010002"
    longest_text: int = 256
    clears: frozenset[str] = frozenset()
    flow_fault: str = "403/1010010"
    redirects: bool = False


class BindingSnapshot(NamedTuple):
    """What a call takes over from its binding.

    The binding may change or go while the call goes on (CALL-009).

    `announced` says that a tone announces the recording; `extension` is A's own (AXE); `private_number` is the bindNum
    of the CDR where it may be another number than the one dialled (AXYB).
    """

    subscription_id: str
    user_data: str | None = None
    max_duration: int = 0
    record: bool = False
    announced: bool = False
    extension: str | None = None
    private_number: str | None = None


class Connect(NamedTuple):
    """Routing decision: forward the call to `to`, who sees `shown`.

    `direction` is that of the CDR.

    `extension` is the one that was dialled, where the mode has such. `put_through` is reported when the call is
    transferred ("transfer") and when it is answered ("answer"), with the instant.
    """

    to: str
    shown: str
    direction: int
    terms: BindingSnapshot
    extension: str | None = None
    put_through: Callable[[str, int], None] | None = None


class Reject(NamedTuple):
    """Routing decision: play something, and end the call with a cause.

    Nothing is played where there is nothing to play.

    `terms` are those of the binding that the call is about, if there is one; `extension` is that of its CDR. `problem`
    says what was wrong with the customer's answer, and what would be right.
    """

    cause: int
    direction: int
    terms: BindingSnapshot | None = None
    extension: str | None = None
    play: str | None = None
    problem: str | None = None


class Collect(NamedTuple):
    """Routing decision: play something and let the caller enter digits.

    `entered` checks what he has entered so far.

    It gets an entry for each prompt, empty where he entered nothing. `direction` is that of the CDR if the call ends
    before the next decision.
    """

    play: str
    direction: int
    entered: Callable[[tuple[str, ...]], DigitsDecision]


class Ask(NamedTuple):
    """Routing decision: ask the customer's server what becomes of the call.

    `answered` gets the body of its answer, and says what becomes of the call then. `direction` is that of the CDR if
    the call ends before. Where pushes go to the built-in inbox that answers with `inbox`.
    """

    direction: int
    answered: Callable[[bytes], Connect | Reject]
    inbox: InboxAnswer


class InboxAnswer(NamedTuple):
    """How the built-in inbox answers a question.

    `after` these seconds of world time, with status and body.
    """

    after: int = 0
    status: int = 200
    body: bytes = b""


#: What a mode decides of a call.
Decision = Connect | Reject | Collect | Ask


class DigitsDecision(NamedTuple):
    """What was collected of the last entry, and what becomes of the call."""

    digits: str
    then: Decision


class SmsRoute(NamedTuple):
    """Decision on an SMS: send `text` to `to`.

    `direction` is that of its notices.
    """

    to: str
    text: str
    direction: int
    terms: BindingSnapshot


class SmsAsk(NamedTuple):
    """Decision on an SMS: the customer is asked.

    `terms` is None where nothing is bound; `takes_data` tells whether userData of his verdict counts.
    """

    direction: int
    terms: BindingSnapshot | None = None
    takes_data: bool = True


class SmsRefuse(NamedTuple):
    """Decision on an SMS: nobody gets it.

    `result` is its sendResult, or the assumption that holds it.
    """

    result: int | str
    direction: int
    terms: BindingSnapshot | None = None


#: What a mode decides of an SMS.
SmsDecision = SmsRoute | SmsAsk | SmsRefuse


class SmsMode(Protocol):
    """A mode whose X can be written to."""

    def route_sms(self, assumptions: Assumptions, x: XNumber, sender: str, text: str) -> SmsDecision:
        """Decide what becomes of an SMS from `sender` to `x`."""
        ...


class Held(ABC):
    """What a mode keeps of the bindings on an X, or of an application's.

    It has its own way to find them.
    """

    __slots__ = ()

    @abstractmethod
    def __len__(self) -> int:
        """Return how many bindings there are."""


class Settings:
    """Settings that an application has in the console of its mode alone.

    `names` are those of the attributes, as the control plane writes them; `nullable` are those that null takes away.
    """

    __slots__ = ()
    names: ClassVar[tuple[str, ...]] = ()
    nullable: ClassVar[frozenset[str]] = frozenset()

    def view(self) -> dict[str, Any]:
        """Return the settings as the control plane shows them."""
        return {name: getattr(self, name) for name in self.names}


class CallMode(Protocol):
    """A mode whose X can be called."""

    #: serviceType of its CDRs (CDR-009).
    service_type: str
    #: Whether callers are asked for digits.
    collects: bool
    #: Whether callin carries the binding's id (AXE-EVENT-104).
    callin_names_binding: bool
    #: The assumption that says whether callin carries userData; None where it does (EVENT-010).
    callin_user_data: str | None
    #: Whether the customer is asked of a call, and its events say in which mode they are sent (X-EVENT-101).
    asks: bool
    #: Whether a call to a number that is nobody's X ends, where such an application is, instead of being no call.
    ends_calls_to_nobody: bool

    def route(self, assumptions: Assumptions, x: XNumber, caller: str, now_ms: int) -> Decision:
        """Decide what becomes of a call from `caller` to `x`."""
        ...


class Example(NamedTuple):
    """What a newcomer begins with: an application, and what he sends first.

    The latter is empty where nothing is bound.

    `application` is a control message with a made-up key, secret and numbers. `bind` is the body of the first request,
    to the operation `<mode>.bind`, and `query` its query string; `hint` says what comes next. {x} in them is the
    application's first X, {app_key} its key, {url} in the hint the server.
    """

    application: Mapping[str, Any]
    bind: str
    hint: str
    query: str = ""


class Mode(NamedTuple):
    """A mode: operations by id, calls, settings, first use, SMS if it has any.

    `shown` returns a binding as a query of the mode shows it; None where nothing is bound. `before_call` does what has
    to be done as a number is dialled, before the call is decided on.
    """

    name: str
    handlers: Mapping[str, Handler]
    calls: CallMode
    example: Example
    settings: type[Settings] | None = None
    before_call: Callable[[World, XNumber, str], None] | None = None
    sms: SmsMode | None = None
    shown: Callable[[Assumptions, Any], dict[str, Any]] | None = None
