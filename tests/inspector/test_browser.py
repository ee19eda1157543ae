"""The page in a browser: what a person does there happens in the world, and what happens there is shown."""

from __future__ import annotations

import json
import re
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from tests.inspector.looking import expect, fill_in, look_at, press, rows, send_form
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from playwright.sync_api import Page

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

EVENTS = ["callin", "callout", "alerting", "answer", "disconnect"]


def test_a_call_from_bind_to_cdr(tab: Page, world: WorldHandle) -> None:
    """Bind by the form, call, see five events come, let an hour pass, see the binding gone, resend the CDR."""
    x = world.axb.numbers[0]
    look_at(tab, world)
    press(tab, "Bind")
    fill_in(tab, app=world.axb.app_key, callerNum=A, calleeNum=B, relationNum=x, duration="3600")
    send_form(tab)
    assert [each.users for each in world.bindings()] == [(A, B)]
    press(tab, "Call")
    fill_in(tab, caller=A, called=x, hang_up_after="60")
    send_form(tab)
    expect(tab.locator(".ladder")).to_be_visible()
    press(tab, "+1 min")
    press(tab, "+10 s")
    for event in EVENTS:
        expect(tab.locator(".ladder .arrow.push .step-text", has_text=re.compile(f"^{event}$"))).to_be_visible()
    expect(tab.locator(".ladder .arrow.push .step-text", has_text="CDR")).to_be_visible()
    tab.get_by_role("link", name="Numbers").click()
    tab.locator(f'a.row:has-text("{x}")').click()
    expect(tab.locator(".detail .attempt")).to_contain_text(f"{A} ↔ {B}")
    press(tab, "+1 h")
    expect(tab.locator(".detail")).to_contain_text("Nothing is bound on this number")
    assert world.bindings() == []
    tab.get_by_role("link", name="Pushes").click()
    rows(tab).filter(has_text="CDR").click()
    press(tab, "Resend")
    expect(rows(tab).filter(has_text="CDR")).to_have_count(2)
    assert len(world.cdrs) == 2


def test_what_others_do_is_shown_as_it_happens(tab: Page, world: WorldHandle) -> None:
    look_at(tab, world)
    expect(tab.locator(".list .empty")).to_contain_text("Nobody has called yet")
    world.axb.bind(A, B, world.axb.numbers[0])
    call = world.call(A, world.axb.numbers[0])
    expect(rows(tab)).to_have_count(1)
    rows(tab).click()
    expect(tab.locator(".detail h2")).to_have_text(call.id)
    world.advance(5)
    expect(tab.locator(".detail-head .badge").first).to_have_text("talking")
    world.hang_up(call, by="callee")
    expect(tab.locator(".detail .cause")).to_contain_text("0 Hung up normally")
    world.reset()
    expect(rows(tab)).to_have_count(0)


def test_a_world_that_goes_and_one_that_comes(tab: Page, live: LiveServer) -> None:
    with live.world(id="stays") as stays:
        with live.world(id="goes") as goes:
            look_at(tab, goes)
            tab.get_by_label("World", exact=True).select_option("stays")
            expect(tab).to_have_url(re.compile("#/stays/calls$"))
            tab.goto(tab.url.replace("stays", "goes"))
            expect(tab.locator(".list .empty")).to_be_visible()
        expect(tab.locator("main")).to_contain_text("There is no world goes any more")
        tab.get_by_label("World", exact=True).select_option(stays.id)
        expect(tab.locator(".list .empty")).to_contain_text("Nobody has called yet")


def test_every_mode_can_be_bound_by_the_form(tab: Page, world: WorldHandle) -> None:
    look_at(tab, world)
    for app, fields in (
        (world.ax, {"origNum": A}),
        (world.axb, {"callerNum": A, "calleeNum": B}),
        (world.axe, {"bindNum": A}),
        (world.axyb, {"origNum": A}),
    ):
        press(tab, "Bind")
        fill_in(tab, app=app.app_key, **fields)
        send_form(tab)
    assert sorted(each.mode for each in world.bindings()) == ["AX", "AXB", "AXE", "AXYB"]
    axyb = next(each.id for each in world.bindings() if each.mode == "AXYB")
    press(tab, "Bind")
    fill_in(tab, app=world.axyb.app_key, origNum=B, subscriptionId=axyb)
    send_form(tab)
    assert len(world.bindings()) == 5


def test_a_of_ax_reaches_whom_the_form_says(tab: Page, world: WorldHandle) -> None:
    x = world.ax.numbers[0]
    world.ax.bind(A, x)
    look_at(tab, world, f"numbers/{x.replace('+', '%2B')}")
    press(tab, "Set the callee")
    fill_in(tab, calleeNum=B)
    expect(tab.locator("dialog [data-line=python]")).to_contain_text("private_number.ax.set_callee(")
    send_form(tab)
    expect(tab.locator(".detail .attempt")).to_contain_text("A reaches")
    assert world.call(A, x).forwarded_to == B


def test_a_refusal_stays_in_the_form_and_is_in_the_journal(tab: Page, world: WorldHandle) -> None:
    look_at(tab, world, "requests")
    press(tab, "Bind")
    fill_in(tab, app=world.axb.app_key, callerNum="12", calleeNum=B)
    tab.locator("dialog button[type=submit]").click()
    expect(tab.locator("dialog .problem")).to_contain_text("1010002")
    tab.keyboard.press("Escape")
    expect(tab.locator("dialog")).to_have_count(0)
    rows(tab).click()
    entry = world.journal()[0]
    expect(tab.locator(".refusal")).to_contain_text(entry.rule)
    expect(tab.locator(".refusal")).to_contain_text("callerNum")


