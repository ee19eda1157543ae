"""Control messages that are not as they should be: refused as a whole, or read as their schema means them."""

from __future__ import annotations

import json
import logging
from functools import cache
from typing import TYPE_CHECKING, Any

import orjson
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from privnum import contracts
from privnum.mockserver.control.edge import Edge
from privnum.mockserver.worlds.platform import Platform
from tests.contracts.strategies import faulty, fitting
from tests.hostile.snapshot import snapshot
from tests.mockserver.rig import AKSK, A, B, X

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.core.answers import Answer

OPERATIONS = contracts.plane_operations()
WITH_BODY = sorted(id_ for id_, operation in OPERATIONS.items() if operation.body)


class Desk:
    """A server with a world of both modes in which something goes on, and its control plane."""

    def __init__(self) -> None:
        self.platform = Platform()
        self.edge = Edge(self.platform, now_ms=lambda: 1_790_000_000_000)
        both = [
            {"mode": "AXB", "app_key": "axb", "numbers": [X], "event_url": "inbox:", "fee_url": "http://c/fee"},
            {"mode": "AXE", "app_key": "axe", "numbers": ["+8617000000011"], "event_url": "http://c/e"},
        ]
        assert self.send("worlds.create", {"id": "w", "applications": both}).status == 201
        assert self.send("calls.create", {"caller": A, "called": X}).status == 201
        call = self.send("calls.create", {"caller": A, "called": "+8617000000011", "digits": "1"})
        self.call = orjson.loads(call.body)["id"]
        assert self.send("snapshots.create").status == 201

    def send(self, operation: str, message: Any = None, **places: str) -> Answer:
        """Send a message; the world is settled as a shell would do it, with a customer who answers 200."""
        own = {"call": getattr(self, "call", ""), "push": "push-1", "sms": "sms-1", "snapshot": "snapshot-1"}
        at = {"world": "w", "app_key": "axe", "number": X, **own, **places}
        body = message if isinstance(message, bytes) else b"" if message is None else json.dumps(message).encode()
        reply = self.edge.command(OPERATIONS[operation].method, OPERATIONS[operation].path.format(**at), "", body)
        if reply.world is not None:
            self._settle(reply.world, reply.until_ms)
        return self.edge.answer_to(reply)

    @staticmethod
    def _settle(world: Any, until_ms: int | None) -> None:
        for _ in range(1000):
            while pushes := world.take_pushes():
                for push in pushes:
                    world.record_outcome(push, "200")
            if until_ms is None or not world.run_next_instant(until_ms):
                return


@cache  # not anew for each example
def messages(operation: str) -> st.SearchStrategy[Any]:
    """Messages of an operation: right ones, ones with a fault, and right ones of which one part cannot be done."""
    schema = contracts.schema(str(OPERATIONS[operation].body))
    parts: dict[str, Any] = {
        "allow_list": [["10.0.0.0/8", "x"]],
        "numbers": [["+8617000000099", X], ["+8617000000098", "+8617000000098"]],
        "repeat_collections": [7],
        "app_key": ["new", "axb"],
        "assumptions": [{"axb.a_equals_b": "nothing"}],
        "variations": [["pushes.lat"]],
        "home_areas": [{"+86138": "0222"}],
        "applications": [
            [{"mode": "AX"}, {"mode": "AX", "numbers": [X, X]}],
            [{"mode": "AXB", "no_record": {"play": "a"}}],
        ],
        "area_code": ["0222"],
        "called": [X, "+8617000000011"],
        "caller": [A, B[3:]],
        "advance_seconds": [1, 200_000_000],
        "kind": ["cdr", "call_event", "sms_block"],
        "fields": [{"direction": 9}, {"sessionId": None, "ulFailReason": 0}],
        "url": ["inbox:"],
        "snapshot": ["snapshot-1", "none"],
    }
    usual = {name: st.sampled_from(values) for name, values in parts.items() if name in schema["properties"]}
    bent = st.fixed_dictionaries({}, optional=usual)
    whole = st.tuples(fitting(schema), bent).map(lambda both: {**both[0], **both[1]})
    return whole | fitting(schema) | faulty(schema) | bent


