"""What is told at the start of a server, beside its applications."""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

from privnum.words import say

__all__ = ["Start"]


class Start(NamedTuple):
    """What is told.

    The seed of ids, what control messages must carry, if anything, the address for HTTPS, if there is one, the file of
    the certificate that its clients are to trust, if it is of our own making, the file in which all is kept, if any is,
    and where programs of this machine reach the server, if others are told another address.
    """

    seed: int
    token: str | None = None
    secure_url: str | None = None
    ca_file: str | None = None
    state: str | None = None
    local_url: str | None = None

    def view(self) -> dict[str, Any]:
        """Return it for a program."""
        view: dict[str, Any] = {"seed": self.seed}
        if self.token is not None:
            view["control_token"] = self.token
        if self.local_url is not None:
            view["local_url"] = self.local_url
        if self.secure_url is not None:
            urls = {"url": self.secure_url, "control_url": f"{self.secure_url}/_privnum"}
            view["tls"] = {**urls, "ca_file": self.ca_file}
        return view

    def line(self) -> str:
        """Return where HTTPS is, for a person; nothing where it is not."""
        if self.secure_url is None:
            return ""
        file, url = self.ca_file, self.secure_url
        if file is None:
            return say("and over TLS at {url}", url=url) + "\n"
        quoted = shlex.quote(file)
        return (
            say("and over TLS at {url}; trust {file}, as in curl --cacert {quoted}", url=url, file=file, quoted=quoted)
            + "\n"
        )

    def keeping(self) -> str:
        """Return where all that happens is kept, for a person."""
        if self.state is None:
            return say("Bindings, calls and pushes live in memory: they are gone when the server ends.")
        return say(
            "All that happens is kept in {file}: another start with it goes on where this one ends.", file=self.state
        )
