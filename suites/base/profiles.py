"""How hard the state machines try."""

from __future__ import annotations

import sys
import tempfile
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable

    from hypothesis import settings
    from hypothesis.stateful import RuleBasedStateMachine

__all__ = ["PROFILES", "Profile", "active", "leave_unshrunk", "load", "run_machine", "sample", "use"]


@dataclass(frozen=True, slots=True)
class Profile:
    """A budget: examples, and steps in each.

    `seed` makes every run of the profile the same.

    `shrinking`: seconds of real time that go into a smaller counterexample, at most; a slow target would take minutes.
    `timeout`: seconds of a whole run, where `--timeout` says nothing else; many times what our own server needs.
    """

    name: str
    examples: int
    steps: int
    seed: int
    shrinking: int
    timeout: float


PROFILES = {
    profile.name: profile
    for profile in (
        Profile("quick", examples=40, steps=25, seed=1, shrinking=30, timeout=3600),
        Profile("ci", examples=300, steps=40, seed=2, shrinking=120, timeout=4 * 3600),
        Profile("thorough", examples=5000, steps=50, seed=3, shrinking=300, timeout=24 * 3600),
    )
}


class _Active:
    """The profile and seed in force; set once at the start of the run."""

    profile = PROFILES["quick"]
    seed = PROFILES["quick"].seed
    shrinks = True


def active() -> Profile:
    """The profile in force."""
    return _Active.profile


def leave_unshrunk() -> None:
    """Report the first counterexample that is found.

    Where only the verdict counts, as with seeded bugs.
    """
    _Active.shrinks = False


def use(profile: Profile) -> None:
    """Put that in force for machines alone.

    A part of a profile, or the whole again.
    """
    _Active.profile = profile


def sample(profile: Profile, one_of: int) -> Profile:
    """The profile with one in this many examples."""
    return replace(profile, examples=max(1, profile.examples // one_of))


def load(name: str, seed: int | None = None) -> int:
    """Put a profile in force, and tell Hypothesis; the seed that rules it.

    Nothing is written to the user's folder.
    """
    import hypothesis
    from hypothesis.configuration import set_hypothesis_home_dir

    profile = PROFILES[name]
    _Active.profile = profile
    _Active.seed = profile.seed if seed is None else seed
    set_hypothesis_home_dir(tempfile.gettempdir() + "/privnum-hypothesis")
    hypothesis.settings.register_profile(f"privnum-{name}", _settings(profile))
    hypothesis.settings.load_profile(f"privnum-{name}")
    return _Active.seed


def _settings(profile: Profile) -> settings:
    from hypothesis import HealthCheck, Phase, Verbosity, settings

    return settings(
        max_examples=profile.examples,
        stateful_step_count=profile.steps,
        deadline=None,
        database=None,
        derandomize=True,
        # not Phase.explain: it traces every line, which makes shrinking ten times slower
        phases=(Phase.generate, Phase.target, Phase.shrink) if _Active.shrinks else (Phase.generate,),
        print_blob=False,
        report_multiple_bugs=False,
        verbosity=Verbosity.quiet,
        suppress_health_check=list(HealthCheck),
    )


def _unchecked_if_stopped(machine: RuleBasedStateMachine) -> RuleBasedStateMachine:
    """The machine; it checks no history that something has stopped.

    After a request without an answer nobody knows what is true, and what does not look right is nobody's fault.
    """
    before, teardown = sys.exc_info()[1], machine.teardown

    def check_what_ended() -> None:
        if sys.exc_info()[1] is before:
            teardown()

    setattr(machine, "teardown", check_what_ended)  # noqa: B010  # a method, which mypy lets nobody assign
    return machine


def run_machine(machine: Callable[[], RuleBasedStateMachine], *, share: float = 1.0) -> None:
    """Run a state machine as the profile in force says.

    `share` is its part of the examples.

    `machine` makes one for each example; it is a class, or a function that calls one.
    """
    import hypothesis
    from hypothesis.internal.conjecture import engine
    from hypothesis.stateful import run_state_machine_as_test

    profile = _Active.profile
    engine.MAX_SHRINKING_SECONDS = profile.shrinking  # Hypothesis has no setting for it
    budget = _settings(profile)
    budget = hypothesis.settings(budget, max_examples=max(1, int(profile.examples * share)), derandomize=False)

    # The seed is written on the object; a function of our own keeps it off the caller's.
    def factory() -> RuleBasedStateMachine:
        return _unchecked_if_stopped(machine())

    seeded: Any = hypothesis.seed(_Active.seed)(factory)
    run_state_machine_as_test(seeded, settings=budget)