@pytest.mark.parametrize("operation", WITH_BODY)
@settings(max_examples=60, deadline=None)
@given(data=st.data())
def test_a_message_that_is_refused_has_changed_nothing(operation: str, data: st.DataObject) -> None:
    desk = Desk()
    places = {"app_key": data.draw(st.sampled_from(["axe", "axb", "none"])), "world": "w"}
    message = data.draw(messages(operation))
    before = snapshot((desk.platform, desk.edge.offsets))
    answer = desk.send(operation, message, **places)
    assert answer.status < 500, (message, answer)
    if answer.status >= 400:
        assert contracts.validator("driver/error").problems(orjson.loads(answer.body)) == []
        assert snapshot((desk.platform, desk.edge.offsets)) == before, message
    assert desk.send("worlds.get").status == 200


def test_the_settings_before_the_one_that_is_refused_stay_as_they_were() -> None:
    desk = Desk()
    for key, change in (
        ("axe", {"repeat_collections": 7, "status": "frozen", "allow_list": ["x"]}),
        ("axb", {"recording": False, "repeat_collections": 7}),
    ):
        before = desk.send("worlds.get").body
        assert desk.send("applications.update", change, app_key=key).status == 400
        assert desk.send("worlds.get").body == before


def integers(schema: Any, path: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], dict[str, Any]]]:
    """Return where a message may have whole numbers, and what bounds them; 0 stands for any item of a list."""
    if schema.get("type") == "integer":
        yield path, schema
    for branch in schema.get("anyOf", ()):
        yield from integers(branch, path)
    for name, part in schema.get("properties", {}).items():
        yield from integers(part, (*path, name))
    if isinstance(schema.get("items"), dict):
        yield from integers(schema["items"], (*path, 0))


FIELDS = [
    pytest.param(operation, path, bounds, id=f"{operation}-{'.'.join(map(str, path))}")
    for operation in WITH_BODY
    for path, bounds in integers(contracts.schema(str(OPERATIONS[operation].body)))
]
#: A right message to put a whole number into.
RIGHT: dict[str, dict[str, Any]] = {
    "worlds.create": {"id": "new"},
    "applications.create": {"mode": "AXE"},
    "calls.create": {"caller": A, "called": "+8617000000011"},
    "applications.update": {"recording": True},
    "clock.set": {"mode": "frozen"},
    "faults.add": {"operation": "any", "fault": "dropped"},
    "faults.set": {"faults": [{"operation": "any", "fault": "dropped"}]},
}


def put(message: Any, path: tuple[str | int, ...], value: object) -> Any:
    """Return a copy of a message with a value at a place."""
    if not path:
        return value
    if path[0] == 0:
        return [put(message[0] if message else {"mode": "AXE"}, path[1:], value)]
    return {**message, path[0]: put(message.get(path[0], {}), path[1:], value)}


@pytest.mark.parametrize(("operation", "path", "bounds"), FIELDS)
@settings(max_examples=12, deadline=None)
@given(data=st.data())
def test_a_whole_number_written_as_a_fraction_is_that_number(
    operation: str, path: tuple[str | int, ...], bounds: dict[str, Any], data: st.DataObject
) -> None:
    """30.0, as `timedelta.total_seconds()` gives it, is 30: in the answer, in the state, and in what comes after."""
    number = data.draw(st.integers(bounds["minimum"], min(bounds["maximum"], 10**12)))
    whole, broken = Desk(), Desk()
    sent = put(RIGHT[operation], path, number)
    assert whole.send(operation, sent) == broken.send(operation, put(RIGHT[operation], path, float(number)))
    assert snapshot(whole.platform) == snapshot(broken.platform)
    for desk in (whole, broken):
        assert desk.send("clock.set", {"advance_seconds": 100}).status == 200
    assert snapshot(whole.platform) == snapshot(broken.platform)


