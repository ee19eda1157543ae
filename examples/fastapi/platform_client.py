"""The platform as the program knows it: requests that it signs, pushes whose signature it checks."""

from __future__ import annotations

import base64
import hmac
import re
import secrets
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

import httpx

__all__ = ["Credentials", "PlatformClient", "PlatformError", "PushGuard"]

_BINDINGS = "/rest/caas/relationnumber/partners/v1.0"
_ATTRIBUTE = re.compile(r'(\w+)="([^"]*)"')


class PlatformError(Exception):
    """The platform refused a request; the text has its result code."""


@dataclass(frozen=True, slots=True)
class Credentials:
    """Key and secret of an application."""

    app_key: str
    app_secret: str

    def digest(self, nonce: str, created: str) -> str:
        """Return the PasswordDigest of a nonce and a time."""
        stamp = (nonce + created).encode()
        return base64.b64encode(hmac.digest(self.app_secret.encode(), stamp, "sha256")).decode()


class PushGuard:
    """Takes pushes that an application's secret has signed, each nonce once.

    In memory here; where the program runs as several processes they share what was seen.

    Args:
        applications: whose pushes come.
    """

    def __init__(self, *applications: Credentials) -> None:
        self._applications = {each.app_key: each for each in applications}
        self._seen: set[str] = set()

    def takes(self, header: str) -> bool:
        """Return whether a push with this X-AKSK header may be taken."""
        token = dict(_ATTRIBUTE.findall(header))
        credentials, nonce = self._applications.get(token.get("Username", "")), token.get("Nonce", "")
        if credentials is None:
            return False
        right, given = credentials.digest(nonce, token.get("Created", "")), token.get("PasswordDigest", "")
        if not hmac.compare_digest(given.encode(), right.encode()) or nonce in self._seen:
            return False
        self._seen.add(nonce)
        return True


class PlatformClient:
    """Sends the requests of mode AXB that the program needs.

    Args:
        url: of the platform.
        credentials: of its application.
    """

    def __init__(self, url: str, credentials: Credentials) -> None:
        self._url = url
        self._credentials = credentials

    async def bind(self, passenger: str, driver: str) -> dict[str, Any]:
        """Return the binding by which two people reach each other."""
        body = {"callerNum": passenger, "calleeNum": driver, "areaCode": "0755", "maxDuration": 60}
        return await self._ask("POST", json=body)

    async def unbind(self, subscription_id: str) -> None:
        """Dissolve a binding."""
        await self._ask("DELETE", params={"subscriptionId": subscription_id})

    async def _ask(self, method: str, **parts: Any) -> dict[str, Any]:
        async with httpx.AsyncClient() as client:
            response = await client.request(method, self._url + _BINDINGS, headers=self._headers(), **parts)
        answer: dict[str, Any] = response.json()
        if answer["resultcode"] != "0":
            raise PlatformError(f"{answer['resultcode']}: {answer['resultdesc']}")
        return answer

    def _headers(self) -> dict[str, str]:
        nonce, created = secrets.token_hex(16), datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        token = {
            "Username": self._credentials.app_key,
            "PasswordDigest": self._credentials.digest(nonce, created),
            "Nonce": nonce,
            "Created": created,
        }
        return {
            "Content-Type": "application/json;charset=UTF-8",
            "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
            "X-AKSK": "UsernameToken " + ",".join(f'{name}="{value}"' for name, value in token.items()),
        }
