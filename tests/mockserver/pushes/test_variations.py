"""Every variation shows in the bytes that leave the server, and in nothing else."""

from __future__ import annotations

import re
from collections import Counter
from typing import Any

import orjson
import pytest

from privnum import contracts
from privnum.mockserver.control.edge import Edge
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.axb_rig import AXB_PATH
from tests.mockserver.rig import A, B, C, D, X, push_views, signed_headers

START = 1_790_000_000_000
APPLICATIONS = [
    {"mode": "AXB", "numbers": [X], "event_url": "http://c/events", "fee_url": "http://c/fee", "recording": True},
    {"mode": "AXE", "numbers": ["+8617300000001"], "event_url": "http://c/events", "fee_url": "http://c/fee"},
]


class Stand:
    """A world with these variations; `pushes` are the attempts as (seconds of world time, headers, bytes)."""

    def __init__(self, *variations: str, seed: int = 3) -> None:
        self.platform = Platform()
        spec = {"id": "w", "seed": seed, "applications": APPLICATIONS, "variations": list(variations)}
        self.world = self.platform.create_world(spec)
        self.edge = Edge(self.platform, lambda: START)
        self.axb, self.axe = self.world.applications.values()
        self.start = self.world.now_ms
        self.pushes: list[tuple[float, dict[str, str], bytes]] = []
        self.outcome = "200"

    def raw(self, method: str, path: str, query: str = "", body: Any = None, *, app: Any = None) -> Any:
        """The answer to a request, as it leaves."""
        content = orjson.dumps(body) if body is not None else b""

        return self.edge.api(method, path, query, signed_headers(app or self.axb), content, "10.0.0.1")

    def ask(self, operation: str, query: str = "", **body: Any) -> dict[str, Any]:
        """The answer to an operation, read."""
        op = contracts.operations()[operation]
        app = self.axe if operation.startswith("axe") else self.axb
        answer = self.raw(op.method, op.path, query, body or None, app=app)
        found: dict[str, Any] = orjson.loads(answer.body)
        assert contracts.validator(op.response, strict=True).problems(found) == []
        return found

    def bind(self, a: str = A, b: str = B, **more: Any) -> str:
        answer = self.ask("axb.bind", callerNum=a, calleeNum=b, relationNum=X, **more)
        assert answer["resultcode"] == "0", answer
        return str(answer["subscriptionId"])

    def call(self, caller: str = A, **callee: Any) -> str:
        call = self.world.place_call({"caller": caller, "called": X, "callee": {"hang_up_after": 5, **callee}})
        self.deliver()
        return call.session_id

    def deliver(self) -> None:
        while taken := self.world.take_pushes():
            for push in taken:
                self.pushes.append((self.seconds, dict(push.headers(START)), push.body))
            for push in taken:
                self.world.record_outcome(push, self.outcome)

    def advance(self, seconds: int) -> None:
        until = self.world.now_ms + seconds * 1000
        self.deliver()
        while self.world.run_next_instant(until):
            self.deliver()

    @property
    def seconds(self) -> float:
        return (self.world.now_ms - self.start) / 1000

    def push_rows(self) -> list[tuple[float, str, str]]:
        """Second, eventType and sessionId of each push, in the order in which they came."""
        found = []
        for at, _, raw in self.pushes:
            body = orjson.loads(raw)
            info = body.get("statusInfo") or body["feeLst"][0]
            found.append((at, body["eventType"], info["sessionId"]))
        return found

    def bodies(self) -> list[dict[str, Any]]:
        """What was pushed, each held against its schema."""
        found = [orjson.loads(raw) for _, _, raw in self.pushes]
        for body in found:
            name = "axb/cdr" if body["eventType"] == "fee" else "axb/call_event"
            assert contracts.validator(name).problems(body) == []
        return found


def busy_day(stand: Stand) -> list[dict[str, Any]]:
    """The pushes of an answered call, a refused one and a busy one."""
    stand.bind(userData="order-42", recordFlag="true")
    stand.call()
    stand.call(C)
    stand.call(B, behaviour="busy")
    stand.advance(60)
    return stand.bodies()


def paths(value: Any, at: str = "") -> Counter[str]:
    """How often each field stands in a message, by its path."""
    found: Counter[str] = Counter()
    for name, inner in value.items() if isinstance(value, dict) else ():
        found[f"{at}{name}"] += 1
        found += paths(inner, f"{at}{name}.")
    for element in value if isinstance(value, list) else ():
        found += paths(element, f"{at[:-1]}[].")
    return found


