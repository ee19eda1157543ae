"""Keys of target.toml that the target does not take are reported in a line, before anything is checked."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from privnum import contracts
from privnum.suites.target.config import TargetError
from tests.suites.platforms import AXB, AXE, Platform


@pytest.mark.parametrize("app", [AXB, AXE], ids=["AXB", "AXE"])
@pytest.mark.parametrize(
    ("wrong", "code"), [({"secret": "typo"}, "401/1010010"), ({"key": "nobody"}, "403/1010003")], ids=["secret", "key"]
)
def test_a_wrong_key_is_told_with_the_application(app: object, wrong: dict[str, Any], code: str) -> None:
    other = AXE if app is AXB else AXB
    bad = replace(AXB if app is AXB else AXE, **wrong)
    with pytest.raises(TargetError) as told:
        Platform().session(driver=False, apps=(bad, other))
    words = str(told.value)
    assert f"the {bad.mode} application {bad.key} of target.toml is refused: {code}" in words
    assert "\n" not in words
    assert bad.secret not in words


@pytest.mark.parametrize("scheme", contracts.assumptions()["auth.schemes"].values)
def test_either_generation_of_the_headers_will_do(scheme: str) -> None:
    Platform(assumptions={"auth.schemes": scheme}).session(driver=False)


def test_an_odd_answer_is_left_to_the_checks() -> None:
    """Only the two codes that name the keys end a run."""
    platform = Platform()
    inner = platform.transport.request

    def odd(method: str, path: str, *rest: object) -> object:
        answer = inner(method, path, *rest)  # type: ignore[arg-type]
        return replace(answer, status=500, body=None, content=b"<html>")

    platform.transport.request = odd  # type: ignore[method-assign, assignment]
    platform.session(driver=False)
