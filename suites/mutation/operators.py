"""With what mutants are made: small ways to bend an operation, an answer, an event, a CDR, a schema."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

import orjson

from privnum import contracts
from privnum.mockserver.calls.engine import CallEngine
from privnum.mockserver.core import validation
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.modes import common
from privnum.mockserver.modes.axb import mode as axb
from privnum.mockserver.modes.axe import mode as axe
from privnum.mockserver.pushes.bodies import Notifier
from privnum.mockserver.pushes.outbox import Outbox
from privnum.mockserver.worlds.platform import Platform
from privnum.mockserver.worlds.world import World

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Handler, Params
    from privnum.mockserver.worlds.platform import Answer
    from privnum.suites.mutation.model import Patch, Seed

__all__ = [
    "Fields",
    "any_user_data",
    "around",
    "as_owner",
    "bent_answer",
    "bent_check",
    "bent_http",
    "bent_params",
    "bent_pushes",
    "bent_schema",
    "calls_of",
    "calls_unbind",
    "cdr_a_leg",
    "cdr_with",
    "cdr_without",
    "cut_calls",
    "events_unless",
    "in_cdr",
    "in_event",
    "no_cdr_unless",
    "together",
    "tolerant",
    "tone_with_path",
    "unbind_cuts_calls",
    "with_entry",
    "without_code",
]

Fields = dict[str, Any]

_HANDLERS: dict[str, dict[str, Handler]] = {
    "axb": axb.HANDLERS,
    "axe": axe.HANDLERS,
    "common": common.HANDLERS,
}


@contextmanager
def together(*seeds: Seed) -> Iterator[None]:
    """Make several mistakes, one after the other."""
    with ExitStack() as stack:
        for seed in seeds:
            stack.enter_context(seed())
        yield


def with_entry(table: Any, name: object, value: object) -> Patch:
    """Have another value in a table by name."""
    return patch.dict(table, {name: value})


# ── operations ───────────────────────────────────────────────────────────────────────────────────────────────────────


def _handler(operation: str, **other: Any) -> Patch:
    table = _HANDLERS[operation.partition(".")[0]]
    return patch.dict(table, {operation: table[operation]._replace(**other)})


def _handler_of(operation: str) -> Handler:
    return _HANDLERS[operation.partition(".")[0]][operation]


def around(operation: str, perform: Callable[[Any, World, Application, Params], Fields]) -> Patch:
    """Serve an operation by `perform`, which gets the right way to do it first."""
    right = _handler_of(operation).perform

    def bent(world: World, app: Application, params: Params) -> Fields:
        return perform(right, world, app, params)

    return _handler(operation, perform=bent)


def bent_params(operation: str, bend: Callable[[Params], object]) -> Patch:
    """Bend the parameters of an operation before anything is checked."""
    right = _handler_of(operation).narrow

    def narrow(params: Params) -> None:
        bend(params)
        if right is not None:
            right(params)

    return _handler(operation, narrow=narrow)


def tone_with_path(operation: str) -> Patch:
    """Take a tone's name with folders before it for the name behind them."""

    def bend(params: Params) -> None:
        for name, value in params.items():
            if name in ("recordHintTone", "lastMinVoice", "callbackTone") and isinstance(value, str):
                params[name] = value.rpartition("/")[2]

    return bent_params(operation, bend)


def bent_check(operation: str, check: Callable[[Assumptions, Params], None] | None) -> Patch:
    """Judge the parameters of an operation by `check` alone, once they fit their schema; None: by nothing."""
    return _handler(operation, check=check)


def bent_answer(operation: str, bend: Callable[[Fields], object]) -> Patch:
    """Bend the fields of an operation's answer."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        bend(fields)
        return fields

    return around(operation, perform)


def as_owner(operation: str, x_name: str = "relationNum") -> Patch:
    """Serve whoever asks as if the X, or the binding, were his own."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        binding = world.bindings.get(str(params.get("subscriptionId")))
        x = binding.x if binding is not None else world.numbers.get(str(params.get(x_name)))
        fields: Fields = right(world, app if x is None else x.app, params)
        return fields

    return around(operation, perform)


def tolerant(operation: str, code: str, answer: Callable[[World, Application, Params], Fields]) -> Patch:
    """Answer so where the operation is refused with that code; `answer` may raise a refusal of its own."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        try:
            fields: Fields = right(world, app, params)
        except Refusal as refusal:
            if refusal.code != code:
                raise
            return answer(world, app, params)
        return fields

    return around(operation, perform)


def without_code(operation: str, code: str, other: str) -> Patch:
    """Refuse with another code."""

    def answer(*_: object) -> Fields:
        raise Refusal(other)

    return tolerant(operation, code, answer)


def bent_schema(operation: str, bend: Callable[[Fields], object]) -> Patch:
    """Judge the parameters of an operation by another schema; `bend` changes a copy of the right one."""
    right = validation.Reader.__init__

    def init(reader: validation.Reader, served: contracts.Operation, handler: Handler) -> None:
        right(reader, served, handler)
        name = served.body or served.query
        if served.id == operation and name is not None:
            reader._validator = bent_validator(name, bend)

    return patch.object(validation.Reader, "__init__", init)


def any_user_data(schema: Fields) -> None:
    """Let userData hold whatever signs."""
    for branch in schema["properties"]["userData"]["anyOf"]:
        branch.pop("pattern", None)


def bent_validator(name: str, bend: Callable[[Fields], object]) -> contracts.Validator:
    """The validator of a schema that differs from the contract's."""
    import jsonschema_rs

    validator = contracts.Validator(name)
    schema = contracts.schema(name)
    bend(schema)
    validator.schema = schema
    validator.is_valid = jsonschema_rs.Draft202012Validator(schema).is_valid
    return validator


