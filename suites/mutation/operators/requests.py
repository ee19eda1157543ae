"""Edits of how an operation is served.

Its parameters, its schema, its answer, whom it serves.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum import contracts
from privnum.mockserver.core import validation
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.worlds.platform import Platform
from privnum.suites.mutation.model import Fields, Operator, mode_operator, operator
from privnum.suites.mutation.operators.code import together

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Handler, Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Patch, ServerMode, ServerPart

__all__ = [
    "allow_any_user_data",
    "answer_as_text",
    "answer_instead",
    "change_answer",
    "change_code",
    "change_params",
    "change_response",
    "change_schema",
    "change_shown",
    "changed_validator",
    "check_by",
    "clear_by_empty",
    "drop_answer_field",
    "drop_param",
    "drop_shown_field",
    "fill_param",
    "refuse_where",
    "serve_anybody",
    "serve_by",
    "succeed_with",
    "take_tone_with_path",
]

_TONES = ("recordHintTone", "lastMinVoice", "callbackTone")


# ── the whole operation ──────────────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def serve_by(part: ServerPart, operation: str, perform: Callable[[Any, World, Application, Params], Fields]) -> Patch:
    """Serve an operation by `perform`, which gets the right way first."""
    right = part.handler(operation).perform

    def perform_instead(world: World, app: Application, params: Params) -> Fields:
        return perform(right, world, app, params)

    return part.with_handler(operation, perform=perform_instead)


@mode_operator
def serve_anybody(mode: ServerMode, operation: str) -> Patch:
    """Serve anybody who asks as if the X, or the binding, were his own."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        binding = world.bindings.get(str(params.get("subscriptionId")))
        x = binding.x if binding is not None else world.numbers.get(str(params.get(mode.x_name)))
        owner = app if x is None else x.app
        own_key = {"app_key": owner.app_key} if "app_key" in params else {}
        fields: Fields = right(world, owner, {**params, **own_key})
        return fields

    return serve_by(operation, perform).apply(mode)


@mode_operator
def answer_instead(mode: ServerMode, operation: str, code: str | None, answer: Callable[..., Fields]) -> Patch:
    """Answer so where the operation is refused with that code.

    None: that of nothing found.

    `answer` gets world, application and parameters, and may raise a refusal of its own.
    """
    expected = code or mode.nothing_found

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        try:
            fields: Fields = right(world, app, params)
        except Refusal as refusal:
            if refusal.code != expected:
                raise
            return answer(world, app, params)
        return fields

    return serve_by(operation, perform).apply(mode)


def succeed_with(operation: str, code: str | None = None, **fields: Any) -> Operator:
    """Succeed where the operation is refused with that code.

    None: that of nothing found.
    """

    def answer(*_: object) -> Fields:
        return dict(fields)

    return answer_instead(operation, code, answer)


def change_code(operation: str, code: str, other: str) -> Operator:
    """Refuse with another code."""

    def answer(*_: object) -> Fields:
        raise Refusal(other)

    return answer_instead(operation, code, answer)


# ── parameters ───────────────────────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def change_params(part: ServerPart, operation: str, change: Callable[[Params], object]) -> Patch:
    """Change the parameters of an operation before anything is checked."""
    right = part.handler(operation).narrow

    def narrow(params: Params) -> None:
        change(params)
        if right is not None:
            right(params)

    return part.with_handler(operation, narrow=narrow)


def drop_param(operation: str, name: str, *beside: str, without: str | None = None) -> Operator:
    """Leave a parameter out.

    Only where all of `beside` are there, and `without` is not.
    """

    def drop(params: Params) -> None:
        if params.keys() >= set(beside) and without not in params:
            params.pop(name, None)

    return change_params(operation, drop)


def fill_param(operation: str, name: str, value: object) -> Operator:
    """Have a value for a parameter that is absent or empty."""

    def fill(params: Params) -> None:
        if params.get(name) in (None, ""):
            params[name] = value

    return change_params(operation, fill)


def refuse_where(operation: str, code: str, wrong: Callable[[Params], bool]) -> Operator:
    """Refuse some parameters that are right."""

    def refuse(params: Params) -> None:
        if wrong(params):
            raise Refusal(code)

    return change_params(operation, refuse)


