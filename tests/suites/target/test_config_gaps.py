"""What target.toml leaves out is not known: it is neither sent nor claimed, whatever the platform has."""

from __future__ import annotations

from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

import orjson
import pytest

from privnum.suites.base import profiles
from privnum.suites.checks.axb import test_machine as axb_machine
from privnum.suites.checks.axe import test_machine as axe_machine
from privnum.suites.checks.axe.invalid_requests import WRONGS
from privnum.suites.checks.bindings import test_area, test_negative
from privnum.suites.runner.context import CheckContext
from privnum.suites.target.config import App, XNumber
from privnum.suites.target.tones import HINT, WAIT, with_known_tones
from tests.suites.platforms import AXB, AXE, Platform

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.session import Session

TONES = ("recordHintTone", "lastMinVoice", "callbackTone", "callerHintTone", "calleeHintTone")


def outcome(session: Session, check: Any, **parameters: Any) -> str:
    """How a check comes out."""
    with suppress(pytest.skip.Exception, pytest.fail.Exception):
        check(context=CheckContext(session, "it"), **parameters)
    return str([event for event in session.journal.events if event["event"] == "check_finished"][-1]["outcome"])


def tones_in(value: Any) -> Iterator[str]:
    for name, part in value.items() if isinstance(value, dict) else ():
        if isinstance(part, str) and name in TONES:
            yield part
        yield from tones_in(part)


@pytest.mark.parametrize("tones", [None, (), ("only.wav",)], ids=["left out", "none", "one"])
@pytest.mark.parametrize(("app", "machine"), [(AXB, axb_machine), (AXE, axe_machine)], ids=["AXB", "AXE"])
def test_histories_name_no_tone_but_those_of_the_file(
    monkeypatch: pytest.MonkeyPatch, app: App, machine: Any, tones: tuple[str, ...] | None
) -> None:
    """The platform has one tone only, and refuses every other."""
    monkeypatch.setattr(profiles._Active, "profile", replace(profiles.PROFILES["quick"], examples=8))
    platform = Platform(AXB, AXE)
    platform.driver.send("applications.update", {"tones": ["only.wav"]}, world="there", app_key=app.key)
    sent: set[str] = set()
    inner = platform.transport.request

    def listening(method: str, path: str, query: str, headers: Any, body: bytes) -> Answer:
        if path.startswith("/rest") and body:
            sent.update(tones_in(orjson.loads(body)))
        return inner(method, path, query, headers, body)

    platform.transport.request = listening  # type: ignore[method-assign]
    apps = tuple(replace(each, tones=tones) if each is app else each for each in (AXB, AXE))
    assert outcome(platform.session(apps=apps), machine.test_any_history) == "passed"
    assert sent <= set(tones or ()) | {""}
    assert bool(sent - {""}) == bool(tones)


def test_a_tone_beside_a_number_is_sent_only_where_one_is_known() -> None:
    wrong = next(wrong for wrong in WRONGS if wrong.what == "with callbackNum")
    check = vars(test_negative)["test_bind_107"]
    assert outcome(Platform().session(), check, wrong=wrong, mode="AXE") == "not_exercised"
    named = Platform().session(apps=(AXB, replace(AXE, tones=("only.wav",))))
    assert outcome(named, check, wrong=wrong, mode="AXE") == "passed"


@pytest.mark.parametrize("more", [None, True, False], ids=["left out", "more", "no more"])
@pytest.mark.parametrize(
    "check", [test_area.test_strict_is_the_default, test_area.test_loose_takes_the_province], ids=["strict", "loose"]
)
def test_the_choice_of_x_is_judged_only_where_there_are_no_others(check: Any, more: bool | None) -> None:
    """The platform has an X in 010 that the file does not name."""
    named = replace(AXB, numbers=(XNumber("+8617000000001", "0755"),), more_numbers=more)
    whole = named if more is False else replace(named, numbers=(*named.numbers, XNumber("+8617000000003", "010")))
    session = Platform(whole).session(apps=(named,))
    assert outcome(session, check, mode="AXB") == ("passed" if more is False else "not_exercised")


def test_settings_keep_what_needs_no_unknown_tone() -> None:
    fields = {
        "duration": 5,
        "recordFlag": "true",
        "recordHintTone": WAIT,
        "preVoice": {"callerHintTone": HINT, "calleeHintTone": ""},
    }
    assert with_known_tones(fields, None) == {"duration": 5, "preVoice": {"calleeHintTone": ""}}
    assert with_known_tones(fields, ("a.wav",))["preVoice"] == {"callerHintTone": "a.wav", "calleeHintTone": ""}
    assert with_known_tones(fields, ("a.wav", "b.wav"))["preVoice"]["callerHintTone"] == "b.wav"
    assert with_known_tones({"recordFlag": True, "callbackTone": ""}, None) == {"recordFlag": True, "callbackTone": ""}
