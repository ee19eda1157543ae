"""Requests of several clients at once."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.concurrency.judging import ORDER
from privnum.suites.checks.concurrency.profiles import PROFILES
from privnum.suites.checks.concurrency.trial import Crowd, Trial, ask, in_rounds, subs_of
from privnum.suites.history.operations import Request
from privnum.suites.runner.check import NotExercised, check, check_each_mode
from privnum.suites.runner.inventory import CONCURRENCY, NOT_ASKED

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping, Sequence

    from privnum.suites.checks.concurrency.profiles import RaceProfile
    from privnum.suites.checks.concurrency.trial import Play
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.runner.racing import Script

ALL_EXTENSIONS, X_OF_A = 9, 5
"""How many extensions one digit gives, and how many X an A of AX may have."""
RIVALS, UNBINDS, BINDS = 4, 3, 3
"""Clients that ask for one thing; that unbind one binding, and that bind its users."""
SELDOM = 4
"""Rounds for one: which of some modifies comes last, and takes a value with it, is left to chance."""
TIMES = 2
"""How often a client binds and unbinds."""


def bind_and_unbind(profile: RaceProfile, x: str, users: Sequence[str]) -> Script:
    """A client that binds, looks, and unbinds.

    Who is refused looks what is on X.
    """
    for _ in range(TIMES):
        seen = yield profile.bind(x, *users)
        yield from ask(*profile.query(x, [seen.sub] if seen.ok else []))
        if seen.ok:
            yield Request("unbind", {"subscriptionId": seen.sub})


def modify_and_look(profile: RaceProfile, x: str, sub: str, fields: Mapping[str, object]) -> Script:
    """A client that modifies a binding and looks at it."""
    yield Request("modify", {"subscriptionId": sub, **fields})
    yield from ask(*profile.query(x, [sub]))


def bind_at_once(rule: str, users: Callable[[RaceProfile], Iterable[Sequence[str]]]) -> Play:
    """Binds at once on one X, which takes one of them by that rule."""

    def play(profile: RaceProfile, *, at_once: bool) -> None:
        trial = Trial(profile)
        x = trial.xs[0]
        trial.run([ask(profile.bind(x, *each)) for each in users(profile)], at_once=at_once)
        trial.look(x)
        trial.judge([rule], at_once=at_once)

    return play


@check_each_mode(PROFILES, "BIND-005", ORDER, needs=(CONCURRENCY,))
def test_the_same_users_are_bound_once_however_many_ask(profile: RaceProfile) -> None:
    """Of binds at once of the same users on one X, one succeeds."""
    in_rounds(profile, bind_at_once(profile.rule("BIND-005"), lambda profile: [profile.people()] * RIVALS))


@check("AXB-BIND-102", ORDER, needs=(CONCURRENCY,))
def test_a_user_is_on_an_x_once_however_many_ask(context: CheckContext) -> None:
    """Of binds at once of AB, AC and CB on one X, one succeeds."""

    def users(profile: RaceProfile) -> Iterable[Sequence[str]]:
        a, b, c = (profile.context.user() for _ in range(3))
        return (a, b), (a, c), (c, b)

    in_rounds(PROFILES["AXB"](context), bind_at_once("AXB-BIND-102", users))


@check("AX-BIND-031", ORDER, needs=(CONCURRENCY,))
def test_an_x_has_one_a_however_many_ask(context: CheckContext) -> None:
    """Of binds at once of several A on one X, one succeeds."""
    play = bind_at_once("AX-BIND-031", lambda profile: [profile.people() for _ in range(RIVALS)])
    in_rounds(PROFILES["AX"](context), play)


@check_each_mode(PROFILES, "UNBIND-004", "BIND-005", ORDER, needs=(CONCURRENCY,))
def test_a_binding_is_dissolved_once_however_many_ask(profile: RaceProfile) -> None:
    """Of unbinds at once of one binding, one succeeds.

    So while others bind its users again and unbind them.
    """

    def play(profile: RaceProfile, *, at_once: bool) -> None:
        trial = Trial(profile)
        x, users = trial.xs[0], profile.people()
        trial.run([ask(profile.bind(x, *users))], at_once=False)
        unbind = Request("unbind", {"subscriptionId": subs_of(trial.race.operations)[0]})
        scripts = [ask(unbind) for _ in range(UNBINDS)]
        trial.run([*scripts, *(bind_and_unbind(profile, x, users) for _ in range(BINDS))], at_once=at_once)
        trial.look(x)
        trial.judge([profile.rule("UNBIND-004"), profile.rule("BIND-005")], at_once=at_once)

    in_rounds(profile, play)


@check_each_mode(PROFILES, "MODIFY-006", ORDER, needs=(CONCURRENCY,))
def test_modifies_at_once_lose_nothing(profile: RaceProfile) -> None:
    """What a modify has set stays, whatever others set meanwhile."""

    def play(profile: RaceProfile, *, at_once: bool) -> None:
        trial = Trial(profile)
        x = trial.xs[0]
        trial.run([ask(profile.bind(x, *profile.people(), **profile.first_settings()))], at_once=False)
        (sub,) = subs_of(trial.race.operations)
        trial.run([modify_and_look(profile, x, sub, fields) for fields in profile.modifies()], at_once=at_once)
        trial.look(x)
        trial.judge([profile.rule("MODIFY-006")], at_once=at_once)

    in_rounds(profile, play, times=SELDOM)


@check("AXE-BIND-103", ORDER, needs=(CONCURRENCY,))
def test_an_extension_is_given_once_however_many_ask(context: CheckContext) -> None:
    """Of binds at once that ask for one extension of X, one succeeds."""

    def play(profile: RaceProfile, *, at_once: bool) -> None:
        trial = Trial(profile)
        x, extension = trial.xs[0], "1".zfill(trial.app.extension_digits)
        asked = [ask(profile.bind(x, profile.context.user(), extendNum=extension)) for _ in range(RIVALS)]
        trial.run(asked, at_once=at_once)
        trial.look(x)
        trial.judge(["AXE-BIND-103"], at_once=at_once)

    in_rounds(PROFILES["AXE"](context), play)


@check("AXE-BIND-106", "AXE-BIND-102", ORDER, needs=(CONCURRENCY, "one_digit_extensions"))
def test_the_last_extension_is_given_once(context: CheckContext) -> None:
    """Where one extension of X is free, of binds at once one succeeds.

    The others find X full.
    """

    def play(profile: RaceProfile, *, at_once: bool) -> None:
        trial = Trial(profile, next(app for app in profile.context.axe.apps if app.extension_digits == 1))
        x, users = trial.xs[0], [profile.context.user() for _ in range(ALL_EXTENSIONS + RIVALS - 1)]
        taken = ALL_EXTENSIONS - 1
        trial.run([ask(*(profile.bind(x, user) for user in users[:taken]))], at_once=False)
        trial.run([ask(profile.bind(x, user)) for user in users[taken:]], at_once=at_once)
        trial.look(x)
        crowd = Crowd(ALL_EXTENSIONS, "AXE-BIND-106", "an X with extensions of one digit")
        trial.judge(["AXE-BIND-106", "AXE-BIND-102"], at_once=at_once, crowd=crowd)

    in_rounds(PROFILES["AXE"](context), play)


@check("AX-BIND-032", ORDER, needs=(CONCURRENCY, "six_x"))
def test_the_last_of_five_x_is_given_once(context: CheckContext) -> None:
    """Where an A has four X, of binds at once of him on others one succeeds."""

    def play(profile: RaceProfile, *, at_once: bool) -> None:
        trial = Trial(profile)
        a = profile.context.user()
        taken, free = trial.xs[: X_OF_A - 1], trial.xs[X_OF_A - 1 :]
        trial.run([ask(*(profile.bind(x, a) for x in taken))], at_once=False)
        trial.run([ask(profile.bind(x, a)) for x in free], at_once=at_once)
        trial.look(*trial.xs)
        trial.judge(["AX-BIND-032"], at_once=at_once, crowd=Crowd(X_OF_A, "AX-BIND-032", "an A"))

    in_rounds(PROFILES["AX"](context), play)


@check(ORDER)
def test_two_clients_are_answered_as_one_after_another(context: CheckContext) -> None:
    """Two clients at once bind users of their own, look, and unbind.

    That is little: it is tried on this machine without being asked for.
    """
    session = context.session
    if not (session.target.loopback or session.concurrency):
        raise NotExercised(NOT_ASKED, CONCURRENCY)
    mode = next((mode for mode in PROFILES if context.of(mode).apps and mode in session.scope), None)
    if mode is None:
        raise NotExercised(f"there is no application of {', '.join(PROFILES)}", "application")

    def play(profile: RaceProfile, *, at_once: bool) -> None:
        trial = Trial(profile)
        users = [profile.people() for _ in range(2)]
        places = zip((trial.xs[0], trial.xs[-1]), users, strict=True)
        trial.run([bind_and_unbind(profile, x, pair) for x, pair in places], at_once=at_once)
        trial.judge([], at_once=at_once)

    in_rounds(PROFILES[mode](context), play, rounds=1)
