"""Who sends a request.

The Authorization header, the token beside it, and the digest in it.

The order of the checks is that in which the code tables print them: Authorization, the token's attributes, then the
application, the time and the digest (assumptions auth.unknown_app_and_time, auth.time_and_digest).
"""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Final, NamedTuple

from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.timestamps import parse_iso

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions

__all__ = [
    "Failures",
    "Token",
    "authenticate",
    "check_lockout",
    "count_failure",
    "read_token",
    "unknown_application",
    "username",
    "username_of",
]

#: How long an address stays locked out, milliseconds of edge time (COM-AUTH-029).
LOCKOUT_MS: Final = 30 * 60 * 1000
#: Addresses whose failures a world remembers at most.
_MOST_ADDRESSES: Final = 10_000
#: What counts as a failed authentication (assumption auth.lockout_failures).
FAILURES: Final = frozenset({"401/1010010", "401/1010013", "403/1010003"})

#: Failed authentications in a row, and the edge time until which the address is locked out (0 = it is not).
Failures = dict[str, tuple[int, int]]

#: Nothing that was passed over is tried again from its middle, so that the time goes with the length.
_ATTRIBUTE = re.compile(rb'(?<![A-Za-z])([A-Za-z]++)\s*+=\s*+"([^"]*+)"')
#: A token as clients write it. Whatever differs takes the slow way, which says what is wrong with it.
_TOKEN = re.compile(
    rb'UsernameToken Username="([^"]+)", ?PasswordDigest="([^"]+)", ?Nonce="([A-Za-z0-9]{1,128})", ?Created="([^"]+)"'
)
#: How tokens begin as clients write them.
_BEGINNING: Final = b'UsernameToken Username="'
_USERNAME = re.compile(rb'Username\s*+=\s*+"([^"]*+)"')
_NONCE = re.compile(rb"[A-Za-z0-9]{1,128}")
_USUAL: Final = {
    b'AKSK realm="SDP",profile="UsernameToken",type="Appkey"': "aksk",
    b'WSSE realm="SDP",profile="UsernameToken",type="Appkey"': "wsse",
    b'AKSK realm="SDP", profile="UsernameToken", type="Appkey"': "aksk",
    b'WSSE realm="SDP", profile="UsernameToken", type="Appkey"': "wsse",
}
_HEADERS: Final = {"aksk": b"x-aksk", "wsse": b"x-wsse"}
#: Codes of a missing token and of its missing attributes in the order in which the tables print them.
_MISSING: Final = {
    "aksk": ("400/1023033", "400/1023034", "400/1023035", "400/1023036", "400/1023037"),
    "wsse": ("400/1023026", "400/1023027", "400/1023028", "400/1023029", "400/1023030"),
}
_PRINTED: Final = (b"Username", b"Nonce", b"Created", b"PasswordDigest")
_RULES: Final = {
    "aksk": ("COM-AUTH-017", "COM-AUTH-018", "COM-AUTH-019", "COM-AUTH-020", "COM-AUTH-021"),
    "wsse": ("COM-AUTH-004",) * 5,
}


class Token(NamedTuple):
    """What a request says of its sender; nothing in it has been proved yet.

    `scheme` is "aksk" or "wsse".
    """

    scheme: str
    username: bytes
    digest: bytes
    nonce: bytes
    created: bytes
    nonce_is_well_formed: bool


def username(headers: Mapping[bytes, bytes]) -> bytes:
    """Return the app_key that a request claims, or nothing.

    It decides which world answers.
    """
    token = headers.get(b"x-aksk") or headers.get(b"x-wsse") or b""
    if token.startswith(_BEGINNING):
        end = token.find(b'"', len(_BEGINNING))
        if end >= 0:
            return token[len(_BEGINNING) : end]
    return username_of(token)


def username_of(token: bytes) -> bytes:
    """Return the app_key that a token claims, or nothing.

    The token is the value of X-AKSK or X-WSSE.
    """
    found = _USERNAME.search(token)
    return found[1] if found else b""


def unknown_application() -> Refusal:
    """Return the refusal of an app_key that is no application's.

    COM-AUTH-024.
    """
    return Refusal("403/1010003", "Username is the app_key of no application here.", "COM-AUTH-024")


