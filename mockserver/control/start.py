"""What is told at the start of a server, beside its applications."""

from __future__ import annotations

import shlex
from typing import Any, NamedTuple

__all__ = ["Start"]


class Start(NamedTuple):
    """What is told.

    The seed of ids, what control messages must carry, if anything, the address for HTTPS, if there is one, the file of
    the certificate that its clients are to trust, if it is of our own making, and the file in which all is kept, if any
    is.
    """

    seed: int
    token: str | None = None
    secure_url: str | None = None
    ca_file: str | None = None
    state: str | None = None

    def view(self) -> dict[str, Any]:
        """Return it for a program."""
        token = {} if self.token is None else {"control_token": self.token}
        if self.secure_url is None:
            return {"seed": self.seed, **token}
        urls = {"url": self.secure_url, "control_url": f"{self.secure_url}/_privnum"}
        return {"seed": self.seed, **token, "tls": {**urls, "ca_file": self.ca_file}}

    def line(self) -> str:
        """Return where HTTPS is, for a person; nothing where it is not."""
        if self.secure_url is None:
            return ""
        file = self.ca_file
        trust = "" if file is None else f"; trust {file}, as in curl --cacert {shlex.quote(file)}"
        return f"and over TLS at {self.secure_url}{trust}\n"

    def keeping(self) -> str:
        """Return where all that happens is kept, for a person."""
        if self.state is None:
            return "Bindings, calls and pushes live in memory: they are gone when the server ends."
        return f"All that happens is kept in {self.state}: another start with it goes on where this one ends."
