"""What counts as somebody's number, and where a request is looked through for one."""

from __future__ import annotations

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from privnum import contracts
from privnum.suites.checks.axb.strategies import fixed_lines, mobiles
from privnum.suites.checks.bindings.invalid_requests import BROKEN_BODIES
from privnum.suites.safety.phone_numbers import (
    numbers_in,
    numbers_of_message,
    spelled_number,
    touched_parts,
)

BIND = contracts.operations()["axb.bind"].path
MOBILE = "+8613800000001"


@pytest.mark.parametrize(
    "value",
    [
        "+8613800000001", "8613800000001", "008613800000001", "13800000001", "013800000001", 13800000001, 8613800000001,
        "138 0000 0001", "+86 138-0000-0001", "(138)00000001", " 8613800000001", "+86+13800000001"[:3] + "13800000001",
        "+８６１３８０００００００１",
    ],
)  # fmt: skip
def test_a_number_is_known_in_every_common_spelling(value: object) -> None:
    assert spelled_number(value) == MOBILE


@pytest.mark.parametrize(
    ("value", "number"),
    [
        ("+8675526660001", "+8675526660001"),
        ("075526660001", "+8675526660001"),
        ("+86075526660001", "+8675526660001"),
        ("86212000000", "+86212000000"),
        ("4001234567", "+864001234567"),
        ("95555", "+8695555"),
        ("+14155550100", "+14155550100"),
        ("0014155550100", "+14155550100"),
        ("+13800001111", "+13800001111"),
    ],
)
def test_fixed_lines_service_numbers_and_other_countries_are_numbers(value: str, number: str) -> None:
    assert spelled_number(value) == number


@pytest.mark.parametrize(
    "value",
    ["", "+86", "110", "12345678", "+86123456789012", "+8613a00001111", "+86138" + "0" * 26, "order-1", 17, True, 1.5],
)
def test_what_fits_no_kind_is_nobodys(value: object) -> None:
    assert spelled_number(value) is None


@given(mobiles() | fixed_lines(), st.sampled_from(("", "86", "0086", "+86")))
def test_whatever_fits_a_kind_is_a_number(number: str, prefix: str) -> None:
    assert spelled_number(prefix + number.removeprefix("+86")) == number


def test_fields_of_numbers_are_found_by_the_schema() -> None:
    body = {"callerNum": MOBILE, "calleeNum": "13900000002", "relationNum": "+8617000000001", "userData": "13700000003"}
    request = touched_parts("POST", f"/w/one{BIND}", "", orjson.dumps(body))
    assert request.operation == "axb.bind"
    assert request.numbers == {MOBILE: "callerNum", "+8613900000002": "calleeNum", "+8617000000001": "relationNum"}
    assert request.named == {"A": MOBILE, "B": "13900000002", "X": "+8617000000001"}
    assert request.binds
    assert not request.lets_pick


def test_what_the_schema_does_not_know_is_looked_at_too() -> None:
    body = b'{"calleeNumber": "13900000002", "callerNum": "13800000001", "callerNum": ["+8613800000003"]}'
    found = touched_parts("POST", BIND, "", body).numbers
    assert found.keys() == {"+8613900000002", MOBILE, "+8613800000003"}
    assert touched_parts("PUT", "/elsewhere", "to=%2B8613800000001", b"").numbers == {MOBILE: "to"}


def test_a_path_that_is_written_otherwise_is_the_same_operation() -> None:
    for path in (f"{BIND}/", f"/{BIND}", BIND.upper(), BIND.replace("/v1.0", "/%761.0")):
        assert touched_parts("post", path, "", b"{}").operation == "axb.bind"


def test_text_that_is_no_object_is_searched() -> None:
    for body in (b'{"callerNum": "+8613800000001", "calle', b"callerNum=%2B8613800000001", b'["13800000001"]'):
        assert touched_parts("POST", BIND, "", body).numbers == {MOBILE: "the body"}
    assert numbers_in("GET / HTTP/1.1\r\nHost: 127.0.0.1:18080\r\nContent-Length: 13800\r\n\r\n") == set()


def test_broken_bodies_of_the_checks_name_nobody() -> None:
    for body in BROKEN_BODIES.values():
        assert not touched_parts("POST", BIND, "", body).numbers


def test_an_x_is_left_to_the_platform_only_where_somebody_is_bound() -> None:
    assert touched_parts("POST", BIND, "", orjson.dumps({"callerNum": MOBILE, "areaCode": "0755"})).lets_pick
    assert touched_parts("POST", BIND, "", orjson.dumps({"callerNum": MOBILE, "relationNum": ""})).lets_pick
    assert not touched_parts("POST", BIND, "", b"[]").lets_pick


def test_messages_of_the_driver() -> None:
    call = {"caller": MOBILE, "called": "+8617000000001", "digits": ["13800000009"], "callee": {"ring_after": 2}}
    assert numbers_of_message(call).keys() == {MOBILE, "+8617000000001"}
    assert numbers_of_message({"no_record": {"transfer": "+8613800000005"}}) == {"+8613800000005": "transfer"}
    assert numbers_of_message({"event_url": "http://192.0.2.1/push/13800000001/events"}) == {}
    assert numbers_of_message(None) == {}
