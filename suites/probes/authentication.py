"""Authentication: generations, nonces, times, and which of two faults is told."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from privnum.suites.check import probe
from privnum.suites.modes.plain import plain
from privnum.suites.probes.seen import key_or, one, tied

if TYPE_CHECKING:
    from privnum.suites.bench import Bench

__all__: list[str] = []

WRONG = "bm90IGl0"
UNKNOWN = "nobodyknowsme"


def asked(bench: Bench, **sign: Any) -> str:
    """How a query with a bent signature is answered: status and code, or "accept"."""
    return key_or(plain(bench).query(subscriptionId=tied(bench).sub, sign=sign), "accept")


def long_ago() -> datetime:
    """A time out of every window."""
    return datetime.now(UTC) - timedelta(days=30)


@probe("auth.schemes")
def schemes(bench: Bench) -> str:
    """A query with a WSSE signature."""
    return "both" if asked(bench, scheme="wsse") == "accept" else "aksk"


@probe("auth.unknown_scheme")
def unknown_scheme(bench: Bench) -> str:
    """An Authorization that begins with another word."""
    rest = 'realm="SDP",profile="UsernameToken",type="Appkey"'
    return one(asked(bench, authorization=f"{word} {rest}") for word in ("Digest", "APPKEY"))


@probe("auth.nonce_reuse")
def nonce_reuse(bench: Bench) -> str:
    """Two queries with one nonce and one Created."""
    sign = {"nonce": "4d5e6f7081920", "created": datetime.now(UTC)}
    asked(bench, **sign)
    return asked(bench, **sign)


@probe("auth.nonce_malformed")
def nonce_malformed(bench: Bench) -> str:
    """A nonce with other signs, and one of 129 characters."""
    return one(asked(bench, nonce=nonce) for nonce in ("with-dash_and.dot", "n" * 129))


@probe("auth.created_malformed")
def created_malformed(bench: Bench) -> str:
    """Times with a blank, without Z, and no time at all."""
    now = datetime.now(UTC)
    return one(asked(bench, created=text) for text in (f"{now:%Y-%m-%d %H:%M:%S}", f"{now:%Y-%m-%dT%H:%M:%S}", "now"))


@probe("auth.username_token_missing")
def username_token_missing(bench: Bench) -> str:
    """A token that begins with its attributes."""
    return asked(bench, word=None)


@probe("auth.time_and_digest")
def time_and_digest(bench: Bench) -> str:
    """A Created out of limit with a wrong digest."""
    key = asked(bench, created=long_ago(), digest=WRONG)
    return {"401/1010013": "time", "401/1010010": "digest"}.get(key, key)


@probe("auth.unknown_app_and_time")
def unknown_app_and_time(bench: Bench) -> str:
    """An unknown app_key with a Created out of limit."""
    key = asked(bench, created=long_ago(), username=UNKNOWN)
    return {"403/1010003": "application", "401/1010013": "time"}.get(key, key)
