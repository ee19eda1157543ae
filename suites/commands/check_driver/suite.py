"""The trial of a driver.

Every operation that it claims, in an order in which each has what it needs.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.base.claims import NotExercised
from privnum.suites.base.printing import plural
from privnum.suites.commands.check_driver.calls import Calls
from privnum.suites.commands.check_driver.client import Asker, Silence, as_json
from privnum.suites.commands.check_driver.control import try_control
from privnum.suites.commands.check_driver.fixture import (
    SPARE,
    START,
    Place,
    recipe,
)
from privnum.suites.commands.check_driver.sms import TrialOfSms
from privnum.suites.target.modes import MODES
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.callbacks.receiver import Receiver
    from privnum.suites.commands.check_driver.report import Sheet
    from privnum.suites.driver.protocol import Driver
    from privnum.suites.target.config import App, Target
    from privnum.suites.transport.api import Transport

__all__ = ["Trial"]

WORLDS = ("worlds.list", "worlds.create", "worlds.get", "worlds.delete", "applications.create", "numbers.add")
UNKNOWN = {"world": "no-such-world", "app_key": "no-such-key", "number": "+8619900000000", "call": "no-such-call"}
ADVANCE = 90
ASSUMPTION = "axb.a_equals_b"
"""An assumption for which another choice is asked."""


class Trial:
    """One trial. `pause` lets this many seconds of real time pass.

    `patience` are those that anything may take.
    """

    def __init__(
        self,
        target: Target,
        driver: Driver,
        transport: Transport,
        receiver: Receiver,
        sheet: Sheet,
        *,
        pause: Callable[[float], None],
        patience: float,
        deadline: Deadline | None = None,
    ) -> None:
        self._target = target
        self._deadline = deadline or Deadline()
        self._asker = Asker(driver, sheet, over_http=target.driver_place is None, deadline=self._deadline)
        self._transport = transport
        self._receiver = receiver
        self._sheet = sheet
        self._pause = pause
        self._patience = patience
        self._name = f"trial-{secrets.token_hex(3)}"
        self._worlds: list[str] = []
        self._place: Place | None = None
        self._ran = False
        self._addresses: dict[str, dict[str, Any]] = {}

    @property
    def owns_worlds(self) -> bool:
        """Whether worlds are made for the trial."""
        return "worlds" in self._sheet.claimed and self._target.world is None

    def ask_capabilities(self) -> bool:
        """Ask what the driver can do; whether that is known now."""
        try:
            self._asker.ask("health")
            about = self._asker.ask("capabilities")
        except Silence:
            return False
        if about is None:
            self._sheet.skip("what the driver can do is not known", *self._sheet.rows)
            return False
        self._sheet.claim(about["modes"], about["capabilities"])
        return True

    def run(self) -> None:
        """Try everything that is claimed, and undo it."""
        try:
            self._lay_place()
            if self._place is not None:
                self._try_settings(self._place)
                self._try_time_and_calls(self._place)
            if self.owns_worlds and self._worlds:
                self._try_reset()
                self._try_dropping()
        except Silence as silence:
            self._sheet.skip(str(silence), *self._sheet.rows)
        finally:
            with self._deadline.undoing():
                self._tidy()

    # ── worlds ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _lay_place(self) -> None:
        if self.owns_worlds:
            self._place = self._make_world(self._name)
            if self._place is None:
                self._sheet.skip("no world could be made", *self._sheet.rows)
            else:
                self._try_worlds(self._place)
            return
        self._sheet.skip("the suites make no worlds here: target.toml names one", *WORLDS, "worlds.reset", used=False)
        self._place = place = Place.from_target(self._target, self._receiver.open_box(self._name))
        if self._sheet.has("worlds.get"):
            self._asker.ask("worlds.list")
            self._remember(self._asker.ask("worlds.get", world=place.world), place)
        if self._sheet.has("clock.get"):
            self._stop_clock(place)

    def _remember(self, world: dict[str, Any] | None, place: Place) -> None:
        """Where applications push to now, so that they are set again in the end."""
        ours = {app.key for app in place.apps}
        for app in world["applications"] if world is not None else ():
            if app["app_key"] in ours:
                addresses = {name: app[name] for name in ("event_url", "fee_url") if name in app}
                self._addresses[app["app_key"]] = addresses

    def _make_world(self, name: str, **more: Any) -> Place | None:
        inbox = self._receiver.open_box(name)
        message = recipe(name, self._sheet.modes, inbox, sms="sms" in self._sheet.claimed) | more
        world = self._asker.ask("worlds.create", message)
        if world is None:
            return None
        self._worlds.append(world["id"])
        self._check_world(message, world)
        place = Place.from_reply(world, inbox)
        if "clock" in self._sheet.claimed:
            place.frozen = world["clock"]["mode"] == "frozen"
        return place

    def _check_world(self, message: dict[str, Any], world: dict[str, Any]) -> None:
        """The world is what was asked for."""
        sent, claimed = self._asker.as_sent("worlds.create", message), self._sheet.claimed
        clock = {name: world["clock"][name] for name in message["clock"]}
        for name, came in (("id", world["id"]), ("clock", clock), ("home_areas", world["home_areas"])):
            if (name == "id" or name in claimed) and came != message[name]:
                why = f"{name} must be {as_json(message[name])}"
                self._asker.breaks("worlds.create", "worlds.recipe", sent, as_json({name: came}), why)
        assumptions = message.get("assumptions", {}) if "assumptions" in claimed else {}
        for name, value in assumptions.items():
            if world["assumptions"].get(name) != value:
                came = as_json({name: world["assumptions"].get(name)})
                self._asker.breaks("worlds.create", "worlds.recipe", sent, came, f"the choice {value} was asked for")
        if len(world["applications"]) != len(message["applications"]):
            came = plural(len(world["applications"]), "application")
            self._asker.breaks(
                "worlds.create", "worlds.recipe", sent, came, f"{len(message['applications'])} were asked"
            )
        for asked, made in zip(message["applications"], world["applications"], strict=False):
            self._check_application("worlds.create", sent, asked, made)

    def _check_application(self, operation: str, sent: str, asked: dict[str, Any], made: dict[str, Any]) -> None:
        rule = "settings" if operation == "applications.update" else "worlds.recipe"
        for name, value in asked.items():
            wanted, came = value, made.get(name, value)
            if name == "numbers":
                wanted, came = (sorted(x["number"] for x in numbers) for numbers in (value, came))
            if wanted != came:
                self._asker.breaks(operation, rule, sent, as_json({name: came}), f"{name} must be {as_json(wanted)}")

    def _try_worlds(self, place: Place) -> None:
        """Try a second world of the same numbers.

        What is in the list, applications and numbers added later.
        """
        asker, first = self._asker, place.world
        other = next(value for value in contracts.assumptions()[ASSUMPTION].choices)
        asked = {"assumptions": {ASSUMPTION: other}} if "assumptions" in self._sheet.claimed else {}
        second = self._make_world(f"{self._name}-b", **asked)
        asker.refuses("worlds.create", "not_now", {"id": first})
        asker.refuses("worlds.create", "bad_message", {"applications": "none"})
        asker.refuses("worlds.get", "unknown", world=UNKNOWN["world"])
        asker.refuses("worlds.delete", "unknown", world=UNKNOWN["world"])
        listed = asker.ask("worlds.list")
        there = {world["id"] for world in listed["worlds"]} if listed is not None else set(self._worlds)
        if not set(self._worlds) <= there:
            sent = asker.as_sent("worlds.list")
            asker.breaks("worlds.list", "worlds.recipe", sent, as_json(listed), f"{first} is there")
        again = asker.ask("worlds.get", world=first)
        if again is not None and again["id"] != first:
            sent = asker.as_sent("worlds.get")
            asker.breaks("worlds.get", "reply", sent, as_json(again["id"]), f"the id must be {first}")
        self._try_adding(second or place)

    def _try_adding(self, place: Place) -> None:
        asker, world = self._asker, place.world
        mode = place.apps[0].mode if place.apps else next(iter(MODES))
        message: dict[str, Any] = {"mode": mode, "numbers": [{"number": SPARE[0], "area_code": "0755"}]}
        made = asker.ask("applications.create", message, world=world)
        asker.refuses("applications.create", "bad_message", {"mode": "AXYZ"}, world=world)
        asker.refuses("applications.create", "unknown", message, world=UNKNOWN["world"])
        if made is None:
            self._sheet.skip("there is no application to add numbers to", "numbers.add")
            return
        sent = asker.as_sent("applications.create", message, "", {"world": world})
        self._check_application("applications.create", sent, message, made)
        key, more = made["app_key"], {"numbers": [{"number": number} for number in SPARE[1:]]}
        grown = asker.ask("numbers.add", more, world=world, app_key=key)
        if grown is not None:
            sent = asker.as_sent("numbers.add", more, "", {"world": world, "app_key": key})
            self._check_application("numbers.add", sent, {"numbers": message["numbers"] + more["numbers"]}, grown)
        asker.refuses("numbers.add", "bad_message", {"numbers": "many"}, world=world, app_key=key)
        asker.refuses("numbers.add", "unknown", more, world=world, app_key=UNKNOWN["app_key"])

    def _try_reset(self) -> None:
        if not self._sheet.has("worlds.reset"):
            return
        world, asker, claimed = self._worlds[0], self._asker, self._sheet.claimed
        asker.refuses("worlds.reset", "unknown", world=UNKNOWN["world"])
        emptied = asker.ask("worlds.reset", world=world)
        if emptied is None:
            return
        sent = asker.as_sent("worlds.reset", None, "", {"world": world})
        if not emptied["applications"]:
            asker.breaks("worlds.reset", "reset", sent, "no applications", "they stay")
        for operation, word in (("calls.list", "calls"), ("sms.list", "sms"), ("pushes.list", "pushes")):
            left = asker.ask(operation, world=world) if word in claimed else None
            if left is not None and left[word]:
                asker.breaks("worlds.reset", "reset", sent, f"{len(left[word])} {word} are there still")
        if self._place is not None:
            self._place.bound.clear()

    def _try_dropping(self) -> None:
        """A dropped world is unknown; the other is still there."""
        asker, gone = self._asker, self._worlds[0]
        if asker.ask("worlds.delete", world=gone) is None:
            return
        self._worlds.remove(gone)
        for operation in ("worlds.get", "clock.get", "calls.list", "pushes.list"):
            if self._sheet.has(operation):
                asker.refuses(operation, "worlds.gone", world=gone)
        listed = asker.ask("worlds.list")
        if listed is not None and gone in {world["id"] for world in listed["worlds"]}:
            sent = asker.as_sent("worlds.list")
            asker.breaks("worlds.delete", "worlds.gone", sent, as_json(listed), f"{gone} is gone")
        for world in self._worlds:
            asker.ask("worlds.get", world=world)

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _try_settings(self, place: Place) -> None:
        if self._sheet.has("applications.update"):
            self._try_application(place)
        if self._sheet.has("numbers.update"):
            self._try_number(place)

    def _try_application(self, place: Place) -> None:
        """Recording is turned off and on again.

        A given application gets the address for its pushes.
        """
        asker, world = self._asker, place.world
        asker.refuses("applications.update", "unknown", {"recording": True}, world=world, app_key=UNKNOWN["app_key"])
        if not place.apps:
            self._sheet.skip("there is no AXB or AXE application", "applications.update")
            return
        app = place.apps[0]
        asker.refuses("applications.update", "bad_message", {"recording": "perhaps"}, world=world, app_key=app.key)
        for value in (not app.recording, app.recording):
            self._update(place, app, {"recording": value}, may_refuse=True)
        if not place.own and self._receiver.fixed is None:
            for reply in place.apps:
                self._show_addresses(place, reply)
        self._sheet.skip("the one setting that was tried, recording, is refused", "applications.update")

    def _show_addresses(self, place: Place, app: App) -> None:
        message = {"event_url": place.inbox.event_url, "fee_url": place.inbox.fee_url}
        if self._update(place, app, message):
            place.gets_pushes = place.inbox.own_paths = True

    def _update(self, place: Place, app: App, message: dict[str, Any], *, may_refuse: bool = False) -> bool:
        """Change settings; whether that went well."""
        places = {"world": place.world, "app_key": app.key}
        made = self._asker.ask("applications.update", message, may_refuse=may_refuse, **places)
        if made is not None:
            sent = self._asker.as_sent("applications.update", message, "", places)
            self._check_application("applications.update", sent, message, made)
        return made is not None

    def _try_number(self, place: Place) -> None:
        """An X is suspended, and is normal again."""
        asker, world = self._asker, place.world
        asker.refuses("numbers.update", "unknown", {"status": "5"}, world=world, number=UNKNOWN["number"])
        x = next((x.number for app in place.apps for x in app.numbers), None)
        if x is None:
            self._sheet.skip("there is no X", "numbers.update")
            return
        asker.refuses("numbers.update", "bad_message", {"status": "99"}, world=world, number=x)
        for status in ("9", "5"):
            message = {"status": status}
            made = asker.ask("numbers.update", message, world=world, number=x)
            if made is not None and (made["status"], made["number"]) != (status, x):
                sent = asker.as_sent("numbers.update", message, "", {"world": world, "number": x})
                asker.breaks("numbers.update", "settings", sent, as_json(made), f"status must be {status}")

    # ── time and calls ───────────────────────────────────────────────────────────────────────────────────────────────

    def _stop_clock(self, place: Place) -> None:
        """Let a given clock stand meanwhile, where it can."""
        clock = self._asker.ask("clock.get", world=place.world)
        if clock is not None and clock["mode"] == "running":
            message = {"mode": "frozen"}
            clock = self._asker.ask("clock.set", message, world=place.world, may_refuse=True) or clock
            self._ran = clock["mode"] == "frozen"
        place.frozen = clock is not None and clock["mode"] == "frozen"

    def _try_time_and_calls(self, place: Place) -> None:
        calls = Calls(self._asker, place, self._transport, self._patience, self._pause)
        if self._sheet.has("clock.set"):
            self._try_clock(place, calls)
        if self._sheet.has("calls.create"):
            calls.try_all()
        if self._sheet.has("pushes.list") or self._sheet.has("calls.create"):
            calls.try_pushes()
        if self._sheet.has("sms.create"):
            TrialOfSms(self._asker, place, self._transport, self._patience).try_all()
        try_control(self._asker, place)
        if self.owns_worlds and len(self._worlds) > 1:
            self._try_apart(self._worlds[1], place)

    def _try_clock(self, place: Place, calls: Calls) -> None:
        asker, world = self._asker, place.world
        asker.refuses("clock.get", "unknown", world=UNKNOWN["world"])
        asker.refuses("clock.set", "unknown", {"advance_seconds": 0}, world=UNKNOWN["world"])
        for seconds in ("soon", -1):
            asker.refuses("clock.set", "bad_message", {"advance_seconds": seconds}, world=world)
        if self._target.driver_place is None:
            asker.refuses("clock.set", "bad_message", b"{", world=world)
        first, then = asker.ask("clock.get", world=world), asker.ask("clock.get", world=world)
        if first is not None and then is not None and place.frozen and first["now"] != then["now"]:
            sent = asker.as_sent("clock.get", None, "", {"world": world})
            asker.breaks("clock.get", "clock.frozen", sent, f"{first['now']}, then {then['now']}")
        calls.advance(ADVANCE)
        end = calls.advance(0)
        after = asker.ask("clock.get", world=world)
        if after is not None and place.frozen and end is not None and calls.time_of("clock.get", after["now"]) != end:
            sent = asker.as_sent("clock.get", None, "", {"world": world})
            asker.breaks(
                "clock.get", "clock.frozen", sent, as_json(after), f"clock.set answered with {end.isoformat()}"
            )

    def _try_apart(self, other: str, place: Place) -> None:
        """Check that what was done in one world shows nowhere in the other.

        It has the same numbers.
        """
        asker, claimed = self._asker, self._sheet.claimed
        for operation, word in (("calls.list", "calls"), ("sms.list", "sms"), ("pushes.list", "pushes")):
            found = asker.ask(operation, world=other) if word in claimed else None
            if found is not None and found[word]:
                sent = asker.as_sent(operation, None, "", {"world": other})
                asker.breaks(operation, "worlds.apart", sent, f"{len(found[word])} {word}", "nothing was done there")
        clock = asker.ask("clock.get", world=other) if "clock" in claimed and place.frozen else None
        if clock is not None and clock["now"] != START:
            sent = asker.as_sent("clock.get", None, "", {"world": other})
            asker.breaks("clock.set", "worlds.apart", sent, as_json(clock), f"only {place.world} was advanced")
        bound = next((bound for bound in place.bound if bound.digits is None), None)
        if "calls" in claimed and bound is not None:
            message = {"caller": bound.caller, "called": bound.x}
            call = asker.ask("calls.create", message, world=other)
            if call is not None and call["forwarded_to"] is not None:
                sent = asker.as_sent("calls.create", message, "", {"world": other})
                came = as_json({"forwarded_to": call["forwarded_to"]})
                asker.breaks("calls.create", "worlds.apart", sent, came, f"{bound.x} is bound in {place.world} only")

    # ── the end ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _tidy(self) -> None:
        """Undo what was done, as far as the driver answers."""
        place = self._place
        try:
            if place is not None and not place.own:
                place.unbind(self._transport)
                for key, addresses in self._addresses.items() if self._sheet.has("applications.update") else ():
                    self._asker.attempt("applications.update", addresses, world=place.world, app_key=key)
                if self._ran:
                    self._asker.attempt("clock.set", {"mode": "running"}, world=place.world)
            for world in self._worlds:
                self._asker.attempt("worlds.delete", world=world)
        except (Silence, NotExercised) as problem:
            self._sheet.notes.append(f"not everything could be undone: {problem}")