def take_tone_with_path(operation: str) -> Operator:
    """Take a tone's name with folders before it for the name behind them."""

    def cut(params: Params) -> None:
        for name in _TONES:
            if isinstance(params.get(name), str):
                params[name] = params[name].rpartition("/")[2]

    return change_params(operation, cut)


@mode_operator
def check_by(part: ServerPart, operation: str, check: Callable[[Assumptions, Params], None] | None) -> Patch:
    """Check an operation's parameters by `check` alone.

    Once they fit their schema; None: by nothing.
    """
    return part.with_handler(operation, check=check)


@mode_operator
def clear_by_empty(part: ServerPart, operation: str, *names: str) -> Patch:
    """Let an empty text stand for a value in these fields alone.

    Elsewhere it means that the field is absent.
    """
    return part.with_handler(operation, clears=frozenset(names))


@mode_operator
def change_schema(part: ServerPart, operation: str, change: Callable[[Fields], object]) -> Patch:
    """Check the parameters of an operation by another schema.

    `change` edits a copy of the right one.
    """
    right = validation.Reader.__init__

    def init(reader: validation.Reader, served: contracts.Operation, handler: Handler) -> None:
        right(reader, served, handler)
        whole = contracts.operations().get(served.id, served)
        name = served.body or served.query
        # what an operation has in its query beside a body is another schema
        if served.id == part.operation(operation) and name is not None and name == (whole.body or whole.query):
            reader._validator = changed_validator(name, change)

    return patch.object(validation.Reader, "__init__", init)


def changed_validator(name: str, change: Callable[[Fields], object]) -> contracts.Validator:
    """The validator of a schema that differs from the contract's."""
    import jsonschema_rs

    validator = contracts.Validator(name)
    schema = contracts.schema(name)
    change(schema)
    validator.schema = schema
    validator.is_valid = jsonschema_rs.Draft202012Validator(schema).is_valid
    return validator


def allow_any_user_data(schema: Fields) -> None:
    """Let userData hold whatever signs."""
    for branch in schema["properties"]["userData"]["anyOf"]:
        branch.pop("pattern", None)


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def change_answer(operation: str, change: Callable[[Fields], object]) -> Operator:
    """Change the fields of an operation's answer."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        fields: Fields = right(world, app, params)
        change(fields)
        return fields

    return serve_by(operation, perform)


def drop_answer_field(operation: str, name: str) -> Operator:
    """Leave a field out of an operation's answer."""

    def drop(fields: Fields) -> None:
        fields.pop(name, None)

    return change_answer(operation, drop)


def answer_as_text(operation: str, name: str) -> Operator:
    """Answer with a text in place of a number."""

    def change(fields: Fields) -> None:
        fields[name] = str(fields[name])

    return change_answer(operation, change)


@mode_operator
def change_shown(mode: ServerMode, change: Callable[[Fields], object]) -> Patch:
    """Change each binding that a query shows."""

    def change_all(fields: Fields) -> None:
        for shown in mode.shown(fields):
            change(shown)

    return change_answer("query", change_all).apply(mode)


def drop_shown_field(name: str) -> Operator:
    """Leave a field out of each binding that a query shows."""

    def drop(shown: Fields) -> None:
        shown.pop(name, None)

    return change_shown(drop)


def show_as_text(name: str) -> Operator:
    """Show a field of each binding as text."""

    def change(shown: Fields) -> None:
        if name in shown:
            shown[name] = str(shown[name])

    return change_shown(change)


@mode_operator
def show_as_bound(mode: ServerMode, name: str) -> Patch:
    """Show a setting as it was bound, whatever was modified since."""
    first: dict[str, Any] = {}

    def show(shown: Fields) -> None:
        shown[name] = first.setdefault(shown["subscriptionId"], shown.get(name))

    def note(right: Any, world: World, app: Application, params: Params) -> Fields:
        for binding in mode.selected(world, params):
            first.setdefault(binding.subscription_id, getattr(binding, mode.settings[name]))
        fields: Fields = right(world, app, params)
        return fields

    return together(change_shown(show), serve_by("modify", note)).apply(mode)


@operator
def change_response(change: Callable[[Answer], Answer]) -> Patch:
    """Change every response of the API as it leaves."""
    handle = Platform.handle

    def changed_answer(platform: Platform, *given: Any, **named: Any) -> Answer:
        return change(handle(platform, *given, **named))

    return patch.object(Platform, "handle", changed_answer)
