"""An item of pytest in a run of the suites, and what its test gets."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pytest

from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.definitions import check_of

if TYPE_CHECKING:
    from privnum.suites.runner.session import Session

__all__ = ["FORKS", "HOOKS", "context_of", "module_of", "name_of"]

#: Name of the plugin that has the session of the run.
HOOKS: Final = "privnum-hooks"
#: Name of the plugin that has a run checked by several processes, where there is one.
FORKS: Final = "privnum-forks"


def context_of(request: pytest.FixtureRequest) -> CheckContext:
    """A context for the check that asks.

    It is opened and closed by the check's own wrapper. Fails the test where the run has no session.
    """
    hooks: Any = request.config.pluginmanager.get_plugin(HOOKS)
    session: Session | None = None if hooks is None else hooks.session
    if session is None or check_of(getattr(request.node, "function", None)) is None:
        pytest.fail("a check runs as a test of its own, in a run that has collected it", pytrace=False)
    return CheckContext(session, name_of(request.node))


def module_of(item: pytest.Item) -> str:
    """The name of the module that an item is in, "" where it is in none."""
    module = getattr(item, "module", None)
    return getattr(module, "__name__", "")


def name_of(item: pytest.Item) -> str:
    """What the events call a check."""
    module = module_of(item).removeprefix("privnum.suites.").removeprefix("checks.").removeprefix("probes.")
    return f"{module}::{item.name}"
