from __future__ import annotations

import json
from typing import Any

import orjson
import pytest

from privnum import contracts
from privnum.mockserver.control.plane import Control
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.rig import X2, A, B, X


class Console:
    """The control plane as a test drives it: each answer is held against its schema."""

    def __init__(self) -> None:
        self.platform = Platform()
        self.control = Control(self.platform, "0.0")

    def send(self, method: str, path: str, message: object = None, query: str = "") -> tuple[int, Any]:
        body = b"" if message is None else message if isinstance(message, bytes) else orjson.dumps(message)
        answer = self.control.handle(method, f"/_privnum{path}", query, body)
        if answer.world is not None:
            while answer.until_ms is not None and answer.world.run_next_instant(answer.until_ms):
                pass
        view = answer.view()
        schema = self._schema(method, path, answer.status)
        assert schema is None or contracts.validator(schema).problems(orjson.loads(orjson.dumps(view))) == []
        return answer.status, view

    def _schema(self, method: str, path: str, status: int) -> str | None:
        if status >= 400:
            return "driver/error"
        operation, _ = self.control._route(method, f"/_privnum{path}")
        assert operation.status == status
        return operation.response

    def world(self, **spec: Any) -> dict[str, Any]:
        status, world = self.send("POST", "/worlds", spec)
        assert status == 201, world
        found: dict[str, Any] = world
        return found


#: What a list says that is all there is.
WHOLE = {"next": None, "dropped": 0}
APP = {"mode": "AXB", "numbers": [X, {"number": X2, "area_code": "0755", "status": "9"}], "event_url": "inbox:"}


def test_health_and_capabilities_tell_what_there_is() -> None:
    console = Console()
    none = {"calls": 0, "pushes": 0, "sms": 0}
    assert console.send("GET", "/health") == (200, {"status": "ok", "version": "0.0", "dropped": none, "faults": 0})
    status, told = console.send("GET", "/capabilities")
    assert status == 200
    assert told["modes"] == ["AX", "AXB", "AXE", "AXYB", "X"]
    assert set(told["capabilities"]) == set(contracts.capabilities())


def test_sms_are_listed_in_pages() -> None:
    console = Console()
    x = "+8617000000051"
    spec = {"mode": "X", "numbers": [{"number": x}], "sms_control_url": "inbox:", "sms_notify_url": "inbox:"}
    console.world(id="w-sms", applications=[spec])
    path = "/worlds/w-sms/sms"
    assert console.send("GET", path) == (200, {"sms": [], **WHOLE})
    made = [
        console.send("POST", path, {"from": "+8613800000001", "to": x, "text": f"{place}"})[1] for place in range(3)
    ]
    assert console.send("GET", path) == (200, {"sms": made, **WHOLE})
    assert console.send("GET", path, query="limit=2") == (200, {"sms": made[:2], "next": "sms-2", "dropped": 0})
    assert console.send("GET", path, query="after=sms-2&limit=2") == (200, {"sms": made[2:], **WHOLE})
    assert console.send("GET", path, query="limit=0")[0] == 400
    assert console.send("GET", "/worlds/nowhere/sms")[0] == 404


def test_the_last_ones_are_listed_and_what_a_text_is_in() -> None:
    """Of calls, SMS, pushes and bindings alike."""
    console = Console()
    spec = {**APP, "fee_url": "inbox:", "sms_notify_url": "inbox:"}
    console.world(id="w", applications=[spec])
    callers = [f"+861380000000{digit}" for digit in range(3)]
    for caller in callers:
        console.send("POST", "/worlds/w/calls", {"caller": caller, "called": X})
        console.send("POST", "/worlds/w/sms", {"from": caller, "to": X, "text": "hello"})
    for what in ("calls", "pushes", "sms"):
        place = f"/worlds/w/{what}"
        everything = console.send("GET", place)[1][what]
        assert len(everything) > 2
        assert console.send("GET", place, query="last=2") == (200, {what: everything[-2:], **WHOLE})
        assert console.send("GET", place, query="last=100")[1][what] == everything
        behind = console.send("GET", place, query=f"last=100&after={everything[0]['id']}")[1][what]
        assert behind == everything[1:]
        found = console.send("GET", place, query=f"find={callers[1][1:]}")[1][what]
        assert found == [each for each in everything if callers[1] in json.dumps(each)] != []
        assert console.send("GET", place, query=f"last=1&find={callers[1][1:]}")[1][what] == found[-1:]
        assert console.send("GET", place, query="find=nobody")[1][what] == []
        one = everything[1]["id"]
        assert one in [each["id"] for each in console.send("GET", place, query=f"find={one}")[1][what]]
    refused = {"error": "limit counts from the first on, last from the end; send one of them", "where": "last"}
    for what in ("calls", "pushes", "sms", "bindings", "journal"):
        assert console.send("GET", f"/worlds/w/{what}", query="last=2&limit=2") == (400, refused)


