"""A world in which SMS are written, and what the customer hears of them."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import orjson

from privnum import contracts
from privnum.mockserver.worlds.sms import write_sms
from tests.mockserver.rig import Rig

if TYPE_CHECKING:
    from privnum.mockserver.pushes.push import Push
    from privnum.mockserver.sms.message import Sms

NOTIFY, CONTROL = "http://c/notify", "http://c/block"


class SmsRig(Rig):
    """`verdict` is what the customer answers a Block; `told` and `asked` are the smsEvents that came."""

    def __init__(self, *, mode: str, **more: Any) -> None:
        super().__init__(mode=mode, **{"sms_notify_url": NOTIFY, "sms_control_url": CONTROL, **more})
        self.verdict: Any = None
        self.outcome = "200"
        self.told: list[dict[str, Any]] = []
        self.asked: list[dict[str, Any]] = []

    def deliver(self) -> None:
        while pushes := self.world.take_pushes():
            for push in pushes:
                self._take(push)

    def _take(self, push: Push) -> None:
        body = orjson.loads(push.body)
        name = f"{self.app.mode.lower()}/{push.kind}"
        if push.kind.startswith("sms_"):
            assert contracts.validator(name).problems(body) == []
            assert body["appKey"] == self.app.app_key
            (self.asked if push.url == CONTROL else self.told).append(body["smsEvent"])
        answer = json.dumps(self.verdict).encode() if push.kind == "sms_block" and self.verdict is not None else b""
        self.world.record_outcome(push, self.outcome, answer)

    def write(self, sender: str, x: str, text: str = "hello", **more: Any) -> Sms:
        sms = write_sms(self.world, {"from": sender, "to": x, "text": text, **more})
        self.deliver()
        return sms

    @property
    def results(self) -> list[int]:
        return [event["sendResult"] for event in self.told]


def extra(event: dict[str, Any]) -> dict[str, str]:
    return {para["key"]: para["value"] for para in event["extInfo"]["extParas"]}
