"""X numbers that a check has for itself, where an X carries one binding."""

from __future__ import annotations

import pytest

from privnum.suites.base.claims import NotExercised
from privnum.suites.target.number_pool import Occupied, OwnNumbers
from tests.suites.platforms import AX

XS = [x.number for x in AX.numbers]


def test_each_is_given_once() -> None:
    """One after the other, and those that were given by their places."""
    own = OwnNumbers()
    assert [own.following(AX), own.at(AX, 0), own.at(AX, 1), own.following(AX)] == [XS[0], XS[0], XS[1], XS[2]]


def test_an_application_has_no_more_than_it_has() -> None:
    """What is lacking is said by the word for it."""
    own = OwnNumbers()
    own.at(AX, 2)
    with pytest.raises(NotExercised, match="number 4 is needed"):
        own.following(AX)


def test_others_have_none_of_them() -> None:
    """Another check gets the rest, waits where there is none, and gets all when the first has ended."""
    leased: set[str] = set()
    first, second = OwnNumbers(leased), OwnNumbers(leased)
    assert [first.following(AX), second.following(AX), first.following(AX)] == XS
    with pytest.raises(Occupied):
        second.following(AX)
    first.release()
    assert second.following(AX) == XS[0]
    second.release()
    assert not leased