def bent_http(bend: Callable[[Answer], Answer]) -> Patch:
    """Bend every answer of the API plane as it leaves."""
    handle = Platform.handle

    def bent(platform: Platform, *given: Any, **named: Any) -> Answer:
        return bend(handle(platform, *given, **named))

    return patch.object(Platform, "handle", bent)


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def bent_pushes(bend: Callable[[Fields], object]) -> Patch:
    """Bend the body of each push as it leaves; an emptied one is not sent."""
    send = Outbox.send

    def sending(outbox: Outbox, app: Application, kind: str, url: str, body: bytes, **where: Any) -> None:
        fields = orjson.loads(body)
        bend(fields)
        if fields:
            send(outbox, app, kind, url, orjson.dumps(fields), **where)

    return patch.object(Outbox, "send", sending)


def in_event(kind: str | None, bend: Callable[[Call, Fields], object]) -> Patch:
    """Bend the statusInfo of each event of that eventType, or of all (collectInfo has another maker)."""
    status_info = Notifier._status_info

    def bent(bodies: Notifier, call: Call, event_type: str, now_ms: int) -> Fields:
        info = status_info(bodies, call, event_type, now_ms)
        if kind in (None, event_type):
            bend(call, info)
        return info

    return patch.object(Notifier, "_status_info", bent)


def in_cdr(bend: Callable[[Call, Fields], object]) -> Patch:
    """Bend each CDR as it is written."""
    fee_info = Notifier._fee_info

    def bent(bodies: Notifier, call: Call) -> Fields:
        fee = fee_info(bodies, call)
        bend(call, fee)
        return fee

    return patch.object(Notifier, "_fee_info", bent)


def events_unless(silent: Callable[[Call, str], bool]) -> Patch:
    """Send no event of a call where `silent`, which gets the call and the eventType, says so."""
    event = Notifier.event

    def telling(bodies: Notifier, call: Call, kind: str, now_ms: int) -> None:
        if not silent(call, kind):
            event(bodies, call, kind, now_ms)

    return patch.object(Notifier, "event", telling)


def cdr_without(name: str) -> Seed:
    """No CDR has the field as it leaves: the server itself goes by sessionId."""

    def bend(body: Fields) -> None:
        for fee in body.get("feeLst", ()):
            fee.pop(name, None)

    return lambda: bent_pushes(bend)


def cdr_with(name: str, value: Callable[[Call, Fields], Any]) -> Seed:
    """A field of every CDR has another value."""
    return lambda: in_cdr(lambda call, fee: fee.update({name: value(call, fee)}))


def no_cdr_unless(told: Callable[[Call], bool]) -> Patch:
    """Some calls have no CDR."""
    cdr = Notifier.cdr

    def telling(told_by: Notifier, call: Call, now_ms: int) -> None:
        if told(call):
            cdr(told_by, call, now_ms)

    return patch.object(Notifier, "cdr", telling)


def cdr_a_leg() -> Patch:
    """A call that was put through has a CDR for each leg."""
    cdr = Notifier.cdr

    def telling(told: Notifier, call: Call, now_ms: int) -> None:
        cdr(told, call, now_ms)
        if call.forwarded_to is not None:
            cdr(told, call, now_ms)

    return patch.object(Notifier, "cdr", telling)


# ── the end of a binding ─────────────────────────────────────────────────────────────────────────────────────────────


def calls_of(world: World, binding: Binding) -> list[Call]:
    """The calls of a binding that run."""
    found = (world.call_engine.get(view["id"]) for view in world.call_engine.view())
    running = [call for call in found if call is not None and call.state != "ended" and call.terms is not None]
    return [call for call in running if call.terms and call.terms.subscription_id == binding.subscription_id]


def cut_calls(world: World, binding: Binding) -> None:
    """Hang up the calls of a binding."""
    for call in calls_of(world, binding):
        world.call_engine.end(call, 0, world.now_ms)


def calls_unbind() -> Patch:
    """A call that was put through and is over takes its binding with it."""
    run, worlds = World.place_call, dict[CallEngine, World]()
    end = CallEngine.end

    def placing(world: World, message: Mapping[str, Any]) -> Call:
        worlds[world.call_engine] = world
        return run(world, message)

    def ending(engine: CallEngine, call: Call, cause: int, now_ms: int) -> None:
        end(engine, call, cause, now_ms)
        binding = worlds[engine].bindings.get(call.terms.subscription_id) if call.terms else None
        if binding is not None and call.forwarded_to is not None:
            worlds[engine].unbind(binding)

    return together(lambda: patch.object(World, "place_call", placing), lambda: patch.object(CallEngine, "end", ending))


def unbind_cuts_calls() -> Patch:
    """Unbind hangs up the calls of the binding."""
    unbind = World.unbind

    def cutting(world: World, binding: Binding) -> None:
        unbind(world, binding)
        cut_calls(world, binding)

    return patch.object(World, "unbind", cutting)
