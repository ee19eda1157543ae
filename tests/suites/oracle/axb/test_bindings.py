"""The oracle says what the contract says, and nothing where the contract is silent."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from privnum.suites.oracle import AxbExpected, AxbOracle, AxbSurroundings, CallPlan, Undecided
from privnum.suites.oracle.axb.compare import compare_binding, compare_events
from privnum.suites.oracle.calls import compare_call
from privnum.suites.oracle.cdr import compare_cdrs
from privnum.suites.oracle.numbers import area_of_fixed_line, home_area, kind_of
from tests.suites.oracle.assumed import assumed, refused

X, X2, X3, FOREIGN = "+8617000000001", "+8617000000002", "+8617000000003", "+8617000000009"
A, B, C, D = (f"+861380000000{i}" for i in range(4))
FIXED = "+8675526660001"
START = 1_772_323_200


def make(unsettled: tuple[str, ...] = (), recording: bool = True, **assumptions: str | int) -> AxbOracle:
    around = AxbSurroundings(
        own={X: "0755", X2: "0755", X3: "0755"},
        foreign={FOREIGN},
        home_areas={"+86138": "0755", "+86139": "010"},
        recording=recording,
        tones={"wait.wav"},
        pairs_per_x=3,
    )
    return AxbOracle(around, assumed(unsettled, **assumptions), START)


def bind(oracle: AxbOracle, a: str, b: str, x: str = X, **fields: Any) -> str:
    body = {"callerNum": a, "calleeNum": b, "relationNum": x, **fields}
    expected = oracle.expect_bind(body)
    assert expected.ok, expected
    sub = f"sub-{len(oracle.bindings) + len(oracle.dissolved)}"
    oracle.bound(body, sub, x)
    return sub


def ask_bind(oracle: AxbOracle, a: str, b: str, **fields: Any) -> AxbExpected:
    return oracle.expect_bind({"callerNum": a, "calleeNum": b, **fields})


# ── bind ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_user_stands_once_on_an_x_in_any_role() -> None:
    oracle = make()
    bind(oracle, A, B)
    assert refused(ask_bind(oracle, A, B, relationNum=X)) == {("AXB-BIND-005", "403/1012010")}
    for a, b in ((B, A), (A, C), (C, A), (B, C), (C, B)):
        assert refused(ask_bind(oracle, a, b, relationNum=X)) == {("AXB-BIND-102", "403/1012010")}
    assert ask_bind(oracle, C, D, relationNum=X).ok
    assert ask_bind(oracle, A, B, relationNum=X2).collision == "AXB-BIND-008"


def test_a_full_x_takes_no_more() -> None:
    oracle = make()
    for i in range(3):
        bind(oracle, f"+861390000001{i}", f"+861390000002{i}")
    assert refused(ask_bind(oracle, A, B, relationNum=X)) == {("AXB-BIND-103", "403/1012009")}


@pytest.mark.parametrize(
    ("fields", "requirement", "key"),
    [
        ({"relationNum": FOREIGN}, "AXB-BIND-010", "403/1012001"),
        ({"relationNum": "+8617100000000"}, "COM-OPEN-021", "403/1012007"),
        ({"relationNum": "12345"}, "COM-OPEN-020", "403/1012007"),
        ({"relationNum": X, "recordFlag": "true"}, "AXB-BIND-021", "403/1012012"),
        ({"relationNum": X, "preVoice": {"callerHintTone": "no.wav"}}, "AXB-BIND-030", "403/1010002"),
        ({"areaCode": "010"}, "AXB-BIND-012", "403/1012008"),
    ],
)
def test_faults_of_a_bind(fields: dict[str, Any], requirement: str, key: str) -> None:
    assert refused(ask_bind(make(recording=False), A, B, **fields)) == {(requirement, key)}


def test_several_faults_admit_any_of_their_codes() -> None:
    oracle = make(recording=False)
    bind(oracle, A, B)
    expected = ask_bind(oracle, A, C, relationNum=X, recordFlag=True)
    assert {key for _, key in refused(expected)} == {"403/1012010", "403/1012012"}
    assert all(c.ok for c in expected.claims(False, "403/1012012", "bind"))
    assert not all(c.ok for c in expected.claims(False, "403/1012001", "bind"))


def test_service_and_malformed_users() -> None:
    assert refused(ask_bind(make(), "+864001234567", B, relationNum=X)) == {("AXB-BIND-027", "403/1010002")}
    assert refused(ask_bind(make(), "12345678", B, relationNum=X)) == {("COM-OPEN-018", "403/1010002")}
    assert ask_bind(make(numbers__malformed_user="accept"), "12345678", B, relationNum=X).ok


def test_the_platform_picks_a_free_x_of_the_area() -> None:
    oracle = make()
    assert ask_bind(oracle, A, B, areaCode="0755").x == {X, X2, X3}
    bind(oracle, A, B)
    assert ask_bind(oracle, A, C, areaCode="755").x == {X2, X3}
    assert ask_bind(oracle, A, C).x == {X2, X3}, "by the home area of A"
    assert ask_bind(oracle, A, C, areaCode="020", areaMatchMode="1").x == {X2, X3}, "same province"
    assert ask_bind(oracle, A, C, areaCode="010", areaMatchMode="1").x == {X2, X3}, "any X"
    bind(oracle, A, C, X2)
    bind(oracle, A, C, X3)
    assert refused(ask_bind(oracle, A, D, areaCode="0755")) == {("AXB-OPEN-004", "403/1012008")}


def test_the_area_of_a() -> None:
    assert refused(ask_bind(make(), "+8613900000001", B)) == {("AXB-BIND-012", "403/1012008")}
    assert ask_bind(make(), "+8615000000001", B).x == {X, X2, X3}
    strict = make(axb__area_of_mobile_unknown="1012008")
    assert refused(ask_bind(strict, "+8615000000001", B)) == {("AXB-OPEN-005", "403/1012008")}
    assert ask_bind(make(), FIXED, B).x == {X, X2, X3}


# ── lifetime ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_binding_ends_by_its_duration() -> None:
    oracle = make()
    sub = bind(oracle, A, B, duration=60)
    oracle.advance(59)
    assert sub in oracle.bindings
    oracle.advance(1)
    assert sub not in oracle.bindings
    assert oracle.freed[X, A] == "AXB-LIFE-006"
    assert refused(oracle.expect_unbind({"subscriptionId": sub})) == {("AXB-LIFE-007", "403/1012007")}


def test_changes_on_a_blocked_x_are_a_parameter() -> None:
    for choice, expected in (("success", set()), ("1012102", {("COM-OPEN-074", "403/1012102")})):
        oracle = make(binding__blocked_x_changes=choice)
        sub = bind(oracle, A, B)
        oracle.status[X] = "9"
        assert refused(oracle.expect_unbind({"relationNum": X})) == expected
        assert refused(oracle.expect_modify({"subscriptionId": sub, "callDirection": 1})) == expected
        oracle.status[X] = "11"
        with pytest.raises(Undecided):
            oracle.expect_unbind({"subscriptionId": sub})


def test_the_instant_of_expiry_is_a_parameter() -> None:
    alive, open_ = make(binding__expiry_instant="alive"), make(unsettled=("binding.expiry_instant",))
    for oracle in (alive, open_):
        bind(oracle, A, B, duration=60)
    alive.advance(60)
    assert alive.bindings
    alive.advance(1)
    assert not alive.bindings
    assert not open_.decided_at(START + 60)
    with pytest.raises(Undecided):
        open_.advance(60)


def test_modify_restarts_lifts_and_leaves_the_countdown() -> None:
    oracle = make()
    sub = bind(oracle, A, B, duration=60)
    oracle.advance(30)
    oracle.modified({"subscriptionId": sub, "callDirection": 1})
    assert (oracle.next_expiry(), oracle.bindings[sub].lifetime) == (START + 60, "AXB-LIFE-005")
    oracle.modified({"subscriptionId": sub, "duration": 60})
    assert (oracle.next_expiry(), oracle.bindings[sub].lifetime) == (START + 90, "AXB-LIFE-003")
    oracle.modified({"subscriptionId": sub, "duration": 0})
    assert (oracle.next_expiry(), oracle.bindings[sub].lifetime) == (None, "AXB-LIFE-004")


# ── unbind, query, modify ────────────────────────────────────────────────────────────────────────────────────────────


def test_unbind_by_every_selector() -> None:
    oracle = make()
    one, two, other = bind(oracle, A, B), bind(oracle, C, D), bind(oracle, A, B, X2)
    assert [b.subscription_id for b in oracle.expect_unbind({"relationNum": X}).bindings] == [one, two]
    both = oracle.expect_unbind({"relationNum": X, "subscriptionId": other})
    assert [b.subscription_id for b in both.bindings] == [other]
    assert refused(oracle.expect_unbind({"relationNum": X3})) == {("AXB-UNBIND-004", "403/1012007")}
    assert refused(oracle.expect_unbind({"relationNum": FOREIGN})) == {("AXB-UNBIND-005", "403/1012001")}
    assert refused(oracle.expect_unbind({})) == {("AXB-UNBIND-002", "403/1012001")}
    oracle.unbound(both.bindings, "AXB-UNBIND-003")
    assert oracle.freed[X2, A] == "AXB-UNBIND-007"


def test_query_by_every_selector() -> None:
    oracle = make()
    one, two = bind(oracle, A, B), bind(oracle, C, D)
    shown = {
        "X": {"relationNum": X},
        "A": {"relationNum": X, "callerNum": A},
        "B": {"relationNum": X, "calleeNum": B},
        "sub": {"subscriptionId": one, "relationNum": FOREIGN},
    }
    found = {name: [b.subscription_id for b in oracle.expect_query(q).bindings] for name, q in shown.items()}
    assert found == {"X": [one, two], "A": [one], "B": [one], "sub": [one]}
    assert refused(oracle.expect_query({"relationNum": X, "callerNum": B})) == {("AXB-QUERY-005", "403/1012007")}
    assert oracle.expect_query({"relationNum": X, "pageIndex": "2"}).may_be_empty
    other = make()
    other.bound({"callerNum": A, "calleeNum": B}, "other", FOREIGN)
    oracle.neighbours.append(other)
    assert refused(oracle.expect_query({"subscriptionId": "other"})) == {("AXB-QUERY-007", "403/1012007")}


def test_modify_moves_numbers() -> None:
    oracle = make()
    sub = bind(oracle, A, B)
    bind(oracle, C, "+8613800000009")
    ask = {"subscriptionId": sub}
    assert refused(oracle.expect_modify(ask | {"callerNum": C})) == {("AXB-MODIFY-102", "403/1012010")}
    assert oracle.expect_modify(ask | {"callerNum": B, "calleeNum": A}).requirement == "AXB-MODIFY-003"
    with pytest.raises(Undecided):
        oracle.expect_modify(ask | {"callerNum": B, "calleeNum": D})
    oracle.modified(ask | {"callerNum": D})
    assert (oracle.bindings[sub].a, oracle.freed[X, A]) == (D, "AXB-MODIFY-003")
    swap = make(axb__modify_swap="1012010")
    sub = bind(swap, A, B)
    assert refused(swap.expect_modify({"subscriptionId": sub, "callerNum": B, "calleeNum": A})) == {
        ("AXB-OPEN-014", "403/1012010")
    }


# ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("direction", "caller", "reached", "cause"),
    [
        (0, A, B, None),
        (0, B, A, None),
        (1, A, B, None),
        (1, B, None, 8016),
        (2, A, None, 8016),
        (2, B, A, None),
        (0, C, None, 8014),
        (0, FIXED, None, 8023),
    ],
)
def test_the_decision_table_of_a_call(direction: int, caller: str, reached: str | None, cause: int | None) -> None:
    oracle = make()
    bind(oracle, A, B, callDirection=direction)
    call = oracle.expect_call(caller, X, CallPlan())
    assert call.forwarded_to == reached
    assert call.causes == (frozenset() if cause is None else {cause})


def test_a_bound_fixed_line_may_only_be_called() -> None:
    oracle = make(call__fixed_line_precedence="binding")
    bind(oracle, A, FIXED)
    assert oracle.expect_call(A, X, CallPlan()).forwarded_to == FIXED
    assert oracle.expect_call(FIXED, X, CallPlan()).causes == {8023}
    assert oracle.expect_call(FIXED, X2, CallPlan()).causes == {8014}


@pytest.mark.parametrize(
    ("plan", "limit", "events", "end", "causes"),
    [
        (CallPlan(hang_up_after=10), 0, ["alerting", "answer"], 15, {0}),
        (CallPlan(), 1, ["alerting", "answer"], 66, {8010}),
        (CallPlan(hang_up_after=100), 1, ["alerting", "answer"], 66, {8010}),
        (CallPlan(caller_hangs_up_after=1), 0, [], 1, {7501}),
        (CallPlan(caller_hangs_up_after=3), 0, ["alerting"], 3, {7502}),
        (CallPlan(caller_hangs_up_after=9), 0, ["alerting", "answer"], 9, {0}),
        (CallPlan("busy"), 0, [], 2, {8102}),
        (CallPlan("reject"), 0, ["alerting"], 5, {7503, 7504}),
        (CallPlan("no_answer"), 0, ["alerting"], 182, {8101, 8035}),
        (CallPlan("silent"), 0, [], 100, {8035}),
    ],
)
def test_the_course_of_a_call(plan: CallPlan, limit: int, events: list[str], end: int, causes: set[int]) -> None:
    oracle = make()
    bind(oracle, A, B, maxDuration=limit)
    call = oracle.expect_call(A, X, plan)
    assert call.events() == ["callin", "callout", *events, "disconnect"]
    assert (call.ends_by - START, set(call.causes)) == (end, causes)


def test_a_call_outlives_its_binding() -> None:
    oracle = make()
    bind(oracle, A, B, duration=60)
    oracle.placed(oracle.expect_call(A, X, CallPlan()))
    oracle.advance(61)
    call = oracle.calls[0]
    assert call.state(oracle.now) == "answered"
    call.hang_up("caller", oracle.now)
    assert (call.state(oracle.now), set(call.causes)) == ("ended", {0})
    assert oracle.expect_call(A, X, CallPlan()).causes == {8014}


@pytest.mark.parametrize(("choice", "followed"), [("goes_on", True), ("ends", False)])
def test_a_call_whose_user_is_replaced_goes_on_if_the_target_lets_it(choice: str, followed: bool) -> None:
    oracle = make(call__users_of_running_call=choice)
    sub = bind(oracle, A, B)
    oracle.placed(oracle.expect_call(A, X, CallPlan()))
    oracle.advance(10)
    oracle.modified({"subscriptionId": sub, "calleeNum": C})
    call = oracle.calls[0]
    assert call.lost is not followed
    assert (call.forwarded_to, set(call.directions)) == (B, {1})


def test_who_called_whom_is_open_after_a_swap() -> None:
    oracle = make()
    sub = bind(oracle, A, B)
    oracle.placed(oracle.expect_call(A, X, CallPlan()))
    oracle.modified({"subscriptionId": sub, "callerNum": B, "calleeNum": A})
    assert set(oracle.calls[0].directions) == {0, 1}


def test_coinciding_ends_are_undecided() -> None:
    oracle = make()
    bind(oracle, A, B)
    for plan in (CallPlan(caller_hangs_up_after=2), CallPlan(hang_up_after=5, caller_hangs_up_after=10)):
        with pytest.raises(Undecided):
            oracle.expect_call(A, X, plan)


# ── checking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass
class View:
    state: str = "ended"
    forwarded_to: str | None = B
    displayed: str | None = X
    release_cause: int | None = 0


def broken(claims: Any) -> set[str]:
    return {claim.requirement for claim in claims if not claim.ok}


def info(**more: object) -> dict[str, object]:
    return {"relationNum": X, "callerNum": A, "calleeNum": B, "subscribeTime": "2026-03-01 00:00:00"} | more


def test_a_query_answer_is_judged_field_by_field() -> None:
    oracle = make()
    sub = bind(oracle, A, B, callDirection=1, recordFlag="true", preVoice={"callerHintTone": "wait.wav"})
    shown = info(callDirection=1, recordFlag="true", preVoice={"callerHintTone": "wait.wav"})
    binding = oracle.bindings[sub]
    assert not broken(compare_binding(binding, shown))
    assert not broken(
        compare_binding(binding, shown | {"duration": 0, "privateSms": "true", "subscribeTime": "2026-03-01 08:00:00"})
    )
    assert broken(compare_binding(binding, shown | {"callDirection": 0})) == {"AXB-QUERY-003"}
    assert broken(compare_binding(binding, shown | {"callerNum": C})) == {"AXB-QUERY-001"}
    assert broken(compare_binding(binding, shown | {"subscribeTime": "2026-03-01 00:00:01"})) == {"AXB-QUERY-002"}
    oracle.modified({"subscriptionId": sub, "callerNum": C})
    assert broken(compare_binding(binding, shown)) == {"AXB-MODIFY-003"}
    assert broken(compare_binding(binding, shown | {"callerNum": C, "preVoice": {}})) == {"AXB-MODIFY-009"}
    bare = {name: value for name, value in shown.items() if name in ("subscriptionId", "relationNum", "calleeNum")}
    assert not broken(compare_binding(binding, bare | {"callerNum": C})), "settings need not be shown"


def test_a_call_is_judged() -> None:
    oracle = make()
    bind(oracle, A, B)
    call = oracle.expect_call(A, X, CallPlan(hang_up_after=10))
    assert not broken(compare_call(call, View("answered", release_cause=None), START + 5))
    assert broken(compare_call(call, View("ended"), START + 5)) == {"AXB-CALL-101"}
    assert broken(compare_call(call, View(forwarded_to=C), START + 15)) == {"AXB-CALL-101"}
    assert broken(compare_call(call, View(release_cause=7501), START + 15)) == {"AXB-CALL-013"}


def test_events_and_cdr_are_judged() -> None:
    oracle = make()
    sub = bind(oracle, A, B, userData="u", recordFlag="true", recordHintTone="wait.wav")
    call = oracle.expect_call(A, X, CallPlan(hang_up_after=10))
    at = dict(zip(call.events(), (0, 0, 2, 5, 15), strict=True))
    events: list[dict[str, object]] = []
    for kind in call.events():
        status: dict[str, object] = {
            "timestamp": f"2026-03-01 00:00:{at[kind]:02}",
            "sessionId": "s",
            "subscriptionId": sub,
        }
        status |= {"caller": A if kind == "callin" else X, "called": X if kind == "callin" else B}
        status |= {"userData": "u"} if kind == "callin" else {}
        status |= {"stateCode": 0, "stateDesc": "x"} if kind == "disconnect" else {}
        events.append({"eventType": kind, "statusInfo": status})
    assert not broken(compare_events(call, events))
    assert broken(compare_events(call, [*events, events[0]])) == {"AXB-EVENT-001", "AXB-EVENT-011"}
    assert broken(compare_events(call, events[:1] + events[2:])) == {"AXB-EVENT-001"}
    cdr: dict[str, object] = {
        "direction": 1, "appKey": "k", "bindNum": X, "callerNum": A, "calleeNum": X, "fwdDisplayNum": X, "fwdDstNum": B,
        "serviceType": "004", "subscriptionId": sub, "callInTime": "2026-03-01 00:00:00", "ulFailReason": 0,
        "fwdAlertingTime": "2026-03-01 00:00:02", "fwdAnswerTime": "2026-03-01 00:00:05", "userData": "u",
        "callEndTime": "2026-03-01 00:00:15", "recordFlag": 1, "recordObjectName": "r.wav", "recordDomain": "d",
    }  # fmt: skip

    def checked(**more: object) -> set[str]:
        return broken(compare_cdrs(call, [cdr | more], "k", recording=True))

    assert not checked()
    assert checked(direction=0) == {"AXB-CDR-004"}
    assert checked(fwdAnswerTime="2026-03-01 08:00:05") == {"AXB-CDR-006"}
    assert checked(recordFlag=0) == {"AXB-CDR-011"}
    assert checked(userData="v") == {"AXB-CDR-012"}
    assert not checked(userData=""), "support has to open it"
    assert broken(compare_cdrs(call, [], "k", recording=True)) == {"AXB-CDR-001"}


# ── numbers ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("number", "kind"),
    [
        ("+8613800000001", "mobile"),
        ("+8612800000001", "mobile"),
        ("+861280000001", "malformed"),
        ("+8675506660001", "fixed_line"),
        ("13800000001", "malformed"),
        ("+8675526660001", "fixed_line"),
        ("+86755266600011", "malformed"),
        ("+861066600001", "fixed_line"),
        ("+864001234567", "service"),
        ("95555", "service"),
        ("", "malformed"),
    ],
)
def test_kinds_of_numbers(number: str, kind: str) -> None:
    assert kind_of(number) == kind


def test_areas() -> None:
    assert area_of_fixed_line("+8675526660001") == "0755"
    assert area_of_fixed_line("+861066600001") == "010"
    assert home_area("+8613812345678", {"+86138": "010", "+861381": "020"}) == "020"
