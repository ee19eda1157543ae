"""Pushes: how they are sent, signed and repeated."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal

import pytest

from privnum.suites.base.printing import plural
from privnum.suites.callbacks.replies import Reply
from privnum.suites.checks.any_mode import any_calls, binds
from privnum.suites.checks.assertions import PATIENCE, cdr_of, longest_wait
from privnum.suites.runner.check import NotExercised, check

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.callbacks.inbox import Push
    from privnum.suites.runner.context import CheckContext

NEEDS = ("calls", "receiver", "clock")
Kind = Literal["call_event", "cdr"]
KINDS: tuple[Kind, ...] = ("call_event", "cdr")
MINUTES = (1, 4, 9, 106, 203, 300)
"""When a failed push is repeated."""
LONGEST_STALL = 5
"""Seconds that an answer may be waited for: an answer of the driver is waited for not much longer."""
REPEATS = "x.event_repeats"
GIVE = 30
"""Seconds by which a repeat may miss its minute: more would be another one."""
SCHEDULES = {
    "first_attempt": [60 * minute for minute in MINUTES],
    "last_failure": [60 * sum(MINUTES[: i + 1]) for i in range(len(MINUTES))],
}
"""Seconds from the first attempt to each repeat, by choice at push.retry_clock."""


def all_pushes(context: CheckContext) -> list[Push]:
    """The pushes of an answered call, of an unanswered and of a refused one."""
    api = any_calls(context)
    tie = api.bind_users(userData="order-42")
    api.through(tie, hang_up_after=4)
    api.through(tie, behaviour="busy")
    cdr_of(context, api.refused_call(), api.rule("CDR-001"))
    return context.pushes()


def holds(context: CheckContext, requirement: str) -> None:
    """Claim `requirement` for every push, as the receiver checked it."""
    pushes = all_pushes(context)
    context.claim(requirement, {push.kind for push in pushes} >= set(KINDS), "events and CDRs were not both pushed")
    for push in pushes:
        for rule, ok, message in push.findings:
            if rule == requirement:
                context.claim(requirement, ok, message)


@check("COM-PUSH-001", needs=NEEDS)
def test_pushes_are_post_with_json(context: CheckContext) -> None:
    """Every push is a POST of JSON to the address set for its kind."""
    holds(context, "COM-PUSH-001")


@check("COM-PUSH-002", needs=NEEDS)
def test_pushes_are_signed(context: CheckContext) -> None:
    """Each push's digest verifies with the application's key and secret."""
    holds(context, "COM-PUSH-002")


@check("COM-PUSH-003", needs=NEEDS)
def test_nonce_and_created_of_pushes(context: CheckContext) -> None:
    """Nonce is 1 to 128 letters and digits, Created UTC in its form."""
    holds(context, "COM-PUSH-003")


@check("COM-PUSH-007", needs=NEEDS)
def test_the_order_of_the_attributes(context: CheckContext) -> None:
    """The token lists Username, PasswordDigest, Nonce, Created in this order."""
    holds(context, "COM-PUSH-007")


@check("COM-PUSH-002", needs=(*NEEDS, "second_application"))
def test_each_application_signs_its_own_pushes(context: CheckContext) -> None:
    """Pushes about the second application's X are signed with its key."""
    api = any_calls(context)
    call = api.through(api.bind_users(app=api.side.second_app), hang_up_after=4)
    cdr_of(context, call, api.rule("CDR-001"))
    keys = {push.app_key for push in context.pushes() if call.session_id in push.session_ids}
    context.claim(
        "COM-PUSH-002",
        keys == {api.side.second_app.key},
        "the pushes do not name the key of the application that owns X",
    )


def schemes(context: CheckContext, session: str) -> list[tuple[str, bool]]:
    """The generation of each push about a call, and whether it verifies.

    In the order in which they came.
    """
    came = [push for push in context.pushes() if session in push.session_ids]
    return [("wsse" if "x-wsse" in push.headers else "aksk", push.verified) for push in came]


@check("COM-PUSH-008", needs=(*NEEDS, "application_settings"))
def test_each_application_has_its_own_signature(context: CheckContext) -> None:
    """Pushes are signed as their application is set, AKSK or WSSE, at once."""
    api = any_calls(context)
    for scheme in ("wsse", "aksk", "wsse"):
        context.try_application(api.app, push_scheme=scheme)
        call = api.refused_call()
        cdr_of(context, call, api.rule("CDR-001"))
        claim_scheme(context, schemes(context, call.session_id), scheme)


