"""Seeded bugs of unbind, modify and query, for every mode."""

from __future__ import annotations

from itertools import chain
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.errors import Refusal
from privnum.suites.mutation.model import Bug, Fields, mode_operator
from privnum.suites.mutation.operators.bindings import after_modify, record_unasked
from privnum.suites.mutation.operators.requests import (
    answer_instead,
    change_answer,
    change_shown,
    drop_param,
    drop_shown_field,
    serve_anybody,
    serve_by,
    succeed_with,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.modes import Params
    from privnum.mockserver.worlds.world import World
    from privnum.suites.mutation.model import Operator, Patch, ServerMode

__all__ = ["bugs"]


@mode_operator
def _prefer_selector(mode: ServerMode, operation: str) -> Patch:
    """Do not look at subscriptionId where X, and what belongs to it, is given."""
    return drop_param(operation, "subscriptionId", *mode.selector).apply(mode)


@mode_operator
def _refuse_with_foreign_code(mode: ServerMode, operation: str) -> Patch:
    def refuse(*_: object) -> Fields:
        raise Refusal(mode.foreign_nothing)

    return answer_instead(operation, None, refuse).apply(mode)


# ── unbind ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@mode_operator
def _unbind_whole_x(mode: ServerMode) -> Patch:
    """Dissolve everything on the X of the binding that is named by its id."""

    def perform(right: Any, world: World, app: Application, params: Params) -> Fields:
        named = mode.selected(world, params) if "subscriptionId" in params else []
        fields: Fields = right(world, app, params)
        for binding in named:
            for other in mode.bindings_on(binding.x):
                world.unbind(other)
        return fields

    return serve_by("unbind", perform).apply(mode)


UNBIND = (
    Bug("unbind-whole-x", "UNBIND-001", "Unbind by id dissolves all on that X.", _unbind_whole_x()),
    Bug("unbind-x-wins", "UNBIND-003", "With both selectors X counts.", _prefer_selector("unbind")),
    Bug("unbind-nothing", "UNBIND-004", "Unbinding what is not bound succeeds.", succeed_with("unbind")),
    Bug("unbind-code", "UNBIND-004", "What is not bound has another code.", _refuse_with_foreign_code("unbind")),
    Bug("unbind-foreign-x", "UNBIND-005", "Another application's X is unbound.", serve_anybody("unbind")),
    Bug("unbind-foreign-id", "UNBIND-006", "Another's binding is dissolved.", serve_anybody("unbind")),
)


# ── modify ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def _forget(name: str, attribute: str) -> Operator:
    """Take a setting away that a modify does not carry."""

    def forget(_world: World, binding: Any, params: Params) -> None:
        if name not in params:
            setattr(binding, attribute, None)

    return after_modify(forget)


def _of_settings(mode: ServerMode) -> Iterator[Bug]:
    for name, attribute in mode.settings.items():
        yield Bug(f"forgets-{name}", "MODIFY-006", f"A modify without {name} takes it away.", _forget(name, attribute))


def _bind_anew(world: World, binding: Any, params: Params) -> None:
    """Give a modified binding an id of its own."""
    if "subscriptionId" in params:
        world.bindings.remove(binding)
        binding.subscription_id = world.identity.subscription_id()
        world.bindings.add(binding)


MODIFY = (
    Bug("modify-foreign", "MODIFY-002", "Another's binding is changed.", serve_anybody("modify")),
    Bug("modify-nothing", "MODIFY-002", "A modify of no binding succeeds.", succeed_with("modify")),
    Bug("modify-code", "MODIFY-002", "What is not bound has another code.", _refuse_with_foreign_code("modify")),
    Bug("direction-stays", "MODIFY-007", "callDirection cannot be changed.", drop_param("modify", "callDirection")),
    Bug("new-id", "MODIFY-010", "A modified binding has a new id.", after_modify(_bind_anew)),
    Bug("modify-recording", "MODIFY-011", "Whether the application records is not asked.", record_unasked("modify")),
)


# ── query ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def _of_shown(mode: ServerMode) -> Iterator[Bug]:
    """Each field of a binding left out of a query."""
    for rule, names in mode.shown_fields.items():
        for name in names:
            yield Bug(f"query-without-{name}", rule, f"A query does not show {name}.", drop_shown_field(name))


def _show_iso_time(shown: Fields) -> None:
    if "subscribeTime" in shown:
        shown["subscribeTime"] = shown["subscribeTime"].replace(" ", "T")


@mode_operator
def _show_nothing(mode: ServerMode) -> Patch:
    return succeed_with("query", **mode.empty_query).apply(mode)


QUERY = (
    Bug("iso-time", "QUERY-002", "subscribeTime has a T in it.", change_shown(_show_iso_time)),
    Bug("query-shows-nothing", "QUERY-001", "A query succeeds and shows nothing.", change_answer("query", dict.clear)),
    Bug("query-x-wins", "QUERY-004", "With both selectors X counts.", _prefer_selector("query")),
    Bug("query-nothing", "QUERY-005", "A query that finds nothing succeeds.", _show_nothing()),
    Bug("query-code", "QUERY-005", "What is not bound has another code.", _refuse_with_foreign_code("query")),
    Bug("query-foreign-x", "QUERY-006", "Another's X is shown.", serve_anybody("query")),
    Bug("query-foreign-id", "QUERY-007", "Another's binding is shown.", serve_anybody("query")),
)


def bugs(mode: ServerMode) -> Iterator[Bug]:
    """All of them, for a mode to take those whose rules it has."""
    return chain(UNBIND, _of_settings(mode), MODIFY, _of_shown(mode), QUERY)
