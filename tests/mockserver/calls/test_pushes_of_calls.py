"""Events and CDRs of calls."""

import pytest

from privnum import contracts
from tests.mockserver.axb_rig import AxbRig
from tests.mockserver.rig import A, B, C, X


def test_events_have_the_documented_keys_in_order() -> None:
    """AXB-EVENT-003 to AXB-EVENT-010."""
    rig = AxbRig()
    sub = rig.new_binding_id(userData="order-42")
    session = rig.look(rig.call(hang_up_after=12))["session_id"]
    rig.advance(17)
    validator = contracts.validator("axb/call_event")
    assert all(validator.is_valid(event) for event in rig.events())
    told = {event["eventType"]: event["statusInfo"] for event in rig.events()}
    first = {"sessionId": session, "timestamp": "2026-03-01 00:00:00"}
    assert list(told["callin"].items()) == list(
        {**first, "caller": A, "called": X, "subscriptionId": sub, "userData": "order-42"}.items()
    )
    assert list(told["callout"].items()) == list({**first, "caller": X, "called": B, "subscriptionId": sub}.items())
    assert told["alerting"] == {**told["callout"], "timestamp": "2026-03-01 00:00:02"}
    assert told["answer"] == {**told["callout"], "timestamp": "2026-03-01 00:00:05"}
    assert list(told["disconnect"].items()) == list(
        {
            **first, "timestamp": "2026-03-01 00:00:17", "caller": X, "called": B,
            "stateCode": 0, "stateDesc": "The user releases the call.", "subscriptionId": sub,
        }.items()
    )  # fmt: skip


def test_events_and_cdr_of_a_refused_call_are_as_the_world_reads_them() -> None:
    """COM-OPEN-065, COM-OPEN-070, COM-OPEN-071."""
    rig = AxbRig()
    rig.new_binding_id(callDirection=1)
    rig.call(B)
    rig.call(C)
    assert rig.kinds() == ["callin", "disconnect"] * 2
    assert [info["statusInfo"]["called"] for info in rig.events()] == [X] * 4
    role, stranger = rig.cdrs()
    assert (role["direction"], role["ulFailReason"]) == (0, 8016)
    assert (stranger["direction"], stranger["subscriptionId"], stranger["ulFailReason"]) == (2, "", 8014)
    assert "fwdDstNum" not in stranger
    rig = AxbRig(
        assumptions={
            "call.refused_events": "disconnect_only",
            "cdr.direction_of_refused": "abnormal",
            "cdr.subscription_id_of_refused": "absent",
        }
    )
    rig.new_binding_id(callDirection=1)
    rig.call(B)
    rig.call(C)
    assert rig.kinds() == ["disconnect"] * 2
    role, stranger = rig.cdrs()
    assert role["direction"] == 2
    assert "subscriptionId" not in stranger


def test_numbers_of_the_legs_are_as_the_world_reads_them() -> None:
    """COM-OPEN-066, COM-OPEN-067."""
    assumptions: dict[str, str | int] = {
        "call.second_leg_caller": "real_caller",
        "call.disconnect_numbers": "first_leg",
    }
    rig = AxbRig(assumptions=assumptions)
    rig.new_binding_id()
    rig.call(hang_up_after=1)
    rig.advance(10)
    told = {event["eventType"]: event["statusInfo"] for event in rig.events()}
    assert (told["alerting"]["caller"], told["alerting"]["called"]) == (A, B)
    assert (told["disconnect"]["caller"], told["disconnect"]["called"]) == (A, X)


CAPTURED = """
    direction spId appKey icid bindNum sessionId subscriptionId callerNum calleeNum fwdDisplayNum fwdDstNum callInTime
    fwdStartTime fwdAlertingTime fwdAnswerTime callEndTime fwdUnaswRsn ulFailReason sipStatusCode callOutUnaswRsn
    recordFlag recordStartTime recordDomain recordBucketName recordObjectName ttsPlayTimes ttsTransDuration mptyId
    serviceType hostName voiceCheckType
"""


