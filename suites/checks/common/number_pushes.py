"""Waiting for the pushes that report the status of numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import PATIENCE

if TYPE_CHECKING:
    from privnum.suites.callbacks.inbox import Push
    from privnum.suites.runner.context import CheckContext

__all__ = ["change_status", "news", "wait_for_status_pushes"]


def wait_for_status_pushes(context: CheckContext, mark: int) -> list[Push]:
    """The numStatus pushes that come after the first `mark` pushes.

    Time passes until there is one, at most PATIENCE seconds.
    """
    for _ in range(PATIENCE):
        if found := _of_numbers(context, mark):
            return found
        context.advance(1)
    return _of_numbers(context, mark)


def news(context: CheckContext, mark: int) -> list[dict[str, Any]]:
    """What pushes say of numbers behind the first `mark` pushes, each once."""
    found: list[dict[str, Any]] = []
    for push in _of_numbers(context, mark):
        found += [info for info in push.numbers if info not in found]
    return found


def change_status(context: CheckContext, x: str, status: str, cause: str | None = None) -> list[dict[str, Any]]:
    """Give X that status; what pushes say of X by it, each once."""
    mark = len(context.pushes())
    context.set_number(x, status, cause)
    wait_for_status_pushes(context, mark)
    return [info for info in news(context, mark) if info.get("number") == x]


def _of_numbers(context: CheckContext, mark: int) -> list[Push]:
    return [push for push in context.pushes()[mark:] if push.kind == "number_status"]
