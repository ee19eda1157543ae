"""The fixtures beside plugins and libraries that projects have: a small project for each, run as its own."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path

USE = """
import datetime
import random
import time

import pytest

A, B = "+8613800000001", "+8613900000002"


def use(world):
    x = world.axb.numbers[0]
    world.axb.bind(A, B, x)
    call = world.call(A, x, caller_hangs_up_after=30)
    world.advance(60)
    assert world.cdrs[0]["sessionId"] == call.session_id


async def use_async(world):
    x = world.axb.numbers[0]
    await world.axb.bind(A, B, x)
    call = await world.call(A, x, caller_hangs_up_after=30)
    await world.advance(60)
    assert (await world.cdrs())[0]["sessionId"] == call.session_id
"""
FREEZEGUN = """
import freezegun

@freezegun.freeze_time("2031-05-06")
def test_frozen(private_number):
    use(private_number)
    assert datetime.datetime.now().year == 2031

def test_frozen_within(private_number):
    with freezegun.freeze_time("2001-05-06"):
        use(private_number)
    private_number.reset()
    use(private_number)

@pytest.mark.asyncio
async def test_frozen_async(async_private_number):
    with freezegun.freeze_time("2031-05-06", real_asyncio=True):
        await use_async(async_private_number)

@pytest.fixture
def frozen():
    with freezegun.freeze_time("2031-05-06"):
        yield

def test_frozen_before(frozen, private_number):
    use(private_number)
"""
TIME_MACHINE = """
import time_machine

@time_machine.travel("2031-05-06", tick=False)
def test_travelled(private_number):
    use(private_number)
    assert time.gmtime().tm_year == 2031

@pytest.mark.time_machine("2001-05-06", tick=False)
def test_by_mark(private_number):
    use(private_number)

@pytest.mark.asyncio
async def test_travelled_async(async_private_number):
    with time_machine.travel("2031-05-06", tick=False):
        await use_async(async_private_number)

def test_by_fixture(time_machine, private_number):
    time_machine.move_to("2031-05-06")
    use(private_number)
"""
ASYNCIO = """
@pytest.mark.asyncio
@pytest.mark.parametrize("turn", range(2))
async def test_of_a_loop_each(async_private_number, turn):
    await use_async(async_private_number)

@pytest.mark.asyncio(loop_scope="module")
@pytest.mark.parametrize("turn", range(2))
async def test_of_one_loop(async_private_number, turn):
    await use_async(async_private_number)
"""
ANYIO = """
@pytest.mark.anyio
async def test_of_each_loop(async_private_number):
    await use_async(async_private_number)

@pytest.mark.anyio
async def test_of_both_fixtures(private_number, async_private_number):
    use(private_number)
    await use_async(async_private_number)
    assert private_number.url != async_private_number.url
"""
PLAIN = """
@pytest.mark.parametrize("turn", range(4))
def test_of_a_world_each(private_number, turn):
    use(private_number)
    assert random.random() is not None
"""
SCOPE = ("-o", "asyncio_default_fixture_loop_scope=function")
ALONE = ("-p", "no:asyncio", "-p", "no:randomly")
PROJECTS = {
    "freezegun": (FREEZEGUN, SCOPE, 4),
    "time-machine": (TIME_MACHINE, SCOPE, 4),
    "pytest-asyncio": (ASYNCIO, SCOPE, 4),
    "anyio": (ANYIO, ALONE, 4),
    "pytest-randomly": (PLAIN, ("-p", "no:asyncio", "--randomly-seed=3"), 4),
    "pytest-xdist": (PLAIN, (*ALONE, "-n", "2"), 4),
    "all of them": (PLAIN + ASYNCIO + ANYIO, (*SCOPE, "-n", "2", "--randomly-seed=3"), 12),
}


@pytest.mark.parametrize("beside", PROJECTS)
def test_a_small_project_passes(beside: str, tmp_path: Path) -> None:
    """Warnings are errors."""
    text, options, tests = PROJECTS[beside]
    (tmp_path / "test_mine.py").write_text(USE + text)
    command = [sys.executable, "-m", "pytest", "-q", "-W", "error", "-p", "no:cacheprovider", *options]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=120, check=False)
    assert f"{tests} passed" in done.stdout, done.stdout + done.stderr
    assert "failed" not in done.stdout
