"""Seeded bugs of authentication."""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Any

from privnum.mockserver.core import auth, errors
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.signing import Signer
from privnum.mockserver.embed import direct
from privnum.mockserver.worlds import pipeline
from privnum.suites.mutation.model import Bug
from privnum.suites.mutation.operators.code import replace, wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.suites.mutation.model import Operator

__all__ = ["BUGS", "refuse_with"]

USUAL = b'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'
AUTHORIZATION = b"authorization"
Headers = dict[bytes, bytes]


def _change_headers(change: Callable[[Headers], object]) -> Operator:
    """Change the headers of a request before they are read."""

    def read(right: Any, headers: Mapping[bytes, bytes], assumptions: Assumptions) -> auth.Token:
        given = dict(headers)
        change(given)
        token: auth.Token = right(given, assumptions)
        return token

    return wrap(auth, "read_token", read)


def _read_as(old: bytes, new: bytes) -> Operator:
    """Read what fits a pattern in Authorization as another text."""

    def change(headers: Headers) -> None:
        if AUTHORIZATION in headers:
            headers[AUTHORIZATION] = re.sub(old, new, headers[AUTHORIZATION])

    return _change_headers(change)


def _fill_attribute(name: bytes, value: bytes) -> Operator:
    """Have a default for an attribute of Authorization that is absent."""

    def fill(headers: Headers) -> None:
        if AUTHORIZATION in headers and name + b"=" not in headers[AUTHORIZATION]:
            headers[AUTHORIZATION] += b"," + name + b'="' + value + b'"'

    return _change_headers(fill)


def refuse_with(code: str, other: str) -> Operator:
    """Refuse with another code, wherever the one would be."""

    def init(right: Any, self: Refusal, key: str, detail: str = "", rule: str = "") -> None:
        right(self, other if errors.full_key(key) == code else key, detail, rule)

    return wrap(Refusal, "__init__", init)


def _authorise_without(rule: str) -> Operator:
    """Leave out one of the tests of an application that has proved who it is."""

    def lenient(right: Any, *given: Any) -> None:
        try:
            right(*given)
        except Refusal as refusal:
            if refusal.rule != rule:
                raise

    return wrap(pipeline, "authorise", lenient)


def _cut_at_blank(headers: Headers) -> None:
    """Read attributes as far as there is no blank between them."""
    for name in (AUTHORIZATION, b"x-aksk"):
        if b", " in headers.get(name, b""):
            headers[name] = headers[name].partition(b", ")[0]


def _fill_authorization(headers: Headers) -> None:
    headers.setdefault(AUTHORIZATION, USUAL)


def _nothing_wrong(*_: object) -> None:
    """Find no fault."""


def _always_equal(*_: object) -> bool:
    return True


def _nonce_of_32(authenticate: Any, token: auth.Token, *rest: Any) -> Application:
    """Refuse a nonce of more than 32 characters."""
    if len(token.nonce) > 32:
        raise Refusal("401/1010010")
    app: Application = authenticate(token, *rest)
    return app


def _digest_swapped(aksk: Any, signer: Signer, stamp: Any) -> Any:
    """Make the digest of Created + Nonce."""
    size = len("2026-01-01T00:00:00Z")
    return aksk(signer, stamp[-size:] + stamp[:-size])


def _by_exact_name(lowered: Any, headers: Any) -> Any:
    """Look for headers as the documents print them."""
    printed = ("Authorization", "X-AKSK", "X-WSSE")
    small = {name.lower() for name in printed}
    return lowered([pair for pair in headers if pair[0] in printed or pair[0].lower() not in small])


TOKENS = (
    Bug("swapped-digest", "COM-AUTH-001", "The digest is of Created + Nonce.", wrap(Signer, "aksk", _digest_swapped)),
    Bug("no-blank", "COM-AUTH-002", "Attributes must stand without blanks.", _change_headers(_cut_at_blank)),
    Bug("exact-names", "COM-AUTH-003", "Header names count as printed.", wrap(direct, "raw_headers", _by_exact_name)),
    Bug("no-wsse", "COM-AUTH-004", "WSSE is not known.", _read_as(rb"^WSSE", b"SSO")),
    Bug("long-nonce", "COM-AUTH-007", "A nonce has at most 32 characters.", wrap(auth, "authenticate", _nonce_of_32)),
    Bug("no-authorization", "COM-AUTH-010", "Authorization may be left out.", _change_headers(_fill_authorization)),
    *(
        Bug(f"no-{name}", f"COM-AUTH-{rule}", f"{name} may be left out.", _fill_attribute(name.encode(), value))
        for name, value, rule in (
            ("realm", b"SDP", "011"),
            ("profile", b"UsernameToken", "012"),
            ("type", b"Appkey", "016"),
        )
    ),
    *(
        Bug(
            f"any-{name}",
            f"COM-AUTH-{rule}",
            f"{name} may be anything.",
            _read_as(name.encode() + rb'="[^"]*"', name.encode() + b'="' + value + b'"'),
        )
        for name, value, rule in (
            ("realm", b"SDP", "013"),
            ("profile", b"UsernameToken", "014"),
            ("type", b"Appkey", "015"),
        )
    ),
)

REFUSALS = (
    *(
        Bug(
            f"wrong-code-{code}",
            f"COM-AUTH-{rule}",
            f"{code} comes as 1010010.",
            refuse_with(f"400/{code}", "401/1010010"),
        )
        for code, rule in (
            ("1023033", "017"),
            ("1023034", "018"),
            ("1023035", "019"),
            ("1023036", "020"),
            ("1023037", "021"),
        )
    ),
    Bug("any-digest", "COM-AUTH-022", "The digest is not compared.", replace(hmac, "compare_digest", _always_equal)),
    Bug("any-time", "COM-AUTH-023", "Created is not looked at.", replace(auth, "_time_fault", _nothing_wrong)),
    Bug(
        "unknown-key",
        "COM-AUTH-024",
        "An unknown app_key is a wrong digest.",
        refuse_with("403/1010003", "401/1010010"),
    ),
    *(
        Bug(f"unauthorised-{rule[-3:]}", rule, f"{what} is not looked at.", _authorise_without(rule))
        for rule, what in (
            ("COM-AUTH-025", "The mode of the application"),
            ("COM-AUTH-026", "Whether the application is available"),
            ("COM-AUTH-027", "Whether the tenant is frozen"),
            ("COM-AUTH-028", "The allow-list"),
            ("COM-AUTH-030", "The flow limit"),
        )
    ),
    Bug("no-lock-out", "COM-AUTH-029", "Nobody is locked out.", replace(auth, "check_lockout", _nothing_wrong)),
)

BUGS = (*TOKENS, *REFUSALS)
