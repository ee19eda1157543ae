"""The handle of a world: its bindings, its clock, and pushes at will."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from privnum.mockserver.embed.errors import tells_all
from privnum.mockserver.embed.pushes import Push
from privnum.mockserver.embed.world_control import given_fields, path_part

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.embed.applications import AppHandle
    from privnum.mockserver.embed.world_control import ControlledWorld

__all__ = ["Binding", "Controlled"]

__tracebackhide__ = tells_all


@dataclass(frozen=True, slots=True)
class Binding:
    """A binding at one moment, of any mode. Times are text, None = never.

    `x` is the private number that it takes, `users` who stands in it, A first. `reaches` is whom A reaches where that
    is no part of the binding: the temporary callee (AX), the call-back record (AXE). `shown` is what the query of its
    mode shows.
    """

    id: str
    mode: str
    app_key: str
    x: str
    users: tuple[str, ...]
    bound_at: str
    ends_at: str | None
    reaches: str | None
    shown: Mapping[str, Any]


class Controlled:
    """The part of a WorldHandle that is about bindings, pushes and time."""

    def bindings(
        self: ControlledWorld, *, x: str | None = None, user: str | None = None, subscription_id: str | None = None
    ) -> list[Binding]:
        """Return the bindings of every mode in the order of the binds.

        Args:
            x: those on this number.
            user: those in which this user stands.
            subscription_id: those of this id.
        """
        asked = given_fields(x=x, user=user, subscription_id=subscription_id)
        found: list[Binding] = []
        while True:
            answer = self._control("GET", f"/bindings?{urlencode(asked)}" if asked else "/bindings")
            found += [Binding(**{**view, "users": tuple(view["users"])}) for view in answer["bindings"]]
            if answer["next"] is None:
                return found
            asked["after"] = answer["next"]

    def resend(self: ControlledWorld, push: Push | str, *, url: str | None = None) -> Push:
        """Send a push once more, as a new one. It may be named by its id.

        `url` is where it goes this time; None: where it went.
        """
        name = push if isinstance(push, str) else push.id
        return Push.of(self._control("POST", f"/pushes/{path_part(name)}/resend", given_fields(url=url)))

    def trigger(
        self: ControlledWorld,
        kind: str,
        fields: Mapping[str, Any] | None = None,
        *,
        mode: str | None = None,
        app: AppHandle | None = None,
        event: str | None = None,
        url: str | None = None,
    ) -> Push:
        """Send a push that no call, SMS or number has made due.

            private_number.trigger("cdr", {"ulFailReason": 8102})

        Args:
            kind: call_event, cdr, number_status, sms_notify or sms_block.
            fields: of the CDR, of statusInfo, of numInfo or of the SMS, by their names in the push; None leaves one
                out. What is not given is made up.
            mode: the first application of this mode gets it.
            app: this application gets it.
            event: eventType of a call event; None: callin.
            url: where it goes; None: the address of the application.
        """
        key = None if app is None else app.app_key
        message = given_fields(kind=kind, fields=fields, mode=mode, app_key=key, event=event, url=url)
        return Push.of(self._control("POST", "/trigger", message))

    def set_clock(
        self: ControlledWorld, mode: str | None = None, *, rate: int | None = None, now: str | None = None
    ) -> datetime:
        """Let the clock run or stand, or put it; return the time then.

        Args:
            mode: "frozen", "running", or "jumping": on to what is due next whenever nothing is under way.
            rate: so fast runs the clock; None: as real time.
            now: a time like 2026-03-01T00:00:00Z to put it to.
        """
        message = given_fields(mode=mode, rate=rate, now=now)
        return datetime.fromisoformat(self._control("POST", "/clock", message)["now"])
