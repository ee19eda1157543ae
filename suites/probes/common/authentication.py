"""Authentication: generations, nonces, times; which of two faults."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.any_mode import any_mode
from privnum.suites.probes.fixtures import key_or, one, tied
from privnum.suites.runner.check import CannotSettle, probe
from privnum.suites.transport.client import sign as signature

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext

__all__: list[str] = []

WRONG = "bm90IGl0"
ATTRIBUTES = {
    "realm": "1023007",
    "profile": "1023008",
    "type": "1023012",
    "Username": "1023034",
    "Nonce": "1023035",
    "Created": "1023036",
    "PasswordDigest": "1023037",
}
"""Attributes of the signature headers, each with the code that it is missing."""
UNKNOWN = "nobodyknowsme"


def signed_query_key(context: CheckContext, **sign: Any) -> str:
    """How a query with a bent signature is answered.

    Status and code, or "accept".
    """
    return key_or(any_mode(context).query(subscriptionId=tied(context).sub, sign=sign), "accept")


def long_ago() -> datetime:
    """A time out of every window."""
    return datetime.now(UTC) - timedelta(days=30)


@probe("auth.schemes")
def schemes(context: CheckContext) -> str:
    """A query with a WSSE signature."""
    return "both" if signed_query_key(context, scheme="wsse") == "accept" else "aksk"


@probe("auth.unknown_scheme")
def unknown_scheme(context: CheckContext) -> str:
    """An Authorization that begins with another word."""
    rest = 'realm="SDP",profile="UsernameToken",type="Appkey"'
    return one(signed_query_key(context, authorization=f"{word} {rest}") for word in ("Digest", "APPKEY"))


@probe("auth.nonce_reuse")
def nonce_reuse(context: CheckContext) -> str:
    """Two queries with one nonce and one Created."""
    sign = {"nonce": "4d5e6f7081920", "created": datetime.now(UTC)}
    signed_query_key(context, **sign)
    return signed_query_key(context, **sign)


@probe("auth.nonce_malformed")
def nonce_malformed(context: CheckContext) -> str:
    """A nonce with other signs, and one of 129 characters."""
    return one(signed_query_key(context, nonce=nonce) for nonce in ("with-dash_and.dot", "n" * 129))


@probe("auth.created_malformed")
def created_malformed(context: CheckContext) -> str:
    """Times with a blank, without Z, and no time at all."""
    return one(signed_query_key(context, created=text) for text in _malformed_times())


def _malformed_times() -> tuple[str, ...]:
    now = datetime.now(UTC)
    return f"{now:%Y-%m-%d %H:%M:%S}", f"{now:%Y-%m-%dT%H:%M:%S}", "now"


@probe("auth.wsse_created_malformed")
def wsse_created_malformed(context: CheckContext) -> str:
    """The same times in a request that is signed by WSSE."""
    if signed_query_key(context, scheme="wsse") != "accept":
        raise CannotSettle("the target takes no WSSE signature")
    return one(signed_query_key(context, created=text, scheme="wsse") for text in _malformed_times())


@probe("auth.empty_attribute")
def empty_attribute(context: CheckContext) -> str:
    """Each attribute of Authorization and of the token, once empty."""
    return one(_choice_at_empty(context, name) for name in ATTRIBUTES)


def _choice_at_empty(context: CheckContext, name: str) -> str:
    """How a query is answered in which that attribute is empty."""
    app = any_mode(context).app
    header, value = next((h, v) for h, v in signature(app) if f'{name}="' in v)
    emptied = re.sub(f'{name}="[^"]*"', f'{name}=""', value)
    part = "authorization" if header == "Authorization" else "token"
    return "missing" if signed_query_key(context, **{part: emptied}) == f"400/{ATTRIBUTES[name]}" else "wrong"


@probe("auth.username_token_missing")
def username_token_missing(context: CheckContext) -> str:
    """A token that begins with its attributes."""
    return signed_query_key(context, word=None)


@probe("auth.time_and_digest")
def time_and_digest(context: CheckContext) -> str:
    """A Created out of limit with a wrong digest."""
    key = signed_query_key(context, created=long_ago(), digest=WRONG)
    return {"401/1010013": "time", "401/1010010": "digest"}.get(key, key)


@probe("auth.unknown_app_and_time")
def unknown_app_and_time(context: CheckContext) -> str:
    """An unknown app_key with a Created out of limit."""
    key = signed_query_key(context, created=long_ago(), username=UNKNOWN)
    return {"403/1010003": "application", "401/1010013": "time"}.get(key, key)
