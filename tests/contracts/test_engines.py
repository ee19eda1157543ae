"""The engine that decides and the engine that explains agree."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privnum import contracts
from tests.contracts.strategies import ODD, faulty, fitting

NAMES = [name for name in contracts.schema_names() if not name.endswith("/types")]

limited = settings(
    max_examples=20,
    deadline=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much, HealthCheck.large_base_example],
)


@pytest.mark.parametrize("strict", [False, True], ids=["lenient", "strict"])
@pytest.mark.parametrize("name", NAMES)
def test_engines_agree(name: str, *, strict: bool) -> None:
    """A schema has problems with an instance exactly where it says that the instance does not fit."""
    check = contracts.validator(name, strict=strict)
    wide = contracts.schema(name)

    @limited
    @given(st.one_of(fitting(wide), faulty(wide)))
    def agree(instance: object) -> None:
        problems = check.problems(instance)
        assert check.is_valid(instance) == (not problems), problems

    agree()


@pytest.mark.parametrize(
    "name",
    [
        "axb/bind.body", "axb/modify.body", "axb/query.query", "axb/call_event", "axb/cdr",
        "axe/bind.body", "axe/modify.body", "axe/query_v2.query", "axe/query_count.query", "axe/call_event", "axe/cdr",
    ],
)  # fmt: skip
def test_engines_agree_on_every_odd_value_of_every_property(name: str) -> None:
    """As above, for the values that engines are known to differ on, one property at a time."""
    check = contracts.validator(name)
    for parameter in contracts.schema(name)["properties"]:
        for value in ODD:
            instance = {parameter: value}
            without = {p.parameter for p in check.problems({})}
            problems = [p for p in check.problems(instance) if p.parameter not in without or p.parameter == parameter]
            missing = without - {parameter}
            assert check.is_valid(instance) == (not problems and not missing), (instance, problems)


@pytest.mark.parametrize(
    "name",
    [
        "axb/bind.body", "axb/modify.body", "axb/unbind.query", "axb/query.query",
        "axe/bind.body", "axe/modify.body", "axe/unbind.query", "axe/query.query", "axe/query_v2.query",
    ],
)  # fmt: skip
def test_what_is_strictly_right_is_right(name: str) -> None:
    """An instance that fits the strict schema fits the lenient one."""
    strict, lenient = contracts.validator(name, strict=True), contracts.validator(name)

    instances = fitting(strict.schema)
    if "if" in strict.schema:
        instances = instances.filter(strict.is_valid)

    @limited
    @given(instances)
    def fits(instance: object) -> None:
        assert strict.is_valid(instance)
        assert lenient.is_valid(instance)

    fits()


@pytest.mark.parametrize("instance", [1.0, 0.0])
def test_a_whole_float_is_an_integer(instance: float) -> None:
    """JSON Schema knows numbers, not their spelling: 1.0 is the integer 1."""
    body = {"callerNum": "+8613800000021", "calleeNum": "+8613800000022", "callDirection": instance}
    assert contracts.validator("axb/bind.body", strict=True).is_valid(body)
    assert contracts.validate("axb.bind", body=body, strict=True) == []


def test_true_is_no_integer() -> None:
    """To Python True is 1; to JSON it is not."""
    body = {"callerNum": "+8613800000021", "calleeNum": "+8613800000022", "callDirection": True}
    assert not contracts.validator("axb/bind.body").is_valid(body)
    assert [p.parameter for p in contracts.validate("axb.bind", body=body)] == ["callDirection"]
