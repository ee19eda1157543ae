"""Where a driver is tried.

A world made for it, or the applications of target.toml.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import orjson

from privnum import contracts
from privnum.suites.base.claims import NoAnswer, NotExercised
from privnum.suites.callbacks.replies import Reply, connecting
from privnum.suites.checks.sms.verdicts import route
from privnum.suites.target.config import App
from privnum.suites.target.modes import MODES
from privnum.suites.transport.client import encode_query, sign

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.callbacks.inbox import Inbox
    from privnum.suites.target.config import Target
    from privnum.suites.transport.api import Transport

__all__ = ["START", "Astray", "Bound", "Place", "recipe"]

START = "2026-03-01T00:00:00Z"
HOME_AREAS = {"+86138": "0755", "+86139": "020"}
SPARE = ("+8617900000001", "+8617900000002", "+8617900000003")
"""X numbers that are given to a world later: of no series of `MODES`."""
PEOPLE = ("+8613800000001", "+8613800000002", "+8613800000003")


_ASTRAY = (None, "1010006")
"""Codes of what is not the API: none, and that of an unknown path."""


class Astray(NotExercised):
    """What answered is not the API of that application."""


def recipe(name: str, modes: Sequence[str], inbox: Inbox, *, sms: bool = False) -> dict[str, Any]:
    """The message that makes a world as the suites make theirs."""
    return {
        "id": name,
        "seed": 1,
        "clock": {"mode": "frozen", "now": START},
        "home_areas": HOME_AREAS,
        "applications": [
            {
                "mode": mode.name,
                "numbers": [{"number": number, "area_code": area} for number, area in mode.world[0].numbers[:2]],
                "tones": ["wait.wav"],
                "recording": True,
                "event_url": inbox.event_url,
                "fee_url": inbox.fee_url,
                **(inbox.sms_addresses if sms else {}),
            }
            for mode in MODES.values()
            if mode.name in modes
        ],
    }


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding over the API.

    Who calls X and enters `digits`, and whom he must reach.
    """

    app: App
    x: str
    caller: str
    callee: str
    digits: str | None
    subscription_id: str


@dataclass(slots=True)
class Place:
    """A world, an application of each checked mode, and numbers to bind.

    `own` says whether it was made for the trial; `frozen` whether its clock stands until advanced, None where there is
    no clock; `gets_pushes` whether its pushes come to the inbox.
    """

    world: str
    prefix: str
    apps: tuple[App, ...]
    people: tuple[str, ...]
    inbox: Inbox
    own: bool
    gets_pushes: bool
    frozen: bool | None = None
    bound: list[Bound] = field(default_factory=list)

    @classmethod
    def from_reply(cls, world: Mapping[str, Any], inbox: Inbox) -> Place:
        """From the reply to worlds.create."""
        apps = tuple(App.read(app, index) for index, app in enumerate(world["applications"], start=1))
        inbox.apps = {app.key: app for app in apps}
        own = tuple(app for app in apps if app.mode in MODES)
        return cls(world["id"], urlsplit(world["url"]).path.rstrip("/"), own, PEOPLE, inbox, own=True, gets_pushes=True)

    @classmethod
    def from_target(cls, target: Target, inbox: Inbox) -> Place:
        """From target.toml."""
        firsts = (next((app for app in target.applications if app.mode == mode), None) for mode in MODES)
        apps = tuple(app for app in firsts if app is not None)
        inbox.apps = {app.key: app for app in target.applications}
        inbox.lasting = True
        inbox.own_paths = target.receiver.fixed is not None
        pool = target.pools.get("mobile")
        people = tuple(pool[index] for index in range(min(3, len(pool)))) if pool is not None else ()
        prefix = urlsplit(target.base_url or "").path.rstrip("/")
        gets_pushes = target.receiver.url is not None or target.receiver.fixed is not None
        return cls(target.world or "default", prefix, apps, people, inbox, own=False, gets_pushes=gets_pushes)

    def bind(self, transport: Transport, app: App) -> Bound:
        """Bind somebody on the application's first X.

        In X mode: answer for him when the customer is asked.

        Raises NotExercised, with the reason, where that does not go; Astray where the API is not there, or does not
        know the key.
        """
        if not app.numbers or len(self.people) < 2:
            raise NotExercised(f"a call needs an X of the {app.mode} application and two mobiles (docs/target.md)")
        a, b, x = self.people[0], self.people[1], app.numbers[0]
        if not MODES[app.mode].binds:
            return self._answer_for(app, a, b)
        operation = MODES[app.mode].operation("bind")
        answer = self._request(transport, operation, app, body=MODES[app.mode].body(x, a, b))
        problem = f"{operation} was answered with {answer.status} {contracts.mask(answer.text[:120])}"
        if answer.code in _ASTRAY or answer.status in (401, 404):
            raise Astray(problem)
        sub, digits = answer["subscriptionId"], answer["extendNum"]
        takes_digits = MODES[app.mode].takes_digits
        if not isinstance(sub, str) or (takes_digits and not isinstance(digits, str)):
            raise NotExercised(f"a call needs a binding, and {problem}")
        dialled = answer["relationNumber"] if MODES[app.mode].picks_x else x.number
        if not isinstance(dialled, str):
            raise NotExercised(f"a call needs an X, and {problem}")
        found = Bound(app, dialled, a, b, digits if takes_digits else None, sub)
        self.bound.append(found)
        return found

    def _answer_for(self, app: App, caller: str, callee: str) -> Bound:
        """Connect the calls and SMS of somebody, as the customer of X mode."""
        if not self.gets_pushes:
            raise NotExercised(f"a call needs a receiver that is asked where {app.mode} calls go (docs/target.md)")
        self.inbox.answer_callin(caller, connecting(callee))
        self.inbox.answer_block(caller, Reply(200, orjson.dumps(route(callee))))
        return Bound(app, app.numbers[0].number, caller, callee, None, "")

    def unbind(self, transport: Transport) -> None:
        """Dissolve what was bound."""
        while self.bound:
            found = self.bound.pop()
            operation = f"{found.app.mode.lower()}.unbind"
            self._request(transport, operation, found.app, query={"subscriptionId": found.subscription_id})

    def _request(self, transport: Transport, id_: str, app: App, *, body: Any = None, query: Any = None) -> Answer:
        operation = contracts.operations()[id_]
        content = b"" if body is None else orjson.dumps(body)
        headers = sign(app) + ([("Content-Type", "application/json;charset=UTF-8")] if content else [])
        sought = encode_query(MODES[app.mode].query(app, query or {}))
        try:
            return transport.request(operation.method, self.prefix + operation.path, sought, headers, content)
        except NoAnswer as error:
            raise NotExercised(str(error)) from error
