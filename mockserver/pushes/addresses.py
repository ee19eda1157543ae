"""Addresses: the path of the control plane, and where pushes may go.

One rule holds for each way in which an address comes in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import SplitResult, quote, urlsplit

from privnum import contracts

if TYPE_CHECKING:
    import ipaddress
    from collections.abc import Callable, Iterable, Iterator, Mapping

__all__ = [
    "CONTROL",
    "INBOX",
    "PushTargets",
    "fault_of",
    "faults_of",
    "is_control",
    "is_localhost",
    "is_loopback",
    "masked_address",
    "receiver_of",
]

#: Path under which the control plane lies.
CONTROL: Final = "/_privnum"
#: Address of the built-in inbox, which answers 200 to everything.
INBOX: Final = "inbox:"
#: Stands for every host, where hosts are named to which pushes may go.
_ANYWHERE: Final = "any"

#: A sign that no address has: a blank, a control character, or beyond ASCII.
_STRANGE: Final = re.compile(r"[^!-~]")
_SIGNS: Final = {" ": "a blank", "\n": "a line end", "\r": "a line end", "\t": "a tab"}
_LABEL: Final = r"[A-Za-z0-9_](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9_])?"
_NAME: Final = re.compile(rf"{_LABEL}(?:\.{_LABEL})*\.?")
_LONGEST_NAME: Final = 253
_CREDENTIALS: Final = re.compile(r"//[^/?#]*@")
_SETTINGS: Final = (
    *("event_url", "callin_url", "fee_url", "number_status_url", "sms_notify_url", "sms_control_url"),
    "url",  # of a single push: pushes.resend, trigger
)


def is_control(path: str) -> bool:
    """Return whether a path belongs to the control plane."""
    return path.startswith(CONTROL) and path[len(CONTROL) : len(CONTROL) + 1] in ("", "/")


def is_localhost(host: str) -> bool:
    """Return whether a name is loopback by definition.

    However the system resolves it.
    """
    return host == "localhost" or host.endswith(".localhost")


def masked_address(url: str) -> str:
    """Return an address as logs and messages show it.

    No credentials, no query, phone numbers masked.
    """
    address, _, _ = _CREDENTIALS.sub("//****@", url).partition("#")
    before, mark, _ = address.partition("?")
    return contracts.mask(f"{before}?****" if mark else before)


@lru_cache(maxsize=1024)  # each application of a new world names the same few
def fault_of(url: str) -> str | None:
    """Return why an address can be no push address, no matter whose it is.

    None: it can.
    """
    if url == INBOX:
        return None
    if not url.lower().startswith(("http://", "https://")):
        return "it begins with neither http:// nor https:// and is not inbox:"
    if not url.startswith(("http://", "https://")):
        return "its scheme has capitals; write http:// or https:// in small letters"
    if (strange := _STRANGE.search(url)) is not None:
        what = _SIGNS.get(strange[0], f"U+{ord(strange[0]):04X}, which is not printable ASCII")
        return f"its sign {strange.start() + 1} is {what}; write it as {quote(strange[0], errors='replace')}"
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError as error:
        return f"its host or port cannot be: {error}"
    if "@" in parts.netloc:
        return (
            "it has a user or a password before the @; the header Authorization of a push is the platform's own, so "
            "put a token into the path or the query"
        )
    if not host:
        return "it names no host"
    if port == 0:
        return "its port cannot be: write 1 to 65535"
    if _ip_of(host) is None and not (len(host) <= _LONGEST_NAME and _NAME.fullmatch(host)):
        return f"{host[:80]!r} is no name of a host"
    return None


def receiver_of(url: str) -> str:
    """Return an address without its path.

    What is slow to take one push is slow to take others.
    """
    return "/".join(url.split("/", 3)[:3]).lower()


def faults_of(message: Mapping[str, Any], fault: Callable[[str], str | None]) -> Iterator[tuple[str, str]]:
    """The push addresses in a control message that cannot be.

    Where each stands, and what is wrong with it.
    """
    for i, app in enumerate(message.get("applications") or ()):
        for where, problem in faults_of(app, fault):
            yield f"applications[{i}].{where}", problem
    for name in _SETTINGS:
        url = message.get(name)
        if url is not None and (why := fault(url)) is not None:
            yield name, f"no push can go to {masked_address(url)[:200]!r}: {why}"


class PushTargets:
    """Where pushes may go.

    This machine's loopback, hosts that were named, and never our own control plane.

    Args:
        named: more hosts, as they stand in addresses; "any": all.
    """

    def __init__(self, named: Iterable[str] = ()) -> None:
        self._named = {_plain(host) for host in named}
        self._own: set[tuple[str, int]] = set()
        self._refused: dict[tuple[str, int], str] = {}

    def allow_hosts_of(self, *urls: str) -> None:
        """Name the hosts of addresses that were given at the start of the server."""
        self._named.update(_plain(host) for url in urls if (host := urlsplit(url).hostname))

    def belongs_to_us(self, url: str) -> None:
        """Name an address at which this server listens."""
        self._own.add(_place(urlsplit(url)))

    def refuse_receiver(self, url: str, why: str) -> None:
        """Let no push go to the host and port of an address."""
        self._refused[_place(urlsplit(url))] = why

    def fault(self, url: str) -> str | None:
        """Return why no push may go to an address; None: it may."""
        why = fault_of(url)
        if why is not None or url == INBOX:
            return why
        parts = urlsplit(url)
        host, port = _place(parts)
        if is_control(parts.path) and self._is_ours(host, port):
            return "it is this server's own control plane"
        if _ANYWHERE not in self._named and host not in self._named and not is_loopback(host):
            return (
                f"pushes go to this machine only; name others as in privnum serve --push-to {host} (--privnum-push-to "
                f"in pytest, push_to in Python)"
            )
        return self._refused.get((host, port))

    def _is_ours(self, host: str, port: int) -> bool:
        if (host, port) in self._own:
            return True
        return is_loopback(host) and port in self.own_ports

    @property
    def own_ports(self) -> frozenset[int]:
        """The ports at which this server listens."""
        return frozenset(port for _, port in self._own)


def _place(parts: SplitResult) -> tuple[str, int]:
    return _plain(parts.hostname or ""), parts.port or (443 if parts.scheme == "https" else 80)


def _plain(host: str) -> str:
    return host.lower().rstrip(".").removeprefix("[").removesuffix("]")


def _ip_of(host: str) -> ipaddress.IPv4Address | ipaddress.IPv6Address | None:
    import ipaddress  # most hosts of a start are none: a server that starts shall not pay for it

    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def is_loopback(host: str) -> bool:
    """Return whether a host, by name or address, is only this machine."""
    ip = _ip_of(host)
    if ip is None:
        return is_localhost(host)
    mapped = getattr(ip, "ipv4_mapped", None)
    return (mapped or ip).is_loopback
