"""Targets that answer nonsense are checked to the end: every rule has a verdict and a reason, and no fault is ours."""

from __future__ import annotations

import random
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum import contracts
from privnum.suites.base import profiles
from privnum.suites.callbacks.receiver import EmbeddedReceiver
from privnum.suites.driver.circuit_breaker import Watch
from privnum.suites.driver.protocol import Driver
from privnum.suites.report import model
from privnum.suites.runner.connect import embedded_transport
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED
from privnum.suites.transport.api import make_answer
from privnum.suites.transport.deadline import Deadline
from tests.suites.gallery import PEOPLE, TARGET, Changed, Silent, Tells, json_answer, page, run_checks

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.client import Headers

    Body = dict[str, Any]
    Change = Callable[[random.Random, Body], Body]

REFUSAL = {"resultcode": "1010002", "resultdesc": f"no such thing for {PEOPLE}"}
SUCCESS = {"resultcode": "0", "resultdesc": "Success"}
SOME = 11
"""One of so many checks is run, where all of them would take their time."""


@pytest.fixture(autouse=True)
def quick() -> None:
    profiles.load("quick")


def checked_report(session: Session, every: int = 1) -> tuple[dict[str, Any], list[str]]:
    """The report of all checks, or some, and the documented rules that failed. What holds of every report is held."""
    session.journal.run_started(session.target.describe(), {"profile": "quick", "seed": 0})
    assert run_checks(session, every) > 1000 / every - 1
    session.journal.run_finished(interrupted=False)
    events = session.journal.events
    assert [problem for event in events for problem in contracts.validator("report/event").problems(event)] == []
    assert PEOPLE not in orjson.dumps([e for e in events if e["event"] != "check_finished"]).decode()
    report = model.build(events)
    assert contracts.validator("report/report").problems(report) == []
    for rule in report["requirements"]:
        told = {check["reason"] for check in rule["checks"] if check["verdict"] != "passed"}
        assert all(told), f"{rule['id']} has a verdict without a reason"
        assert not any("went wrong" in reason for reason in told), f"{rule['id']}: {told}"
        assert rule["reason"] or rule["verdict"] == "passed"
        assert all(len(reason) < 6000 for reason in told)
    return report, [rule["id"] for rule in report["requirements"] if rule["verdict"] == "failed"]


def bare(transport: Any) -> Session:
    """A run without a driver."""
    watch = Watch(Deadline(), lambda seconds: None)
    return Session(TARGET, transport=transport, receiver=EmbeddedReceiver(), watch=watch)


# ── without a platform behind it ─────────────────────────────────────────────────────────────────────────────────────

NO_ANSWERS = {
    "html": page(200),
    "an html error": page(500),
    "too many requests without a word": page(401),
    "nothing": page(200, b""),
    "a redirect": make_answer(302, [("Location", f"https://login.example/{PEOPLE}")], b""),
    "null": json_answer(200, None),
    "a list": json_answer(200, [SUCCESS]),
    "text": json_answer(200, "resultcode 0"),
    "another shape": json_answer(200, {"result": SUCCESS, "data": {"subscriptionId": "1"}}),
    "no utf-8": make_answer(200, [], b'{"resultcode": "0", "resultdesc": "\xff"}'),
    "cut off": make_answer(200, [], b'{"resultcode": "0", "resultd'),
    "deep": make_answer(200, [], b'{"resultcode":' * 5000 + b'"0"' + b"}" * 5000),
    "a number for the code": json_answer(200, {"resultcode": 0, "resultdesc": "Success"}),
    "a list for the code": json_answer(403, {"resultcode": ["1010002"], "resultdesc": {}}),
    "an endless text": json_answer(200, {"resultcode": "0", "resultdesc": PEOPLE * 30_000}),
}


