"""Names of tone files: that of an uploaded one is taken, no other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.checks.bindings.binding import nested_field
from privnum.suites.checks.bindings.invalid_requests import STRANGE_TONES
from privnum.suites.checks.bindings.profiles import BINDINGS
from privnum.suites.runner.check import check_each_mode

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.checks.bindings.profile import BindingProfile

NEEDS = ("application_settings", "recording")
LONGEST = 128


def tones(mode: type[BindingProfile]) -> Iterable[str]:
    """Fields with the name of a tone file."""
    return mode.tones


def beside(mode: BindingProfile, field: str, name: str) -> dict[str, Any]:
    """The tone, among fields beside which it is of effect."""
    return {**mode.beside_tones, **nested_field(field, name)}


@check_each_mode(BINDINGS, "BIND-030", needs=NEEDS, cases=("field", tones))
def test_a_tone_must_be_uploaded(mode: BindingProfile, field: str) -> None:
    """A tone file that was not uploaded is refused, and nothing is bound.

    An uploaded one is taken.
    """
    mode.context.set_application(mode.app, tones=["there.wav"])
    body = mode.body(**beside(mode, field, "missing.wav"))
    mode.claim_refused("BIND-030", mode.ask("bind", body=body), f"{field} of a file that was not uploaded")
    mode.bind_users(**body | beside(mode, field, "there.wav"), by="BIND-030")


@check_each_mode(BINDINGS, "BIND-004", needs=NEEDS, cases=("field", tones))
def test_a_long_tone_name(mode: BindingProfile, field: str) -> None:
    """A tone name of 128 characters is taken, one of 129 is refused.

    Where every tone counts as uploaded.
    """
    mode.context.set_application(mode.app, tones=None)
    longest, longer = ("t" * (length - 4) + ".wav" for length in (LONGEST, LONGEST + 1))
    mode.bind_users(**beside(mode, field, longest), by="BIND-004")
    mode.claim_refused("BIND-004", mode.bind(**beside(mode, field, longer)), f"{field} of {LONGEST + 1} characters")


@check_each_mode(BINDINGS, "BIND-015", needs=NEEDS)
@pytest.mark.parametrize("name", STRANGE_TONES.values(), ids=STRANGE_TONES.keys())
def test_a_strange_tone_name(mode: BindingProfile, name: str) -> None:
    """A tone name that no file can have is refused.

    At bind and at modify, where every tone counts as uploaded.
    """
    mode.context.set_application(mode.app, tones=None)
    binding = mode.bind_users()
    for field in mode.tones:
        fields = beside(mode, field, name)
        mode.claim_refused("BIND-015", mode.bind(**fields), f"bind with {field} {name}")
        if mode.has("modify") and next(iter(nested_field(field, name))) in mode.optional:
            mode.claim_refused("BIND-015", mode.modify(binding.sub, **fields), f"modify to {field} {name}")
