"""Who may send control messages over HTTP.

Programs of this machine, or those that know a token; no web page.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from typing import TYPE_CHECKING, Final, NamedTuple
from urllib.parse import urlsplit

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["Gate"]

#: May be asked by anybody who waits for the server to be up.
_OPEN: Final = "/_privnum/health"
_WITH_BODY: Final = frozenset({"POST", "PATCH", "PUT"})
#: A Host header: a name or an address, and a port.
_HOST: Final = re.compile(r"(?P<name>[A-Za-z0-9_.-]{1,253}|\[[0-9A-Fa-f:.]{2,45}\])(?P<port>:[0-9]{1,5})?")


class Refused(NamedTuple):
    """Why a control message is not taken.

    HTTP status, a sentence, and the header at fault.
    """

    status: int
    error: str
    where: str


class Gate:
    """What the headers of a control message must be like.

    A page in a browser on this machine can send requests here too, and can give a name of its own the address
    127.0.0.1. So what a page sends (Origin) is refused, and so is a name with a dot that is not known to be ours.

    Args:
        token: goes with each message as "Authorization: Bearer …"; None: none is needed.
        public_url: under which the server is reached; None: nobody said.
        follows_host: whether the address that is asked stands in answers, where no public one is named.
    """

    def __init__(self, token: str | None = None, public_url: str | None = None, *, follows_host: bool = False) -> None:
        self._token = None if token is None else f"Bearer {token}".encode()
        public = urlsplit(public_url or "")
        self._own_name = public.hostname or ""
        #: Of our own page behind a proxy, which need not hand on the name that was asked.
        self._own_origin = f"{public.scheme}://{public.netloc}".lower() if public_url else None
        self._follows_host = follows_host and public_url is None

    @property
    def authorization(self) -> bytes | None:
        """The header that goes with each message, None where none is needed."""
        return self._token

    def refusal(self, method: str, path: str, headers: Sequence[tuple[bytes, bytes]]) -> Refused | None:
        """Return why a control message is refused, None where it may be taken."""
        given = {name: value.decode("latin-1") for name, value in reversed(headers)}
        return (
            self._check_token(path, given.get(b"authorization", ""))
            or self._check_host(given.get(b"host"))
            or self._check_origin(given.get(b"origin"), given.get(b"host"))
            or _check_type(method, given.get(b"content-type"))
        )

    def address(self, headers: Iterable[tuple[bytes, bytes]], scheme: str = "http") -> str | None:
        """Return the address by which a request has reached the server.

        Over HTTP or HTTPS. None where that is the usual one.
        """
        if not self._follows_host:
            return None
        host = next((value.decode("latin-1") for name, value in headers if name == b"host"), "")
        return f"{scheme}://{host}" if _HOST.fullmatch(host) else None

    def _check_token(self, path: str, given: str) -> Refused | None:
        if self._token is None or path == _OPEN or hmac.compare_digest(given.encode("latin-1"), self._token):
            return None
        if given:
            return Refused(401, "this is not the control token of this server, which was printed at its start", "token")
        return Refused(401, "send Authorization: Bearer and the control token that was printed at the start", "token")

    def _check_host(self, host: str | None) -> Refused | None:
        if host is None or self._token is not None:
            return None  # who knows the token is nobody's web page
        found = _HOST.fullmatch(host)
        name = "" if found is None else found["name"].lower().rstrip(".")
        if name and ("." not in name or name.endswith(".localhost") or name == self._own_name or _is_address(name)):
            return None
        return Refused(403, f"{host[:100]!r} is no name of this server; --public-url names another one", "Host")

    def _check_origin(self, origin: str | None, host: str | None) -> Refused | None:
        if origin is None or origin == self._own_origin or (host is not None and origin.partition("://")[2] == host):
            return None
        return Refused(403, f"a page of {origin[:100]!r} may not send control messages", "Origin")


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name.strip("[]"))
    except ValueError:
        return False
    return True


def _check_type(method: str, given: str | None) -> Refused | None:
    if given is None or method not in _WITH_BODY or given.partition(";")[0].strip().lower() == "application/json":
        return None
    return Refused(415, f"a control message is application/json, not {given[:100]!r}", "Content-Type")