@check("COM-PUSH-008", needs=(*NEEDS, "application_settings"))
def test_a_repeat_has_the_signature_of_its_time(context: CheckContext) -> None:
    """A push that failed is signed anew, by the setting that there is then."""
    api = any_calls(context)
    context.try_application(api.app, push_scheme="aksk")
    context.receiver.answer(500, kind="cdr")
    session = ended_call(context, "cdr")
    context.try_application(api.app, push_scheme="wsse")
    context.receiver.answer(200, kind="cdr")
    mark = len(schemes(context, session))
    if not wait_for_repeat(context, session, "cdr"):
        raise NotExercised("a failed CDR was not repeated, which is COM-PUSH-004's affair")
    claim_scheme(context, schemes(context, session)[mark:], "wsse")


@check("COM-PUSH-008", needs=(*NEEDS, "application_settings", "second_application"))
def test_the_signature_of_others_stays(context: CheckContext) -> None:
    """What is set for one application is not set for another."""
    api = any_calls(context)
    context.try_application(api.app, push_scheme="aksk")
    context.try_application(api.side.second_app, push_scheme="wsse")
    for app, scheme in ((api.app, "aksk"), (api.side.second_app, "wsse")):
        call = api.through(api.bind_users(app=app), hang_up_after=4)
        cdr_of(context, call, api.rule("CDR-001"))
        claim_scheme(context, schemes(context, call.session_id), scheme)


def claim_scheme(context: CheckContext, came: list[tuple[str, bool]], scheme: str) -> None:
    """Claim that pushes came, each of a generation, and that they verify."""
    right = bool(came) and all(one == (scheme, True) for one in came)
    context.claim("COM-PUSH-008", right, f"set to {scheme}: expected pushes so that verify, came {came}")


# ── repeats ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def ended_call(context: CheckContext, *kinds: Kind) -> str:
    """A refused call whose pushes were tried once now; its sessionId.

    Raises NotExercised where one does not come: that is the affair of the rules that say what is pushed.
    """
    call = any_calls(context).refused_call()
    for _ in range(longest_wait(context)):
        if all(attempts(context, call.session_id, kind) for kind in kinds):
            return call.session_id
        context.advance(1)
    raise NotExercised(f"not every push of the call came within {longest_wait(context)} s: {', '.join(kinds)}")


def stays(context: CheckContext, session: str, kind: Kind, seconds: int) -> None:
    """Claim that the push, which succeeded, does not come any more.

    Copies of one instant were under way together.
    """
    count = attempts(context, session, kind)
    context.advance(seconds)
    more = attempts(context, session, kind) - count
    context.claim(
        "COM-PUSH-005", not more, f"a push that succeeded was sent {plural(more, 'time')} more in the {seconds} s after"
    )


def wait_for_repeat(context: CheckContext, session: str, kind: Kind) -> bool:
    """Let time pass until the push is repeated.

    Whether it is, at the longest after 6 hours.

    Minute by minute at first, then by five: each look may take a while in real time.
    """
    count = attempts(context, session, kind)
    for minutes in [1] * 10 + [5] * 70:
        context.advance(60 * minutes)
        if attempts(context, session, kind) > count:
            return True
    return False


def attempts(context: CheckContext, session: str, kind: Kind) -> int:
    """How often the first message of that kind about the call has come.

    Copies of one instant count, too.
    """
    about = [push for push in context.pushes() if push.kind == kind and session in push.session_ids]
    # who is asked of a call of X has to answer at once, however the other pushes fail
    bodies = [push.body for push in about if binds(context) or push.event_type != "callin"]
    return bodies.count(bodies[0]) if bodies else 0


def _require_repeats(context: CheckContext, kind: Kind) -> None:
    """Raise NotExercised where no page says which pushes are repeated.

    Of the events of X it is callin, or it is the others.
    """
    of_x = not binds(context) and kind == "call_event"
    if of_x and (REPEATS in context.unsettled or context.assumptions[REPEATS] != "others"):
        raise NotExercised(f"the events of X, but for callin, are not repeated, or nobody knows ({REPEATS})")


def at_seconds(context: CheckContext, session: str, kind: Kind) -> list[int]:
    """Seconds after the first attempt at which each repeat comes.

    Looked for around each minute that is due.
    """
    times: list[int] = []
    passed, count = 0, attempts(context, session, kind)
    looks = sorted({due + step for schedule in SCHEDULES.values() for due in schedule for step in (-GIVE, GIVE)})
    for moment in (*looks, looks[-1] + 7 * 86400):
        context.advance(moment - passed)
        passed, came = moment, attempts(context, session, kind)
        times += [moment] * (came > count)
        count = came
    return times


