"""What a fault may be, which request one strikes, and what is said of one that cannot be."""

from __future__ import annotations

from typing import Any

import pytest

from privnum import contracts
from privnum.mockserver.core.errors import ControlError
from privnum.mockserver.core.faults import Faults
from privnum.mockserver.core.ids import Ids


def faults(*messages: dict[str, Any], seed: str = "7") -> Faults:
    made = Faults(Ids(seed).draws)
    made.replace(messages)
    return made


def strikes_of(made: Faults, count: int, body: bytes = b"{}") -> list[bool]:
    return [made.of_request("axb.bind", "", body) is not None for _ in range(count)]


def test_the_first_that_fits_strikes_as_often_as_it_is_told() -> None:
    made = faults({"operation": "axb.bind", "code": "403/1012010", "times": 2}, {"operation": "any", "status": 502})
    found = [made.of_request("axb.bind", "", b"") for _ in range(3)]
    assert [fault.label for fault in found if fault] == ["code 403/1012010", "code 403/1012010", "status 502"]
    assert made.of_request("axb.query", "", b"") is not None
    assert [(view["hits"], view["left"]) for view in made.view()["faults"]] == [(2, 0), (2, None)]
    assert [fault.word for fault in made.active] == ["status"]


def test_who_asks_is_told_when_a_fault_is_used_up() -> None:
    made = faults({"operation": "any", "status": 502, "times": 2}, {"push": "cdr", "fault": "dropped", "times": 1})
    left: list[tuple[bool, bool]] = []
    made.changed.append(lambda: left.append((made.befall("request"), made.befall("push"))))
    strikes_of(made, 3)
    made.of_push("cdr", b"", frozenset({"dropped"}))
    assert left == [(False, True), (False, False)]
    assert [view["left"] for view in made.view()["faults"]] == [0, 0]


def test_a_probability_comes_from_the_seed() -> None:
    message = {"operation": "axb.bind", "fault": "dropped", "probability": 0.3}
    first = strikes_of(faults(message), 200)
    assert strikes_of(faults(message), 200) == first
    assert strikes_of(faults(message, seed="8"), 200) != first
    assert 30 < sum(first) < 90


def test_what_a_fault_draws_changes_no_id() -> None:
    quiet, other = Ids("7"), Ids("7")
    made = Faults(other.draws)
    made.add({"operation": "any", "fault": "dropped", "probability": 0.5})
    strikes_of(made, 10)
    assert [other.subscription_id(), other.app_key()] == [quiet.subscription_id(), quiet.app_key()]


@pytest.mark.parametrize(
    ("query", "body", "hit"),
    [
        ("relationNum=%2B8617000000001", b"", True),
        ("", b'{"relationNum":"+8617000000001"}', True),
        ("", b'{"relationNum":"+8617000000002"}', False),
    ],
)
def test_a_number_is_looked_for_in_query_and_body(query: str, body: bytes, hit: bool) -> None:
    made = faults({"number": "+8617000000001", "fault": "reset"})
    assert (made.of_request("axb.unbind", query, body) is not None) is hit


def test_an_empty_pool_is_of_binds_alone() -> None:
    made = faults({"operation": "any", "fault": "empty_pool"})
    assert made.of_request("axb.query", "", b"") is None
    fault = made.of_request("axb.bind", "", b"")
    assert fault is not None
    assert fault.code_for("axb.bind") == "403/1012008"
    assert fault.code_for("ax.bind") == "403/1011002"


def test_every_code_of_the_table_is_one_of_the_operation() -> None:
    known = contracts.operations()
    for fault in contracts.faults().values():
        for operation, code in fault.codes.items():
            if operation != "any" and code not in contracts.assumptions():
                assert code in known[operation].codes, (fault.word, operation)
            assert code in contracts.result_codes() or code in contracts.assumptions()


def test_a_code_without_its_status_gets_that_of_the_table() -> None:
    assert faults({"operation": "any", "code": "1012010"}).view()["faults"][0]["code"] == "403/1012010"


REFUSED: list[tuple[dict[str, Any], str, str]] = [
    ({"operation": "axb.bnd", "status": 500}, "did you mean axb.bind", "operation"),
    ({"operation": "axb.bind", "code": "403/101201"}, "did you mean 403/1012012 or 403/1012010", "code"),
    ({"operation": "axb.bind", "code": "101201"}, "did you mean 1012012 or 1012010", "code"),
    ({"operation": "axb.bind", "fault": "droped"}, "did you mean dropped", "fault"),
    ({"push": "cdrs", "fault": "dropped"}, "did you mean cdr", "push"),
    ({"push": "cdr", "fault": "half_sent"}, "unknown fault 'half_sent'", "fault"),
    ({"operation": "axb.bind"}, "fault is missing", "fault"),
    ({"status": 500}, "operation, number or push is missing", "operation"),
    ({"operation": "axb.bind", "push": "cdr", "fault": "dropped"}, "write two faults", "push"),
    ({"operation": "axb.bind", "fault": "code"}, "code is missing", "code"),
    ({"operation": "axb.bind", "code": "1012010", "status": 500}, "takes no status", "status"),
    ({"operation": "axb.bind", "code": "1012010", "carried_out": True}, "takes no carried_out", "carried_out"),
    ({"push": "cdr", "fault": "cut_off", "delay_ms": 5}, "takes no delay_ms", "delay_ms"),
    ({"operation": "axb.query", "fault": "empty_pool"}, "axb.query cannot fail by empty_pool; ax.bind", "operation"),
]


@pytest.mark.parametrize(("message", "text", "where"), REFUSED, ids=[text for _, text, _ in REFUSED])
def test_what_cannot_be_is_refused_with_what_would_be_right(message: dict[str, Any], text: str, where: str) -> None:
    made = faults({"operation": "any", "status": 500})
    with pytest.raises(ControlError) as refused:
        made.replace([{"operation": "any", "fault": "dropped"}, message])
    assert text in refused.value.error
    assert refused.value.where == f"faults[1].{where}"
    assert [fault.word for fault in made.active] == ["status"]


def test_a_fault_that_is_not_there_cannot_be_ended() -> None:
    made = faults({"operation": "any", "status": 500})
    with pytest.raises(ControlError, match="there is no fault 9; there are: 1"):
        made.remove(9)
    made.remove(1)
    assert not made.active


def test_there_are_not_more_than_a_thousand() -> None:
    made = faults(*[{"operation": "any", "status": 500}] * 1000)
    with pytest.raises(ControlError, match="there are 1000 faults; end some first"):
        made.add({"operation": "any", "status": 500})
    assert len(made) == 1000
