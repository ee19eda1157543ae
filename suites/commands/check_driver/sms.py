"""SMS of a driver: written by what is bound, and looked at."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.base.claims import NotExercised
from privnum.suites.commands.check_driver.client import as_json
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from privnum.suites.commands.check_driver.client import Asker
    from privnum.suites.commands.check_driver.fixture import Bound, Place
    from privnum.suites.transport.api import Transport

__all__ = ["TrialOfSms"]

SMS = ("sms.create", "sms.list", "sms.get")
NO_X, NO_WORLD = "+8619900000000", "no-such-world"
WITH_SMS = tuple(name for name in MODES if f"{name.lower()}.sms_notify" in contracts.callbacks())
"""Modes whose X can be written to; who dials there and is put through reaches the same one by an SMS."""


class TrialOfSms:
    """The SMS of one place.

    `patience` are the seconds that a notice may take in real time.
    """

    def __init__(self, asker: Asker, place: Place, transport: Transport, patience: float) -> None:
        self._asker = asker
        self._place = place
        self._transport = transport
        self._patience = patience

    def try_all(self) -> None:
        """Everything about SMS, with every application that can have them."""
        asker, world = self._asker, self._place.world
        asker.refuses("sms.get", "unknown", world=world, sms="no-such-sms")
        asker.refuses("sms.create", "bad_message", {"from": 5, "to": [], "text": None}, world=world)
        try:
            bound = self._sms_bindings()
        except NotExercised as reason:
            asker.sheet.skip(str(reason), *SMS)
            return
        if not bound:
            asker.sheet.skip("there is no application whose X can be written to", *SMS)
            return
        message = {"from": bound[0].caller, "to": bound[0].x, "text": "hello"}
        asker.refuses("sms.create", "unknown", message, world=NO_WORLD)
        asker.refuses("sms.create", "sms.nobody", message | {"to": NO_X}, world=world)
        for other in self._place.bound:
            if other.app.mode not in WITH_SMS:
                asker.refuses("sms.create", "sms.nobody", message | {"to": other.x}, world=world)
        for each in bound:
            self._try(each)

    def _sms_bindings(self) -> list[Bound]:
        """A binding of each application whose X can be written to."""
        there = [each for each in self._place.bound if each.app.mode in WITH_SMS]
        apps = [app for app in self._place.apps if app.mode in WITH_SMS]
        return there or [self._place.bind(self._transport, app) for app in apps]

    def _try(self, bound: Bound) -> None:
        asker, world = self._asker, self._place.world
        message = {"from": bound.caller, "to": bound.x, "text": "hello"}
        sms = asker.ask("sms.create", message, world=world)
        if sms is None:
            return
        sent = asker.as_sent("sms.create", message, "", {"world": world})
        right: dict[str, Any] = {"from": bound.caller, "to": bound.x, "state": "sent", "delivered_to": bound.callee}
        came = {name: sms[name] for name in right}
        if came != right:
            asker.breaks("sms.create", "sms.decided", sent, as_json(came), f"{as_json(right)} would be right")
        self._check_notices(sms["identifier"], sent)
        again = asker.ask("sms.get", world=world, sms=sms["id"])
        if again is not None and again != sms:
            sent = asker.as_sent("sms.get", None, "", {"world": world, "sms": sms["id"]})
            asker.breaks("sms.get", "reply", sent, as_json(again), f"sms.create said {as_json(sms)}")
        listed = asker.ask("sms.list", world=world)
        if listed is not None and sms not in listed["sms"]:
            sent = asker.as_sent("sms.list", None, "", {"world": world})
            asker.breaks(
                "sms.list", "sms.list", sent, as_json(listed), f"the SMS {sms['id']} is there as it was written"
            )

    def _check_notices(self, identifier: str, sent: str) -> None:
        """The notices that came name the SMS as the driver does."""
        box = self._place.inbox

        def notice_ids() -> list[object]:
            return [push.sms.get("smsIdentifier") for push in box.pushes if push.kind == "sms_notify"]

        if self._place.gets_pushes:
            box.wait(lambda: identifier in notice_ids(), 0 if notice_ids() else self._patience)
        if notice_ids() and identifier not in notice_ids():
            self._asker.breaks("sms.create", "sms.identifier", sent, identifier, f"notices name {notice_ids()[-1]}")
