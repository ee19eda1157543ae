"""Failures as an agent reads them: one text, and no traceback."""

from __future__ import annotations

import functools
from socket import gaierror
from typing import TYPE_CHECKING, Final, ParamSpec, TypeVar

from mcp.server.mcpserver.exceptions import ToolError

from privnum.control.client import CommandError
from privnum.mcp.worlds import UnknownWorld
from privnum.mockserver.embed.errors import DriverError

if TYPE_CHECKING:
    from collections.abc import Callable

__all__ = ["in_words"]

_P = ParamSpec("_P")
_T = TypeVar("_T")
#: What says by itself what was wrong, where, and what would be right (UnknownName of the contract is a LookupError).
_TOLD: Final = (CommandError, DriverError, UnknownWorld, LookupError, ValueError)


def in_words(tool: Callable[_P, _T]) -> Callable[_P, _T]:
    """Let a tool fail with the text of its error alone."""

    @functools.wraps(tool)
    def run(*given: _P.args, **named: _P.kwargs) -> _T:
        try:
            return tool(*given, **named)
        except (ConnectionError, TimeoutError, gaierror) as error:
            raise ToolError(
                f"the server does not answer ({error.strerror or error}); start it again, or start privnum mcp without "
                "--server, which runs one of its own"
            ) from error
        except _TOLD as error:
            raise ToolError(str(error)) from error

    return run