@pytest.mark.parametrize(("behaviour", "cause"), [("busy", 8102), ("powered_off", 8104), ("no_answer", None)])
def test_the_callee_does_what_is_chosen(tab: Page, world: WorldHandle, behaviour: str, cause: int | None) -> None:
    world.axb.bind(A, B, world.axb.numbers[0])
    look_at(tab, world)
    press(tab, "Call")
    fill_in(tab, caller=A, called=world.axb.numbers[0], behaviour=behaviour)
    send_form(tab)
    press(tab, "+10 s")
    wanted = "rings" if cause is None else str(cause)
    expect(tab.locator(".detail-head .badge").first).to_have_text(wanted)


def test_a_caller_of_axe_enters_an_extension(tab: Page, world: WorldHandle) -> None:
    extension = world.axe.bind(A, world.axe.numbers[0])["extendNum"]
    look_at(tab, world)
    press(tab, "Call")
    fill_in(tab, called=world.axe.numbers[0])
    assert tab.locator('dialog [name="digits"]').input_value() == extension
    send_form(tab)
    press(tab, "+10 s")
    expect(tab.locator(".ladder")).to_contain_text(f"enters {extension}")
    expect(tab.locator(".detail-head .badge").first).to_have_text("talking")


def test_an_sms_by_the_form(tab: Page, world: WorldHandle) -> None:
    world.axb.bind(A, B, world.axb.numbers[0])
    look_at(tab, world)
    press(tab, "SMS")
    fill_in(tab, **{"from": A, "to": world.axb.numbers[0], "text": "hello"})
    send_form(tab)
    expect(tab.locator(".detail")).to_contain_text(B)
    expect(rows(tab)).to_contain_text("hello")


def test_faults_are_made_shown_and_ended(tab: Page, world: WorldHandle) -> None:
    look_at(tab, world, "faults")
    press(tab, "Make a fault")
    fill_in(tab, befalls="push")
    fill_in(tab, push="cdr", fault="dropped", times="2")
    send_form(tab)
    (fault,) = world.faults()
    assert (fault["push"], fault["fault"], fault["times"]) == ("cdr", "dropped", 2)
    expect(tab.locator(".banner")).to_be_visible()
    expect(tab.locator(".card.fault")).to_contain_text("2 left")
    press(tab, "End")
    expect(tab.locator(".banner")).to_be_hidden()
    assert world.faults() == []


def test_the_clock_stops_runs_and_jumps(tab: Page, world: WorldHandle) -> None:
    look_at(tab, world)
    for pace, mode in (("running-60", ("running", 60)), ("jumping", ("jumping", 1)), ("frozen", ("frozen", 1))):
        tab.get_by_label("Pace").select_option(pace)
        expect(tab.locator(".foot .outcome")).to_contain_text("done")
        clock = world._control("GET", "/clock")
        assert (clock["mode"], clock.get("rate", 1)) == mode
    press(tab, "Run")
    expect(tab.get_by_role("button", name="Pause")).to_be_visible()
    press(tab, "Pause")
    expect(tab.get_by_role("button", name="Run", exact=True)).to_be_visible()
    assert world._control("GET", "/clock")["mode"] == "frozen"


def test_the_lines_do_what_the_page_does(tab: Page, world: WorldHandle, live: LiveServer) -> None:
    """The shell line is run by a shell, the Python line with a handle as the fixture gives it."""
    x = world.axb.numbers[0]
    look_at(tab, world)
    press(tab, "Bind")
    fill_in(tab, app=world.axb.app_key, callerNum=A, calleeNum=B, relationNum=x, duration="60")
    secret = world.axb.app_secret
    assert secret not in tab.locator("dialog").inner_text()
    curl, python = _copied_lines(tab, "dialog")
    tab.keyboard.press("Escape")
    assert json.loads(_run(curl))["resultcode"] == "0"
    assert [each.users for each in world.bindings(x=x)] == [(A, B)]
    with live.world() as other:
        _evaluate(python.replace(x, other.axb.numbers[0]), other)
        assert [each.users for each in other.bindings()] == [(A, B)]
    press(tab, "Call")
    fill_in(tab, caller=A, called=x, behaviour="busy")
    curl, python = _copied_lines(tab, "dialog")
    tab.keyboard.press("Escape")
    assert json.loads(_run(curl))["forwarded_to"] == B
    assert _evaluate(python, world).forwarded_to == B
    press(tab, "+1 h")
    expect(tab.locator(".foot .outcome")).to_contain_text("done")
    curl, python = _copied_lines(tab, ".foot")
    before = world.now
    _run(curl)
    _evaluate(python, world)
    assert (world.now - before).total_seconds() == 7200


#: Keeps what a button says next. It says so for a moment only, which a look from outside can miss on a busy machine.
_LISTEN = """node => {
  window.said = new Promise((say, fail) => {
    new MutationObserver(() => say(node.textContent)).observe(node, { childList: true });
    setTimeout(() => fail(new Error("the button says nothing")), 15000);
  });
}"""


def _copied_lines(tab: Page, where: str) -> tuple[str, str]:
    """What the buttons beside the lines copy: the shell line and the Python line."""
    found = []
    for name in ("curl", "Python"):
        button = tab.locator(where).get_by_role("button", name=f"Copy the {name} line")
        button.evaluate(_LISTEN)
        button.click()
        assert tab.evaluate("window.said") == "Copied"
        found.append(str(tab.evaluate("navigator.clipboard.readText()")))
    return found[0], found[1]


def _run(line: str) -> str:
    return subprocess.run(["bash", "-c", line], capture_output=True, text=True, check=True, timeout=60).stdout


def _evaluate(line: str, private_number: WorldHandle) -> Any:
    return eval(line, {"private_number": private_number})