def fields_of(bodies: list[dict[str, Any]]) -> Counter[str]:
    return sum((paths(body, f"{body['eventType']}:") for body in bodies), Counter())


def test_a_world_without_variations_tells_so_and_one_with_them_names_them() -> None:
    assert Stand().world.view("")["variations"] == []
    view = Stand("pushes.late", "ids.nonce_long").world.view("")
    assert view["variations"] == ["ids.nonce_long", "pushes.late"]
    assert contracts.validator("driver/world").problems(view) == []


def test_worlds_take_those_that_the_server_was_started_with() -> None:
    platform = Platform(variations=["ids.nonce_long"])
    assert platform.create_world({}).view("")["variations"] == ["ids.nonce_long"]
    assert platform.create_world({"variations": []}).view("")["variations"] == []


@pytest.mark.parametrize(
    ("variations", "says"),
    [(["pushes.lat"], "did you mean pushes.late"), (["ids.nonce_long", "ids.nonce_short"], "exclude each other")],
)
def test_a_world_with_impossible_variations_is_refused(variations: list[str], says: str) -> None:
    edge = Edge(Platform(), lambda: START)
    reply = edge.command("POST", "/_privnum/worlds", "", orjson.dumps({"variations": variations}))
    told = orjson.loads(edge.answer_to(reply).body)
    assert (reply.status, told["where"]) == (400, "variations")
    assert says in told["error"]


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_optional_fields_are_left_out_of_answers() -> None:
    for stand, left in ((Stand(), True), (Stand("answers.optional_left_out"), False)):
        bound = stand.ask("axb.bind", callerNum=A, calleeNum=B, relationNum=X, recordFlag="true", recordHintTone="")
        assert {"subscriptionId", "relationNum", "callDirection", "duration", "maxDuration"} <= bound.keys()
        query = stand.ask("axb.query", f"subscriptionId={bound['subscriptionId']}")
        assert "totalCount" in query
        assert ("callDirection" in query["relationNumList"][0]) is left
        axe = stand.ask("axe.bind", bindNum=A, virtualNum="+8617300000001")
        assert ({"bindExpiredTime", "callbackExpiredTime"} <= axe.keys()) is left
        v2 = stand.ask("axe.query_v2", f"subscriptionId={axe['subscriptionId']}")
        assert ("extendNumList" in v2) is left
        assert ("numberList" in stand.ask("axe.query_count", "number=%2B8617300000001")) is left


def test_answers_have_fields_more_and_they_change() -> None:
    stand = Stand("answers.extra_fields")
    sub = stand.bind()
    first, second = (stand.ask("axb.query", f"subscriptionId={sub}") for _ in range(2))
    assert first["extInfo"]["final"] is True
    assert first["revision"] != second["revision"]
    assert first["relationNumList"][0]["revision"] != second["relationNumList"][0]["revision"]
    refused = stand.ask("axb.query", "subscriptionId=none")
    assert refused["resultcode"] == "1012007"
    assert "revision" in refused


def test_texts_that_were_never_set_are_empty() -> None:
    for stand, shown in ((Stand(), None), (Stand("answers.empty_for_unset"), "")):
        info = stand.ask("axb.query", f"subscriptionId={stand.bind()}")["relationNumList"][0]
        assert [info.get(name) for name in ("recordHintTone", "lastMinVoice", "userData")] == [shown] * 3
        axe = stand.ask("axe.bind", bindNum=A, virtualNum="+8617300000001")
        info = stand.ask("axe.query", f"subscriptionId={axe['subscriptionId']}")
        assert [info.get(name) for name in ("callbackTone", "callbackNum", "userData")] == [shown] * 3


@pytest.mark.parametrize(("variation", "lengths"), [("answers.short_text", (1, 1)), ("answers.long_text", (256, 128))])
def test_texts_are_as_short_or_as_long_as_they_may_be(variation: str, lengths: tuple[int, int]) -> None:
    stand = Stand(variation)
    for answer in (stand.ask("axb.query", "subscriptionId=none"), stand.ask("axb.bind")):
        assert len(answer["resultdesc"]) == lengths[0]
    assert len(stand.ask("common.stop_call", sessionid="none", signal="call_stop")["resultdesc"]) == lengths[1]