def test_what_is_kept_no_more_is_counted_and_named() -> None:
    """Calls, SMS and pushes alike; nothing is lost without a word."""
    console = Console()
    console.world(id="w", keep=1, applications=[{"mode": "AXB", "numbers": [X], "sms_notify_url": "inbox:"}])
    for _ in range(2):
        console.send("POST", "/worlds/w/sms", {"from": A, "to": X, "text": "hello"})
        console.send("POST", "/worlds/w/calls", {"caller": A, "called": X})
    dropped = {"calls": 1, "pushes": 1, "sms": 1}
    assert console.send("GET", "/worlds/w")[1]["dropped"] == dropped
    assert console.send("GET", "/health")[1]["dropped"] == dropped
    for what, path in (("SMS", "sms/sms-1"), ("call", "calls/call-0"), ("push", "pushes/push-1")):
        status, refused = console.send("GET", f"/worlds/w/{path}")
        assert status == 404
        assert f"the last 1 are kept; a reset drops every {what}" in refused["error"]


def test_a_world_is_made_looked_at_and_dropped() -> None:
    console = Console()
    world = console.world(
        id="mine", clock={"now": "2030-05-06T07:08:09Z"}, applications=[APP], home_areas={"+86": "010"}
    )
    assert world["clock"] == {"mode": "frozen", "now": "2030-05-06T07:08:09Z"}
    assert world["url"] == "http://127.0.0.1:8080/w/mine"
    assert set(world["assumptions"]) == set(contracts.assumptions())
    app = world["applications"][0]
    assert app["numbers"][1] == {"number": X2, "area_code": "0755", "status": "9"}
    assert console.send("GET", "/worlds/mine") == (200, world)
    assert console.send("GET", "/worlds") == (200, {"worlds": [{"id": "mine"}]})
    assert console.send("POST", "/worlds", {"id": "mine"})[0] == 409
    assert console.send("DELETE", "/worlds/mine") == (204, None)
    assert console.send("GET", "/worlds/mine")[0] == 404
    console.world(applications=[{**APP, "app_key": app["app_key"]}])


def test_a_world_that_cannot_be_is_not_made() -> None:
    console = Console()
    console.world(applications=[{"mode": "AXB", "app_key": "taken"}])
    for spec, where in (
        ({"assumptions": {"axb.a_equals_bb": "1"}}, "assumptions"),
        ({"assumptions": {"axb.a_equals_b": "success"}}, "assumptions"),
        ({"edition": "1999"}, "edition"),
        ({"clock": {"now": "2026-02-30T00:00:00Z"}}, "clock.now"),
        ({"clock": {"now": "1960-01-01T00:00:00Z"}}, "clock.now"),
        ({"applications": [{"mode": "AXB", "app_key": "taken"}]}, "applications[0].app_key"),
        ({"applications": [{"mode": "AXB", "numbers": [X, X]}]}, "applications[0].numbers[1]"),
        ({"applications": [APP, APP]}, "applications[1].numbers[0]"),
        ({"applications": [{"mode": "AXB", "allow_list": ["here"]}]}, "applications[0].allow_list"),
        ({"home_areas": {"+86138": "0222"}}, "home_areas.+86138"),
    ):
        status, told = console.send("POST", "/worlds", spec)
        assert (status in (400, 409), told["where"]) == (True, where), told
    assert len(console.platform.worlds) == 1


@pytest.mark.parametrize(
    ("message", "where"),
    [
        (b"{", "body"),
        (b"[]", "body"),
        (b'"\xff"', "body"),
        ({"seed": "x"}, "seed"),
        ({"clocks": {}}, "clocks"),
        ({"applications": [{}]}, "mode"),
        ({"applications": [{"mode": "AXZ"}]}, "mode"),
    ],
)
def test_a_message_that_does_not_fit_is_refused(message: object, where: str) -> None:
    status, told = Console().send("POST", "/worlds", message)
    assert status == 400
    assert where in told["where"]


