"""A server with a page, and a browser that looks at it."""

from __future__ import annotations

import os
import shutil
from typing import TYPE_CHECKING

import pytest

from tests.mockserver.conftest import live, world

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, ConsoleMessage, Page

__all__ = ["browser", "complaints", "live", "tab", "world"]

#: Set by CI: without a Chromium these tests fail then.
REQUIRED = "PRIVNUM_REQUIRE_CHROMIUM"
#: Names of a Chromium of the system; playwright from PyPI brings the driver alone.
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def sandbox_options() -> list[str]:
    """Return options of a Chromium: root has no sandbox to give, and what is looked at is our own page."""
    return ["--disable-dev-shm-usage", *([] if os.geteuid() else ["--no-sandbox"])]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """A Chromium, for one module.

    While playwright runs, this thread has an event loop, which tests of other modules must not find.
    """
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        missing = f"there is no Chromium here (looked for {', '.join(NAMES)}); apt-get install chromium brings one"
        (pytest.fail if os.environ.get(REQUIRED) else pytest.skip)(missing)
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        started = playwright.chromium.launch(executable_path=path, args=sandbox_options())
        yield started
        started.close()


@pytest.fixture
def complaints() -> list[str]:
    """What the browser has complained of: errors of scripts, breaches of the policy, failed requests."""
    return []


def complains(message: ConsoleMessage) -> bool:
    """Whether it is more than a note of an answer that refuses something: many tests want one."""
    return message.type in ("error", "warning") and "status of 4" not in message.text


@pytest.fixture
def tab(browser: Browser, complaints: list[str]) -> Iterator[Page]:
    """A tab that remembers nothing; the test fails where the browser complains of anything."""
    context = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-US")
    context.grant_permissions(["clipboard-read", "clipboard-write"])
    context.set_default_timeout(15_000)
    page = context.new_page()
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.on("console", lambda message: complaints.append(message.text) if complains(message) else None)
    yield page
    context.close()
    assert complaints == []