def test_the_json_of_answers_is_spelled_otherwise() -> None:
    plain, other = Stand(), Stand("answers.other_spelling")
    query = f"relationNum={X.replace('+', '%2B')}"
    for stand in (plain, other):
        stand.bind()
    first, second = (stand.raw("GET", AXB_PATH, query) for stand in (plain, other))
    assert b"\\u002b86" in second.body
    assert b"\n" in second.body
    assert orjson.loads(first.body) == orjson.loads(second.body)
    assert dict(second.headers)[b"content-type"] == b"application/json; charset=UTF-8"
    assert dict(first.headers)[b"content-type"] == b"application/json;charset=utf-8"


def test_answers_to_requests_under_the_path_of_a_world_are_varied_too() -> None:
    stand = Stand("answers.optional_left_out", "answers.extra_fields")
    answer = orjson.loads(stand.raw("GET", f"/w/w{AXB_PATH}", f"subscriptionId={stand.bind()}").body)
    assert answer["resultcode"] == "0"
    assert "duration" not in answer["relationNumList"][0]
    assert "extInfo" in answer


def test_another_world_of_the_server_is_left_alone() -> None:
    stand = Stand("answers.extra_fields")
    other = stand.platform.create_world({"id": "plain", "applications": [{"mode": "AXB", "numbers": [X]}]})
    stand.edge.command("GET", "/_privnum/worlds", "", b"")
    app = next(iter(other.applications.values()))
    assert b"extInfo" not in stand.raw("GET", AXB_PATH, "subscriptionId=none", app=app).body
    assert b"extInfo" in stand.raw("GET", AXB_PATH, "subscriptionId=none").body


# ── ids ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_forms_of_the_binding_id() -> None:
    assert Stand("ids.subscription_short").bind() == "1"
    stand = Stand("ids.subscription_long")
    subs = {stand.bind(), stand.bind(C, D)}
    assert {len(sub) for sub in subs} == {64}
    assert all(set("+/= ") <= set(sub) for sub in subs)
    assert len(subs) == 2


@pytest.mark.parametrize(
    ("variation", "form"),
    [
        ("ids.session_short", r"[0-9]{4,5}"),
        ("ids.session_long", r".{256}"),
        ("ids.session_of_2022", r"\+8613010112500_\+8613800000099_4_[0-9a-f]{8}_[0-9]+_669_1_0"),
    ],
)
def test_forms_of_the_session_id(variation: str, form: str) -> None:
    stand = Stand(variation)
    sessions = [stand.call(C) for _ in range(3)]
    assert all(re.fullmatch(form, session) for session in sessions)
    assert len(set(sessions)) == 3
    assert {session for _, _, session in stand.push_rows()} == set(sessions)


@pytest.mark.parametrize(
    ("variation", "form"), [("ids.nonce_long", r"[0-9A-Za-z]{128}"), ("ids.nonce_short", r"[0-9]")]
)
def test_forms_of_the_nonce(variation: str, form: str) -> None:
    stand = Stand(variation)
    stand.call(C)
    nonces = [re.search('Nonce="([^"]*)"', headers["X-AKSK"])[1] for _, headers, _ in stand.pushes]  # type: ignore[index]
    assert len(nonces) == len(set(nonces)) == 3
    assert all(re.fullmatch(form, nonce) for nonce in nonces)


# ── what pushes say ──────────────────────────────────────────────────────────────────────────────────────────────────


#: What the table of call events does not mark as mandatory, of each event that has it. timestamp and sessionId are.
NOT_MANDATORY = {
    f"{kind}:statusInfo.{name}"
    for kind in ("callin", "callout", "alerting", "answer", "disconnect")
    for name in ("caller", "called", "subscriptionId")
} | {"disconnect:statusInfo.stateCode", "disconnect:statusInfo.stateDesc"}


def test_optional_fields_are_left_out_of_pushes() -> None:
    plain, bare = (fields_of(busy_day(Stand(*v))) for v in ([], ["pushes.optional_left_out"]))
    left_out = contracts.variations()["pushes.optional_left_out"].fields["axb.cdr"]
    sent = {f"fee:{path}" for path in left_out if f"fee:{path}" in plain}
    assert set(plain) - set(bare) == NOT_MANDATORY | sent
    assert not bare - plain
    assert len(sent) >= 10


def test_pushes_have_fields_more() -> None:
    more = fields_of(busy_day(Stand("pushes.extra_fields"))) - fields_of(busy_day(Stand()))
    for path in (
        "callin:revision",
        "callin:statusInfo.revision",
        "fee:feeLst[].revision",
        "fee:extInfo.extParas[].key",
    ):
        assert more[path]


