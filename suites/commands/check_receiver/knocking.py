"""Whether somebody listens at an address, and in the way that it says."""

from __future__ import annotations

import socket
import ssl
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from privnum.suites.commands.check_receiver.options import OPTIONS
from privnum.suites.target.config import TargetError
from privnum.suites.transport.tls import tls_context

if TYPE_CHECKING:
    from privnum.suites.commands.check_receiver.settings import Settings

__all__ = ["knock"]

_LONGEST: Final = 10.0
"""Seconds that somebody has to take a connection, and to agree on TLS."""


def knock(settings: Settings) -> None:
    """Open and close a connection to each address.

    Raises TargetError where nobody listens, or where TLS cannot be spoken at an address of https: then no push would
    come through, which says nothing of how pushes are taken.
    """
    for kind, url in settings.urls.items():
        problem = _problem_of(url, settings.shown_address(url), settings.ca_file)
        if problem is not None:
            raise TargetError(f"{OPTIONS[kind]}: {problem}")


def _problem_of(url: str, shown: str, ca_file: str | None) -> str | None:
    """Return why an address cannot be used, None where it can."""
    parts = urlsplit(url)
    is_secure = parts.scheme == "https"
    host = parts.hostname or ""
    try:
        connection = socket.create_connection((host, parts.port or (443 if is_secure else 80)), timeout=_LONGEST)
    except OSError as error:
        return f"nobody listens at {shown}: {error.strerror or error}"
    with connection:
        try:
            if is_secure:
                tls_context(ca_file).wrap_socket(connection, server_hostname=host).close()
        except ssl.SSLCertVerificationError as error:
            why = error.verify_message
            return f"the certificate of {shown} is not trusted ({why}); --ca FILE names certificates to trust"
        except OSError as error:
            why = error.strerror or str(error)
            return f"nobody speaks TLS at {shown} ({why}); write http://… where it takes plain HTTP"
    return None
