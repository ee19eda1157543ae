"""The oracle as the model of a history: what it would not answer in a state is refused there."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

import privnum.suites.probes  # noqa: F401  # a session needs them
from privnum.suites.checks.concurrency.models import MODELS, OracleModel
from privnum.suites.history.operations import Operation, Request, Seen, Verb
from privnum.suites.history.search import find_order
from privnum.suites.oracle import Undecided
from privnum.suites.runner.context import CheckContext
from privnum.suites.runner.session import Session
from privnum.suites.target.config import EMBEDDED

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

USERS = {"AXB": ("callerNum", "calleeNum"), "AXE": ("bindNum",), "AX": ("origNum",)}
TAKEN = {"AXB": "403/1012010", "AXE": "403/1013102", "AX": "403/1016002"}
GONE = {"AXB": "403/1012007", "AXE": "403/1016001", "AX": "403/1011005"}
CHANGE = {"AXB": ("callDirection", 2), "AXE": ("callbackNum", "+8613800000009"), "AX": ("callDirection", 2)}
SUCCESS = Seen(True, "200/0")
NOTHING: Mapping[str, object] = {}
MODE = pytest.mark.parametrize("mode", MODELS)


@pytest.fixture(scope="module")
def context() -> Iterator[CheckContext]:
    session = Session(EMBEDDED)
    context = CheckContext(session, "models").open()
    yield context
    context.close()
    session.close()


class Rig:
    """One mode: its model, and operations on its first X, one behind the other."""

    def __init__(self, context: CheckContext, mode: str) -> None:
        self.mode = mode
        self.app = context.of(mode).app
        self.model: OracleModel[Any] = MODELS[mode].of(context, self.app, [])
        self.x = self.app.numbers[0].number
        self.people = [context.user() for _ in range(2)]
        self.history: list[Operation] = []

    def add(self, verb: Verb, fields: dict[str, Any], seen: Seen) -> None:
        begin = float(len(self.history))
        self.history.append(Operation(1, Request(verb, fields), seen, begin, begin + 0.5))

    def bind(self, sub: str, extension: str = "0007", *, key: str = "") -> None:
        users = dict(zip(USERS[self.mode], self.people, strict=False))
        seen = Seen(False, key) if key else Seen(True, "200/0", sub, self.x, extension)
        self.add("bind", users | {self.model.x_field: self.x}, seen)

    def by_id(self, verb: Verb, seen: Seen = SUCCESS, *, fields: Mapping[str, object] = NOTHING) -> None:
        self.add(verb, {"subscriptionId": "s1", **fields}, seen)

    @property
    def word(self) -> str:
        return find_order(self.history, self.model).word


@MODE
def test_what_the_rules_say_has_an_order(context: CheckContext, mode: str) -> None:
    rig, (name, value) = Rig(context, mode), CHANGE[mode]
    rig.bind("s1")
    rig.bind("", key=TAKEN[mode])
    rig.by_id("modify", fields={name: value})
    rig.by_id("query", Seen(True, "200/0", rows={"s1": {name: value}}))
    rig.by_id("unbind")
    rig.bind("s2")
    assert rig.word == "order"
    assert rig.model.start().bindings == {}


@MODE
@pytest.mark.parametrize("fault", ["bound twice", "id again", "value", "nobody shown", "dissolved twice"])
def test_what_the_rules_forbid_has_none(context: CheckContext, mode: str, fault: str) -> None:
    rig, (name, value) = Rig(context, mode), CHANGE[mode]
    rig.bind("s1")
    if fault == "bound twice":
        rig.bind("s2", "0008")
    elif fault == "id again":
        rig.by_id("unbind")
        rig.bind("s1")
    elif fault == "value":
        rig.by_id("modify", fields={name: value})
        rig.by_id("query", Seen(True, "200/0", rows={"s1": {name: "1"}}))
    elif fault == "nobody shown":
        rig.by_id("query", Seen(True, "200/0", rows={}))
    else:
        rig.by_id("unbind")
        rig.by_id("unbind")
    assert rig.word == "none"


@pytest.mark.parametrize("extension", ["0000", "0007"])
def test_an_extension_that_is_drawn_is_free_and_not_zero(context: CheckContext, extension: str) -> None:
    rig = Rig(context, "AXE")
    rig.bind("s1", "0007")
    rig.people = [context.user()]
    rig.bind("s2", extension)
    assert rig.word == "none"
    rig.history.pop()
    rig.bind("s2", "0008")
    assert rig.word == "order"


def test_what_the_contract_leaves_open_is_not_decided(context: CheckContext) -> None:
    rig = Rig(context, "AXE")
    rig.add("bind", {"bindNum": rig.people[0], "virtualNum": rig.x, "callbackNum": "12"}, Seen(False, "403/1010002"))
    with pytest.raises(Undecided):
        assert rig.word


def test_states_that_differ_have_other_digests(context: CheckContext) -> None:
    rig = Rig(context, "AXB")
    rig.bind("s1")
    empty = rig.model.start()
    bound = rig.model.step(empty, rig.history[0])
    rig.by_id("unbind")
    gone = rig.model.step(bound, rig.history[1])
    assert len({rig.model.digest(state) for state in (empty, bound, gone)}) == 3
