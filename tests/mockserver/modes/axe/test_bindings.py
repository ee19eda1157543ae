from __future__ import annotations

from itertools import pairwise
from typing import Any

import pytest

from privnum import contracts
from privnum.mockserver.modes.axe.bind import BIND_FAULTS
from tests.mockserver.axe_rig import AXE_PATH, FOREIGN_AXE_X, X2, AxeRig
from tests.mockserver.rig import FIXED, A, B, C, D, X

SHENZHEN, BEIJING = "0755", "010"
XS, XG, XB = "+8617000000755", "+8617000000020", "+8617000000010"
AREAS = [
    {"number": XS, "area_code": SHENZHEN},
    {"number": XG, "area_code": "020"},
    {"number": XB, "area_code": BEIJING},
]


def user(i: int) -> str:
    return f"+8613700{i:06d}"


# ── bind ──


def test_bind_answers_with_the_binding_and_the_times_in_force() -> None:
    """AXE-BIND-001, AXE-BIND-002, AXE-BIND-101."""
    told = AxeRig().new_binding_fields(extendNum="0042", timeUnit="1", bindExpiredTime=90, callbackExpiredTime=30)
    assert 1 <= len(told.pop("subscriptionId")) <= 64
    assert told == {
        "resultcode": "0",
        "resultdesc": "Success",
        "virtualNum": X,
        "extendNum": "0042",
        "bindExpiredTime": 90,
        "callbackExpiredTime": 30,
    }


@pytest.mark.parametrize(
    ("assumptions", "fields", "bind", "callback"),
    [
        ({}, {}, 168, 0),
        ({}, {"timeUnit": 1}, 10080, 0),
        ({"axe.bind_expired_default": 0, "axe.callback_expired_default": 24}, {}, 0, 24),
        ({"axe.callback_expired_default": 24}, {"timeUnit": "1", "bindExpiredTime": 60}, 60, 1440),
    ],
)
def test_times_that_are_not_carried_have_defaults(
    assumptions: dict[str, str | int], fields: dict[str, Any], bind: int, callback: int
) -> None:
    """AXE-OPEN-001, AXE-OPEN-002."""
    rig = AxeRig(assumptions=assumptions)
    told = rig.new_binding_fields(**fields)
    assert (told["bindExpiredTime"], told["callbackExpiredTime"]) == (bind, callback)
    shown = rig.shown_binding(told["subscriptionId"])
    assert (shown["bindExpiredTime"], shown["callbackExpiredTime"]) == (bind, callback)


