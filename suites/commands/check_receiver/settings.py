"""What is checked: the addresses of a receiver, and who signs."""

from __future__ import annotations

import ipaddress
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from privnum import contracts
from privnum.suites.base.claims import NotExercised
from privnum.suites.commands.check_receiver.options import OPTIONS
from privnum.suites.safety.permission import PERMISSION
from privnum.suites.target.config import TargetError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.commands.check_receiver.options import Kind

__all__ = ["SHORTEST", "Settings", "refusal"]

SHORTEST: Final = 8
"""Signs of a secret that is looked for in texts; a shorter one may be in any word of them."""
_FALLBACK: Final[Mapping[Kind, Kind]] = {"number_status": "call_event"}
"""To which other address a kind goes that has none of its own, as with the platform."""


@dataclass(frozen=True, slots=True)
class Settings:
    """The addresses by kind of push, and how the receiver is checked.

    `within` and `asked_within` are the seconds for an answer, and for one to a callin that is a question; `longest` is
    when nobody waits any more. `rules` None: all. `ca_file` has certificates to trust where it is asked over https.
    """

    urls: Mapping[Kind, str]
    key: str
    secret: str = field(repr=False)
    modes: tuple[str, ...]
    seed: int
    within: float
    asked_within: float
    longest: float
    rules: tuple[str, ...] | None = None
    ca_file: str | None = None

    def url(self, kind: Kind) -> str:
        """Where such a push goes. Raises NotExercised where nobody says."""
        found = self.urls.get(kind) or self.urls.get(_FALLBACK.get(kind, kind))
        if found is None:
            raise NotExercised(f"no address is given for it: {OPTIONS[kind]}")
        return found

    def has(self, kind: Kind) -> bool:
        """Whether such a push can be sent."""
        return kind in self.urls or _FALLBACK.get(kind) in self.urls

    def without_secret(self, text: str) -> str:
        """A text of the receiver's, masked."""
        return contracts.mask(text if self.hides_nothing else text.replace(self.secret, "****"))

    @property
    def hides_nothing(self) -> bool:
        """Whether the secret is too short to be looked for in texts."""
        return len(self.secret) < SHORTEST

    def describe(self) -> dict[str, object]:
        """What the report says of the receiver; no secret is in it."""
        addresses = {OPTIONS[kind]: self.shown_address(url) for kind, url in self.urls.items()}
        first = next(iter(addresses.values()))
        return {"name": "receiver", "base_url": first, "addresses": addresses, "app_key": self.key}

    def shown_address(self, url: str) -> str:
        """An address without what may be a secret in it."""
        parts = urlsplit(url)
        return self.without_secret(f"{parts.scheme}://{parts.netloc}{parts.path}{'?****' if parts.query else ''}")


def refusal(urls: Mapping[Kind, str], *, permitted: bool) -> str | None:
    """Why nothing may be sent there, in one line; None if it may.

    Raises TargetError for what is no address.
    """
    for kind, url in urls.items():
        fault = _fault_of(url)
        if fault is not None:
            raise TargetError(f"{OPTIONS[kind]}: {fault}; write http://127.0.0.1:8000/path, or https://…")
    far = [kind for kind, url in urls.items() if not _is_here(url)]
    if not far or permitted:
        return None
    return (
        f"{OPTIONS[far[0]]} is not on this machine: a few thousand pushes would go there, many of them wrong. "
        f"If you may test it, say so with {PERMISSION} (docs/receiver.md)"
    )


def _fault_of(url: str) -> str | None:
    if not (url.isascii() and url.isprintable()) or " " in url:
        return "an address is printable ASCII without blanks"
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError as error:
        return f"that is no address ({error})"
    if parts.scheme not in ("http", "https") or not host:
        return "that is no address of http or https with a host"
    if "@" in parts.netloc:
        return "it has a user or a password; Authorization of a push is the platform's own"
    return None


def _is_here(url: str) -> bool:
    host = urlsplit(url).hostname or ""
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost" or host.endswith(".localhost")
