"""Answers and pushes that are none, or whose fields are of another kind: each becomes a claim, or a reason."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.suites.base.answer import DEEPEST, json_object
from privnum.suites.base.claims import Ledger
from privnum.suites.base.trace import Step
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.driver.protocol import CallView, DriverError, moment
from privnum.suites.runner.check import NoAnswer, check
from privnum.suites.runner.counterexample import steps_in_words
from privnum.suites.runner.envelope import expect_platform
from privnum.suites.runner.environment import Environment
from privnum.suites.runner.reproduce import commands
from privnum.suites.transport.api import make_answer
from tests.suites import miniatures as mini
from tests.suites.runner.test_check import run_alone, verdicts

if TYPE_CHECKING:
    from privnum.suites.runner.context import CheckContext


# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("content", "found"),
    [
        (b"", None),
        (b"null", None),
        (b"[1]", None),
        (b'{"a": "\xff"}', None),
        (b'{"a": "\\ud800"}', None),
        (b'{"a": 1', None),
        (b"[" * 5000, None),
        (b'{"a": 1}', {"a": 1}),
        (orjson.dumps({"list": [{"n": n} for n in range(500)]}), {"list": [{"n": n} for n in range(500)]}),
    ],
    ids=range(9),
)
def test_an_answer_is_a_json_object_or_none(content: bytes, found: Any) -> None:
    assert json_object(content) == found


def test_an_object_nested_deeper_than_any_message_is_none() -> None:
    def nested_object(levels: int) -> bytes:
        return b'{"a":' * levels + b"1" + b"}" * levels

    assert json_object(nested_object(DEEPEST)) is not None
    assert json_object(nested_object(DEEPEST + 1)) is None
    assert json_object(b'{"a":' + b"[" * DEEPEST + b"]" * DEEPEST + b"}") is None


@pytest.mark.parametrize("value", [5, "abc", None, {"a": 1}, [None, 1, "a", []]], ids=repr)
def test_a_list_of_objects_has_objects_only(value: Any) -> None:
    answer = make_answer(200, [], orjson.dumps({"list": value}))
    assert answer.items("list") == []
    assert answer.items("absent") == []


def test_the_objects_among_other_things_are_kept() -> None:
    answer = make_answer(200, [], orjson.dumps({"list": [None, {"a": 1}, 3, {}]}))
    assert answer.items("list") == [{"a": 1}, {}]


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_stands_before_a_platform_breaks_none_of_its_rules(status: int) -> None:
    busy = make_answer(status, [("Content-Type", "text/html")], b"<html>try later</html>")
    with pytest.raises(NoAnswer, match=f"no answer of the platform to axb.bind: HTTP {status} without a JSON object"):
        expect_platform(busy, "axb.bind")
    expect_platform(make_answer(status, [], b'{"resultcode": "1010001", "resultdesc": "busy"}'), "axb.bind")


def test_what_came_is_told_in_a_few_words() -> None:
    away = make_answer(302, [("Location", "https://login.example/")], b"")
    assert away.summary == "HTTP 302 without a JSON object: '', Location 'https://login.example/'"
    assert make_answer(403, [], b'{"resultcode": "1012007", "resultdesc": "none"}').summary == "403/1012007 none"
    assert len(make_answer(200, [], b'{"resultcode": "0", "resultdesc": "' + b"x" * 10**6 + b'"}').summary) < 300


def test_a_message_is_not_as_long_as_a_target_may_make_it() -> None:
    ledger = Ledger()
    ledger.record_difference("AXB-BIND-106", "+8613800000021 " * 100_000)
    text = ledger.differs["AXB-BIND-106"][0]
    assert len(text) < 1010
    assert text.endswith("…")
    assert "+8613800000021" not in text
    assert not any(part.isdigit() for part in text.replace("+", "").split()), "no number was cut before it was masked"


def test_a_refused_bind_that_fails_nobody_ends_the_check_with_a_reason() -> None:
    from privnum.suites.checks.axb.scenarios import bind_users

    class Refuses(mini.Honest):
        def bind(self, body: dict[str, Any]) -> Any:
            return self.say(403, "1010002") if "recordFlag" in body else super().bind(body)

    @check("AXE-BIND-022", "AXB-QUERY-003", needs=())
    def flags(context: CheckContext) -> None:
        bind_users(context, by="AXE-BIND-022", recordFlag=True)
        raise AssertionError("there is nothing to go on with")

    session = mini.session_with(Refuses())
    run_alone(session, flags)
    found = verdicts(session)
    assert found["AXE-BIND-022"]["verdict"] == "differs"
    assert found["AXB-QUERY-003"]["verdict"] == "not_exercised"
    assert found["AXB-QUERY-003"]["reason"] == "the bind that the check stands on was answered with 403/1010002"


def test_the_place_of_a_fault_of_ours_is_told() -> None:
    @check("AXB-BIND-001")
    def crashes(context: CheckContext) -> None:
        raise KeyError("oops")

    session = mini.session_with(mini.Honest())
    run_alone(session, crashes)
    reason = verdicts(session)["AXB-BIND-001"]["reason"]
    assert reason.startswith("the check itself went wrong: KeyError: 'oops' (")
    assert "line " in reason


def test_a_check_that_could_not_be_undone_does_not_pass_but_a_failure_stays_one() -> None:
    class Keeps(mini.ForgetsPairs):
        def request(self, method: str, path: str, query: str, headers: Any, body: bytes) -> Any:
            if method == "DELETE":
                raise NoAnswer("no answer to DELETE /rest: reset")
            return super().request(method, path, query, headers, body)

    @check("AXB-BIND-001")
    def binds(context: CheckContext) -> None:
        context.claim("AXB-BIND-001", context.axb.bind(context.user(), context.user(), context.axb.x()).ok, "bound")

    @check("AXB-BIND-005")
    def fails(context: CheckContext) -> None:
        context.axb.bind(context.user(), context.user(), context.axb.x())
        context.claim("AXB-BIND-005", False, "broken")

    session = mini.session_with(Keeps())
    run_alone(session, binds)
    run_alone(session, fails, "another")
    found = verdicts(session)
    assert found["AXB-BIND-001"]["verdict"] == "error"
    assert found["AXB-BIND-001"]["reason"].startswith("what the check did could not be undone: no answer to DELETE")
    assert found["AXB-BIND-005"]["verdict"] == "failed"


# ── what a target says is not obeyed ─────────────────────────────────────────────────────────────────────────────────


def test_nothing_that_a_target_says_becomes_a_command() -> None:
    """The lines that replay a failure are for a shell."""
    nasty = {"resultcode": "0", "resultdesc": "x", "subscriptionId": "'\"'\"'; touch /tmp/owned; '"}
    bind = make_answer(200, [], orjson.dumps(nasty))
    steps = [
        Step("request", text="axb.bind", method="POST", target="/rest", app=1, content=b"{}", answer=bind),
        Step("request", text="axb.bind", method="POST", target="/rest", app=1, content=b'{"a": "\'"}', answer=bind),
        Step("push", text="x\ntouch /tmp/owned", payload={}, result=200),
    ]
    lines = commands(steps, mini.TARGET)
    assert not any("\n" in line for line in lines)
    assert [line for line in lines if "touch" in line] == ["# pushed: 'x\\ntouch /tmp/owned'"]


def test_a_bent_signature_becomes_no_command() -> None:
    """Its parts stand between double quotes, for the variables of the signature alone."""
    bent = {"username": '"$(ls)`ls`\\$HOME', "digest": "$D1"}
    lines = commands([Step("request", method="GET", app=1, bent=bent)], mini.TARGET)
    line = next(line for line in lines if "X-AKSK" in line and "fresh()" not in line)
    assert r"Username=\"\"\$(ls)\`ls\`\\\$HOME\"" in line
    assert r"PasswordDigest=\"\$D1\",Nonce=\"$N\",Created=\"$C\"" in line


def test_long_bodies_are_not_printed_whole() -> None:
    step = Step("request", text="axb.bind", method="POST", target="/rest", app=1, content=b" " * 10**6)
    line = next(line for line in commands([step], mini.TARGET) if "--data-binary" in line)
    assert len(line) < 10_000
    assert line.endswith("# the body had 1000000 bytes; these are its first 8192")
    told = steps_in_words([Step("push", text="callin", payload={"statusInfo": {"a": "x" * 10**6}}, result=200)])
    assert len(told[0]) < 5000


# ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("body", [b"", b"<html>", b'{"eventType": ["callin"]}', b'{"hello": 1}', b"[" * 5000])
def test_what_others_send_to_a_public_address_is_no_push(body: bytes) -> None:
    receiver = EmbeddedReceiver()
    box = receiver.open_box("token")
    receiver.take("POST", "/wp-login.php", {}, body)
    assert box.pushes == []
    receiver.take("POST", "/somewhere", {}, b'{"eventType": "callin"}')
    assert [push.problems[0][:12] for push in box.pushes] == ["COM-PUSH-001"]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b'{"eventType": 7, "statusInfo": 5}',
        b'{"eventType": "callin", "statusInfo": [1]}',
        b'{"eventType": "fee", "feeLst": {"a": 1}}',
        b'{"eventType": "fee", "feeLst": [null, 1, {"sessionId": []}]}',
    ],
    ids=range(5),
)
def test_a_push_of_any_shape_is_judged(body: bytes) -> None:
    receiver = EmbeddedReceiver()
    box = receiver.open_box("token")
    box.apps = {mini.APP.key: mini.APP}
    receiver.take("POST", "/push/token/events", {"x-aksk": 'UsernameToken Username="key"'}, body)
    (push,) = box.pushes
    assert not push.verified
    assert push.problems
    assert isinstance(push.info, dict)
    assert all(isinstance(fee, dict) for fee in push.cdrs)
    assert all(isinstance(call, str) for call in push.session_ids)


# ── drivers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_time_that_there_is_not() -> None:
    with pytest.raises(DriverError, match="'2026-13-45T99:00:00Z' is no time"):
        moment("2026-13-45T99:00:00Z")


def test_a_clock_that_does_not_move_as_it_was_told() -> None:
    session = mini.session_with(mini.Honest())
    environment = Environment(session, session.receiver.open_box("token"))
    environment.now = datetime(2026, 3, 1, tzinfo=UTC)
    environment.note_advance(60, {"now": "2026-03-01T00:01:00Z"})
    with pytest.raises(DriverError, match=r"advanced by 60 s; it says .*00:01:00.*, .*00:02:00.* would be right"):
        environment.note_advance(60, {"now": "2026-03-01T00:01:00Z"})


CALL: dict[str, Any] = dict.fromkeys(CallView._fields) | {"id": "c1", "session_id": "s1", "started_at": None}


def test_another_call_than_was_asked_for() -> None:
    call = CallView.read(CALL)
    assert CallView.read(CALL, call) == call
    with pytest.raises(DriverError, match="asked for the call c1, session s1, it reports c2, session s1"):
        CallView.read(CALL | {"id": "c2"}, call)


def test_what_a_driver_does_wrong_is_an_error_with_the_reason() -> None:
    @check("AXB-CALL-101", needs=())
    def calls(context: CheckContext) -> None:
        raise DriverError("POST /_privnum/worlds/{world}/calls was answered with 500: oops")

    session = mini.session_with(mini.Honest())
    run_alone(session, calls)
    rule = verdicts(session)["AXB-CALL-101"]
    assert rule["verdict"] == "error"
    assert rule["reason"] == "the driver fails: POST /_privnum/worlds/{world}/calls was answered with 500: oops"


def test_stopped_reasons_are_the_same_in_each_check() -> None:
    @check("AXB-BIND-001")
    def one(context: CheckContext) -> None:
        raise NoAnswer("no answer to GET /w/check-7/rest/caas/relationnumber/partners/v1.0: reset")

    session = mini.session_with(mini.Honest())
    run_alone(session, one)
    reason = verdicts(session)["AXB-BIND-001"]["reason"]
    assert reason == "no answer to GET /rest/caas/relationnumber/partners/v1.0: reset"