@check("COM-PUSH-004", needs=NEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_a_failed_push_is_repeated(context: CheckContext, kind: Kind) -> None:
    """A push that always fails is repeated six times, and never again.

    After 1, 4, 9, 106, 203 and 300 minutes.
    """
    _require_repeats(context, kind)
    context.receiver.answer(500)
    session = ended_call(context, kind)
    times = at_seconds(context, session, kind)
    schedules = [[due + GIVE for due in schedule] for schedule in SCHEDULES.values()]
    seen = f"after {_number_list(times)} s" if times else "never"
    wanted = " or ".join(_number_list(schedule) for schedule in SCHEDULES.values())
    message = f"it was repeated {seen}; it must be after {wanted} s, give or take {GIVE}"
    context.claim("COM-PUSH-004", times in schedules, message)


def failing_reply(context: CheckContext, way: str) -> Reply:
    """How the customer answers a push that must fail in some way.

    Raises NotExercised where nobody knows after how long an answer is too late, or a run cannot wait for it.
    """
    seconds = int(context.assumptions["push.timeout_seconds"])
    known = "push.timeout_seconds" not in context.unsettled and 0 < seconds <= LONGEST_STALL
    if way.isdecimal():
        return Reply(int(way))
    if way == "closed":
        return Reply(drops=True)
    if known:
        return Reply(stall=seconds + 1)
    raise NotExercised(
        f"nobody says after how long an answer is too late, or it is more than {LONGEST_STALL} s (push.timeout_seconds)"
    )


@check("COM-PUSH-004", needs=NEEDS)
@pytest.mark.parametrize("way", ["401", "302", "404", "closed", "late"])
@pytest.mark.parametrize("kind", KINDS)
def test_whatever_is_no_success_is_a_failure(context: CheckContext, kind: Kind, way: str) -> None:
    """A push is repeated whatever came in the place of a success.

    A refusal, a redirect, the end of the connection, an answer that is too late.
    """
    _require_repeats(context, kind)
    context.receiver.answer_with(failing_reply(context, way), kind=kind)
    session = ended_call(context, kind)
    context.receiver.answer(200, kind=kind)
    again = wait_for_repeat(context, session, kind)
    context.claim("COM-PUSH-004", again, f"{kind}, {way} in the place of an answer: it was not pushed again")


def _number_list(numbers: Iterable[int]) -> str:
    return ", ".join(map(str, numbers))


@check("COM-PUSH-005", needs=NEEDS)
@pytest.mark.parametrize("kind", KINDS)
def test_no_repeat_after_success(context: CheckContext, kind: Kind) -> None:
    """A push that was answered with 200 is not sent again."""
    session = ended_call(context, kind)
    stays(context, session, kind, 2 * 86400)


@check("COM-PUSH-005", needs=NEEDS)
@pytest.mark.parametrize("failures", [1, 3, 6])
@pytest.mark.parametrize("kind", KINDS)
def test_no_repeat_after_a_late_success(context: CheckContext, kind: Kind, failures: int) -> None:
    """After some failures and then a 200 the push is not sent again."""
    _require_repeats(context, kind)
    context.receiver.answer(500, kind=kind)
    session = ended_call(context, kind)
    for _ in range(failures - 1):
        wait_for_repeat(context, session, kind)
    context.receiver.answer(200, kind=kind)
    if not wait_for_repeat(context, session, kind):
        raise NotExercised(
            f"after {plural(failures, 'failure')} the push was not sent once more, which is COM-PUSH-004's affair"
        )
    stays(context, session, kind, 7 * 86400)


@check("COM-PUSH-005", needs=NEEDS)
def test_a_failed_push_does_not_repeat_others(context: CheckContext) -> None:
    """While the CDR fails, events that succeeded are not sent again."""
    context.receiver.answer(500, kind="cdr")
    session = ended_call(context, "cdr", "call_event")
    stays(context, session, "call_event", 86400)


@check("COM-PUSH-004", needs=NEEDS)
def test_a_repeat_is_the_same_message(context: CheckContext) -> None:
    """A repeat carries the body of the first attempt, and is signed too."""
    _require_repeats(context, "call_event")
    context.receiver.answer(500)
    session = ended_call(context, *KINDS)
    context.advance(PATIENCE)  # whatever of the call came later than these
    bodies: dict[str, list[dict[str, Any]]] = {}
    first = [push for push in context.messages() if session in push.session_ids]
    first = [push for push in first if binds(context) or push.event_type != "callin"]
    context.advance(PATIENCE + GIVE)
    for push in context.pushes():
        if session in push.session_ids:
            bodies.setdefault(push.event_type, []).append(push.body)
    for push in first:
        sent = bodies[push.event_type]
        ok = len(sent) > 1 and all(body == push.body for body in sent)
        context.claim("COM-PUSH-004", ok, f"{push.event_type}: expected a repeat with the same body, came {sent}")