@pytest.mark.parametrize(
    ("fields", "parameter"),
    [
        ({"bindNum": None}, "bindNum"),
        ({"bindNum": ""}, "bindNum"),
        ({"bindNum": 13800000001}, "bindNum"),
        ({"bindNum": "13800000001"}, "bindNum"),
        ({"bindNum": "+8613800000001\n"}, "bindNum"),
        ({"bindNum": "4001234567"}, "bindNum"),
        ({"bindNum": "+8695588"}, "bindNum"),
        ({"bindNum": X}, "bindNum"),
        ({"bindNum": "+" + "8" * 40}, "bindNum"),
        ({"virtualNum": "17000000001"}, "virtualNum"),
        ({"virtualNum": FIXED}, "virtualNum"),
        ({"virtualNum": ""}, "virtualNum"),
        ({"extendNum": "12345"}, "extendNum"),
        ({"extendNum": "123"}, "extendNum"),
        ({"extendNum": "12a4"}, "extendNum"),
        ({"extendNum": 1234}, "extendNum"),
        ({"extendNum": "0000"}, "extendNum"),
        ({"extendNum": "\u0661234"}, "extendNum"),
        ({"areaMatchMode": "2"}, "areaMatchMode"),
        ({"areaCode": "0" * 33}, "areaCode"),
        ({"displayNumMode": "2"}, "displayNumMode"),
        ({"displayNumMode": True}, "displayNumMode"),
        ({"recordFlag": "yes"}, "recordFlag"),
        ({"recordHintTone": "t" * 129}, "recordHintTone"),
        ({"callbackTone": "t" * 129}, "callbackTone"),
        ({"callbackNum": "8613900000004"}, "callbackNum"),
        ({"callbackNum": "+8613900000004", "callbackTone": "t.wav"}, "callbackTone"),
        ({"timeUnit": "2"}, "timeUnit"),
        ({"timeUnit": True}, "timeUnit"),
        ({"bindExpiredTime": 721}, "bindExpiredTime"),
        ({"bindExpiredTime": -1}, "bindExpiredTime"),
        ({"bindExpiredTime": 0.5}, "bindExpiredTime"),
        ({"bindExpiredTime": 43201, "timeUnit": "1"}, "bindExpiredTime"),
        ({"callbackExpiredTime": 169}, "callbackExpiredTime"),
        ({"callbackExpiredTime": 10081, "timeUnit": 1}, "callbackExpiredTime"),
        ({"callbackExpiredTime": 3, "bindExpiredTime": 2}, "callbackExpiredTime"),
        ({"userData": "x" * 257}, "userData"),
    ],
)
def test_a_bad_parameter_is_named_and_changes_nothing(fields: dict[str, Any], parameter: str) -> None:
    """AXE-BIND-003, 007, 008, 017, 019 to 021, 024, 025, 027, 030, 031; AXE-OPEN-004, 007, 012, 013, 032."""
    rig = AxeRig()
    before = rig.state()
    reply = rig.request("POST", path=AXE_PATH, body={"bindNum": A, "virtualNum": X, **fields})
    assert reply.key == "403/1010002"
    assert parameter in reply.text
    assert rig.state() == before


@pytest.mark.parametrize(
    "fields",
    [
        {"bindExpiredTime": 720},
        {"bindExpiredTime": 0, "callbackExpiredTime": 168},
        {"bindExpiredTime": 43200, "timeUnit": "1", "callbackExpiredTime": 10080},
        {"bindExpiredTime": "24", "timeUnit": None, "callbackExpiredTime": 24},
        {"displayNumMode": 0, "recordFlag": True},
        {"displayNumMode": "0", "recordFlag": "true", "recordHintTone": "r.wav"},
        {"extendNum": "", "areaCode": None, "callbackTone": "", "callbackNum": D, "userData": ""},
        {"areaCode": "9999", "areaMatchMode": "0"},
        {"areaMatchMode": "1"},
        {"userData": "{order}", "maxDuration": 9},
        {"callbackNum": FIXED},
        {"callbackNum": "4001234567"},
    ],
)
def test_what_may_be_sent_is_taken(fields: dict[str, Any]) -> None:
    """AXE-BIND-014, 019, 020, 026; AXE-OPEN-014, AXE-OPEN-033."""
    assert AxeRig().new_binding_fields(**fields)["virtualNum"] == X


def test_a_fixed_line_can_be_bound() -> None:
    """AXE-BIND-028."""
    AxeRig().new_binding_id(FIXED)


def test_one_extension_per_a_and_x() -> None:
    """AXE-BIND-005 to AXE-BIND-007."""
    rig = AxeRig()
    told = [rig.new_binding_fields(A), rig.new_binding_fields(B), rig.new_binding_fields(A, X2)]
    assert len({(one["virtualNum"], one["extendNum"]) for one in told}) == 3
    before = rig.state()
    assert rig.bind(A).key == "403/1013102"
    assert rig.state() == before


def test_a_taken_extension() -> None:
    """AXE-BIND-103."""
    rig = AxeRig()
    digits = rig.new_binding_fields(A)["extendNum"]
    before = rig.state()
    assert rig.bind(B, extendNum=digits).key == "403/1020167"
    assert rig.state() == before
    assert rig.new_binding_fields(B, X2, extendNum=digits)["extendNum"] == digits


