"""The customer's side of a request.

Its signature, its query string, and the check of a push's signature.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Literal, Protocol, Self
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "JSON_TYPE",
    "Headers",
    "Keys",
    "Scheme",
    "Signature",
    "digest_of",
    "encode_query",
    "read_token",
    "sign",
    "verify",
]

Headers = list[tuple[str, str]]
JSON_TYPE = ("Content-Type", "application/json;charset=UTF-8")
"""The header that every request must have, GET and DELETE too (COM-ENV-021)."""
Scheme = Literal["aksk", "wsse"]

_CREATED = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_NONCE = re.compile(r"[0-9A-Za-z]{1,128}")
_SAFE = "-_.~"
_ATTRIBUTE = re.compile(r'(?<!\w)(\w++)\s*+=\s*+"([^"]*+)"')
"""Nothing that was passed over is tried again from its middle, so that the time goes with the length."""
_SHOWN = 200
"""Characters of a header's attributes that a message quotes."""


class Keys(Protocol):
    """Whatever has an app_key and a secret."""

    @property
    def key(self) -> str:
        """The app_key."""
        ...

    @property
    def secret(self) -> str:
        """The app_secret."""
        ...


def digest_of(scheme: Scheme, nonce: str, created: str, secret: str) -> str:
    """PasswordDigest in Base64.

    AKSK is HMAC-SHA256(secret, Nonce + Created), WSSE SHA256(Nonce + Created + secret).
    """
    if scheme == "aksk":
        keyed = _keyed_digest(secret).copy()
        keyed.update((nonce + created).encode())
        raw = keyed.digest()
    else:
        raw = hashlib.sha256((nonce + created + secret).encode()).digest()
    return base64.b64encode(raw).decode()


@lru_cache(maxsize=256)
def _keyed_digest(secret: str) -> hmac.HMAC:
    """Every request and push is signed, with few secrets.

    The key's part of a digest is half of its cost.
    """
    return hmac.new(secret.encode(), digestmod="sha256")


@dataclass(frozen=True, slots=True)
class Signature:
    """The authentication headers of one request. Every part can be bent.

    None leaves a part out (COM-AUTH-*).

    `digest` is worked out from the other parts unless given. `authorization` and `token` replace a whole header value.
    `separator` stands between attributes, `word` is the UsernameToken in front, `names` renames the headers.
    """

    key: str
    secret: str = field(repr=False)
    nonce: str | None
    created: str | None
    scheme: Scheme = "aksk"
    username: str | None = ""
    digest: str | None = ""
    realm: str | None = "SDP"
    profile: str | None = "UsernameToken"
    type: str | None = "Appkey"
    word: str | None = "UsernameToken"
    separator: str = ","
    authorization: str | None = ""
    token: str | None = ""
    names: tuple[str, str] = ("", "")

    def with_parts(self, parts: Mapping[str, Any]) -> Self:
        """A copy with other parts. Raises TypeError for a part that there is not."""
        return replace(self, **parts)

    def headers(self) -> Headers:
        """The two headers; one that was bent to None is missing."""
        names = ("Authorization", "X-AKSK" if self.scheme == "aksk" else "X-WSSE")
        values = (self._authorization(), self._token())
        return [
            (own or name, value)
            for own, name, value in zip(self.names, names, values, strict=True)
            if value is not None
        ]

    def _authorization(self) -> str | None:
        if self.authorization != "":
            return self.authorization
        parts = (("realm", self.realm), ("profile", self.profile), ("type", self.type))
        return f"{self.scheme.upper()} {self._join(parts)}"

    def _token(self) -> str | None:
        if self.token != "":
            return self.token
        digest = self.digest
        if digest == "":
            digest = digest_of(self.scheme, self.nonce or "", self.created or "", self.secret)
        username = self.key if self.username == "" else self.username
        parts = (("Username", username), ("PasswordDigest", digest), ("Nonce", self.nonce), ("Created", self.created))
        joined = self._join(parts)
        return joined if self.word is None else f"{self.word} {joined}"

    def _join(self, parts: Sequence[tuple[str, str | None]]) -> str:
        return self.separator.join(f'{name}="{value}"' for name, value in parts if value is not None)


