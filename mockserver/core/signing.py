"""The digests of both generations, for requests and pushes alike.

COM-AUTH-001, COM-AUTH-004, COM-PUSH-002.
"""

from __future__ import annotations

import hashlib
from binascii import b2a_base64
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from hashlib import _Hash

__all__ = ["Signer"]

_BLOCK: Final = 64
_INNER: Final = bytes(byte ^ 0x36 for byte in range(256))
_OUTER: Final = bytes(byte ^ 0x5C for byte in range(256))


class Signer:
    """Signs with one app_secret.

    HMAC (RFC 2104) is written out, so that what depends on the secret alone is hashed once and copied for each
    message: that halves the cost of a digest, which every request and every push pays.
    """

    __slots__ = ("_inner", "_outer", "_secret")

    def __init__(self, secret: bytes) -> None:
        key = hashlib.sha256(secret).digest() if len(secret) > _BLOCK else secret
        key = key.ljust(_BLOCK, b"\0")
        self._secret = secret
        self._inner: _Hash = hashlib.sha256(key.translate(_INNER))
        self._outer: _Hash = hashlib.sha256(key.translate(_OUTER))

    def __reduce__(self) -> tuple[type[Signer], tuple[bytes]]:
        return Signer, (self._secret,)  # a hash under way cannot be copied as data

    def aksk(self, stamp: bytes) -> bytes:
        """Return Base64(HMAC-SHA256(secret, stamp)); `stamp` is Nonce + Created."""
        inner = self._inner.copy()
        inner.update(stamp)
        outer = self._outer.copy()
        outer.update(inner.digest())
        return b2a_base64(outer.digest(), newline=False)

    def wsse(self, stamp: bytes) -> bytes:
        """Return Base64(SHA256(stamp + secret)); `stamp` is Nonce + Created."""
        return b2a_base64(hashlib.sha256(stamp + self._secret).digest(), newline=False)