@pytest.mark.parametrize(("digits", "capacity"), [(1, 9), (2, 99), (3, 999)])
def test_every_extension_is_given_once_and_then_the_x_is_full(digits: int, capacity: int) -> None:
    """AXE-BIND-102, AXE-BIND-105, AXE-BIND-106."""
    rig = AxeRig(extension_digits=digits)
    wanted = f"{capacity // 2:0{digits}d}"
    given = [rig.new_binding_fields(user(0), extendNum=wanted)["extendNum"]]
    given += [rig.new_binding_fields(user(i))["extendNum"] for i in range(1, capacity)]
    assert sorted(given) == [f"{i:0{digits}d}" for i in range(1, capacity + 1)]
    assert rig.bind(user(capacity)).key == "403/1012008"
    assert rig.bind(user(capacity), extendNum=wanted).key == "403/1012008"
    rig.unbind(virtualNum=X, extendNum=wanted)
    assert rig.new_binding_fields(user(capacity))["extendNum"] == wanted
    assert rig.bind(user(0)).key == "403/1012008"


def test_a_free_extension_is_found_without_a_search() -> None:
    rig = AxeRig()
    rig.new_binding_id()
    held = rig.held_extensions()
    for i in range(2, 10_000):
        rig.new_binding_id(user(i))
    assert held.is_full
    for i in (7, 5000, 9999):
        digits = held.by_user[user(i)].digits
        rig.unbind(virtualNum=X, extendNum=digits)
        assert rig.new_binding_fields(user(20_000 + i))["extendNum"] == digits


def test_the_world_reads_which_free_extension_is_given() -> None:
    """AXE-OPEN-049."""
    lowest = AxeRig(assumptions={"axe.extension_order": "lowest"}, extension_digits=1)
    told = [
        lowest.new_binding_fields(user(0), extendNum="2")["extendNum"],
        *(lowest.new_binding_fields(user(i))["extendNum"] for i in (1, 2)),
    ]
    assert told == ["2", "1", "3"]
    lowest.unbind(virtualNum=X, extendNum="1")
    assert lowest.new_binding_fields(user(3))["extendNum"] == "1"
    random = AxeRig(assumptions={"axe.extension_order": "random"}, extension_digits=1)
    given = [random.new_binding_fields(user(i))["extendNum"] for i in range(9)]
    assert sorted(given) == [*"123456789"]
    steps = {(int(b) - int(a)) % 9 for a, b in pairwise(given)}
    assert len(steps) > 1


def test_what_has_been_free_longest_is_given_next() -> None:
    rig = AxeRig(extension_digits=1)
    told = [rig.new_binding_fields(user(i))["extendNum"] for i in range(9)]
    for i in (4, 1, 6):
        rig.unbind(virtualNum=X, extendNum=told[i])
    rig.new_binding_id(user(20), extendNum=told[1])
    rig.unbind(virtualNum=X, extendNum=told[1])
    assert [rig.new_binding_fields(user(30 + i))["extendNum"] for i in range(3)] == [told[4], told[6], told[1]]


def test_an_x_must_be_one_of_the_application() -> None:
    """AXE-BIND-010, AXE-OPEN-005 to AXE-OPEN-007."""
    rig = AxeRig()
    assert rig.bind(x=FOREIGN_AXE_X).key == "403/1012001"
    assert rig.bind(x="+8617011112222").key == "403/1012001"
    other = {"axe.x_of_other_application": "1011004", "axe.unknown_x": "1012007", "axe.malformed_x": "1012001"}
    rig = AxeRig(assumptions=dict(other))
    assert rig.bind(x=FOREIGN_AXE_X).key == "403/1011004"
    assert rig.bind(x="+8617011112222").key == "403/1012007"
    assert rig.bind(x="17011112222").key == "403/1012001"


@pytest.mark.parametrize("status", ["9", "10", "11"])
def test_a_blocked_x_takes_no_binding(status: str) -> None:
    """AXE-BIND-029."""
    rig = AxeRig(numbers=[{"number": X, "area_code": SHENZHEN}])
    rig.world.numbers[X].status = status
    assert rig.bind().key == "403/1012102"
    assert rig.bind(x=None, areaCode=SHENZHEN).key == "403/1012008"


