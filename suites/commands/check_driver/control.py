"""What governs a world beyond calls: its journal, bindings and pushes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

from privnum.suites.commands.check_driver.client import as_json
from privnum.suites.commands.check_driver.faults import try_faults
from privnum.suites.commands.check_driver.journal import try_journal

if TYPE_CHECKING:
    from privnum.suites.commands.check_driver.client import Asker
    from privnum.suites.commands.check_driver.fixture import Place

__all__ = ["try_control"]

_NOWHERE = "no-such-world"
_NO_PUSH = "no-such-push"


def try_control(asker: Asker, place: Place) -> None:
    """Try what is claimed of it."""
    if asker.sheet.has("journal.list"):
        try_journal(asker, place.world)
    if asker.sheet.has("faults.list"):
        try_faults(asker, place.world)
    if asker.sheet.has("bindings.list"):
        _try_bindings(asker, place)
    made = _try_trigger(asker, place) if asker.sheet.has("trigger") else None
    if asker.sheet.has("pushes.resend"):
        _try_resend(asker, place, made)


def _try_bindings(asker: Asker, place: Place) -> None:
    """What the trial has bound is listed, alone where it is asked for."""
    asker.refuses("bindings.list", "unknown", world=_NOWHERE)
    asker.refuses("bindings.list", "bad_message", query="limit=none", world=place.world)
    for bound in place.bound:
        query = urlencode({"x": bound.x})
        listed = asker.ask("bindings.list", query=query, world=place.world)
        if listed is None:
            continue
        of_both = [each for each in listed["bindings"] if {bound.caller, bound.callee} & {*each["users"]}]
        if not of_both:
            sent = asker.as_sent("bindings.list", None, query, {"world": place.world})
            asker.breaks("bindings.list", "bindings", sent, as_json(listed), "one of the users was bound on this X")


def _try_trigger(asker: Asker, place: Place) -> dict[str, Any] | None:
    """A CDR is pushed that no call has left; return the push."""
    asker.refuses("trigger", "unknown", {"kind": "cdr"}, world=_NOWHERE)
    asker.refuses("trigger", "bad_message", {"kind": "telegram"}, world=place.world)
    if not place.apps or not place.gets_pushes:
        asker.sheet.skip("no application pushes to us", "trigger", used=False)
        return None
    message = {"kind": "cdr", "app_key": place.apps[0].key, "fields": {"sessionId": "triggered-1"}}
    made = asker.ask("trigger", message, world=place.world)
    told = [] if made is None else [cdr.get("sessionId") for cdr in made["body"].get("feeLst", ())]
    if made is not None and (made["kind"] != "cdr" or told != ["triggered-1"]):
        sent = asker.as_sent("trigger", message, "", {"world": place.world})
        asker.breaks("trigger", "trigger", sent, as_json(made), "the CDR has the field that was given")
    return made


def _try_resend(asker: Asker, place: Place, old: dict[str, Any] | None) -> None:
    """A push is looked at, and sent again as a new one."""
    asker.refuses("pushes.get", "unknown", world=place.world, push=_NO_PUSH)
    asker.refuses("pushes.resend", "unknown", {}, world=place.world, push=_NO_PUSH)
    if old is None and asker.sheet.has("pushes.list"):
        listed = asker.ask("pushes.list", world=place.world)
        old = listed["pushes"][-1] if listed is not None and listed["pushes"] else None
    if old is None:
        asker.sheet.skip("there is no push", "pushes.get", "pushes.resend", used=False)
        return
    asker.refuses("pushes.resend", "bad_message", {"url": 1}, world=place.world, push=old["id"])
    places = {"world": place.world, "push": old["id"]}
    again = asker.ask("pushes.get", **places)
    if again is not None and (again["id"], again["body"]) != (old["id"], old["body"]):
        sent = asker.as_sent("pushes.get", None, "", places)
        asker.breaks("pushes.get", "pushes.get", sent, as_json(again), f"it was {as_json(old)}")
    made = asker.ask("pushes.resend", {}, **places)
    if made is not None and (made["id"] == old["id"] or made["body"] != old["body"]):
        sent = asker.as_sent("pushes.resend", {}, "", places)
        asker.breaks("pushes.resend", "pushes.resend", sent, as_json(made), f"the old push is {as_json(old)}")
