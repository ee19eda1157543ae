"""The customer's side of a request: how it is signed, and the answer as checks see it."""

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

import orjson

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = [
    "JSON_TYPE",
    "Answer",
    "Headers",
    "Keys",
    "Scheme",
    "Signature",
    "digest_of",
    "encode_query",
    "is_deep",
    "json_object",
    "read_token",
    "sign",
    "verify",
]

Headers = list[tuple[str, str]]
JSON_TYPE = ("Content-Type", "application/json;charset=UTF-8")
"""The header that every request must have, GET and DELETE too (COM-ENV-021)."""
DEEPEST = 50
"""Levels of JSON; the messages of the contract have four. What is deeper overflows whoever prints or compares it."""
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
    """PasswordDigest: AKSK HMAC-SHA256(secret, Nonce + Created), WSSE SHA256(Nonce + Created + secret); both Base64."""
    if scheme == "aksk":
        keyed = _keyed(secret).copy()
        keyed.update((nonce + created).encode())
        raw = keyed.digest()
    else:
        raw = hashlib.sha256((nonce + created + secret).encode()).digest()
    return base64.b64encode(raw).decode()


@lru_cache(maxsize=256)
def _keyed(secret: str) -> hmac.HMAC:
    """Every request and push is signed, with few secrets; the key's part of a digest is half of its cost."""
    return hmac.new(secret.encode(), digestmod="sha256")


@dataclass(frozen=True, slots=True)
class Signature:
    """The authentication headers of one request. Every part can be bent; None leaves a part out (COM-AUTH-*).

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

    def bent(self, parts: Mapping[str, Any]) -> Self:
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
    """The headers that authenticate a request of `app`; `parts` bend them (see Signature).

    `now` is real time, as signatures are judged by it and not by world time; default: the wall clock. A part `created`
    may be text, or a datetime.
    """
    created = _stamped(int(time.time())) if now is None else _stamp(now)
    nonce = secrets.token_hex(16)
    if not parts:
        return _plain(app, scheme, nonce, created)
    signature = Signature(app.key, app.secret, nonce, created, scheme)
    if isinstance(parts.get("created"), datetime):
        parts["created"] = _stamp(parts["created"])
    return signature.bent(parts).headers()


def _plain(app: Keys, scheme: Scheme, nonce: str, created: str) -> Headers:
    """What an unbent Signature gives, at a third of its cost: nearly every request is signed so."""
    word, digest = scheme.upper(), digest_of(scheme, nonce, created, app.secret)
    token = f'Username="{app.key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
    return [
        ("Authorization", f'{word} realm="SDP",profile="UsernameToken",type="Appkey"'),
        (f"X-{word}", f"UsernameToken {token}"),
    ]


def _stamp(moment: datetime) -> str:
    """A time of UTC as Created has it; far cheaper than strftime, and every request is signed."""
    return moment.isoformat(timespec="seconds")[:19] + "Z"


@lru_cache(maxsize=4)
def _stamped(second: int) -> str:
    return _stamp(datetime.fromtimestamp(second, UTC))


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request. `body` is the JSON object in it, None if there is none; `seconds` it took."""

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    body: dict[str, Any] | None
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")

    @property
    def code(self) -> str | None:
        """resultcode, None if there is none or it is no text."""
        code = (self.body or {}).get("resultcode")
        return code if isinstance(code, str) else None

    @property
    def desc(self) -> str:
        """resultdesc, empty if there is none."""
        desc = (self.body or {}).get("resultdesc")
        return desc if isinstance(desc, str) else ""

    @property
    def ok(self) -> bool:
        """200 with resultcode "0" (COM-ENV-002)."""
        return self.status == 200 and self.code == "0"

    @property
    def told(self) -> str:
        """In a few words what came: status, code and text, or how the body begins where it is no JSON object."""
        if self.body is not None:
            return f"{self.key:.60} {self.desc:.200}".rstrip()
        place = self.header("location")
        there = f", Location {place[:80]!r}" if place is not None and 300 <= self.status < 400 else ""
        begin = self.content[:400].decode("utf-8", "replace")[:80]
        return f"HTTP {self.status} without a JSON object: {begin!r}{there}"

    @property
    def key(self) -> str:
        """Status and code as the contract writes them: "403/1012010"; "200/0" for a success."""
        return f"{self.status}/{self.code}"

    def __getitem__(self, name: str) -> Any:
        """A field of the body; None if it is not there."""
        return (self.body or {}).get(name)

    def items(self, name: str) -> list[dict[str, Any]]:
        """The objects in a list of the body; whatever else stands there breaks the answer's schema, and fails there."""
        found = self[name]
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


def json_object(content: bytes) -> dict[str, Any] | None:
    """The JSON object that the bytes are; None if they are none, or one that is nested deeper than DEEPEST."""
    try:
        found = orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and not is_deep(content, found) else None


def is_deep(content: bytes, value: Any) -> bool:
    """Whether the value that the bytes are is nested deeper than DEEPEST."""
    if content.count(b"{") + content.count(b"[") <= DEEPEST:
        return False
    level = [value]
    for _ in range(DEEPEST):
        inner = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        level = [item for items in inner for item in items]
        if not level:
            return False
    return True


@lru_cache(maxsize=64)
def read_token(value: str) -> tuple[tuple[str, str], ...]:
    """The attributes of an Authorization, X-AKSK or X-WSSE value, in their order."""
    return tuple(_ATTRIBUTE.findall(value))


def verify(headers: Mapping[str, str], app: Keys) -> dict[str, list[str]]:
    """What is wrong with the signature of a push, by requirement; header names in lower case.

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
    if given.get("PasswordDigest") != digest_of(scheme, nonce, created, app.secret):
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
    """A query string; + becomes %2B, a list repeats its parameter, None is left out."""
    pairs: list[str] = []
    for name, value in query.items():
        values = value if isinstance(value, list | tuple) else [value]
        pairs += [f"{_quoted(name)}={_quoted(str(v))}" for v in values if v is not None]
    return "&".join(pairs)


@lru_cache(maxsize=4096)
def _quoted(text: str) -> str:
    """Names and numbers come again and again."""
    return quote(text, safe=_SAFE)