@pytest.mark.parametrize("field", ["callbackTone", "recordHintTone"])
def test_a_tone_must_be_uploaded(field: str) -> None:
    """AXE-BIND-030."""
    rig = AxeRig(tones=["here.wav"])
    here: dict[str, Any] = {field: "here.wav"}
    gone: dict[str, Any] = {field: "gone.wav"}
    sub = rig.new_binding_id(**here)
    assert rig.bind(B, **gone).key == "403/1010002"
    assert rig.modify(sub, **gone).key == "403/1010002"
    rig.must_modify(sub, **dict.fromkeys(gone, ""))


# ── by area ──


def test_an_x_of_the_area_is_picked() -> None:
    """AXE-BIND-011 to AXE-BIND-014."""
    rig = AxeRig(numbers=AREAS)
    assert rig.new_binding_fields(x=None, areaCode=SHENZHEN)["virtualNum"] == XS
    assert rig.new_binding_fields(B, None, areaCode="755")["virtualNum"] == XS
    assert rig.new_binding_fields(B, XB, areaCode=SHENZHEN)["virtualNum"] == XB
    assert rig.bind(x=None, areaCode="021").key == "403/1012008"
    assert rig.bind(x=None, areaCode="021", areaMatchMode="0").key == "403/1012008"
    assert rig.new_binding_fields(x=None, areaCode="0756", areaMatchMode="1")["virtualNum"] == XG
    assert rig.new_binding_fields(C, None, areaCode="021", areaMatchMode=1)["virtualNum"] in (XS, XG, XB)


def test_of_the_x_of_an_area_a_full_one_and_one_of_a_are_passed_over() -> None:
    """AXE-OPEN-009, AXE-OPEN-035."""
    rig = AxeRig(numbers=[{"number": x, "area_code": BEIJING} for x in (X, X2)], extension_digits=1)
    rig.new_binding_id(A, X)
    assert rig.new_binding_fields(A, None, areaCode=BEIJING)["virtualNum"] == X2
    assert rig.bind(A, None, areaCode=BEIJING).key == "403/1012008"
    for i in range(16):
        rig.new_binding_id(user(i), None, areaCode=BEIJING)
    assert rig.bind(B, None, areaCode=BEIJING).key == "403/1012008"
    assert rig.bind(B, X).key == "403/1012008"


# ── open choices of a bind ──


@pytest.mark.parametrize(
    ("assumption", "choice", "fields", "key"),
    [
        ("axe.extension_with_area", "ignore", {"virtualNum": None, "areaCode": BEIJING, "extendNum": "1"}, "200/0"),
        (
            "axe.extension_with_area",
            "honour",
            {"virtualNum": None, "areaCode": BEIJING, "extendNum": "1"},
            "403/1010002",
        ),
        ("axe.zero_extension", "accept", {"extendNum": "0000"}, "200/0"),
        ("axe.bind_without_x", "any", {"virtualNum": None}, "200/0"),
        ("axe.area_mode_without_area", "1010002", {"areaMatchMode": "0"}, "403/1010002"),
        ("axe.display_real_caller", "1020178", {"displayNumMode": "1"}, "403/1020178"),
        ("axe.display_real_caller", "intercept", {"displayNumMode": 1}, "200/0"),
        ("axe.a_equals_x", "accept", {"bindNum": X}, "200/0"),
        ("axe.service_callback_num", "1010002", {"callbackNum": "4001234567"}, "403/1010002"),
        ("numbers.malformed_user", "accept", {"bindNum": "13800000001"}, "200/0"),
        ("numbers.service_user", "1012007", {"bindNum": "4001234567"}, "403/1012007"),
        ("user_data.forbidden", "1010002", {"userData": "{"}, "403/1010002"),
        ("http.unknown_field", "1010002", {"callerNum": A}, "403/1010002"),
        ("axe.full_x", "1020167", {"virtualNum": X2}, "403/1020167"),
        ("axe.same_a_again", "1012010", {"bindNum": D}, "403/1012010"),
        ("axe.no_x_in_area", "1011002", {"virtualNum": None, "areaCode": "021"}, "403/1011002"),
        ("axe.area_conflict", "1013102", {"bindNum": D, "virtualNum": None, "areaCode": BEIJING}, "403/1013102"),
    ],
)
def test_open_binds_are_judged_as_the_world_reads_them(
    assumption: str, choice: str, fields: dict[str, Any], key: str
) -> None:
    numbers = [{"number": X, "area_code": BEIJING}, {"number": X2, "area_code": SHENZHEN}]
    rig = AxeRig(assumptions={assumption: choice}, numbers=numbers)
    rig.new_binding_id(D)
    if assumption == "axe.full_x":
        for i in range(9999):
            rig.new_binding_id(user(i), X2)
    before = rig.state()
    reply = rig.request("POST", path=AXE_PATH, body={"bindNum": A, "virtualNum": X, **fields})
    assert reply.key == key
    assert (rig.state() == before) is (key != "200/0")


