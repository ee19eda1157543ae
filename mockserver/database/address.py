"""The address of a database, and how it is shown."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["is_database", "shown_address", "without_secrets"]

_SCHEMES: Final = ("postgresql://", "postgres://")
_SECRETS: Final = ("password", "sslpassword")
_SECRET: Final = re.compile(rf"(?:{'|'.join(_SECRETS)})=([^&]*)")


def is_database(state: str) -> bool:
    """Return whether a state is a database, and no file."""
    return state.startswith(_SCHEMES)


def shown_address(url: str) -> str:
    """Return an address without its password."""
    scheme, _, rest = url.partition("://")
    place, mark, query = rest.partition("?")
    user, at, host = place.rpartition("@")
    kept = [each for each in query.split("&") if each and each.partition("=")[0] not in _SECRETS]
    return f"{scheme}://{user.partition(':')[0]}{at}{host}" + (mark + "&".join(kept) if kept else "")


def without_secrets(text: str, url: str) -> str:
    """Return a text of the client library without passwords of an address."""
    place, _, query = url.partition("://")[2].partition("?")
    password = place.rpartition("@")[0].partition(":")[2]
    for secret in (password, *_SECRET.findall(query)):
        if secret:
            text = text.replace(secret, "****")
    return text
