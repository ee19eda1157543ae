"""What misbehaves in a driver, and what `privnum check-driver` says of it."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.suites.driver.python import Refused

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.callbacks.receiver import EmbeddedReceiver


from tests.suites.commands.test_check_driver import Twisted, found_faults, trial


def replies(operation: str, change: Callable[[Any], Any]) -> Any:
    """The reply to that operation is another."""

    def twist(driver: Twisted, asked: str, places: dict[str, str], message: Any) -> Any:
        reply = driver.right(asked, places, message)
        return change(reply) if asked == operation else reply

    return twist


def hears(operation: str, change: Callable[[Any], Any]) -> Any:
    """The driver takes that operation's message for another."""

    def twist(driver: Twisted, asked: str, places: dict[str, str], message: Any) -> Any:
        return driver.right(asked, places, change(message) if asked == operation else message)

    return twist


def refuses(changed: Callable[[str, Refused], Any]) -> Any:
    """The driver refuses otherwise, or not at all."""

    def twist(driver: Twisted, operation: str, places: dict[str, str], message: Any) -> Any:
        try:
            return driver.right(operation, places, message)
        except Refused as refusal:
            return changed(operation, refusal)

    return twist


def raises(error: Exception) -> Any:
    raise error


def ignores(operation: str, instead: str) -> Any:
    """The driver does nothing but look."""

    def twist(driver: Twisted, asked: str, places: dict[str, str], message: Any) -> Any:
        if asked != operation or message.get("by") == "nobody":
            return driver.right(asked, places, message)
        reply = driver.right(instead, places, {})
        return reply if contracts.control_operations()[operation].response else None

    return twist


def ticking(driver: Twisted, operation: str, places: dict[str, str], message: Any) -> Any:
    if operation == "clock.get":
        driver.right("clock.set", places, {"advance_seconds": 1})
    return driver.right(operation, places, message)


def join_worlds(driver: Twisted, operation: str, places: dict[str, str], message: Any) -> Any:
    """The second world is the first under another name, once something is done in it."""
    world = places.get("world", "")
    if operation in ("calls.list", "calls.create", "clock.get", "pushes.list") and world.endswith("-b"):
        places["world"] = world.removesuffix("-b")
    return driver.right(operation, places, message)


def twice(driver: Twisted, operation: str, places: dict[str, str], message: Any) -> Any:
    """Hangs up what has ended as if it had not."""
    try:
        return driver.right(operation, places, message)
    except Refused:
        if operation == "calls.hang_up" and "by" in message and message["by"] == "caller":
            return driver.right("calls.get", places, {})
        raise


def lies(**fields: Any) -> Callable[[Any], Any]:
    return lambda reply: reply | fields


def one_delivered(reply: Any) -> Any:
    """A push that nobody got."""
    of_calls = [push for push in reply["pushes"] if push["kind"] == "call_event"]
    made_up = [push | {"id": "none", "body": push["body"] | {"made": "up"}} for push in of_calls[:1]]
    return {"pushes": reply["pushes"] + [push for push in made_up if push["state"] == "delivered"]}


def all_states(driver: Twisted, operation: str, places: dict[str, str], message: Any) -> Any:
    if operation == "pushes.list" and message.get("state") in ("pending", "delivered", "given_up"):
        message = {}
    return driver.right(operation, places, message)


