"""Files that a target names by an address, wherever they are."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import SplitResult, urlsplit

from privnum.suites.base.trace import Step
from privnum.suites.transport.client import sign

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["download", "is_address", "is_of_target"]

_PORTS = {"http": 80, "https": 443}


def is_address(text: str) -> bool:
    """Return whether a text is the address of a file on the web."""
    return text.isascii() and text.isprintable() and " " not in text and _origin(text) is not None


def is_of_target(context: CheckContext, address: str) -> bool:
    """Return whether an address is on the target's own host and port.

    The embedded target has none but itself.
    """
    base = context.target.base_url
    return base is None or _origin(base) == _origin(address)


def download(context: CheckContext, address: str, signed_by: App | None = None) -> Answer:
    """Return what a GET of an address brings.

    It is a plain one, or has the signature headers of an application.

    Raises:
        NoAnswer: there is none, or it is longer than is read.
    """
    parts = urlsplit(address)
    headers = [] if signed_by is None else sign(signed_by)
    session, path = context.session, parts.path or "/"
    if is_of_target(context, address):
        answer = session.transport.request("GET", path, parts.query, headers, b"")
    else:
        from privnum.suites.transport.api import HttpTransport

        other = HttpTransport(
            f"{parts.scheme}://{parts.netloc}",
            timeout=session.target.request_timeout,
            deadline=session.deadline,
            keeps=False,
            ca_file=session.target.ca_file,
        )
        try:
            answer = other.request("GET", path, parts.query, headers, b"")
        finally:
            other.close()
    how = "" if signed_by is None else ", with a signature"
    context.history.append(Step("note", text=f"GET {address}{how}: HTTP {answer.status}, {len(answer.content)} bytes"))
    return answer


def _origin(address: str) -> tuple[str, str, int] | None:
    """Return scheme, host and port, None where it is no address of the web."""
    try:
        parts: SplitResult = urlsplit(address)
        host, port = parts.hostname, parts.port
    except ValueError:
        return None
    if parts.scheme not in _PORTS or not host:
        return None
    return parts.scheme, host, port or _PORTS[parts.scheme]