def test_times_that_there_are_not_are_empty() -> None:
    fees = [fee for body in busy_day(Stand("pushes.empty_times")) for fee in body.get("feeLst", ())]
    assert [fee["fwdAnswerTime"] == "" for fee in fees].count(True) == 2
    assert all("failTime" in fee for fee in fees)
    plain = [fee for body in busy_day(Stand()) for fee in body.get("feeLst", ())]
    assert sum("fwdAnswerTime" in fee for fee in plain) == 1


def test_the_json_of_pushes_is_spelled_otherwise() -> None:
    plain, other = Stand(), Stand("pushes.other_spelling")
    assert busy_day(plain) == busy_day(other)
    assert all(b"\n" in raw and b"\\u002b86" in raw for _, _, raw in other.pushes if b"caller" in raw)
    assert not any(b"\n" in raw for _, _, raw in plain.pushes)


# ── when pushes come ─────────────────────────────────────────────────────────────────────────────────────────────────


def several_calls(*variations: str) -> list[tuple[float, str, str]]:
    """The pushes of six calls that ring, are answered and end at the same instants."""
    stand = Stand(*variations)
    for number in range(6):
        stand.bind(f"+861380000010{number}", f"+861390000010{number}")
    for number in range(6):
        stand.call(f"+861380000010{number}")
    stand.advance(60)
    return stand.push_rows()


def of_call(told: list[tuple[float, str, str]]) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for _, kind, session in told:
        if kind != "fee":
            found.setdefault(session, []).append(kind)
    return found


ORDER = ["callin", "callout", "alerting", "answer", "disconnect"]


def test_pushes_of_different_calls_come_in_any_order() -> None:
    plain, mixed = several_calls(), several_calls("pushes.any_order")
    assert sorted(mixed) == sorted(plain)
    assert mixed != plain
    assert set(map(tuple, of_call(mixed).values())) == {tuple(ORDER)}
    assert several_calls("pushes.any_order") == mixed


def refused_call(*variations: str) -> list[str]:
    """What is pushed of a stranger's call, in order."""
    stand = Stand(*variations)
    stand.call()
    return [str(body["eventType"]) for body in stand.bodies()]


def test_a_cdr_comes_before_its_disconnect() -> None:
    assert refused_call() == ["callin", "disconnect", "fee"]
    assert refused_call("pushes.cdr_first") == ["fee", "callin", "disconnect"]


def test_events_of_a_call_come_in_any_order() -> None:
    plain, mixed = several_calls(), several_calls("pushes.events_in_any_order")
    assert Counter((kind, session) for _, kind, session in mixed) == Counter((k, s) for _, k, s in plain)
    assert any(kinds != ORDER for kinds in of_call(mixed).values())
    assert all(sorted(kinds) == sorted(ORDER) for kinds in of_call(mixed).values())


def test_pushes_come_late() -> None:
    plain, late = several_calls(), several_calls("pushes.late")
    due = {(kind, session): at for at, kind, session in plain}
    delays = [at - due[kind, session] for at, kind, session in late if kind != "fee"]
    assert 1 <= min(delays) < max(delays) <= 7
    assert set(map(tuple, of_call(late).values())) == {tuple(ORDER)}


def test_the_minutes_of_a_late_push_count_from_its_first_attempt() -> None:
    stand = Stand("pushes.late")
    stand.outcome = "500"
    stand.call(C)
    stand.advance(86_400)
    first = stand.push_rows()[0]
    times = [at - first[0] for at, kind, _ in stand.push_rows() if kind == first[1]]
    assert times == [0, 60, 240, 540, 6360, 12180, 18000]


def test_every_push_comes_twice() -> None:
    plain, twice = Stand(), Stand("pushes.duplicated")
    busy_day(plain)
    busy_day(twice)
    assert Counter(raw for _, _, raw in twice.pushes) == Counter({raw: 2 for _, _, raw in plain.pushes})
    states = [(push["state"], len(push["attempts"])) for push in push_views(twice.world)]
    assert states == [("delivered", 1)] * len(plain.pushes)


def test_every_repeat_comes_twice() -> None:
    stand = Stand("pushes.duplicated")
    stand.outcome = "500"
    stand.call(C)
    stand.advance(86_400)
    assert [at for at, kind, _ in stand.push_rows() if kind == "callin"] == [
        at for at in (0, 60, 240, 540, 6360, 12180, 18000) for _ in range(2)
    ]
