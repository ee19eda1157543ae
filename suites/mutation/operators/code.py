"""Edits of any function, value or table of the server."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.suites.mutation.model import mode_operator, operator

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from privnum.suites.mutation.model import Operator, Patch, ServerPart

__all__ = ["replace", "set_entry", "set_row", "together", "wrap"]


@operator
def wrap(owner: object, name: str, wrapper: Callable[..., Any]) -> Patch:
    """Call `wrapper` in place of a function.

    It gets the right one first, then the arguments.
    """
    right = getattr(owner, name)

    def call_wrapper(*arguments: Any, **named: Any) -> Any:
        return wrapper(right, *arguments, **named)

    return patch.object(owner, name, call_wrapper)


@operator
def replace(owner: object, name: str, value: object) -> Patch:
    """Have another function, or another value, under a name."""
    return patch.object(owner, name, value)


@operator
def set_entry(table: Any, key: object, value: object) -> Patch:
    """Have another value in a table by name."""
    return patch.dict(table, {key: value})


@operator
def set_row(table: Any, key: object, **columns: Any) -> Patch:
    """Have other values in some columns of a row of a table by name."""
    return patch.dict(table, {key: table[key]._replace(**columns)})


@mode_operator
@contextmanager
def together(part: ServerPart, *operators: Operator) -> Iterator[None]:
    """Make several edits, one after the other."""
    with ExitStack() as stack:
        for each in operators:
            stack.enter_context(each.apply(part))
        yield