@pytest.mark.parametrize(("operation", "path", "bounds"), FIELDS)
@pytest.mark.parametrize(
    "number", ["1e300", "-1e300", "1e999", "1" * 400, "1" * 6000, "1.5", "-0.5", "NaN", "-1", "1e-9"]
)
def test_a_number_that_no_field_takes_is_refused(
    operation: str, path: tuple[str | int, ...], bounds: dict[str, Any], number: str
) -> None:
    desk = Desk()
    before = snapshot(desk.platform)
    text = json.dumps(put(RIGHT[operation], path, "HERE")).replace('"HERE"', number)
    answer = desk.send(operation, text.encode())
    assert answer.status == 400, (text, answer)
    assert snapshot(desk.platform) == before
    assert desk.send("clock.set", {"advance_seconds": 1}).status == 200


@pytest.mark.parametrize(
    "value", ["1e300", "1" * 400, "9007199254740992", '"' + "9" * 5000 + '"', '"' + "9" * 20 + '"']
)
def test_a_measure_that_no_clock_reaches_is_refused(value: str) -> None:
    desk = Desk()
    for name in ("auth.created_window_seconds", "auth.lockout_failures", "cdr.merge_seconds"):
        answer = desk.send("worlds.create", f'{{"assumptions": {{"{name}": {value}}}}}'.encode())
        assert answer.status == 400, answer


@pytest.mark.parametrize(
    "body",
    [
        b'{"id":"\\ud800"}',
        b'{"\\udfff":1}',
        b'{"id":"\xed\xa0\x80"}',
        b'{"applications":' + b"[" * 1000 + b"]" * 1000 + b"}",
        b'{"clock":' + b'{"a":' * 1000 + b"1" + b"}" * 1000 + b"}",
        b"[" * 100_000,
        b'{"assumptions":' + b'{"a":' * 500 + b"1" + b"}" * 500 + b"}",
    ],
)
def test_half_characters_and_levels_without_end_are_refused(body: bytes) -> None:
    desk = Desk()
    for operation in WITH_BODY:
        answer = desk.send(operation, body)
        assert answer.status == 400, (operation, answer)
        assert set(orjson.loads(answer.body)) == {"error", "where"}


def test_a_byte_order_mark_before_a_message_is_passed_over() -> None:
    """Windows' programs write one."""
    assert Desk().send("clock.set", b'\xef\xbb\xbf{"advance_seconds": 5}').status == 200


@pytest.mark.parametrize("at", ["command", "view"])
def test_a_bug_is_answered_as_json_and_logged_once_and_the_world_goes_on(
    at: str, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    desk = Desk()

    def raise_bug(*_: object) -> None:
        raise RuntimeError("broken")

    world = desk.platform.worlds["w"]
    with monkeypatch.context() as patched:
        patched.setattr(type(world), "place_call" if at == "command" else "clock_view", raise_bug)
        answer = desk.send("calls.create", {"caller": A, "called": X}) if at == "command" else desk.send("clock.get")
    assert answer.status == 500
    assert set(orjson.loads(answer.body)) == {"error", "where"}
    assert [record.levelno for record in caplog.records] == [logging.ERROR]
    assert desk.send("calls.create", {"caller": A, "called": X}).status == 201


OUTSIDE = st.sampled_from([0x1B, 0x9B, 0x7F, 0x00, 0x0D])


@given(st.text(st.characters(max_codepoint=255)), OUTSIDE)
@settings(max_examples=50, deadline=None)
def test_what_moves_a_terminal_is_shown_in_the_log(text: str, sign: int) -> None:
    path = f"/rest/{text}{chr(sign)}"
    assume("\n" not in path)
    desk = Desk()
    lines: list[str] = []
    handler = logging.Handler()
    handler.emit = lambda record: lines.append(record.getMessage())  # type: ignore[method-assign]
    logging.getLogger("privnum.mockserver.worlds.platform").addHandler(handler)
    try:
        with pytest.MonkeyPatch.context() as patched:
            patched.setattr(type(desk.platform), "_home", lambda *_: 1 / 0)
            headers = [(b"authorization", AKSK)]
            answer = desk.edge.api("GET", path, "", headers, b"", "127.0.0.1")
    finally:
        logging.getLogger("privnum.mockserver.worlds.platform").removeHandler(handler)
    assert answer.status == 500
    assert len(lines) == 1
    assert lines[0].isascii()
    assert lines[0].isprintable()
