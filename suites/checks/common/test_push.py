"""Pushes: how they are sent, signed and repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from privnum.suites.checks.any_mode import plain
from privnum.suites.checks.assertions import PATIENCE, cdr_of, longest_wait
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.callbacks.inbox import Push
    from privnum.suites.runner.context import Bench

NEEDS = ("calls", "receiver", "clock")
Kind = Literal["call_event", "cdr"]
KINDS: tuple[Kind, ...] = ("call_event", "cdr")
MINUTES = (1, 4, 9, 106, 203, 300)
"""When a failed push is repeated."""
GIVE = 30
"""Seconds by which a repeat may miss its minute: more would be another one."""
SCHEDULES = {
    "first_attempt": [60 * minute for minute in MINUTES],
    "last_failure": [60 * sum(MINUTES[: i + 1]) for i in range(len(MINUTES))],
}
"""Seconds from the first attempt to each repeat, by reading of push.retry_clock."""


def all_pushes(bench: Bench) -> list[Push]:
    """The pushes of an answered call, of an unanswered and of a refused one."""
    api = plain(bench)
    tie = api.tie(userData="order-42")
    api.through(tie, hang_up_after=4)
    api.through(tie, behaviour="busy")
    cdr_of(bench, api.refused_call(), api.one_cdr)
    return bench.pushes()


def holds(bench: Bench, requirement: str) -> None:
    """Claim `requirement` for every push, as the receiver judged it."""
    pushes = all_pushes(bench)
    bench.claim(requirement, {push.kind for push in pushes} >= set(KINDS), "events and CDRs were not both pushed")
    for push in pushes:
        for rule, ok, message in push.findings:
            if rule == requirement:
                bench.claim(requirement, ok, message)


@check("COM-PUSH-001", needs=NEEDS)
def test_pushes_are_post_with_json(bench: Bench) -> None:
    """Every push is a POST of JSON to the address set for its kind."""
    holds(bench, "COM-PUSH-001")


@check("COM-PUSH-002", needs=NEEDS)
def test_pushes_are_signed(bench: Bench) -> None:
    """The digest of every push verifies with the application's own key and secret."""
    holds(bench, "COM-PUSH-002")


@check("COM-PUSH-003", needs=NEEDS)
def test_nonce_and_created_of_pushes(bench: Bench) -> None:
    """Nonce is 1 to 128 letters and digits, Created UTC in its form."""
    holds(bench, "COM-PUSH-003")


@check("COM-PUSH-007", needs=NEEDS)
def test_the_order_of_the_attributes(bench: Bench) -> None:
    """The token lists Username, PasswordDigest, Nonce, Created in this order."""
    holds(bench, "COM-PUSH-007")


@check("COM-PUSH-002", needs=(*NEEDS, "second_application"))
def test_each_application_signs_its_own_pushes(bench: Bench) -> None:
    """Pushes about the second application's X are signed with that application's key."""
    api = plain(bench)
    call = api.through(api.tie(app=api.second_app), hang_up_after=4)
    cdr_of(bench, call, api.one_cdr)
    keys = {push.app_key for push in bench.pushes() if call.session_id in push.session_ids}
    bench.claim(
        "COM-PUSH-002", keys == {api.second_app.key}, "the pushes do not name the key of the application that owns X"
    )


# ── repeats ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ended_call(bench: Bench, *kinds: Kind) -> str:
    """A refused call of which a push of each kind has been tried once at this moment; its sessionId.

    Raises NotExercised where one does not come: that is the affair of the rules that say what is pushed.
    """
    call = plain(bench).refused_call()
    for _ in range(longest_wait(bench)):
        if all(attempts(bench, call.session_id, kind) for kind in kinds):
            return call.session_id
        bench.advance(1)
    raise NotExercised(f"not every push of the call came within {longest_wait(bench)} seconds: {', '.join(kinds)}")


def stays(bench: Bench, session: str, kind: Kind, seconds: int) -> None:
    """Claim that the push, which succeeded, does not come any more. Copies of one instant were under way together."""
    count = attempts(bench, session, kind)
    bench.advance(seconds)
    more = attempts(bench, session, kind) - count
    bench.claim("COM-PUSH-005", not more, f"a push that succeeded was sent {more} times more in the {seconds} s after")


def repeated(bench: Bench, session: str, kind: Kind) -> bool:
    """Let time pass until the push is repeated; whether it is, at the longest after 6 hours.

    Minute by minute at first, then by five: each look may take a while in real time.
    """
    count = attempts(bench, session, kind)
    for minutes in [1] * 10 + [5] * 70:
        bench.advance(60 * minutes)
        if attempts(bench, session, kind) > count:
            return True
    return False