@pytest.mark.parametrize("choice", ["1012012", "ignore"])
def test_recording_must_be_on(choice: str) -> None:
    """AXE-BIND-021, AXE-MODIFY-011, AXE-OPEN-031."""
    rig = AxeRig(recording=False, assumptions={"axe.recording_not_open": choice})
    key = "200/0" if choice == "ignore" else "403/1012012"
    assert rig.bind(A, recordFlag="true").key == key
    assert rig.modify(rig.new_binding_id(B), recordFlag=True).key == key


@pytest.mark.parametrize("choice", ["1012102", "1012008", "1012001"])
def test_a_blocked_x_is_refused_with_the_code_that_the_world_reads(choice: str) -> None:
    """AXE-OPEN-029."""
    rig = AxeRig(assumptions={"axe.blocked_x": choice})
    rig.world.numbers[X].status = "11"
    assert rig.bind().key == f"403/{choice}"


def test_an_extension_is_honoured_on_the_x_that_is_picked() -> None:
    """AXE-OPEN-011."""
    rig = AxeRig(numbers=AREAS, assumptions={"axe.extension_with_area": "honour"})
    assert rig.new_binding_fields(x=None, areaCode=SHENZHEN, extendNum="0042")["extendNum"] == "0042"
    assert rig.bind(B, None, areaCode=SHENZHEN, extendNum="0042").key == "403/1020167"


FAULTS = contracts.assumptions()["axe.bind_faults"]


@pytest.mark.parametrize("order", [FAULTS.value, *FAULTS.choices])
def test_of_several_faults_the_world_names_the_first_of_its_order(order: str) -> None:
    """AXE-OPEN-034."""
    codes = {
        "full": "403/1012008",
        "recording": "403/1012012",
        "blocked": "403/1012102",
        "extension": "403/1020167",
        "user": "403/1013102",
        "display": "403/1020178",
    }
    assert set(BIND_FAULTS) == set(codes) == set(order.split())
    rig = AxeRig(extension_digits=1, recording=False, assumptions={"axe.bind_faults": order})
    for i in range(9):
        rig.new_binding_id(user(i))
    rig.world.numbers[X].status = "9"
    faulty: dict[str, Any] = {"a": user(0), "extendNum": "5", "recordFlag": True, "displayNumMode": 1}
    spare = next(
        held.digits for held in rig.held_extensions().by_digits.values() if held.digits != "5" and held.a != user(0)
    )
    undo: dict[str, Any] = {
        "full": lambda: rig.unbind(virtualNum=X, extendNum=spare),
        "recording": lambda: faulty.pop("recordFlag"),
        "blocked": lambda: setattr(rig.world.numbers[X], "status", "5"),
        "extension": lambda: faulty.update(extendNum=""),
        "user": lambda: faulty.update(a=user(77)),
        "display": lambda: faulty.pop("displayNumMode"),
    }
    for word in order.split():
        assert rig.bind(**faulty).key == codes[word]
        undo[word]()
    assert rig.bind(**faulty).key == "200/0"
