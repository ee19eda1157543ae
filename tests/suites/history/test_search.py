"""An order is found where there is one, and only there."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from privnum.suites.history.operations import Operation, Request, Verb, lines
from privnum.suites.history.search import find_order, smallest_evidence
from tests.suites.history.rig import OK, REFUSED, Keys, State, on_key

if TYPE_CHECKING:
    from random import Random

MODEL = Keys()


def test_an_empty_history_has_an_order() -> None:
    assert find_order([], MODEL).word == "order"


def test_of_overlapping_binds_one_may_succeed() -> None:
    first, second = on_key("bind", 0, 3), on_key("bind", 1, 2, ok=False, client=2)
    found = find_order([second, first], MODEL)
    assert (found.word, found.order) == ("order", (first, second))


@pytest.mark.parametrize(
    "broken",
    [
        [on_key("bind", 0, 3), on_key("bind", 1, 2)],
        [on_key("bind", 0, 1, ok=False), on_key("bind", 2, 3)],
        [on_key("bind", 0, 1), on_key("query", 2, 3, ok=False)],
        [on_key("bind", 0, 1), on_key("unbind", 2, 5), on_key("unbind", 3, 4)],
        [on_key("bind", 0, 1), on_key("unbind", 2, 3), on_key("query", 4, 5), on_key("bind", 6, 7)],
    ],
    ids=["two succeed", "refused by nobody", "not shown", "dissolved twice", "shown when gone"],
)
def test_what_no_order_explains_is_refused(broken: list[Operation]) -> None:
    assert find_order(broken, MODEL).word == "none"


def test_what_was_answered_before_another_was_sent_comes_before_it() -> None:
    """Overlapping, the refusal is explained by the bind; before it, by nothing."""
    refused = on_key("bind", 0, 2, ok=False)
    assert find_order([refused, on_key("bind", 1, 3)], MODEL).word == "order"
    assert find_order([refused, on_key("bind", 2.5, 3)], MODEL).word == "none"


def test_answered_and_sent_at_one_instant_is_no_order_in_time() -> None:
    assert find_order([on_key("bind", 0, 2, ok=False), on_key("bind", 2, 3)], MODEL).word == "order"


def test_what_is_answered_behind_the_instant_may_have_acted_and_need_not() -> None:
    bind, shown, unshown = on_key("bind", 0, 9), on_key("query", 1, 2), on_key("query", 1, 2, ok=False)
    for query in (shown, unshown):
        assert find_order([bind, query], MODEL, until=3).word == "order"
    assert find_order([shown], MODEL, until=3).word == "none"


def test_too_many_orders_are_no_verdict() -> None:
    history = [on_key("query", 0, 9, ok=False, key=f"{place}") for place in range(6)]
    impossible = on_key("unbind", 0, 9)
    assert find_order([*history, impossible], MODEL, bound=20).word == "too_many"
    assert find_order([*history, impossible], MODEL).word == "none"


def test_what_was_tried_from_the_same_state_is_not_tried_again() -> None:
    """Twelve operations have 479,001,600 orders, and 4096 sets."""
    history = [on_key("query", 0, 9, ok=False, key=f"{place}") for place in range(12)]
    found = find_order([*history, on_key("unbind", 0, 9)], MODEL, bound=13 * 2**12)
    assert found.word == "none"


# ── by any histories ─────────────────────────────────────────────────────────────────────────────────────────────────

VERBS: tuple[Verb, ...] = ("bind", "unbind", "query")
ASKED = st.tuples(st.sampled_from(VERBS), st.sampled_from("ab"))
REACH = st.integers(0, 40)


@st.composite
def right_histories(draw: st.DrawFn) -> list[Operation]:
    """What a server answers that acts at one instant of each request; the requests reach around it."""
    state: State = MODEL.start()
    history = []
    for place, (verb, key) in enumerate(draw(st.lists(ASKED, max_size=8))):
        sent, came = (draw(REACH) / 10 for _ in range(2))
        tried = [
            Operation(place, Request(verb, {"key": key}), seen, place - sent, place + came) for seen in (OK, REFUSED)
        ]
        operation = next(each for each in tried if MODEL.step(state, each) is not None)
        behind = MODEL.step(state, operation)
        assert behind is not None
        state = behind
        history.append(operation)
    return history


@given(right_histories(), st.randoms(use_true_random=False))
def test_a_right_server_is_never_blamed(history: list[Operation], chance: Random) -> None:
    chance.shuffle(history)
    found = find_order(history, MODEL)
    assert found.word == "order"
    assert sorted(map(id, found.order)) == sorted(map(id, history))
    state: State | None = MODEL.start()
    for place, operation in enumerate(found.order):
        assert state is not None
        state = MODEL.step(state, operation)
        assert not any(later.precedes(operation) for later in found.order[place:])
    assert state is not None


@given(right_histories())
def test_a_false_answer_when_all_is_calm_is_seen(history: list[Operation]) -> None:
    """A query behind everything shows what is there; the opposite has no order."""
    end = max((each.answered for each in history), default=0.0) + 1
    answers = {
        ok: find_order([*history, on_key("query", end, end + 1, ok=ok, key="a")], MODEL).word for ok in (True, False)
    }
    assert "order" in answers.values()
    binds = [each for each in history if each.request.fields["key"] == "a" and each.changes]
    if all(one.precedes(other) or other.precedes(one) for one in binds for other in binds if one is not other):
        assert sorted(answers.values()) == ["none", "order"]


# ── evidence ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_evidence_ends_with_the_answer_that_cannot_be_and_leaves_out_what_does_not_matter() -> None:
    history = [
        on_key("query", 0, 1, ok=False),
        on_key("bind", 2, 3, key="other"),
        on_key("bind", 4, 8, client=1),
        on_key("query", 4, 6, client=3, key="other"),
        on_key("bind", 5, 7, client=2),
        on_key("query", 9, 10),
        on_key("unbind", 11, 12),
    ]
    assert lines(smallest_evidence(history, MODEL)) == [
        "0.0 to 1000.0 ms, client 1: bind key other -> 200/0",
        "2000.0 to 6000.0 ms, client 1: bind key k -> 200/0",
        "3000.0 to 5000.0 ms, client 2: bind key k -> 200/0",
    ]


def test_a_refusal_that_is_the_evidence_stays() -> None:
    history = [on_key("query", 0, 1, ok=False), on_key("bind", 2, 3, ok=False)]
    assert list(smallest_evidence(history, MODEL)) == history[1:]


def test_a_history_with_an_order_is_left_whole() -> None:
    history = [on_key("bind", 0, 1), on_key("unbind", 2, 3)]
    assert smallest_evidence(history, MODEL) == history
