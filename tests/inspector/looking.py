"""What tests do with the page in a browser: open it, press, fill in, and wait for what is to be seen."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

    from privnum.mockserver.embed.handle import WorldHandle

PATIENCE_MS = 20_000


def expect(what: Any) -> Any:
    """Wait until something is as it is then said to be; long enough for a machine that does much else."""
    from playwright.sync_api import expect as wait_for

    wait_for.set_options(timeout=PATIENCE_MS)
    return wait_for(what)


def look_at(tab: Page, world: WorldHandle, place: str = "calls", query: str = "") -> None:
    """Open the page at a place of a world, and wait until all is there."""
    base = world.url.partition("/w/")[0]
    tab.goto(f"{base}/{query}#/{world.id}/{place}")
    expect(tab.locator(".live.live")).to_be_visible()
    expect(tab.locator(f'main[data-place="{world.id}/{unquote(place)}"][aria-busy="false"]')).to_be_visible()


def press(tab: Page, name: str) -> None:
    tab.get_by_role("button", name=name, exact=True).first.click()


def fill_in(tab: Page, **fields: str) -> None:
    """Fill the form of the open dialog in."""
    for name, value in fields.items():
        field = tab.locator(f'dialog [name="{name}"]')
        if field.evaluate("field => field.tagName") == "SELECT":
            field.select_option(value)
        else:
            field.fill(value)


def send_form(tab: Page) -> None:
    tab.locator("dialog button[type=submit]").click()
    expect(tab.locator("dialog")).to_have_count(0)


def rows(tab: Page) -> Locator:
    return tab.locator(".list ul a.row")