@pytest.mark.parametrize("answer", NO_ANSWERS.values(), ids=NO_ANSWERS)
def test_what_is_no_answer_breaks_the_rule_of_answers_and_no_other(answer: Answer) -> None:
    """COM-ENV-001 is that. COM-ENV-005 too, where an address that there is not is answered with another status."""
    report, failed = checked_report(bare(Tells(answer)), SOME)
    assert set(failed) <= {"COM-ENV-001", "COM-ENV-005"}
    assert "COM-ENV-001" in failed
    assert model.exit_code(report) == 1
    rule = next(rule for rule in report["requirements"] if rule["id"] == "COM-ENV-001")
    assert rule["reproduced"] is True
    others = {r["reason"] for r in report["requirements"] if r["verdict"] == "not_exercised" and r["checks"]}
    assert "the check stopped at COM-ENV-001" in others


@pytest.mark.parametrize("status", [429, 502, 503, 504])
def test_what_stands_before_a_platform_that_is_away_makes_errors(status: int) -> None:
    report, failed = checked_report(bare(Tells(page(status))), SOME)
    assert failed == []
    assert model.exit_code(report) == 2
    reasons = {rule["reason"] for rule in report["requirements"] if rule["verdict"] == "error"}
    assert any(reason.startswith("no answer of the platform to axb.bind: HTTP") for reason in reasons)


def test_a_target_that_says_nothing_makes_errors() -> None:
    report, failed = checked_report(bare(Silent()))
    assert failed == []
    assert model.exit_code(report) == 2
    assert report["summary"]["error"] > 100
    assert report["summary"]["passed"] + report["summary"]["differs"] == 0


STEADY = {
    "refuses everything": json_answer(403, REFUSAL),
    "fails at everything": json_answer(500, {"resultcode": "1010001", "resultdesc": "Internal Error"}),
    "knows no address": json_answer(404, {"resultcode": "1010006", "resultdesc": "gone"}),
    "succeeds at everything": json_answer(200, SUCCESS),
    "one binding for everybody": json_answer(
        200,
        SUCCESS
        | {
            "subscriptionId": "somebody-elses",
            "relationNum": "+8617099999999",
            "virtualNum": "+8617399999999",
            "extendNum": "1234",
            "relationNumList": [{"subscriptionId": "somebody-elses", "callerNum": PEOPLE}],
            "totalCount": "many",
        },
    ),
}


@pytest.mark.parametrize("answer", STEADY.values(), ids=STEADY)
def test_one_answer_for_everything_is_judged_to_the_end(answer: Answer) -> None:
    report, failed = checked_report(bare(Tells(answer)), SOME)
    assert failed, "who says the same to everything does not keep the documents"
    assert model.exit_code(report) == 1


@pytest.mark.parametrize(
    "answers",
    [
        (json_answer(403, REFUSAL), page(200), None),
        (json_answer(200, SUCCESS), page(503), json_answer(403, REFUSAL), None, page(200, b"")),
    ],
    ids=["three", "five"],
)
def test_whoever_does_otherwise_each_time_is_judged_to_the_end(answers: Sequence[Answer | None]) -> None:
    report, failed = checked_report(bare(Tells(*answers)), SOME)
    told = {rule["id"]: rule["reproduced"] for rule in report["requirements"] if rule["verdict"] == "failed"}
    assert told.keys() == set(failed)
    assert model.exit_code(report) == 1


# ── with our own server behind it ────────────────────────────────────────────────────────────────────────────────────


def behind(change: Change | None = None, *, transport: Any = None, receiver: EmbeddedReceiver | None = None) -> Session:
    """A run against our own server, whose answers or pushes are changed on their way."""
    customer = receiver or EmbeddedReceiver()
    honest = embedded_transport(customer)
    shown = transport(honest) if transport else Changed(honest, change) if change else honest
    watch = Watch(Deadline(), lambda seconds: None)
    return Session(EMBEDDED, transport=shown, driver=Driver(honest), receiver=customer, watch=watch)


ODD: list[Any] = [None, [], {}, [1], {"a": [{}]}, 7, -1, 1.5, "zz", "", True, ["a", "b"], 10**15, "x" * 300]
KEPT = {"resultcode", "resultdesc", "eventType", "sessionId"}


def scrambled_value(dice: random.Random, value: Any, share: float = 0.25) -> Any:
    """The same with some fields of another kind, and some left out."""
    if isinstance(value, list):
        return [scrambled_value(dice, item, share) for item in value]
    if not isinstance(value, dict):
        return value
    found = {}
    for name, inner in value.items():
        if name in KEPT or dice.random() > share:
            found[name] = scrambled_value(dice, inner, share)
        elif dice.random() > 0.3:
            found[name] = dice.choice(ODD)
    return found