def sign(app: Keys, scheme: Scheme = "aksk", *, now: datetime | None = None, **parts: Any) -> Headers:
    """The headers that authenticate a request of `app`.

    `parts` bend them (see Signature).

    `now` is real time, as signatures are checked by it and not by world time; default: the wall clock. A part `created`
    may be text, or a datetime.
    """
    created = _stamp_of_second(int(time.time())) if now is None else _stamp(now)
    nonce = secrets.token_hex(16)
    if not parts:
        return _plain(app, scheme, nonce, created)
    signature = Signature(app.key, app.secret, nonce, created, scheme)
    if isinstance(parts.get("created"), datetime):
        parts["created"] = _stamp(parts["created"])
    return signature.with_parts(parts).headers()


def _plain(app: Keys, scheme: Scheme, nonce: str, created: str) -> Headers:
    """What an unbent Signature gives, at a third of its cost.

    Nearly every request is signed so.
    """
    word, digest = scheme.upper(), digest_of(scheme, nonce, created, app.secret)
    token = f'Username="{app.key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    return [
        ("Authorization", f'{word} realm="SDP",profile="UsernameToken",type="Appkey"'),
        (f"X-{word}", f"UsernameToken {token}"),
    ]


def _stamp(moment: datetime) -> str:
    """A time of UTC as Created has it.

    Far cheaper than strftime, and every request is signed.
    """
    return moment.isoformat(timespec="seconds")[:19] + "Z"


@lru_cache(maxsize=4)
def _stamp_of_second(second: int) -> str:
    return _stamp(datetime.fromtimestamp(second, UTC))


@lru_cache(maxsize=64)
def read_token(value: str) -> tuple[tuple[str, str], ...]:
    """The attributes of a token, in their order.

    Of the value of Authorization, X-AKSK or X-WSSE.
    """
    return tuple(_ATTRIBUTE.findall(value))


def verify(headers: Mapping[str, str], app: Keys, *, digest: bool = True) -> dict[str, list[str]]:
    """What is wrong with the signature of a push, by requirement.

    Header names in lower case. Without `digest` that is not worked out: nobody knows the secret.

    COM-PUSH-002 the digest, COM-PUSH-003 the form of Nonce and Created, COM-PUSH-007 the order of attributes.
    """
    found: dict[str, list[str]] = {"COM-PUSH-002": [], "COM-PUSH-003": [], "COM-PUSH-007": []}
    scheme: Scheme = "wsse" if "x-wsse" in headers else "aksk"
    value = headers.get(f"x-{scheme}")
    if value is None:
        found["COM-PUSH-002"].append("the push has neither X-AKSK nor X-WSSE")
        return found
    if not headers.get("authorization", "").upper().startswith(scheme.upper()):
        found["COM-PUSH-002"].append(f"Authorization does not begin with {scheme.upper()}, as X-{scheme.upper()} asks")
    token = read_token(value)
    given = dict(token)
    nonce, created = given.get("Nonce", ""), given.get("Created", "")
    if given.get("Username") != app.key:
        found["COM-PUSH-002"].append("Username is not the application's app_key")
    if digest and given.get("PasswordDigest") != digest_of(scheme, nonce, created, app.secret):
        found["COM-PUSH-002"].append("PasswordDigest does not verify with the application's secret")
    if not _NONCE.fullmatch(nonce):
        found["COM-PUSH-003"].append(f"Nonce {nonce[:40]!r} is not 1 to 128 letters and digits")
    if not _CREATED.fullmatch(created):
        found["COM-PUSH-003"].append(f"Created {created[:40]!r} is not yyyy-MM-dd'T'HH:mm:ss'Z'")
    order = [name for name, _ in token]
    if order != ["Username", "PasswordDigest", "Nonce", "Created"]:
        found["COM-PUSH-007"].append(f"the attributes come as {', '.join(order)[:_SHOWN] or 'nothing'}")
    return found


def encode_query(query: Mapping[str, Any]) -> str:
    """A query string.

    + becomes %2B, a list repeats its parameter, None is left out.
    """
    pairs: list[str] = []
    for name, value in query.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [f"{_quote_text(name)}={_quote_text(str(v))}" for v in values if v is not None]
    return "&".join(pairs)


@lru_cache(maxsize=4096)
def _quote_text(text: str) -> str:
    """Names and numbers come again and again."""
    return quote(text, safe=_SAFE)
