"""Tiers of private numbers, and which of them need not be searched."""

from __future__ import annotations

import pytest

from privnum.mockserver.core.applications import NORMAL, Application, XNumber
from privnum.mockserver.core.number_selection import free_tiers, taken, tiers

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


def test_taken_numbers_are_counted_by_tier(app: Application) -> None:
    _take(app, 0, 2, 4)
    assert taken(app, None, loose=False) == [3]
    assert taken(app, SHENZHEN, loose=False) == [1]
    assert taken(app, SHENZHEN, loose=True) == [1, 2, 3]
    assert taken(app, "0000", loose=True) == [0, 0, 3]


def test_a_tier_of_which_each_x_is_taken_is_left_out(app: Application) -> None:
    _take(app, 0, 1)
    area, province, every = tiers(app, SHENZHEN, loose=True)
    assert free_tiers(app, SHENZHEN, loose=True) == [province, every]
    app.give_back(app.numbers[1])
    assert free_tiers(app, SHENZHEN, loose=True) == [area, province, every]
    _take(app, 1, 2, 3, 4)
    assert free_tiers(app, SHENZHEN, loose=True) == []


def test_a_taken_x_counts_where_it_is_moved_to(app: Application) -> None:
    _take(app, 3)
    app.move(app.numbers[3], SHENZHEN)
    assert taken(app, BEIJING, loose=False) == [0]
    assert taken(app, SHENZHEN, loose=False) == [1]
    app.give_back(app.numbers[3])
    assert taken(app, SHENZHEN, loose=True) == [0, 0, 0]


def test_a_reset_gives_every_x_back(app: Application) -> None:
    _take(app, 0, 1)
    app.forget()
    assert taken(app, SHENZHEN, loose=True) == [0, 0, 0]
    _take(app, 0)
    assert taken(app, SHENZHEN, loose=False) == [1]