WRONG: dict[str, tuple[Any, tuple[str, str]]] = {
    "half the time": (
        hears("clock.set", lambda m: {"advance_seconds": 45} if m.get("advance_seconds") == 90 else m),
        ("clock.set", "rule clock.advance"),
    ),
    "a clock that does not stand": (ticking, ("clock.get", "rule clock.frozen")),
    "a time that is none": (replies("clock.get", lies(now="2026-13-45T99:99:99Z")), ("clock.get", "rule reply")),
    "nobody is reached": (replies("calls.create", lies(forwarded_to=None)), ("calls.create", "rule calls.decided")),
    "another caller": (replies("calls.create", lies(caller="+8613800000009")), ("calls.create", "rule calls.decided")),
    "a call that stays": (
        replies("calls.get", lies(state="forwarded", alerting_at=None)),
        ("calls.get", "rule calls.plan"),
    ),
    "a slow answer": (
        hears("calls.create", lambda m: m | {"callee": {**m["callee"], "answer_after": 4}} if "callee" in m else m),
        ("calls.get", "rule calls.plan"),
    ),
    "nobody called, and it rings": (
        replies("calls.create", lies(state="alerting")),
        ("calls.create", "rule calls.nobody"),
    ),
    "a number that is nobody's, and no cause of that": (
        replies("calls.create", lambda reply: reply | {"release_cause": 8022} if reply["app_key"] is None else reply),
        ("calls.create", "rule calls.nobody"),
    ),
    "a number that is nobody's, and an application": (
        replies("calls.create", lambda reply: reply | {"app_key": reply["app_key"] or "somebody"}),
        ("calls.create", "rule calls.nobody"),
    ),
    "no hanging up": (ignores("calls.hang_up", "calls.get"), ("calls.hang_up", "rule calls.hang_up")),
    "hanging up without a cause": (
        replies("calls.hang_up", lies(release_cause=None)),
        ("calls.hang_up", "rule calls.hang_up"),
    ),
    "hanging up twice": (twice, ("calls.hang_up", "rule not_now")),
    "an SMS that reaches nobody": (
        replies("sms.create", lambda reply: reply | {"delivered_to": None}),
        ("sms.create", "rule sms.decided"),
    ),
    "an SMS to nobody": (
        hears("sms.create", lambda m: m | {"to": "+8617000000001"} if m.get("to") == "+8619900000000" else m),
        ("sms.create", "rule sms.nobody"),
    ),
    "other notices": (replies("sms.create", lies(identifier="1")), ("sms.create", "rule sms.identifier")),
    "no SMS in the list": (replies("sms.list", lies(sms=[])), ("sms.list", "rule sms.list")),
    "another SMS": (replies("sms.get", lambda reply: reply | {"text": "good-bye"}), ("sms.get", "rule reply")),
    "no calls in the list": (replies("calls.list", lies(calls=[])), ("calls.list", "rule calls.list")),
    "other sessions": (replies("calls.create", lies(session_id="1")), ("calls.create", "rule calls.session")),
    "an empty push list": (replies("pushes.list", lies(pushes=[])), ("pushes.list", "rule pushes")),
    "a push that nobody got": (replies("pushes.list", one_delivered), ("pushes.list", "rule pushes")),
    "a journal that begins with the newest": (
        replies("journal.list", lambda reply: {**reply, "entries": reply["entries"][::-1]}),
        ("journal.list", "rule journal"),
    ),
    "a fault that is not there": (replies("faults.list", lies(faults=[])), ("faults.list", "rule faults")),
    "no bindings": (replies("bindings.list", lies(bindings=[])), ("bindings.list", "rule bindings")),
    "a binding of others": (
        replies("bindings.list", lambda r: {"bindings": [each | {"users": ["x"]} for each in r["bindings"]]}),
        ("bindings.list", "rule bindings"),
    ),
    "a CDR without the field given": (
        hears("trigger", lambda m: {name: value for name, value in m.items() if name != "fields"}),
        ("trigger", "rule trigger"),
    ),
    "another push than the listed one": (
        replies("pushes.get", lambda reply: reply | {"body": {}}),
        ("pushes.get", "rule pushes.get"),
    ),
    "a resend that is the old push": (
        replies("pushes.resend", lambda reply: reply | {"body": {}}),
        ("pushes.resend", "rule pushes.resend"),
    ),
    "all pushes whatever the state": (all_states, ("pushes.list", "rule pushes")),
    "another status": (
        refuses(lambda _, refusal: raises(Refused(refusal.error, refusal.where, 400))),
        ("calls.get", "rule unknown"),
    ),
    "a server error": (
        refuses(lambda _, refusal: raises(Refused(refusal.error, refusal.where, 500))),
        ("clock.set", "rule bad_message"),
    ),
    "no sentence": (
        refuses(lambda _, refusal: raises(Refused("", refusal.where, refusal.status))),
        ("clock.set", "rule failure, schema driver/error"),
    ),
    "nothing is refused": (refuses(lambda _, __: {}), ("numbers.update", "rule bad_message")),
    "a missing field": (
        replies("calls.get", lambda reply: reply.pop("x") and reply),
        ("calls.get", "schema driver/call"),
    ),
    "no capabilities": (replies("capabilities", lambda _: None), ("capabilities", "schema driver/capabilities")),
    "an error of its own": (replies("clock.get", lambda _: raises(KeyError("now"))), ("clock.get", "rule reply")),
    "no JSON": (replies("calls.list", lambda _: {"calls": {1, 2}}), ("calls.list", "rule reply")),
    "it is not there": (
        replies("pushes.list", lambda _: raises(Refused("not yet", status=501))),
        ("pushes.list", "rule claimed"),
    ),
    "a world of its own making": (
        hears("worlds.create", lambda m: m | {"id": "mine"}),
        ("worlds.create", "rule worlds.recipe"),
    ),
    "a world elsewhere": (
        replies("worlds.create", lies(url="http://127.0.0.1:9/elsewhere")),
        ("worlds.create", "rule worlds.url"),
    ),
    "a world at another time": (
        hears("worlds.create", lambda m: m | {"clock": {"mode": "frozen", "now": "2026-04-01T00:00:00Z"}}),
        ("worlds.create", "rule worlds.recipe"),
    ),
    "a world without its readings": (
        hears("worlds.create", lambda m: {name: value for name, value in m.items() if name != "assumptions"}),
        ("worlds.create", "rule worlds.recipe"),
    ),
    "fewer numbers": (
        hears("applications.create", lambda m: {name: value for name, value in m.items() if name != "numbers"}),
        ("applications.create", "rule worlds.recipe"),
    ),
    "numbers that are not added": (
        replies("numbers.add", lambda reply: reply | {"numbers": reply["numbers"][:1]}),
        ("numbers.add", "rule worlds.recipe"),
    ),
    "one world for all": (join_worlds, ("calls.list", "rule worlds.apart")),
    "a world that stays": (ignores("worlds.delete", "worlds.get"), ("worlds.get", "rule worlds.gone")),
    "no reset": (ignores("worlds.reset", "worlds.get"), ("worlds.reset", "rule reset")),
    "settings that do not change": (
        replies("applications.update", lambda reply: reply | {"recording": True}),
        ("applications.update", "rule settings"),
    ),
    "a status that does not change": (
        replies("numbers.update", lambda reply: reply | {"status": "5"}),
        ("numbers.update", "rule settings"),
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", WRONG)
def test_what_misbehaves_is_told(name: str) -> None:
    """By the operation and the rule or schema that it breaks; with what was sent, what came, what would be right."""
    twist, told = WRONG[name]
    sheet = trial(twist)
    assert told in found_faults(sheet)
    assert sheet.status == 1
    lines = "\n".join(sheet.lines())
    assert f"({told[1]})" in lines
    assert "+8613800000001" not in lines


def test_every_rule_can_be_broken() -> None:
    """The table above breaks each but two.

    For one the next test has a slow customer; the other is about parameters with which the suites do not ask.
    """
    broken = {told[1].removeprefix("rule ").partition(",")[0] for _, told in WRONG.values()}
    assert contracts.control_rules().keys() - broken == {"clock.settled", "lists"}


def test_pushes_that_come_after_the_clock() -> None:
    """clock.set must not answer before they have come."""
    timers: list[threading.Timer] = []

    def slow(receiver: EmbeddedReceiver) -> Any:
        def customer(url: str, headers: Any, body: bytes) -> tuple[int, bytes]:
            timer = threading.Timer(0.05, receiver, (url, headers, body))
            timers.append(timer)
            timer.start()
            return 200, b""

        return customer

    sheet = trial(customer=slow, patience=5)
    for timer in timers:
        timer.join()
    assert ("clock.set", "rule clock.settled") in found_faults(sheet)