def attempts(bench: Bench, session: str, kind: Kind) -> int:
    """How often the first message of that kind about the call has come; copies of one instant count, too."""
    bodies = [push.body for push in bench.pushes() if push.kind == kind and session in push.session_ids]
    return bodies.count(bodies[0]) if bodies else 0


def at_seconds(bench: Bench, session: str, kind: Kind) -> list[int]:
    """Seconds after the first attempt at which each repeat comes, looked at around each minute that is due."""
    times: list[int] = []
    passed, count = 0, attempts(bench, session, kind)
    looks = sorted({due + step for schedule in SCHEDULES.values() for due in schedule for step in (-GIVE, GIVE)})
    for moment in (*looks, looks[-1] + 7 * 86400):
        bench.advance(moment - passed)
        passed, came = moment, attempts(bench, session, kind)
        times += [moment] * (came > count)
        count = came
    return times


@check("COM-PUSH-004", needs=NEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_push_is_repeated(bench: Bench, kind: Kind) -> None:
    """A push that always fails is repeated after 1, 4, 9, 106, 203 and 300 minutes, and never again."""
    bench.receiver.answer(500)
    session = ended_call(bench, kind)
    times = at_seconds(bench, session, kind)
    schedules = [[due + GIVE for due in schedule] for schedule in SCHEDULES.values()]
    seen = f"after {_listed(times)} s" if times else "never"
    wanted = " or ".join(_listed(schedule) for schedule in SCHEDULES.values())
    message = f"it was repeated {seen}; it must be after {wanted} s, give or take {GIVE}"
    bench.claim("COM-PUSH-004", times in schedules, message)


def _listed(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


@check("COM-PUSH-005", needs=NEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_repeat_after_success(bench: Bench, kind: Kind) -> None:
    """A push that was answered with 200 is not sent again."""
    session = ended_call(bench, kind)
    stays(bench, session, kind, 2 * 86400)


@check("COM-PUSH-005", needs=NEEDS)
@pytest.mark.parametrize("failures", [1, 3, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_no_repeat_after_a_late_success(bench: Bench, kind: Kind, failures: int) -> None:
    """After some failures and then a 200 the push is not sent again."""
    bench.receiver.answer(500, kind=kind)
    session = ended_call(bench, kind)
    for _ in range(failures - 1):
        repeated(bench, session, kind)
    bench.receiver.answer(200, kind=kind)
    if not repeated(bench, session, kind):
        raise NotExercised(f"after {failures} failures the push was not sent once more, which is COM-PUSH-004's affair")
    stays(bench, session, kind, 7 * 86400)


@check("COM-PUSH-005", needs=NEEDS)
def test_a_failed_push_does_not_repeat_others(bench: Bench) -> None:
    """While the CDR fails, events that succeeded are not sent again."""
    bench.receiver.answer(500, kind="cdr")
    session = ended_call(bench, "cdr", "call_event")
    stays(bench, session, "call_event", 86400)


@check("COM-PUSH-004", needs=NEEDS)
def test_a_repeat_is_the_same_message(bench: Bench) -> None:
    """A repeat carries the body of the first attempt, and is signed too."""
    bench.receiver.answer(500)
    session = ended_call(bench, *KINDS)
    bench.advance(PATIENCE)  # whatever of the call came later than these
    bodies: dict[str, list[dict[str, Any]]] = {}
    first = [push for push in bench.messages() if session in push.session_ids]
    bench.advance(PATIENCE + GIVE)
    for push in bench.pushes():
        if session in push.session_ids:
            bodies.setdefault(push.event_type, []).append(push.body)
    for push in first:
        sent = bodies[push.event_type]
        ok = len(sent) > 1 and all(body == push.body for body in sent)
        bench.claim("COM-PUSH-004", ok, f"{push.event_type}: expected a repeat with the same body, came {sent}")


@check("COM-PUSH-006", needs=(*NEEDS, "application_settings", "push_addresses"))
@pytest.mark.parametrize("kind", KINDS)
def test_no_address_no_push(bench: Bench, kind: Kind) -> None:
    """Without its address a kind of push is not sent, now or later; the other kind is."""
    setting = "event_url" if kind == "call_event" else "fee_url"
    api = plain(bench)
    bench.set_application(api.app, **{setting: None})
    call = api.through(api.tie(), hang_up_after=4)
    bench.advance(86400)
    kinds = {push.kind for push in bench.pushes() if call.session_id in push.session_ids}
    bench.claim("COM-PUSH-006", kinds == set(KINDS) - {kind}, f"without {setting}: came {sorted(kinds)}")