def without(name: str) -> Change:
    return lambda dice, body: {key: value for key, value in body.items() if key != name}


def with_(name: str, value: Any) -> Change:
    return lambda dice, body: body | {name: value}


CHANGES: dict[str, Change] = {
    "no id": without("subscriptionId"),
    "an id that is a number": with_("subscriptionId", 12345),
    "the same id for all": with_("subscriptionId", "everybodys"),
    "a list that is a number": with_("relationNumList", 5),
    "a list that is an object": with_("relationNumList", {"0": {}}),
    "a list of nothing": with_("relationNumList", [None, 1, "a", []]),
    "strangers in the list": with_("relationNumList", [{"subscriptionId": [], "callerNum": PEOPLE}]),
    "any field": scrambled_value,
    "now and then a field": lambda dice, body: scrambled_value(dice, body, 0.03),
}
TEXTS: dict[str, Change] = {
    "signs for a terminal": with_("resultdesc", f"\x1b]0;owned\x07\u202e {PEOPLE}"),
    "another each time": lambda dice, body: body | {"resultdesc": f"told {dice.random()}"},
}


NOT_SET_UP = "the check could not be set up: "


def reasons_of_errors(report: dict[str, Any]) -> set[str]:
    return {rule["reason"] for rule in report["requirements"] if rule["verdict"] == "error"}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_wrong_fields_in_good_answers_are_judged_to_the_end(change: Change) -> None:
    report, _ = checked_report(behind(change), SOME)
    assert all(reason.startswith(NOT_SET_UP) for reason in reasons_of_errors(report)), "an answer came each time"


@pytest.mark.parametrize("change", TEXTS.values(), ids=TEXTS)
def test_texts_of_any_kind_break_no_rule(change: Change) -> None:
    report, failed = checked_report(behind(change), SOME - 4)
    assert failed == []
    assert report["summary"]["error"] == 0


class Late:
    """Answers each request with the answer to the one before."""

    def __init__(self, inner: Any) -> None:
        self._inner = inner
        self._last: Answer | None = None

    def request(self, method: str, path: str, query: str, headers: Headers, body: bytes) -> Answer:
        answer: Answer = self._inner.request(method, path, query, headers, body)
        if "/_privnum/" in path:
            return answer
        told, self._last = self._last or answer, answer
        return told

    def close(self) -> None:
        self._inner.close()


def test_the_answers_of_others_are_judged_to_the_end() -> None:
    report, failed = checked_report(behind(transport=Late), SOME)
    assert failed
    assert all(reason.startswith(NOT_SET_UP) for reason in reasons_of_errors(report))


