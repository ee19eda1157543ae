"""The MCP server: which tools there are, and what an agent is told first."""

from __future__ import annotations

from inspect import getdoc
from typing import TYPE_CHECKING, Any, Final

from mcp.server.mcpserver import MCPServer
from mcp.server.mcpserver.exceptions import ToolError
from pydantic import ValidationError

from privnum import __version__, contracts
from privnum.mcp.arguments import check_names, describe_problems
from privnum.mcp.checking import check_platform
from privnum.mcp.contract_tools import describe, find_rules
from privnum.mcp.world_tools import WorldTools

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.mcp.worlds import Worlds

__all__ = ["mcp_server"]

_INSTRUCTIONS: Final = """\
A stand-in of Huawei Cloud PrivateNumber (隐私保护通话): made-up numbers, nothing is really called, and time is yours.
1. make_world gives a world of its own: the base address of its API, and an application of each mode with app_key,
   app_secret and private numbers (X). Give these to the program that you test, or send requests with send_request.
2. place_call and send_sms are what people do; advance lets world time pass, since the clock stands still until then.
3. list_pushes is what the customer's server got: call events, CDRs, SMS notices. list_journal is every request with
   the rule that refused it.
4. find_rules says what the contract says, with its source; describe has the JSON Schema of an operation or a message.
5. check holds a platform of yours, or the stand-in itself, against the rules.
Modes: AX (anyone reaches A through X), AXB (A and B reach each other), AXE (X and an extension), AXYB (B sees X, A
sees Y), X (nothing is bound: the customer's server is asked of each call)."""


class _Server(MCPServer[Any]):
    """The SDK's server, whose refusals have our form.

    What was wrong, where, and what would be right.
    """

    async def call_tool(self, name: str, arguments: dict[str, Any], context: Any = None) -> Any:
        """Call a tool.

        Raises:
            ToolError: there is no such tool, its arguments are wrong, or it says why it cannot.
        """
        schemas = {tool.name: tool.input_schema for tool in await self.list_tools()}
        try:
            if name not in schemas:
                raise contracts.UnknownName("tool", name, schemas)
            check_names(name, arguments, schemas[name])
            return await super().call_tool(name, arguments, context)
        except contracts.UnknownName as error:
            raise ToolError(str(error)) from error
        except ToolError as error:
            if isinstance(error.__cause__, ValidationError):
                raise ToolError(describe_problems(name, error.__cause__.errors(), schemas[name])) from error
            raise


def mcp_server(worlds: Worlds) -> MCPServer[Any]:
    """Return the server, with a tool for each thing that an agent may do."""
    server: MCPServer[Any] = _Server(
        "privnum", instructions=_INSTRUCTIONS, version=__version__, log_level="WARNING", subscriptions=False
    )
    tools: list[Callable[..., Any]] = [*WorldTools(worlds).tools(), find_rules, describe, check_platform]
    for tool in tools:
        _add_tool(server, tool)
    return server


def _add_tool(server: MCPServer[Any], tool: Callable[..., Any]) -> None:
    name = "check" if tool is check_platform else tool.__name__
    server.add_tool(tool, name=name, description=_text_of(tool))


def _text_of(tool: Callable[..., Any]) -> str:
    """Return a docstring without the indent of its place in the code."""
    return getdoc(tool) or ""
