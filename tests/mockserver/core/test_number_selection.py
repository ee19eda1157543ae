"""Tiers of private numbers, and which X of them is given."""

from __future__ import annotations

import pytest

from privnum.mockserver.core.applications import NORMAL, Application, XNumber
from privnum.mockserver.core.ids import Ids
from privnum.mockserver.core.number_selection import Misfit, free_tiers, pick_x, tiers

SHENZHEN, GUANGZHOU, BEIJING = "0755", "020", "010"


@pytest.fixture
def app() -> Application:
    """Two X of Shenzhen, one of Guangzhou in the same province, one of Beijing, one of no area."""
    app = Application("AX", "key", "secret", "1")
    for index, area in enumerate((SHENZHEN, SHENZHEN, GUANGZHOU, BEIJING, None)):
        app.add_number(XNumber(f"+861700000000{index}", area, NORMAL, app))
    return app


def _take(app: Application, *places: int) -> None:
    for place in places:
        app.take(app.numbers[place])


def free(app: Application, area: str | None, *, loose: bool = False) -> list[list[int]]:
    """The places of the free X, tier by tier."""
    found = list(free_tiers(app, area, loose=loose))
    return [sorted(app.numbers.index(x) for group in tier for x in group) for tier in found]


def test_the_area_comes_first_then_its_province_then_all(app: Application) -> None:
    found = [{app.numbers.index(x) for group in tier for x in group} for tier in tiers(app, SHENZHEN, loose=True)]
    assert found == [{0, 1}, {0, 1, 2}, {0, 1, 2, 3, 4}]
    assert free(app, SHENZHEN) == [[0, 1]]
    assert free(app, None) == [[0, 1, 2, 3, 4]]
    assert free(app, "0000", loose=True) == [[], [], [0, 1, 2, 3, 4]]


@pytest.mark.parametrize("asked_before", [False, True])
def test_an_x_that_is_taken_is_in_no_tier_of_free_ones(app: Application, asked_before: bool) -> None:
    if asked_before:
        free(app, None)
    _take(app, 0, 2, 4)
    assert free(app, SHENZHEN, loose=True) == [[1], [1], [1, 3]]
    app.give_back(app.numbers[0])
    assert free(app, SHENZHEN, loose=True) == [[0, 1], [0, 1], [0, 1, 3]]
    _take(app, 1, 0, 3)
    assert free(app, SHENZHEN, loose=True) == [[], [], []]
    for place in (3, 0, 4, 2, 1):
        app.give_back(app.numbers[place])
    assert free(app, None) == [[0, 1, 2, 3, 4]]


def test_a_taken_x_stays_taken_where_it_is_moved_to(app: Application) -> None:
    free(app, None)
    _take(app, 3)
    app.move(app.numbers[3], SHENZHEN)
    assert free(app, BEIJING) == [[]]
    assert free(app, SHENZHEN) == [[0, 1]]
    app.give_back(app.numbers[3])
    assert free(app, SHENZHEN) == [[0, 1, 3]]


def test_a_number_that_is_ordered_later_is_free(app: Application) -> None:
    _take(app, 0, 1)
    assert free(app, SHENZHEN) == [[]]
    app.add_number(XNumber("+8617000000009", SHENZHEN, NORMAL, app))
    assert free(app, SHENZHEN) == [[5]]


def test_a_reset_gives_every_x_back(app: Application) -> None:
    _take(app, 0, 1)
    app.forget()
    assert free(app, SHENZHEN) == [[0, 1]]


@pytest.mark.parametrize("seed", range(20))
def test_each_x_is_looked_at_once_from_a_random_one_on(app: Application, seed: int) -> None:
    looked: list[int] = []

    def misfit_of(x: XNumber) -> Misfit:
        looked.append(app.numbers.index(x))
        return Misfit.UNUSABLE

    assert pick_x(tiers(app, None, loose=False), Ids(str(seed)), misfit_of) is Misfit.UNUSABLE
    assert sorted(looked) == [0, 1, 2, 3, 4]
    assert looked == [(looked[0] + index) % 5 for index in range(5)]


def test_why_there_is_none_is_the_first_conflict(app: Application) -> None:
    misfits = {0: Misfit.UNUSABLE, 1: Misfit.CONFLICT}

    def misfit_of(x: XNumber) -> Misfit | None:
        return misfits.get(app.numbers.index(x))

    assert pick_x(tiers(app, SHENZHEN, loose=False), Ids("1"), misfit_of) is Misfit.CONFLICT
    assert pick_x(tiers(app, SHENZHEN, loose=True), Ids("1"), misfit_of) is app.numbers[2]