class Pushes(EmbeddedReceiver):
    """Pushes arrive changed."""

    def __init__(self, change: Callable[[bytes], bytes], headers: Callable[[str], str] = str) -> None:
        super().__init__()
        self._body = change
        self._headers = headers

    def __call__(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        return super().__call__(url, [(name, self._headers(value)) for name, value in headers], self._body(body))


DICE = random.Random(2)
PUSHES: dict[str, tuple[Callable[[bytes], bytes], Callable[[str], str], set[str]]] = {
    "any field": (lambda body: orjson.dumps(scrambled_value(DICE, orjson.loads(body))), str, set()),
    "html": (lambda body: b"<html>" + PEOPLE.encode(), str, set()),
    "deep": (lambda body: b'{"statusInfo":' * 3000 + b"1" + b"}" * 3000, str, set()),
    "a wrong digest": (bytes, lambda text: text.replace('Digest="', 'Digest="AA'), {"COM-PUSH-002"}),
    "an unknown app_key": (bytes, lambda text: text.replace('Username="', 'Username="00'), {"COM-PUSH-002"}),
    "no signature": (bytes, lambda text: text if "json" in text else "", {"COM-PUSH-002", "COM-PUSH-003"}),
}


@pytest.mark.parametrize(("body", "header", "breaks"), PUSHES.values(), ids=PUSHES)
def test_pushes_of_any_kind_are_judged_to_the_end(
    body: Callable[[bytes], bytes], header: Callable[[str], str], breaks: set[str]
) -> None:
    report, failed = checked_report(behind(receiver=Pushes(body, header)), SOME)
    assert failed
    assert report["summary"]["error"] == 0
    assert not breaks or set(failed) <= breaks


class Nobodys(EmbeddedReceiver):
    """Each push comes once more, of a call that nobody has placed."""

    def __call__(self, url: str, headers: Sequence[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        other = orjson.loads(body)
        for item in (other.get("statusInfo"), *other.get("feeLst", ())):
            if item:
                item["sessionId"] = "nobodys"
        super().__call__(url, headers, orjson.dumps(other))
        return super().__call__(url, headers, body)


def test_pushes_of_calls_that_nobody_placed_break_the_rules_that_count_them_and_no_others() -> None:
    """In a world of its own a check is the only one who calls."""
    _, failed = checked_report(behind(receiver=Nobodys()), SOME)
    assert set(failed) <= {"AXB-EVENT-004", "AXE-EVENT-004"}


# ── drivers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


class Lies(Driver):
    """A driver whose replies are changed; worlds are as they are."""

    def __init__(self, inner: Driver, change: Callable[[str, Any], Any]) -> None:
        self._inner = inner
        self._change = change

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        answer = self._inner.exchange(operation, body, query=query, **places)
        if operation.partition(".")[0] in {"capabilities", "worlds"} or answer.body is None or answer.status >= 300:
            return answer
        return make_answer(answer.status, answer.headers, orjson.dumps(self._change(operation, answer.body)))


def of(kind: str, **fields: Any) -> Callable[[str, Any], Any]:
    return lambda operation, reply: reply | fields if operation.startswith(kind) else reply


LIES: dict[str, tuple[Callable[[str, Any], Any], str]] = {
    "the clock stands": (of("clock", now="2026-03-01T00:00:00Z"), "would be right"),
    "no such time": (of("clock", now="2026-13-45T99:00:00Z"), "is no time"),
    "another call": (of("calls.get", id="another"), "it reports another"),
    "no time of a call": (of("calls", started_at="2026-02-31T00:00:00Z"), "is no time"),
    "a list for a call": (lambda operation, reply: [reply] if operation.startswith("calls") else reply, "wrongly"),
    "nothing of a call": (lambda operation, reply: {} if operation.startswith("calls") else reply, "wrongly"),
    "a word for a cause": (of("calls", release_cause="busy"), "release_cause"),
}


@pytest.mark.parametrize(("lie", "told"), LIES.values(), ids=LIES)
def test_what_a_driver_says_wrong_is_an_error_and_no_failure_of_the_target(
    lie: Callable[[str, Any], Any], told: str
) -> None:
    customer = EmbeddedReceiver()
    honest = embedded_transport(customer)
    watch = Watch(Deadline(), lambda seconds: None)
    driver = Lies(Driver(honest), lie)
    session = Session(EMBEDDED, transport=honest, driver=driver, receiver=customer, watch=watch)
    report, failed = checked_report(session, SOME)
    assert failed == []
    reasons = {rule["reason"] for rule in report["requirements"] if rule["verdict"] == "error"}
    assert any(told in reason for reason in reasons)
    assert all(reason.startswith("the driver fails: ") for reason in reasons)


def test_calls_that_never_end_are_judged_to_the_end() -> None:
    """The driver reports the target's calls: whether it lies or they do not end, nobody knows."""
    customer = EmbeddedReceiver()
    honest = embedded_transport(customer)
    endless = of("calls", state="alerting", ended_at=None, release_cause=None)
    session = Session(EMBEDDED, transport=honest, driver=Lies(Driver(honest), endless), receiver=customer)
    report, failed = checked_report(session, SOME)
    assert failed
    assert all(reason.startswith(("the driver fails: ", NOT_SET_UP)) for reason in reasons_of_errors(report))


def test_an_honest_run_of_the_gallery_passes() -> None:
    report, failed = checked_report(behind(), SOME)
    assert failed == []
    assert report["summary"]["error"] == 0
    assert report["summary"]["differs"] == 0
    assert report["summary"]["passed"] > 50
