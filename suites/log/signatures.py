"""The signatures of recorded requests and pushes.

A header that is missing may have been taken out by who recorded; a header that is there is held against the rules.
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Final, NamedTuple

from privnum import contracts
from privnum.suites.transport.client import digest_of, read_token, verify

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.log.applications import Applications
    from privnum.suites.log.exchange import Exchange
    from privnum.suites.transport.client import Scheme

__all__ = ["compare_push_signature", "compare_request_signature", "is_masked"]

Claim = tuple[str, bool, str]
_MASK: Final = re.compile(r"[*]{2,}|[xX]{6,}|REDACTED", re.IGNORECASE)
_YEAR: Final = 365 * 86400
_WRONG_DIGEST: Final = "401/1010010"
_NONCE: Final = re.compile(r"[0-9A-Za-z]{1,128}")
_CREATED: Final = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z", re.ASCII)
_MISSING: Final = {
    "Username": "COM-AUTH-018",
    "Nonce": "COM-AUTH-019",
    "Created": "COM-AUTH-020",
    "PasswordDigest": "COM-AUTH-021",
}
_ATTRIBUTES: Final = {
    "realm": ("COM-AUTH-011", "COM-AUTH-013", "SDP"),
    "profile": ("COM-AUTH-012", "COM-AUTH-014", "UsernameToken"),
    "type": ("COM-AUTH-016", "COM-AUTH-015", "Appkey"),
}
"""The rule of an attribute of Authorization that is missing, that of a wrong one, and what is right."""


class _Keys(NamedTuple):
    key: str
    secret: str


def is_masked(value: str) -> bool:
    """Whether a value was made unreadable by who recorded it."""
    return bool(_MASK.search(value))


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_push_signature(exchange: Exchange, secrets: Mapping[str, str]) -> Iterator[Claim]:
    """What is claimed of the headers of a push."""
    headers = exchange.header_map
    token = next((headers[name] for name in ("x-aksk", "x-wsse") if name in headers), None)
    yield from _of_transport(exchange)
    if token is None:
        authorization = headers.get("authorization", "")
        signed = authorization[:4].upper() in ("AKSK", "WSSE")
        if exchange.exact or signed:
            yield "COM-PUSH-002", False, "the push has neither X-AKSK nor X-WSSE"
        return
    secret = secrets.get(exchange.token.get("Username", ""))
    known = secret is not None and not is_masked(exchange.token.get("PasswordDigest", ""))
    shown = dict(headers)
    if "authorization" not in shown and not exchange.exact:
        shown["authorization"] = "WSSE" if "x-wsse" in shown else "AKSK"  # taken out by who recorded
    if is_masked(shown.get("authorization", "")):
        shown["authorization"] = "WSSE" if "x-wsse" in shown else "AKSK"
    keys = _Keys(exchange.token.get("Username", ""), secret or "")
    for rule, problems in verify(shown, keys, digest=known).items():
        if problems or known or rule != "COM-PUSH-002":
            yield rule, not problems, "; ".join(problems)


def _of_transport(exchange: Exchange) -> Iterator[Claim]:
    """COM-PUSH-001: a POST of JSON in UTF-8."""
    form = exchange.header_map.get("content-type")
    if exchange.method != "POST":
        yield "COM-PUSH-001", False, f"a push that is sent by {exchange.method}; POST is right"
    elif form is not None:
        right = form.replace(" ", "").lower() == "application/json;charset=utf-8"
        yield "COM-PUSH-001", right, f"a push with Content-Type {form!r:.60}; application/json;charset=UTF-8 is right"


# ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def compare_request_signature(exchange: Exchange, applications: Applications) -> Iterator[Claim]:
    """What is claimed of how a request with these headers was answered."""
    nonce = exchange.token.get("Nonce", "")
    is_new = nonce not in applications.nonces
    applications.nonces.add(nonce)
    if not exchange.headers or "/voice/record/" in exchange.path:
        return
    faults = [*_faults_of_authorization(exchange), *_faults_of_token(exchange)]
    digest = _digest_fits(exchange, applications.secrets)
    if digest is False:
        faults.append("COM-AUTH-022")
    if _is_years_off(exchange):
        faults.append("COM-AUTH-023")
    if exchange.answer.ok:
        for rule in faults:
            title = contracts.requirements()[rule].title
            yield rule, False, f"the request was accepted: {title[:1].lower()}{title[1:]}"
    elif len(faults) == 1 and faults[0] not in ("COM-AUTH-022", "COM-AUTH-023"):
        yield from _wrong_code(exchange, faults[0])
    if not faults and digest and is_new:  # whether a nonce may come twice is open
        yield from _of_right_digest(exchange)


def _wrong_code(exchange: Exchange, rule: str) -> Iterator[Claim]:
    """A refusal of the headers with a code of another fault of them."""
    codes, key = contracts.requirements()[rule].codes, exchange.answer.key
    if codes and key.startswith("400/10230"):
        yield rule, exchange.answer.code in codes, f"expected {' or '.join(codes)}, came {key}"


def _of_right_digest(exchange: Exchange) -> Iterator[Claim]:
    """A digest that fits is not refused as a wrong one."""
    rule = "COM-AUTH-004" if "x-wsse" in exchange.header_map else "COM-AUTH-001"
    form = _NONCE.fullmatch(exchange.token.get("Nonce", "")) and _CREATED.fullmatch(exchange.token.get("Created", ""))
    if exchange.answer.ok:
        yield rule, True, ""
    elif form and exchange.answer.key == _WRONG_DIGEST:
        text = f"PasswordDigest fits app_key and secret, and was refused with {_WRONG_DIGEST}"
        yield rule, False, text


def _faults_of_authorization(exchange: Exchange) -> Iterator[str]:
    value = exchange.header_map.get("authorization")
    if value is None:
        if exchange.exact:
            yield "COM-AUTH-010"
        return
    if is_masked(value) or value[:5].upper() not in ("AKSK ", "WSSE "):
        return
    given = dict(read_token(value))
    for name, (missing, wrong, right) in _ATTRIBUTES.items():
        if f"{name}=" not in value.replace(" ", ""):
            yield missing
        elif given.get(name) not in (None, "", right):
            yield wrong


def _faults_of_token(exchange: Exchange) -> Iterator[str]:
    headers = exchange.header_map
    value = headers.get("x-aksk") or headers.get("x-wsse")
    if value is None:
        if exchange.exact and "x-wsse" not in headers and "x-aksk" not in headers and "authorization" in headers:
            yield "COM-AUTH-017"
        return
    for name, rule in _MISSING.items():
        if f"{name}=" not in value.replace(" ", ""):
            yield rule


def _digest_fits(exchange: Exchange, secrets: Mapping[str, str]) -> bool | None:
    """Whether the digest is that of the secret; None: nobody can say."""
    token = exchange.token
    secret, digest = secrets.get(token.get("Username", "")), token.get("PasswordDigest", "")
    if secret is None or not digest or is_masked(digest):
        return None
    scheme: Scheme = "wsse" if "x-wsse" in exchange.header_map else "aksk"
    return digest == digest_of(scheme, token.get("Nonce", ""), token.get("Created", ""), secret)


def _is_years_off(exchange: Exchange) -> bool:
    """Whether Created is a year or more from the time of the log."""
    created = exchange.token.get("Created", "")
    if exchange.at is None or not _CREATED.fullmatch(created):
        return False
    try:
        at = datetime.strptime(created, "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC).timestamp()
    except ValueError:
        return False
    return abs(at - exchange.at) > _YEAR + 2 * 86400
