"""A ride service: passenger and driver talk through an X number, a desk says whom a caller of its X number reaches."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Annotated, Any

from fastapi import Depends, FastAPI, Header, HTTPException
from pydantic import BaseModel

from examples.fastapi.platform_client import Credentials, PlatformClient, PlatformError, PushGuard

__all__ = ["Rides", "create_app"]


class Ride(BaseModel):
    """Who rides with whom."""

    passenger: str
    driver: str


@dataclass(slots=True)
class Rides:
    """What the service knows: in memory here, in a database elsewhere.

    `desk` says whom a caller of the desk's X number reaches; `bindings` has the subscriptionId of each ride, `states`
    the events of each call, `seconds` how long people talked in it.
    """

    desk: dict[str, str] = field(default_factory=dict)
    bindings: dict[str, str] = field(default_factory=dict)
    states: dict[str, list[str]] = field(default_factory=dict)
    seconds: dict[str, int] = field(default_factory=dict)

    def take_event(self, kind: str, status: dict[str, Any]) -> dict[str, Any]:
        """Enter an event of a call; the answer to callin says whom it reaches."""
        seen = self.states.setdefault(status["sessionId"], [])
        if kind not in seen:  # what was answered too late comes again
            seen.append(kind)
        callee = self.desk.get(status["caller"]) if kind == "callin" else None
        return {} if callee is None else {"operation": "connect", "connectInfo": {"calleeNum": callee}}


def create_app(url: str, rides_app: Credentials, desk_app: Credentials, rides: Rides) -> FastAPI:
    """Return the service.

    Args:
        url: of the platform.
        rides_app: the application of mode AXB.
        desk_app: the application of mode X.
        rides: what it knows.
    """
    app = FastAPI()
    platform = PlatformClient(url, rides_app)
    guard = PushGuard(rides_app, desk_app)

    def check_signature(x_aksk: Annotated[str, Header()] = "") -> None:
        if not guard.takes(x_aksk):
            raise HTTPException(401, "the push is not signed with a secret of ours, or its nonce was seen before")

    @app.post("/rides/{ride}")
    async def begin(ride: str, people: Ride) -> dict[str, str]:
        try:
            bound = await platform.bind(people.passenger, people.driver)
        except PlatformError as error:
            raise HTTPException(502, str(error)) from None
        rides.bindings[ride] = bound["subscriptionId"]
        return {"number": bound["relationNum"]}

    @app.delete("/rides/{ride}", status_code=204)
    async def end(ride: str) -> None:
        await platform.unbind(rides.bindings.pop(ride))

    @app.post("/pushes", dependencies=[Depends(check_signature)])
    async def take(push: dict[str, Any]) -> dict[str, Any]:
        if push["eventType"] == "fee":
            rides.seconds.update({cdr["sessionId"]: _talk_seconds(cdr) for cdr in push["feeLst"]})
            return {}
        return rides.take_event(push["eventType"], push["statusInfo"])

    return app


def _talk_seconds(cdr: dict[str, Any]) -> int:
    """Return how many seconds people talked; 0 where nobody answered."""
    begin, end = cdr.get("fwdAnswerTime") or "", cdr.get("callEndTime") or ""
    return int((datetime.fromisoformat(end) - datetime.fromisoformat(begin)).total_seconds()) if begin and end else 0