def test_a_cdr_has_the_keys_of_a_captured_one_in_its_order() -> None:
    """AXB-CDR-002, 004 to 006, 008 to 014."""
    rig = AxbRig()
    sub = rig.new_binding_id(recordFlag="true")
    rig.call(B, hang_up_after=30)
    rig.advance(35)
    (cdr,) = rig.cdrs()
    assert list(cdr) == CAPTURED.split()
    assert contracts.validator("axb/cdr").is_valid({"eventType": "fee", "feeLst": [cdr]})
    assert cdr.items() >= {
        "direction": 0, "appKey": rig.app.app_key, "bindNum": X, "subscriptionId": sub, "callerNum": B,
        "calleeNum": X, "fwdDisplayNum": X, "fwdDstNum": A, "callInTime": "2026-03-01 00:00:00",
        "fwdStartTime": "2026-03-01 00:00:00", "fwdAlertingTime": "2026-03-01 00:00:02",
        "fwdAnswerTime": "2026-03-01 00:00:05", "callEndTime": "2026-03-01 00:00:35", "ulFailReason": 0,
        "fwdUnaswRsn": 0, "recordFlag": 1, "serviceType": "004",
    }.items()  # fmt: skip


def test_an_unanswered_call_has_no_answer_time_and_names_the_failure() -> None:
    """AXB-CDR-007, AXB-CDR-008."""
    rig = AxbRig()
    rig.new_binding_id(userData="order-1")
    rig.call(behaviour="busy")
    rig.advance(5)
    (cdr,) = rig.cdrs()
    assert "fwdAnswerTime" not in cdr
    assert (cdr["ulFailReason"], cdr["fwdUnaswRsn"], cdr["sipStatusCode"]) == (8102, 17, 486)
    assert cdr["failTime"] == cdr["callEndTime"] == "2026-03-01 00:00:02"
    assert cdr["userData"] == "order-1"


@pytest.mark.parametrize(
    ("binding", "app", "talk", "recorded"),
    [("true", True, 3, 1), ("true", True, 2, 0), ("false", True, 60, 0), ("true", False, 60, 0)],
)
def test_a_call_is_recorded_where_binding_and_application_say_so(
    binding: str, app: bool, talk: int, recorded: int
) -> None:
    """AXB-CDR-011, AXB-CDR-015."""
    rig = AxbRig()
    rig.new_binding_id(recordFlag=binding)
    rig.app.recording = app
    rig.call(hang_up_after=talk)
    rig.advance(100)
    (cdr,) = rig.cdrs()
    assert cdr["recordFlag"] == recorded
    assert ("recordObjectName" in cdr) is bool(recorded)


def test_ask_support_fields_stand_in_a_cdr_where_the_world_reads_it_so() -> None:
    """COM-OPEN-073."""
    rig = AxbRig(assumptions={"cdr.ask_support_fields": "present"}, numbers=[{"number": X, "area_code": "0755"}])
    rig.new_binding_id(userData="u")
    rig.call(hang_up_after=42)
    rig.advance(100)
    (cdr,) = rig.cdrs()
    assert list(cdr)[-3:] == ["areaCode", "callDuration", "userData"]
    assert (cdr["areaCode"], cdr["callDuration"]) == ("0755", 42)


@pytest.mark.parametrize(("window", "messages"), [(0, [1, 1, 1]), (5, [3]), (30, [3])])
def test_cdrs_wait_for_each_other_as_long_as_the_world_reads_it(window: int, messages: list[int]) -> None:
    """AXB-CDR-003, COM-OPEN-072."""
    rig = AxbRig(assumptions={"cdr.merge_seconds": window})
    for _ in range(3):
        rig.call(C)
        rig.advance(1)
    rig.advance(60)
    assert [len(body["feeLst"]) for _, body in rig.received if body["eventType"] == "fee"] == messages


def test_what_ends_at_one_instant_is_merged_up_to_fifty() -> None:
    """AXB-CDR-003."""
    rig = AxbRig()
    users = [(f"+86138000010{i:02d}", f"+86139000010{i:02d}") for i in range(60)]
    for a, b in users:
        rig.new_binding_id(a, b)
        rig.call(a, behaviour="busy")
    rig.advance(2)
    assert [len(body["feeLst"]) for _, body in rig.received if body["eventType"] == "fee"] == [50, 10]


def test_every_call_has_a_session_of_its_own() -> None:
    """AXB-EVENT-004."""
    rig = AxbRig()
    sessions = {rig.look(rig.call(C))["session_id"] for _ in range(50)}
    assert len(sessions) == 50
    assert {cdr["sessionId"] for cdr in rig.cdrs()} == sessions
