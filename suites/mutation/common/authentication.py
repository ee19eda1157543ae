"""Seeded bugs of authentication, which all modes share."""

from __future__ import annotations

import hmac
import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core import auth, errors
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.signing import Signer
from privnum.mockserver.embed import direct
from privnum.mockserver.worlds import pipeline

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.suites.mutation.model import Patch, Seed

from privnum.suites.mutation.common.shared import common_mutant

__all__ = ["MUTANTS"]

USUAL = b'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'


def _reads(bend: Callable[[dict[bytes, bytes]], object]) -> Patch:
    """Bend the headers of a request before they are read."""
    read = auth.read_token

    def bent(headers: Mapping[bytes, bytes], assumptions: Assumptions) -> auth.Token:
        given = dict(headers)
        bend(given)
        return read(given, assumptions)

    return patch.object(auth, "read_token", bent)


def _attribute(header: bytes, old: bytes, new: bytes) -> Seed:
    """A header that has `old` in it, a pattern, counts as if it had `new`."""

    def bend(headers: dict[bytes, bytes]) -> None:
        if header in headers:
            headers[header] = re.sub(old, new, headers[header])

    return lambda: _reads(bend)


def _added(header: bytes, name: bytes, value: bytes) -> Seed:
    """An attribute that is not there has a default."""

    def bend(headers: dict[bytes, bytes]) -> None:
        if header in headers and name + b"=" not in headers[header]:
            headers[header] += b"," + name + b'="' + value + b'"'

    return lambda: _reads(bend)


def _other_code(code: str, other: str) -> Seed:
    """A refusal has another code."""
    body = Refusal.__init__

    def init(self: Refusal, key: str, detail: str = "", rule: str = "") -> None:
        body(self, other if errors.full_key(key) == code else key, detail, rule)

    return lambda: patch.object(Refusal, "__init__", init)


def _authorised_without(rule: str) -> Seed:
    """One of the tests of an application that has proved who it is is left out."""
    right = pipeline.authorise

    def lenient(*given: Any) -> None:
        try:
            right(*given)
        except Refusal as refusal:
            if refusal.rule != rule:
                raise

    return lambda: patch.object(pipeline, "authorise", lenient)


def _no_blank() -> Patch:
    """Attributes must stand without blanks between them."""

    def bend(headers: dict[bytes, bytes]) -> None:
        for name in (b"authorization", b"x-aksk"):
            if b", " in headers.get(name, b""):
                headers[name] = headers[name].partition(b", ")[0]

    return _reads(bend)


def _no_time_limit() -> Patch:
    return patch.object(auth, "_time_fault", lambda *_: None)


def _nonce_of_32() -> Patch:
    """A nonce has at most 32 characters."""
    authenticate = auth.authenticate

    def strict(token: auth.Token, *rest: Any) -> Application:
        if len(token.nonce) > 32:
            raise Refusal("401/1010010")
        return authenticate(token, *rest)

    return patch.object(auth, "authenticate", strict)


def _swapped_digest() -> Patch:
    """The digest is that of Created + Nonce."""
    aksk = Signer.aksk
    size = len("2026-01-01T00:00:00Z")
    return patch.object(Signer, "aksk", lambda self, stamp: aksk(self, stamp[-size:] + stamp[:-size]))


def _exact_names() -> Patch:
    """Headers are looked for as the documents print them."""
    lowered = direct.raw_headers

    def bent(headers: Any) -> Any:
        printed = ("Authorization", "X-AKSK", "X-WSSE")
        small = {name.lower() for name in printed}
        return lowered([pair for pair in headers if pair[0] in printed or pair[0].lower() not in small])

    return patch.object(direct, "raw_headers", bent)


MUTANTS = (
    common_mutant("swapped-digest", "COM-AUTH-001", "The digest is of Created + Nonce.", _swapped_digest),
    common_mutant("no-blank", "COM-AUTH-002", "Attributes must stand without blanks.", _no_blank),
    common_mutant("exact-names", "COM-AUTH-003", "Header names count as they are printed.", _exact_names),
    common_mutant("no-wsse", "COM-AUTH-004", "WSSE is not known.", _attribute(b"authorization", rb"^WSSE", b"SSO")),
    common_mutant("long-nonce", "COM-AUTH-007", "A nonce has at most 32 characters.", _nonce_of_32),
    common_mutant(
        "no-authorization",
        "COM-AUTH-010",
        "Authorization may be left out.",
        lambda: _reads(lambda headers: headers.setdefault(b"authorization", USUAL)),
    ),
    *(
        common_mutant(
            f"no-{name}", f"COM-AUTH-{rule}", f"{name} may be left out.", _added(b"authorization", name.encode(), value)
        )
        for name, value, rule in (
            ("realm", b"SDP", "011"),
            ("profile", b"UsernameToken", "012"),
            ("type", b"Appkey", "016"),
        )
    ),
    *(
        common_mutant(
            f"any-{name}",
            f"COM-AUTH-{rule}",
            f"{name} may be anything.",
            _attribute(b"authorization", name.encode() + rb'="[^"]*"', name.encode() + b'="' + value + b'"'),
        )
        for name, value, rule in (
            ("realm", b"SDP", "013"),
            ("profile", b"UsernameToken", "014"),
            ("type", b"Appkey", "015"),
        )
    ),
    *(
        common_mutant(
            f"wrong-code-{code}",
            f"COM-AUTH-{rule}",
            f"{code} is told as 1010010.",
            _other_code(f"400/{code}", "401/1010010"),
        )
        for code, rule in (
            ("1023033", "017"),
            ("1023034", "018"),
            ("1023035", "019"),
            ("1023036", "020"),
            ("1023037", "021"),
        )
    ),
    common_mutant(
        "any-digest",
        "COM-AUTH-022",
        "The digest is not compared.",
        lambda: patch.object(hmac, "compare_digest", lambda *_: True),
    ),
    common_mutant("any-time", "COM-AUTH-023", "Created is not looked at.", _no_time_limit),
    common_mutant(
        "unknown-key",
        "COM-AUTH-024",
        "An unknown app_key is a wrong digest.",
        _other_code("403/1010003", "401/1010010"),
    ),
    *(
        common_mutant(f"unauthorised-{rule[-3:]}", rule, f"{what} is not looked at.", _authorised_without(rule))
        for rule, what in (
            ("COM-AUTH-025", "The mode of the application"),
            ("COM-AUTH-026", "Whether the application is available"),
            ("COM-AUTH-027", "Whether the tenant is frozen"),
            ("COM-AUTH-028", "The allow-list"),
            ("COM-AUTH-030", "The flow limit"),
        )
    ),
    common_mutant(
        "no-lock-out",
        "COM-AUTH-029",
        "Nobody is locked out.",
        lambda: patch.object(auth, "check_lockout", lambda *_: None),
    ),
)