def test_unknown_paths_and_methods_are_told() -> None:
    console = Console()
    assert console.send("GET", "/nothing")[0] == 404
    status, told = console.send("DELETE", "/worlds")
    assert status == 405
    assert "GET" in told["error"]
    for path in ("/worlds/none/clock", "/worlds/none/pushes", "/worlds/none/calls"):
        assert console.send("GET", path)[0] == 404


def test_settings_come_into_force_when_they_are_asked_to() -> None:
    """As in the console, where it takes 10 to 15 minutes (COM-FACT-007); what cannot be is refused at once."""
    console = Console()
    key = console.world(id="w", applications=[APP])["applications"][0]["app_key"]
    place = f"/worlds/w/applications/{key}"

    def recording_after(seconds: int) -> bool:
        console.send("POST", "/worlds/w/clock", {"advance_seconds": seconds})
        found: bool = console.send("GET", "/worlds/w")[1]["applications"][0]["recording"]
        return found

    status, app = console.send("PATCH", place, {"recording": False, "in_force_after": 600})
    assert (status, app["recording"]) == (200, True)
    assert recording_after(599)
    assert not recording_after(1)
    assert console.send("PATCH", place, {"recording": True, "in_force_after": 0})[1]["recording"]
    assert console.send("PATCH", place, {"allow_list": ["nowhere"], "in_force_after": 600})[0] == 400
    assert console.send("PATCH", place, {"recording": False, "in_force_after": 86401})[0] == 400


def test_settings_of_applications_and_numbers_change() -> None:
    console = Console()
    world = console.world(id="w", applications=[APP])
    key = world["applications"][0]["app_key"]
    change = {"status": "frozen", "tones": ["b.wav", "a.wav"], "event_url": None, "requests_per_minute": 3}
    _, app = console.send("PATCH", f"/worlds/w/applications/{key}", {**change, "allow_list": ["10.0.0.0/8"]})
    assert app.items() >= {**change, "tones": ["a.wav", "b.wav"], "allow_list": ["10.0.0.0/8"]}.items()
    back = {"tones": None, "allow_list": None, "requests_per_minute": None}
    _, app = console.send("PATCH", f"/worlds/w/applications/{key}", back)
    assert app.items() >= back.items()
    assert console.send("PATCH", f"/worlds/w/applications/{key}", {"mode": "AX"})[0] == 400
    assert console.send("PATCH", "/worlds/w/applications/none", back)[0] == 404
    status, app = console.send("POST", f"/worlds/w/applications/{key}/numbers", {"numbers": ["+8617000000003"]})
    assert (status, len(app["numbers"])) == (200, 3)
    assert console.send("POST", f"/worlds/w/applications/{key}/numbers", {"numbers": [X]})[0] == 409
    _, number = console.send("PATCH", "/worlds/w/numbers/%2B8617000000003", {"status": "11", "area_code": "020"})
    assert number == {"number": "+8617000000003", "area_code": "020", "status": "11"}
    _, number = console.send("PATCH", "/worlds/w/numbers/%2B8617000000003", {"status": "10", "cause": "2"})
    assert (number["status"], number["cause"]) == ("10", "2")
    assert console.send("PATCH", "/worlds/w/numbers/+8617000000003", {"status": "5"})[0] == 200
    assert console.send("PATCH", "/worlds/w/numbers/%2B8617099999999", {"status": "5"})[0] == 404
    status, added = console.send("POST", "/worlds/w/applications", {"mode": "AXE"})
    assert (status, added["mode"]) == (201, "AXE")


def test_the_clock_advances_and_changes_its_mode() -> None:
    console = Console()
    console.world(id="w")
    assert console.send("POST", "/worlds/w/clock", {"advance_seconds": 90}) == (
        200,
        {"mode": "frozen", "now": "2026-03-01T00:01:30Z"},
    )
    assert console.send("POST", "/worlds/w/clock", {"mode": "running"})[1]["mode"] == "running"
    assert console.send("GET", "/worlds/w/clock")[1] == {"mode": "running", "now": "2026-03-01T00:01:30Z"}
    console.world(id="late", clock={"now": "9999-12-31T23:59:00Z"})
    assert console.send("POST", "/worlds/late/clock", {"advance_seconds": 60})[0] == 400
    assert console.send("POST", "/worlds/late/clock", {"advance_seconds": 59})[0] == 200