def read_token(headers: Mapping[bytes, bytes], assumptions: Assumptions) -> Token:
    """Read Authorization and the token.

    Raises:
        Refusal: 400 for whatever is missing or has another value than documented (COM-AUTH-010, COM-AUTH-011,
            COM-AUTH-012, COM-AUTH-013, COM-AUTH-014, COM-AUTH-015, COM-AUTH-016, COM-AUTH-017, COM-AUTH-018,
            COM-AUTH-019, COM-AUTH-020, COM-AUTH-021).
    """
    authorization = headers.get(b"authorization")
    if authorization is None:
        raise Refusal("400/1023006", "Send Authorization: AKSK realm=...,profile=...,type=...", "COM-AUTH-010")
    scheme = _USUAL.get(authorization) or _read_authorization(authorization, headers, assumptions)
    if scheme == "wsse" and assumptions["auth.schemes"] == "aksk":
        scheme = "aksk"
    raw = headers.get(_HEADERS[scheme])
    if raw is None:
        name = _HEADERS[scheme].decode().upper()
        raise Refusal(_MISSING[scheme][0], f"Send {name}: UsernameToken Username=...", _RULES[scheme][0])
    usual = _TOKEN.fullmatch(raw)
    if usual is not None:
        return tuple.__new__(Token, (scheme, *usual.groups(), True))  # as Token(…), but faster
    return _read_unusual_token(scheme, raw, assumptions)


def _read_authorization(authorization: bytes, headers: Mapping[bytes, bytes], assumptions: Assumptions) -> str:
    word, _, rest = authorization.strip().partition(b" ")
    if word not in (b"AKSK", b"WSSE") and assumptions["auth.unknown_scheme"] != "accept":
        what = "Begin Authorization with AKSK, then a blank."
        raise Refusal(assumptions.text("auth.unknown_scheme"), what, "COM-AUTH-001")
    attributes = _without_empty(dict(_ATTRIBUTE.findall(rest or word)), assumptions)
    for name, missing, rule in ((b"realm", "1023007", "011"), (b"profile", "1023008", "012")):
        if name not in attributes:
            raise Refusal(f"400/{missing}", "", f"COM-AUTH-{rule}")
    if attributes[b"realm"] != b"SDP":
        raise Refusal("400/1023009", "", "COM-AUTH-013")
    if attributes[b"profile"] != b"UsernameToken":
        raise Refusal("400/1023010", "", "COM-AUTH-014")
    if b"type" not in attributes:
        raise Refusal("400/1023012", "", "COM-AUTH-016")
    if attributes[b"type"] != b"Appkey":
        raise Refusal("400/1023011", 'Write type="Appkey".', "COM-AUTH-015")
    if word == b"WSSE" or (word != b"AKSK" and b"x-aksk" not in headers):
        return "wsse"
    return "aksk"


def _read_unusual_token(scheme: str, raw: bytes, assumptions: Assumptions) -> Token:
    header = _HEADERS[scheme].decode().upper()
    if not re.match(rb"\s*UsernameToken\b", raw):
        choice = assumptions.text("auth.username_token_missing")
        if choice != "accept":
            # The older table has no code for the word itself; it says that the Username is missing.
            choice = choice if scheme == "aksk" else _MISSING[scheme][1]
            raise Refusal(choice, f"Begin {header} with the word UsernameToken.", "COM-OPEN-013")
    attributes = _without_empty(dict(reversed(_ATTRIBUTE.findall(raw))), assumptions)
    for name, code, rule in zip(_PRINTED, _MISSING[scheme][1:], _RULES[scheme][1:], strict=True):
        if name not in attributes:
            raise Refusal(code, f'Write {name.decode()}="..." in {header}.', rule)
    nonce = attributes[b"Nonce"]
    return Token(
        scheme,
        attributes[b"Username"],
        attributes[b"PasswordDigest"],
        nonce,
        attributes[b"Created"],
        _NONCE.fullmatch(nonce) is not None,
    )


def _without_empty(attributes: dict[bytes, bytes], assumptions: Assumptions) -> dict[bytes, bytes]:
    """Return the attributes without empty ones, where those count as missing.

    COM-OPEN-047.
    """
    if assumptions["auth.empty_attribute"] == "wrong":
        return attributes
    return {name: value for name, value in attributes.items() if value}


