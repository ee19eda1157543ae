"""The stand-in server mounted in a server of pytest-httpserver, beside whatever else a test mounts there."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from werkzeug import Response

from privnum.mockserver.embed.direct import DirectServer

if TYPE_CHECKING:
    from pytest_httpserver import HTTPServer
    from werkzeug import Request

__all__ = ["mount"]

#: The API plane, the API plane of a world, the control plane.
_PATHS = re.compile(r"^/(rest|w|_privnum)(/|$)")


def mount(httpserver: HTTPServer, server: DirectServer | None = None) -> DirectServer:
    """Let a server answer the requests to an HTTPServer that belong to its planes; return the server."""
    served = server or DirectServer()
    served.platform.base_url = httpserver.url_for("").rstrip("/")

    def handle(request: Request) -> Response:
        # The undecoded target; werkzeug's own server and others call it by different names.
        target = request.environ.get("REQUEST_URI") or request.environ["RAW_URI"]
        path, _, query = str(target).partition("?")
        status, headers, body = served.request(
            request.method, path, query, list(request.headers), request.get_data(), client=request.remote_addr or ""
        )
        return Response(body, status, headers)

    httpserver.expect_request(_PATHS).respond_with_handler(handle)
    return served