def test_calls_are_placed_looked_at_and_hung_up() -> None:
    console = Console()
    console.world(id="w", applications=[APP])
    status, call = console.send("POST", "/worlds/w/calls", {"caller": A, "called": X, "callee": {"behaviour": "busy"}})
    assert (status, call["state"], call["release_cause"]) == (201, "ended", 8014)
    assert console.send("GET", f"/worlds/w/calls/{call['id']}") == (200, call)
    assert console.send("GET", "/worlds/w/calls") == (200, {"calls": [call], **WHOLE})
    assert console.send("POST", f"/worlds/w/calls/{call['id']}/hang_up", {"by": "caller"})[0] == 409
    assert console.send("GET", "/worlds/w/calls/none")[0] == 404
    assert console.send("POST", "/worlds/w/calls", {"caller": A, "called": B})[0] == 404
    _, told = console.send("GET", "/worlds/w/pushes")
    assert [push["kind"] for push in told["pushes"]] == ["call_event", "call_event"]
    assert console.send("GET", "/worlds/w/pushes", query="state=pending") == (200, {"pushes": [], **WHOLE})
    assert console.send("GET", "/worlds/w/pushes", query="state=lost")[0] == 400
    status, world = console.send("POST", "/worlds/w/reset")
    assert (status, world["clock"]["now"]) == (200, "2026-03-01T00:00:00Z")
    assert console.send("GET", "/worlds/w/pushes") == (200, {"pushes": [], **WHOLE})


@pytest.mark.parametrize("caller", [A.removeprefix("+86"), A.removeprefix("+")])
def test_a_caller_without_his_country_is_no_silent_stranger(caller: str) -> None:
    console = Console()
    console.world(id="w", applications=[APP])
    refused = console.send("POST", "/worlds/w/calls", {"caller": caller, "called": X})
    assert refused[0] == 400
    assert refused[1]["where"] == "caller"
    assert "+86138****" in refused[1]["error"]
    assert caller not in refused[1]["error"]
    assert console.send("POST", "/worlds/w/calls", {"caller": "10086", "called": X})[0] == 201


def test_a_running_clock_shows_milliseconds() -> None:
    console = Console()
    console.world(id="w", clock={"now": "2026-03-01T00:00:00.250Z", "mode": "running"})
    assert console.send("GET", "/worlds/w/clock")[1]["now"] == "2026-03-01T00:00:00.250Z"


AXE_ONLY = {"extension_digits": 2, "repeat_collections": 3, "no_record": {"play": "none.wav"}}


def test_settings_of_extensions_are_those_of_axe_only() -> None:
    console = Console()
    world = console.world(id="w", applications=[{"mode": "AXE", "numbers": [X], **AXE_ONLY}, {"mode": "AXB"}])
    extended, paired = world["applications"]
    assert extended.items() >= AXE_ONLY.items()
    assert not set(AXE_ONLY) & set(paired)
    bare = console.send("POST", "/worlds/w/applications", {"mode": "AXE"})[1]
    assert bare.items() >= {"extension_digits": 4, "repeat_collections": 0, "no_record": None}.items()
    path = f"/worlds/w/applications/{extended['app_key']}"
    _, changed = console.send("PATCH", path, {"repeat_collections": 0, "no_record": {"transfer": B}})
    assert changed.items() >= {"repeat_collections": 0, "no_record": {"transfer": B}, "extension_digits": 2}.items()
    assert console.send("PATCH", path, {"no_record": None})[1]["no_record"] is None
    assert console.send("PATCH", path, {"extension_digits": 3})[0] == 400
    for name in ("repeat_collections", "no_record"):
        told = console.send("PATCH", f"/worlds/w/applications/{paired['app_key']}", {name: AXE_ONLY[name]})
        assert (told[0], told[1]["where"]) == (400, name)
    for name, value in AXE_ONLY.items():
        spec = {"applications": [{"mode": "AXE"}, {"mode": "AXB", name: value}]}
        status, told = console.send("POST", "/worlds", spec)
        assert (status, told["where"]) == (400, f"applications[1].{name}")
    plain = {"mode": "AXB", "no_record": None, "recording": False}
    assert console.send("POST", "/worlds/w/applications", plain)[0] == 201
    refused = {"status": "frozen", "repeat_collections": 1}
    assert console.send("PATCH", f"/worlds/w/applications/{paired['app_key']}", refused)[0] == 400
    assert console.send("GET", "/worlds/w")[1]["applications"][1] == paired


