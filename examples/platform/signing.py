"""Who asks, and whether it is he: the two AKSK headers. The older WSSE headers are not known here."""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
import secrets
import time
from datetime import UTC, datetime
from typing import Any

from examples.platform.errors import Refused

__all__ = ["headers_of_push", "who_asks"]

WINDOW = 10 * 3600
"""Seconds that Created may be off."""
PAIR = re.compile(r'(\w+)\s*=\s*"([^"]*)"')


def digest(secret: str, nonce: str, created: str) -> str:
    """Base64(HMAC-SHA256(secret, nonce + created))."""
    return base64.b64encode(hmac.digest(secret.encode(), (nonce + created).encode(), hashlib.sha256)).decode()


def who_asks(environ: dict[str, Any], apps: dict[str, dict[str, Any]]) -> dict[str, Any]:
    """The application whose key signed the request. Raises Refused."""
    _check_authorization(environ.get("HTTP_AUTHORIZATION", ""))
    parts = _token(environ.get("HTTP_X_AKSK"))
    app = apps.get(parts["Username"])
    if app is None:
        raise Refused("1010003")
    good = digest(app["app_secret"], parts["Nonce"], parts["Created"])
    if not hmac.compare_digest(good.encode(), parts["PasswordDigest"].encode()):
        raise Refused("1010010", status=401)
    if not re.fullmatch("[0-9A-Za-z]{1,128}", parts["Nonce"]):
        raise Refused("1010010", status=401)
    try:
        created = datetime.strptime(parts["Created"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)
    except ValueError:
        raise Refused("1010013", status=401) from None
    if abs(created.timestamp() - time.time()) > WINDOW:
        raise Refused("1010013", status=401)
    return app


def _check_authorization(authorization: str) -> None:
    if not authorization.startswith("AKSK "):
        raise Refused("1023006", status=400)
    said = dict(PAIR.findall(authorization))
    for name, value, absent, wrong in (
        ("realm", "SDP", "1023007", "1023009"),
        ("profile", "UsernameToken", "1023008", "1023010"),
        ("type", "Appkey", "1023012", "1023011"),
    ):
        if name not in said:
            raise Refused(absent, status=400)
        if said[name] != value:
            raise Refused(wrong, status=400)


def _token(token: str | None) -> dict[str, str]:
    if token is None:
        raise Refused("1023033", status=400)
    parts = dict(PAIR.findall(token))
    for name, absent in (
        ("Username", "1023034"),
        ("Nonce", "1023035"),
        ("Created", "1023036"),
        ("PasswordDigest", "1023037"),
    ):
        if not parts.get(name):
            raise Refused(absent, status=400)
    return parts


def headers_of_push(app: dict[str, Any]) -> dict[str, str]:
    """What a push of ours to this customer carries."""
    nonce = secrets.token_hex(16)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    parts = {
        "Username": app["app_key"],
        "PasswordDigest": digest(app["app_secret"], nonce, created),
        "Nonce": nonce,
        "Created": created,
    }
    return {
        "Content-Type": "application/json;charset=UTF-8",
        "Authorization": 'AKSK realm="SDP", profile="UsernameToken", type="Appkey"',
        "X-AKSK": "UsernameToken " + ", ".join(f'{name}="{value}"' for name, value in parts.items()),
    }
