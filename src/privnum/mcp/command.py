"""`privnum mcp`: serve the tools over standard input and output."""

from __future__ import annotations

from contextlib import ExitStack
from typing import TYPE_CHECKING

from privnum.ends import report_problem
from privnum.options import OptionParser, add_language

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["mcp_main"]


def mcp_main(args: Sequence[str]) -> int:
    """Serve until standard input ends; return the status."""
    parser = OptionParser(
        prog="privnum mcp",
        description="Serve the stand-in, the rules and the checks as tools of a coding agent: the Model Context "
        "Protocol over standard input and output. The worlds of the agent are dropped at the end.",
        epilog="status: 0 the agent has ended the session; 2 it could not begin",
        examples=("privnum mcp", "privnum mcp --server http://localhost:8080"),
        allow_abbrev=False,
    )
    parser.add_argument(
        "--server",
        metavar="URL",
        help="make worlds on this server of this machine (default: on one of its own, on a free port)",
    )
    add_language(parser)
    given = parser.parse_args(args)
    try:
        from privnum.mcp.server import mcp_server
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "privnum":
            raise
        report_problem("privnum mcp", f"{error.name} is not installed; pip install '.[mcp]' in privnum's checkout")
        return 2
    from privnum.control.client import Client, CommandError
    from privnum.mcp.worlds import Worlds
    from privnum.mockserver.embed.live import LiveServer

    if given.server is not None:
        try:
            Client(given.server).health()
        except CommandError as error:
            report_problem("privnum mcp", str(error))
            return 2
    with ExitStack() as ends:
        url = given.server or ends.enter_context(LiveServer()).url
        worlds = Worlds(url)
        ends.callback(worlds.close)
        report_problem("privnum mcp", f"worlds are made on {url}; their calls can be looked at there in a browser")
        mcp_server(worlds).run("stdio")
    return 0