def test_a_caller_enters_digits_on_the_control_plane() -> None:
    console = Console()
    console.world(
        id="w",
        applications=[{"mode": "AXE", "numbers": [X], "repeat_collections": 1}, {"mode": "AXB", "numbers": [X2]}],
    )
    status, call = console.send(
        "POST", "/worlds/w/calls", {"caller": A, "called": X, "digits": ["1", "2"], "digits_after": 4}
    )
    assert (status, call["state"], call["played"], call["collected"]) == (201, "collecting", ["extension_prompt"], [])
    assert console.send("POST", f"/worlds/w/calls/{call['id']}/hang_up", {"by": "callee"})[0] == 409
    console.send("POST", "/worlds/w/clock", {"advance_seconds": 8})
    ended = console.send("GET", f"/worlds/w/calls/{call['id']}")[1]
    assert (ended["release_cause"], ended["collected"], ended["extension"]) == (8022, ["1", "2"], None)
    for digits in ("12a", ["1"] * 12, 5):
        assert console.send("POST", "/worlds/w/calls", {"caller": A, "called": X, "digits": digits})[0] == 400
    for name, value in (("digits", "1"), ("digits_after", 2)):
        status, told = console.send("POST", "/worlds/w/calls", {"caller": A, "called": X2, name: value})
        assert (status, told["where"]) == (400, name)


@pytest.mark.parametrize(
    ("method", "path", "query", "body", "where", "words"),
    [
        ("POST", "/worlds", "", b'{"id": "w", "id": "v"}', "id", "id stands twice in the body; send it once"),
        ("POST", "/worlds/mine/clock", "", b'{"advance_seconds": 5, "advance_seconds": 1}', "advance_seconds", "twice"),
        (
            "POST",
            "/worlds",
            "",
            b'{"id": "w", "applications": [{"mode": "AXB", "mode": "AX"}]}',
            "mode",
            "mode stands twice",
        ),
        ("GET", "/worlds/mine/journal", "kind=push&kind=request", b"", "kind", "kind stands twice in the query"),
        ("POST", "/worlds/mine/reset", "", b'{"nonsense": 1}', "body", "worlds.reset has no body; leave it out"),
        ("DELETE", "/worlds/mine/faults", "", b'{"id": 2}', "body", "faults.clear has no body; leave it out"),
        ("POST", "/worlds/mine/clock", "mode=running", b"{}", "query", "clock.set has no parameters in the query"),
    ],
)
def test_nothing_that_is_sent_is_passed_over(
    method: str, path: str, query: str, body: bytes, where: str, words: str
) -> None:
    """What nobody reads, or only half of it, is refused: its sender would take it for done."""
    console = Console()
    console.world(id="mine")
    status, refused = console.send(method, path, body, query)
    assert (status, refused["where"]) == (400, where)
    assert words in refused["error"]


@pytest.mark.parametrize(
    ("path", "message", "where", "words"),
    [
        ("/worlds", {"applications": [{"mode": "AXC"}]}, "applications[0].mode", 'not "AXC". Did you mean AX'),
        ("/worlds", {"applications": [{"mode": "axb"}]}, "applications[0].mode", 'not "axb". Did you mean AXB?'),
        ("/worlds", {"clock": {"mode": "frosen"}}, "clock.mode", 'not "frosen". Did you mean frozen?'),
        (
            "/worlds",
            {"applications": [{"mode": "AX", "nmbers": []}]},
            "applications[0].nmbers",
            "did you mean numbers?",
        ),
        (
            "/worlds/w/calls",
            {"caller": A, "called": X, "callee": {"behaviour": "bussy"}},
            "callee.behaviour",
            "mean busy?",
        ),
        ("/worlds/w/calls", {"caler": A, "called": X}, "caller", "caller is missing; it must be text"),
        ("/worlds/w/calls", {"caler": A, "called": X}, "caller", " Did you mean it by caler?"),
        ("/worlds/w/calls", {"caller": A}, "called", "called is missing"),
        ("/worlds/w/clok", {}, "path", "has no /_privnum/worlds/w/clok; did you mean /_privnum/worlds/w/clock?"),
        ("/wurlds", {}, "path", "did you mean /_privnum/worlds?"),
        ("/nothing/of/the/kind", {}, "path", "privnum rules --list messages has its paths"),
    ],
)
def test_the_nearest_word_is_named_once(path: str, message: object, where: str, words: str) -> None:
    """Wherever in a message the wrong one is."""
    console = Console()
    console.world(id="w", applications=[APP])
    status, refused = console.send("POST", path, message)
    assert (status, refused["where"]) == (404 if where == "path" else 400, where)
    assert words in refused["error"]
    assert refused["error"].lower().count("did you mean") <= 1
