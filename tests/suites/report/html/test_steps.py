"""The steps of a counterexample, as a page lays them out."""

from __future__ import annotations

import re
from typing import Any

import pytest

from privnum.suites.report import steps
from tests.suites import recordings as rec


def test_steps_are_taken_apart() -> None:
    told = steps.history(rec.STEPS)
    kinds = ["setting", "request", "request", "time", "call", "push", "call", "note", "gap"]
    assert [step.kind for step in told] == kinds
    bind, query, _, call, push = told[1:6]
    assert bind.line == "POST /rest/caas/relationnumber/partners/v1.0"
    assert bind.body == '{\n  "callerNum": "+86138****0001",\n  "calleeNum": "+86138****0002"\n}'
    assert (bind.rest, bind.came) == ("by application 2", "200/0 Success")
    assert query.line == "GET /rest/caas/relationnumber/partners/v1.0?relationNum=%2B86170****0001"
    assert query.rest == "signed with nonce 'x'"
    assert call.came == "call c1 forwarded, cause 0"
    assert (push.line, push.came) == ("callin", "answered 200")
    assert told[-1].count == 40
    assert steps.broken_claim(rec.STEPS) == "a stranger was put through (cause = 0)"


def test_time_that_passes_in_many_steps_is_one_line() -> None:
    passing = [f"{s} seconds pass; it is 2026-03-01T00:0{n}:00Z" for n, s in enumerate((55, 10, 170, 10))]
    (told,) = steps.history(passing)
    assert told.line == "245 seconds pass, in steps of 55, 10, 170, 10; it is 2026-03-01T00:03:00Z"
    assert told.count == 4
    assert [step.line for step in steps.history(passing[:3])] == passing[:3]
    assert steps.history(["1 second passes; it is now", *passing])[0].line.startswith(
        "246 seconds pass, in steps of 1, 55"
    )
    assert len(steps.history([*passing[:2], "note: something", *passing[2:]])) == 5


@pytest.mark.parametrize(
    "step",
    ["", " -> ", "axb.bind", "axb.bind {", "axb.bind {cut -> 200/0", "pushed: x", "… …", "GET /x -> no answer", 7],
)
def test_an_odd_step_is_shown_all_the_same(step: Any) -> None:
    [told] = steps.history([step])
    assert steps.broken_claim([step]) is None
    shown = " ".join(filter(None, (told.line, told.body, told.rest, told.came)))
    assert set(re.findall(r"[a-z0-9]+", str(step))) - {"axb", "bind", "pushed"} <= set(re.findall(r"[a-z0-9]+", shown))
