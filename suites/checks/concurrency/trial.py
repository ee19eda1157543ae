"""A trial of requests that overlap: its ground, its clients, its history."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from privnum.suites.base import profiles
from privnum.suites.checks.concurrency.judging import (
    Crowd,
    breaches,
    claim_kept,
    claim_order,
    parts_by_x,
    requires_order,
)
from privnum.suites.checks.concurrency.models import MODELS
from privnum.suites.runner.check import NotExercised
from privnum.suites.runner.racing import Race, ground_for_races

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.checks.concurrency.profiles import RaceProfile
    from privnum.suites.history.operations import Operation, Request
    from privnum.suites.runner.racing import Script
    from privnum.suites.target.config import App

__all__ = ["Crowd", "Play", "Trial", "ask", "in_rounds", "subs_of"]

EXAMPLES_A_ROUND = 13
"""Examples of a profile that stand for one round."""


def ask(*requests: Request) -> Script:
    """A client that asks for one thing after another."""
    for request in requests:  # noqa: UP028 - a sequence is sent nothing
        yield request


def subs_of(operations: Sequence[Operation]) -> list[str]:
    """The ids of all that was bound."""
    return [each.seen.sub for each in operations if each.seen.sub]


class Trial:
    """A race on an application of a mode.

    What is bound before, what is asked at once, and what is there then.
    """

    def __init__(self, profile: RaceProfile, app: App | None = None) -> None:
        self.context = context = profile.context
        self.profile = profile
        app = app or context.of(profile.mode).app
        others = [other for other in context.environment.apps if other is not app]
        self.model: Any = MODELS[profile.mode].of(context, app, others)
        self.app = app
        self.race = Race(context, app, profile.mode, self.model.read)
        self.xs = [x.number for x in app.numbers]

    def run(self, scripts: Sequence[Script], *, at_once: bool) -> None:
        """Let the clients go through their scripts, at once or one after another."""
        for group in [scripts] if at_once else [[script] for script in scripts]:
            self.race.run(group)

    def look(self, *xs: str) -> None:
        """Ask what is left on these X."""
        subs = subs_of(self.race.operations)
        self.race.run([ask(*(query for x in xs for query in self.profile.query(x, subs)))])

    def judge(self, rules: Sequence[str], *, at_once: bool, crowd: Crowd | None = None) -> None:
        """Claim what must hold of the history.

        With a `crowd` all of it is one part: its bindings depend on each other.
        """
        operations = self.race.operations
        parts = parts_by_x(operations, self.profile.x_field) if crowd is None else [operations]
        if not at_once:
            requires_order(self.model, parts)
            return
        claim_kept(self.context, breaches(self.profile, operations, crowd), rules)
        claim_order(self.context, self.model, parts)


class Play(Protocol):
    """One round of a check, on fresh ground."""

    def __call__(self, profile: RaceProfile, *, at_once: bool) -> None:
        """Play it at once, or one after another."""


def in_rounds(profile: RaceProfile, play: Play, rounds: int | None = None, *, times: int = 1) -> None:
    """Play once one after another, and then at once.

    Each time on fresh ground; `times` as often as usual where a race shows its fault seldom.

    Raises NotExercised where requests do not overlap.
    """
    with ground_for_races(profile.context) as there:
        play(type(profile)(there.fresh()), at_once=False)
        for _ in range(rounds or times * max(1, profiles.active().examples // EXAMPLES_A_ROUND)):
            play(type(profile)(there.fresh()), at_once=True)
        if there.session.is_staged:
            raise NotExercised("requests do not overlap here: they go one by one")
