"""The page in a browser: search, language, colours, keys, and a telephone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from tests.inspector.looking import expect, fill_in, look_at, press, rows
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from privnum.mockserver.embed.handle import WorldHandle

TABS = ("calls", "numbers", "pushes", "requests", "sms", "applications", "faults")


def test_a_number_an_id_and_a_session_are_found(tab: Page, world: WorldHandle) -> None:
    for place, caller in enumerate((A, B, "+8613700000003")):
        world.axb.bind(caller, f"+861390000001{place}", world.axb.numbers[place])
        world.call(caller, world.axb.numbers[place], hang_up_after=1)
    world.advance(60)
    session = world.cdrs[1]["sessionId"]
    look_at(tab, world)
    expect(rows(tab)).to_have_count(3)
    tab.keyboard.press("/")
    tab.keyboard.type("+8613700000003")
    expect(rows(tab)).to_have_count(1)
    tab.get_by_label("Search").fill(session)
    expect(rows(tab)).to_have_count(1)
    tab.get_by_role("link", name="Pushes").click()
    expect(rows(tab)).to_have_count(6)
    tab.get_by_label("Search").press("Escape")
    expect(rows(tab)).to_have_count(len(world.pushes))
    tab.get_by_label("Search").fill("no such thing")
    expect(tab.locator(".list .empty")).to_contain_text("Escape clears the search")


@pytest.mark.parametrize(
    ("locale", "query", "words"),
    [("zh-CN", "", "呼叫"), ("en-GB", "", "Calls"), ("fr", "", "Calls"), ("en-US", "?lang=zh", "呼叫")],
)
def test_the_language_is_that_of_the_address_or_the_browser(
    browser: Any, world: WorldHandle, locale: str, query: str, words: str
) -> None:
    context = browser.new_context(locale=locale)
    tab = context.new_page()
    look_at(tab, world, query=query)
    expect(tab.locator(".tabs a").first).to_have_text(words)
    context.close()


def test_the_language_can_be_changed_and_stays(tab: Page, world: WorldHandle) -> None:
    look_at(tab, world)
    press(tab, "中文")
    expect(tab.locator(".tabs a").first).to_have_text("呼叫")
    assert tab.evaluate("document.documentElement.lang") == "zh-CN"
    tab.reload()
    expect(tab.locator(".tabs a").first).to_have_text("呼叫")
    press(tab, "English")
    expect(tab.locator(".tabs a").first).to_have_text("Calls")


def test_the_cause_of_a_call_is_in_the_language_of_the_page(tab: Page, world: WorldHandle) -> None:
    """In its head and in the drawing; the server says it in English."""
    call = world.call(A, world.axb.numbers[0])
    look_at(tab, world, query="?lang=zh", place=f"calls/{call.id}")
    meaning = contracts.in_language("zh").release_causes()[8014].meaning
    expect(tab.locator(".detail .cause")).to_have_text(f"8014 {meaning}")
    expect(tab.locator("body")).not_to_contain_text("Invalid AXB/X call")


def test_dark_and_light(tab: Page, world: WorldHandle) -> None:
    ground = "getComputedStyle(document.body).backgroundColor"
    tab.emulate_media(color_scheme="dark")
    look_at(tab, world)
    dark = tab.evaluate(ground)
    tab.emulate_media(color_scheme="light")
    light = tab.evaluate(ground)
    assert dark != light
    press(tab, "Auto")
    assert tab.evaluate(ground) == light
    press(tab, "Light")
    assert tab.evaluate(ground) == dark
    tab.reload()
    expect(tab.locator(".live.live")).to_be_visible()
    assert tab.evaluate(ground) == dark


def test_the_keyboard_is_enough(tab: Page, world: WorldHandle) -> None:
    world.axb.bind(A, B, world.axb.numbers[0])
    for _ in range(3):
        world.call(A, world.axb.numbers[0], behaviour="busy")
    look_at(tab, world)
    expect(rows(tab)).to_have_count(3)
    tab.keyboard.press("Tab")
    expect(tab.locator(".skip")).to_be_focused()
    tab.keyboard.press("Enter")
    expect(tab.locator("main")).to_be_focused()
    tab.keyboard.press("Tab")
    expect(rows(tab).nth(0)).to_be_focused()
    tab.keyboard.press("ArrowDown")
    tab.keyboard.press("Enter")
    expect(rows(tab).nth(1)).to_have_attribute("aria-current", "true")
    expect(rows(tab).nth(1)).to_be_focused()
    world.call(A, world.axb.numbers[0], behaviour="busy")
    expect(rows(tab)).to_have_count(4)
    expect(rows(tab).nth(2)).to_be_focused()
    opener = tab.get_by_role("button", name="Bind", exact=True)
    opener.focus()
    tab.keyboard.press("Enter")
    expect(tab.locator("dialog select").first).to_be_focused()
    tab.keyboard.press("Escape")
    expect(tab.locator("dialog")).to_have_count(0)
    expect(opener).to_be_focused()
    tab.keyboard.press("Enter")
    fill_in(tab, app=world.axb.app_key, callerNum=A, calleeNum=B, relationNum=world.axb.numbers[1])
    tab.locator('dialog [name="callerNum"]').press("Enter")
    expect(tab.locator("dialog")).to_have_count(0)
    assert len(world.bindings()) == 2


def test_nothing_is_wider_than_a_telephone(tab: Page, world: WorldHandle) -> None:
    world.axb.bind(A, B, world.axb.numbers[0])
    call = world.call(A, world.axb.numbers[0], hang_up_after=10)
    world.send_sms(A, world.axb.numbers[0], "hello " * 20)
    world.advance(60)
    tab.set_viewport_size({"width": 390, "height": 844})
    for query in ("", "?lang=zh"):
        for place in (*TABS, f"calls/{call.id}", "pushes/push-6", "sms/sms-1", "requests/1"):
            look_at(tab, world, place, query)
            assert tab.evaluate("document.documentElement.scrollWidth") == 390, place


def test_nothing_moves_when_something_comes(tab: Page, world: WorldHandle) -> None:
    """The head, the tabs and the foot stay where they are."""
    look_at(tab, world)
    boxes = [
        tab.locator(name).bounding_box() for name in (".head", ".tabs", ".foot", "#find", ".clock", ".tabs .buttons")
    ]
    world.axb.bind(A, B, world.axb.numbers[0])
    world.call(A, world.axb.numbers[0])
    expect(rows(tab)).to_have_count(1)
    press(tab, "+1 min")
    expect(tab.locator(".foot .outcome")).to_contain_text("done")
    after = [
        tab.locator(name).bounding_box() for name in (".head", ".tabs", ".foot", "#find", ".clock", ".tabs .buttons")
    ]
    assert after == boxes
