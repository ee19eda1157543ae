"""The stand-in server in a respx router.

For code whose httpx client cannot be given a transport.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.mockserver.embed.direct import BASE_URL, DirectServer
from privnum.mockserver.embed.transport import answer

if TYPE_CHECKING:
    import httpx
    import respx

__all__ = ["mount"]


def mount(router: respx.Router, server: DirectServer | None = None, base_url: str = BASE_URL) -> DirectServer:
    """Let a server answer every request of a router to `base_url` and below.

    Return the server.

    Pushes do not meet the router: give the server a Python function as its customer, or `HttpCustomer()`.
    """
    served = server or DirectServer(base_url=base_url)

    def handle(request: httpx.Request) -> httpx.Response:
        return answer(served, request)

    router.route(url__startswith=base_url).mock(side_effect=handle)
    return served