def authenticate(token: Token, app: Application | None, assumptions: Assumptions, edge_now_ms: int) -> Application:
    """Prove that `app`, which the token names, has sent the request.

    Raises:
        Refusal: unknown app_key, Created out of limit, wrong digest, or a nonce that may not be used
            (COM-AUTH-022, COM-AUTH-023, COM-AUTH-024).
    """
    time_fault = _time_fault(token, assumptions, edge_now_ms)
    if app is None:
        if time_fault is not None and assumptions["auth.unknown_app_and_time"] == "time":
            raise time_fault
        raise unknown_application()
    if time_fault is not None and assumptions["auth.time_and_digest"] == "time":
        raise time_fault
    stamp = token.nonce + token.created
    digest = app.signer.aksk(stamp) if token.scheme == "aksk" else app.signer.wsse(stamp)
    if not hmac.compare_digest(digest, token.digest):
        raise Refusal("401/1010010", f"PasswordDigest must be {_FORMULAS[token.scheme]}.", "COM-AUTH-022")
    if time_fault is not None:
        raise time_fault
    if not token.nonce_is_well_formed and assumptions["auth.nonce_malformed"] != "accept":
        what = "Nonce must be 1 to 128 letters and digits."
        raise Refusal(assumptions.text("auth.nonce_malformed"), what, "COM-OPEN-011")
    if assumptions.notes_nonces:
        _use_nonce(app, token, assumptions, edge_now_ms)
    return app


_FORMULAS: Final = {
    "aksk": "Base64(HMAC-SHA256(app_secret, Nonce + Created))",
    "wsse": "Base64(SHA256(Nonce + Created + app_secret))",
}


_CREATED_MALFORMED: Final = {
    "aksk": ("auth.created_malformed", "COM-OPEN-012"),
    "wsse": ("auth.wsse_created_malformed", "COM-OPEN-046"),
}


def _time_fault(token: Token, assumptions: Assumptions, edge_now_ms: int) -> Refusal | None:
    """Return what is wrong with Created.

    Its form, or its distance from edge time (COM-AUTH-023).
    """
    created_ms = parse_iso(token.created.decode("latin-1"))
    if created_ms is None:
        what = "Created must be UTC, written yyyy-MM-dd'T'HH:mm:ss'Z'."
        key, rule = _CREATED_MALFORMED[token.scheme]
        return Refusal(assumptions.text(key), what, rule)
    if abs(created_ms - edge_now_ms) > assumptions.created_window_ms:
        seconds = assumptions.created_window_ms // 1000
        what = f"Created must be within {seconds} seconds of the platform's time, in UTC."
        return Refusal("401/1010013", what, "COM-AUTH-023")
    return None


def _use_nonce(app: Application, token: Token, assumptions: Assumptions, edge_now_ms: int) -> None:
    seen = app.seen_nonces
    if seen is None:
        seen = app.seen_nonces = {}
    # A nonce older than twice the window cannot come again with a Created that is in limit.
    horizon = edge_now_ms - 2 * assumptions.created_window_ms
    while seen and (oldest := next(iter(seen))) and seen[oldest] < horizon:
        del seen[oldest]
    nonce = token.nonce.decode("latin-1")
    if nonce in seen:
        raise Refusal(assumptions.text("auth.nonce_reuse"), "This Nonce was used before.", "COM-OPEN-010")
    seen[nonce] = edge_now_ms


def check_lockout(failures: Failures, client: str, edge_now_ms: int) -> None:
    """Refuse whatever comes from an address that is locked out (COM-AUTH-029).

    Raises:
        Refusal: 403/1020176 until 30 minutes of edge time after the last failure that counted.
    """
    entry = failures.get(client)
    if entry is None or not entry[1]:
        return
    if edge_now_ms < entry[1]:
        raise Refusal("403/1020176", "Too many failures from your address; wait 30 minutes.", "COM-AUTH-029")
    del failures[client]


def count_failure(failures: Failures, client: str, assumptions: Assumptions, edge_now_ms: int) -> None:
    """Count a failed authentication of an address.

    Enough of them in a row lock it out (COM-AUTH-029).
    """
    if not assumptions.lockout_failures:
        return
    count = failures.pop(client, (0, 0))[0] + 1
    if len(failures) >= _MOST_ADDRESSES:
        del failures[next(iter(failures))]
    failures[client] = (count, edge_now_ms + LOCKOUT_MS if count >= assumptions.lockout_failures else 0)
