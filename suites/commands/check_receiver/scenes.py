"""The pushes that are sent: made by calls, SMS and changes of numbers.

They are real ones, of the embedded server, in world time: so their bodies are whole and fit each other.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import urlsplit

import orjson

from privnum import contracts
from privnum.suites.callbacks.contents import kind_of
from privnum.suites.driver.protocol import Driver
from privnum.suites.runner.connect import customer_transport
from privnum.suites.target.config import App
from privnum.suites.target.modes import MODES
from privnum.suites.transport.client import JSON_TYPE, encode_query, sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.commands.check_receiver.options import Kind

__all__ = ["Message", "Scene"]

CALLER, BOUND, STRANGER = "+8613800000001", "+8613900000002", "+8613700000003"
FROZEN_FOR_BINDING = "11"
_OVER: Final = 300
"""Seconds of world time after which all of a call has been pushed."""
_IN_VAIN: Final = 10
"""Seconds after which a call to somebody who is busy has ended."""
_LASTS: Final = timedelta(seconds=8 * _OVER)
"""World time that a scene takes at most: so no push tells of what has not happened yet."""
_SHOWN: Final = 1
_WORLD: Final = "receiver"


@dataclass(frozen=True, slots=True)
class Message:
    """A push: of which mode and kind, and its body as it is sent."""

    mode: str
    kind: Kind
    body: bytes

    @property
    def fields(self) -> dict[str, Any]:
        """The body read."""
        fields: dict[str, Any] = orjson.loads(self.body)
        return fields

    @property
    def event(self) -> str:
        """`eventType` of a call event, else the kind."""
        return str(self.fields["eventType"]) if self.kind == "call_event" else self.kind

    @property
    def shown(self) -> str:
        """The body in one line, of a long list the first element."""
        fields = self.fields
        for name, value in fields.items():
            if isinstance(value, list) and len(value) > _SHOWN:
                fields[name] = [*value[:_SHOWN], f"and {len(value) - _SHOWN} more"]
        return orjson.dumps(fields).decode()

    @property
    def asks(self) -> bool:
        """Whether it is a question: a callin of X mode, a Block of an SMS."""
        info = self.fields.get("statusInfo", {})
        return self.kind == "sms_block" or (self.event == "callin" and info.get("notifyMode") == "Block")

    @property
    def sort(self) -> tuple[str, str]:
        """Pushes that a receiver handles alike: mode and event."""
        return self.mode, self.event

    @property
    def name(self) -> str:
        """It in words."""
        words = {"cdr": "CDR message", "number_status": "number status", "sms_notify": "SMS Notify"}
        word = words.get(self.kind, "SMS Block" if self.kind == "sms_block" else self.event)
        return f"{self.mode} {word}{' (a question)' if self.asks and self.kind == 'call_event' else ''}"


class Scene:
    """A world of its own with one application, and the pushes of it.

    Args:
        mode: of the application.
        key, secret: its own; the bodies of pushes name the key.
        seed: of all ids.
        now: when all is over.
        variations: what the world does otherwise within the contract.
        numbers: how many X it has.
    """

    def __init__(
        self,
        mode: str,
        key: str,
        secret: str,
        *,
        seed: int,
        now: datetime,
        variations: Iterable[str] = (),
        numbers: int = 2,
    ) -> None:
        self.messages: list[Message] = []
        self.mode = MODES[mode]
        self._transport = customer_transport(self._take)
        self._driver = Driver(self._transport)
        addresses = {f"{name}_url": f"http://127.0.0.1/{kind}" for name, kind in _ADDRESSES}
        self.numbers = [f"+8617{index:09d}" for index in range(1, numbers + 1)]
        application = {
            "mode": mode,
            "app_key": key,
            "app_secret": secret,
            "numbers": [{"number": number, "area_code": "0755"} for number in self.numbers],
            "recording": True,
            **addresses,
        }
        world = self._driver.send(
            "worlds.create",
            {
                "id": _WORLD,
                "seed": seed,
                "clock": {"mode": "frozen", "now": (now - _LASTS).astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")},
                "variations": list(variations),
                "applications": [application],
            },
        )
        self.app = App.read(world["applications"][0], 1)
        self._prefix = urlsplit(world["url"]).path.rstrip("/")

    def _take(self, _url: str, _headers: Sequence[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        """Be the customer: keep the push, and connect who is asked about."""
        fields = orjson.loads(body)
        message = Message(self.mode.name, kind_of(fields), body)
        self.messages.append(message)
        if not message.asks:
            return 200, b""
        if message.kind == "sms_block":
            route = {"operation": "vNumberRoute", "message": {"called": CALLER, "calling": BOUND}}
            return 200, orjson.dumps({"actions": [route]})
        info = fields["statusInfo"]
        closes = info["caller"] == STRANGER
        connect = {"operation": "connect", "connectInfo": {"calleeNum": BOUND}}
        return 200, orjson.dumps({"operation": "close"} if closes else connect)

    # ── what happens ─────────────────────────────────────────────────────────────────────────────────────────────────

    def whole(self) -> list[Message]:
        """Everything that is pushed in the mode, in the order in which it arises."""
        x, digits = self._bind()
        self._call(CALLER, x, digits, behaviour="answer", hang_up_after=60)
        self._call(CALLER, x, digits, behaviour="busy")
        self._call(STRANGER, next(number for number in self.numbers if number != x), "")
        if contracts.callbacks().keys() & {f"{self.mode.name.lower()}.sms_notify"}:
            self._write(BOUND, x)
            self._write(CALLER, x)
        self._set_status(self.numbers[:1])
        return self.messages

    def cdrs(self, count: int) -> tuple[list[Message], Message]:
        """The events of this many calls, and one message with all of their CDRs."""
        x, digits = self._bind()
        for _ in range(count):
            self._call(CALLER, x, digits, seconds=_IN_VAIN, behaviour="busy")
        self._pass(_OVER)
        kept = [message.fields for message in self.messages if message.kind == "cdr"]
        fees = [fee for fields in kept for fee in fields["feeLst"]]
        events = [message for message in self.messages if message.kind == "call_event"]
        return events, Message(self.mode.name, "cdr", orjson.dumps({**kept[0], "feeLst": fees[:count]}))

    def statuses(self) -> Message:
        """One message with the status of every X."""
        self._set_status(self.numbers)
        kept = [message.fields for message in self.messages if message.kind == "number_status"]
        infos = [info for fields in kept for info in fields["numInfo"]]
        return Message(self.mode.name, "number_status", orjson.dumps({**kept[0], "numInfo": infos}))

    def _bind(self) -> tuple[str, str]:
        """Bind somebody whom the caller reaches.

        The X to dial, and what is entered then.
        """
        if not self.mode.binds:
            return self.numbers[0], ""
        answer = self._request("bind", self.mode.body(self.app.numbers[0], CALLER, BOUND))
        x = answer["relationNumber"] if self.mode.picks_x else self.numbers[0]
        return str(x), str(answer["extendNum"] or "") if self.mode.takes_digits else ""

    def _request(self, name: str, body: dict[str, str]) -> Answer:
        operation = contracts.operations()[self.mode.operation(name)]
        query = encode_query(self.mode.query(self.app, {}))
        content = orjson.dumps(body)
        headers = [*sign(self.app), JSON_TYPE]
        return self._transport.request(operation.method, self._prefix + operation.path, query, headers, content)

    def _pass(self, seconds: int) -> None:
        self._driver.send("clock.set", {"advance_seconds": seconds}, world=_WORLD)

    def _call(self, caller: str, x: str, digits: str, seconds: int = _OVER, **callee: Any) -> None:
        entered = {"digits": [digits]} if digits else {}
        message = {"caller": caller, "called": x, "callee": callee, **entered}
        self._driver.send("calls.create", message, world=_WORLD)
        self._pass(seconds)

    def _write(self, sender: str, x: str) -> None:
        self._driver.send("sms.create", {"from": sender, "to": x, "text": "I am at the door."}, world=_WORLD)
        self._pass(_OVER)

    def _set_status(self, numbers: Iterable[str]) -> None:
        for number in numbers:
            message = {"status": FROZEN_FOR_BINDING}
            self._driver.send("numbers.update", message, world=_WORLD, number=number)
        self._pass(_OVER)


_ADDRESSES: Final = (
    ("event", "call_event"),
    ("fee", "cdr"),
    ("number_status", "number_status"),
    ("sms_notify", "sms_notify"),
    ("sms_control", "sms_block"),
)
