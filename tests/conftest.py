"""Settings of all tests of our own code."""

from __future__ import annotations

import gc
import os
import signal

import pytest
from hypothesis import settings

# The first example of a property pays for reading schemas: no test asserts how long anything takes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")

# Tests read English, also on a machine whose language is Chinese.
os.environ["PRIVNUM_LANG"] = "en"

# Started by nohup or in the background, a process and its children ignore these. Tests send them to children.
if signal.getsignal(signal.SIGHUP) is signal.SIG_IGN:
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

#: Files with tests that take ten seconds and more, most of them whole runs of `privnum check`.
LONG = (
    "tests/suites/commands/",
    "tests/suites/target/test_capabilities.py",
    "tests/suites/mutation/test_runner.py",
    "tests/docs/test_commands.py",
    "tests/hostile/test_workers.py",
)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Put long tests first: one that starts last would leave the other processes with nothing to do."""
    items.sort(key=lambda item: not item.nodeid.startswith(LONG))


@pytest.hookimpl(trylast=True)
def pytest_collection_finish() -> None:
    """Leave what was collected out of every later search for garbage.

    Thousands of tests hold millions of objects, and a run that a test starts in this process searches them all: a third
    of its time. What a test makes is found as before.
    """
    gc.collect()
    gc.freeze()
