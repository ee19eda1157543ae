"""Applications of a world, each with the requests of its mode."""

from __future__ import annotations

import base64
import hmac
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Final, Protocol

from privnum.mockserver.embed.errors import RequestRefused, tells_all
from privnum.mockserver.embed.world_control import given_fields

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["AppHandle", "AxApp", "AxbApp", "AxeApp", "AxybApp", "ModeApp", "application", "signed_headers"]

__tracebackhide__ = tells_all


@dataclass(frozen=True, slots=True)
class AppHandle:
    """An application: its mode, key and secret, and its X numbers."""

    mode: str
    app_key: str
    app_secret: str
    numbers: tuple[str, ...]


class Send(Protocol):
    """Sends a signed request of an application."""

    def __call__(
        self,
        operation: str,
        /,
        *,
        query: Mapping[str, Any] | None = None,
        body: Mapping[str, Any] | None = None,
        app: AppHandle | None = None,
    ) -> dict[str, Any]:
        """Return the answer."""
        ...


@dataclass(frozen=True, slots=True)
class ModeApp(AppHandle):
    """An application that sends requests, as a client does.

    Each method returns the answer to a request that is carried out, and raises RequestRefused for one that is refused.
    `fields` are further ones of the request, by their own names.
    """

    send: Send = field(repr=False, compare=False)

    def unbind(self, /, **selectors: Any) -> dict[str, Any]:
        """Dissolve what the selectors name, such as a subscriptionId."""
        return self._ask("unbind", query=selectors)

    def query(self, /, **selectors: Any) -> dict[str, Any]:
        """Look bindings up."""
        return self._ask("query", query=selectors)

    def _modify(self, sub: str | None, fields: Mapping[str, Any]) -> dict[str, Any]:
        return self._ask("modify", body={**given_fields(subscriptionId=sub), **fields})

    def _ask(self, operation: str, **parts: Mapping[str, Any]) -> dict[str, Any]:
        name = f"{self.mode.lower()}.{operation}"
        answer = self.send(name, app=self, **parts)
        if not isinstance(answer, dict) or answer.get("resultcode") != "0":
            raise RequestRefused(name, answer)
        return answer


@dataclass(frozen=True, slots=True)
class AxApp(ModeApp):
    """An application of mode AX."""

    def bind(self, /, a: str, x: str | None = None, **fields: Any) -> dict[str, Any]:
        """Bind A, to X where it is given."""
        return self._ask("bind", body={"origNum": a, **given_fields(privateNum=x), **fields})

    def modify(self, /, subscription_id: str | None = None, **fields: Any) -> dict[str, Any]:
        """Change fields of a binding; without its id, the fields select it."""
        return self._modify(subscription_id, fields)

    def set_callee(self, /, subscription_id: str | None, callee: str, **fields: Any) -> dict[str, Any]:
        """Set whom A reaches by X for a while, the temporary callee."""
        return self._ask(
            "set_callee", body={**given_fields(subscriptionId=subscription_id), "calleeNum": callee, **fields}
        )


@dataclass(frozen=True, slots=True)
class AxbApp(ModeApp):
    """An application of mode AXB."""

    def bind(self, /, a: str, b: str, x: str | None = None, **fields: Any) -> dict[str, Any]:
        """Bind A and B, on X where it is given."""
        return self._ask("bind", body={"callerNum": a, "calleeNum": b, **given_fields(relationNum=x), **fields})

    def modify(self, /, subscription_id: str, **fields: Any) -> dict[str, Any]:
        """Change fields of a binding."""
        return self._modify(subscription_id, fields)


@dataclass(frozen=True, slots=True)
class AxeApp(ModeApp):
    """An application of mode AXE."""

    def bind(self, /, a: str, x: str | None = None, **fields: Any) -> dict[str, Any]:
        """Bind A to an extension of X; without X the fields have an areaCode."""
        return self._ask("bind", body={"bindNum": a, **given_fields(virtualNum=x), **fields})

    def modify(self, /, subscription_id: str | None = None, **fields: Any) -> dict[str, Any]:
        """Change fields of a binding; without its id, the fields select it."""
        return self._modify(subscription_id, fields)


@dataclass(frozen=True, slots=True)
class AxybApp(ModeApp):
    """An application of mode AXYB, whose requests have app_key in the query."""

    def bind(self, /, a: str, area_code: str, **fields: Any) -> dict[str, Any]:
        """Bind A to an X of that area."""
        return self._ask("bind", body={"origNum": a, "areaCode": area_code, **fields})

    def bind_b(self, /, b: str, subscription_id: str, **fields: Any) -> dict[str, Any]:
        """Bind B to a Y, in that binding of an A."""
        return self._ask("bind", body={"origNum": b, "subscriptionId": subscription_id, **fields})

    def _ask(self, operation: str, **parts: Mapping[str, Any]) -> dict[str, Any]:
        query = {"app_key": self.app_key, **parts.pop("query", {})}
        return ModeApp._ask(self, operation, query=query, **parts)


_OF_MODE: Final[Mapping[str, type[ModeApp]]] = {"AX": AxApp, "AXB": AxbApp, "AXE": AxeApp, "AXYB": AxybApp}


def application(view: Mapping[str, Any], send: Send) -> AppHandle:
    """Return the application that a message of the control plane describes."""
    numbers = tuple(x["number"] for x in view["numbers"])
    known = (view["mode"], view["app_key"], view["app_secret"], numbers)
    kind = _OF_MODE.get(view["mode"])
    return AppHandle(*known) if kind is None else kind(*known, send)


def signed_headers(app: AppHandle) -> dict[str, str]:
    """Return headers that sign a request of an application (AKSK), as of now."""
    nonce = secrets.token_hex(16)
    created = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    digest = base64.b64encode(hmac.digest(app.app_secret.encode(), (nonce + created).encode(), "sha256")).decode()
    return {
        "Content-Type": "application/json;charset=UTF-8",
        "Authorization": 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"',
        "X-AKSK": (
            f'UsernameToken Username="{app.app_key}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
        ),
    }
