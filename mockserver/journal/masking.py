"""What of a message is a secret.

By the digest of a request others could send it again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["headers_of"]

MASK: Final = "****"
_DIGEST: Final = re.compile(r'(PasswordDigest\s*+=\s*+"?)[^",\s]++', re.IGNORECASE)
#: Words that begin an Authorization which holds no secret: it is in the token beside it.
_PLAIN: Final = ("aksk ", "wsse ")
_WHOLE: Final = frozenset({"cookie", "set-cookie", "proxy-authorization", "x-api-key"})


def headers_of(
    headers: Iterable[tuple[bytes, bytes]] | Iterable[tuple[str, str]], *, masked: bool
) -> list[tuple[str, str]]:
    """Return headers as texts.

    Secrets and digests are masked unless they are wanted.
    """
    found = [(_text(name), _text(value)) for name, value in headers]
    return [(name, _masked_header(name.lower(), value)) for name, value in found] if masked else found


def _text(part: bytes | str) -> str:
    return part if isinstance(part, str) else part.decode("latin-1")


def _masked_header(name: str, value: str) -> str:
    if name in _WHOLE or (name == "authorization" and not value.lower().startswith(_PLAIN)):
        return MASK
    return _DIGEST.sub(rf"\g<1>{MASK}", value)
