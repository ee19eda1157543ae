"""The page in a browser: who sees what, and that what others send cannot act."""

from __future__ import annotations

import base64
import hmac
import json
import random
import re
import shlex
import subprocess
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.inspector.files import FOLDER
from tests.inspector.looking import expect, look_at, press, rows
from tests.mockserver.http.test_command import serving
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Dialog, Page

    from privnum.mockserver.embed.handle import WorldHandle
    from privnum.mockserver.embed.live import LiveServer

#: Text that would act if it became markup.
MARKUP = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def test_text_stays_text(tab: Page, world: WorldHandle) -> None:
    """What others send into the world acts on nothing in the page."""
    x = world.axb.numbers[0]
    world.axb.bind(A, B, x, userData="a <b>bold</b> order")
    world.send_sms(A, x, MARKUP)
    world.request("axb.query", query={"subscriptionId": MARKUP})
    alerts: list[str] = []

    def close(dialog: Dialog) -> None:
        alerts.append(dialog.message)
        dialog.dismiss()

    tab.on("dialog", close)
    look_at(tab, world, "sms/sms-1")
    expect(tab.locator(".detail")).to_contain_text(MARKUP)
    for place in ("requests", "pushes", f"numbers/{x.replace('+', '%2B')}"):
        look_at(tab, world, place)
        if place != f"numbers/{x.replace('+', '%2B')}":
            rows(tab).first.click()
        expect(tab.locator(".detail article")).to_be_visible()
        assert tab.locator("main img, main script, main b:text-is('bold')").count() == 0
    assert alerts == []


def test_secrets_are_hidden_until_they_are_asked_for(tab: Page, world: WorldHandle) -> None:
    look_at(tab, world, "applications")
    card = tab.locator(".card", has_text=world.axb.app_key)
    expect(card).to_be_visible()
    assert world.axb.app_secret not in tab.locator("body").inner_text()
    card.get_by_role("button", name="Show").click()
    expect(card).to_contain_text(world.axb.app_secret)
    card.get_by_role("button", name="Hide").click()
    expect(card).not_to_contain_text(world.axb.app_secret)


def test_attempts_have_headers_and_signatures_when_they_are_asked_for(
    tab: Page, world: WorldHandle, httpserver: Any
) -> None:
    httpserver.expect_request("/events").respond_with_data("nobody is here", status=503)
    world.send_pushes_to(httpserver.url_for("/events"))
    world.axb.bind(A, B, world.axb.numbers[0])
    with pytest.warns(match="not accepted"):
        world.call(A, world.axb.numbers[0])
    look_at(tab, world, "pushes/push-1")
    expect(tab.locator(".attempt")).to_contain_text("nobody is here")
    header = tab.locator(".headers tr", has_text="x-aksk")
    expect(header).to_contain_text('PasswordDigest="****"')
    tab.get_by_label("Show digests").check()
    expect(header).not_to_contain_text("****")
    expect(tab.locator(".detail")).to_contain_text("pending")


def test_elsewhere_than_on_loopback_the_page_asks_for_the_token(tab: Page) -> None:
    with serving("--port", "0", "--json", "--control-token", "open-sesame") as (_, line):
        url = json.loads(line)["url"]
        seen: list[str] = []
        tab.on("response", lambda answer: seen.append(answer.text()) if "/worlds" in answer.url else None)
        tab.goto(url)
        expect(tab.locator("dialog")).to_contain_text("control token")
        expect(tab.locator("dialog [role=alert]")).to_have_count(0)
        assert not any("secret" in text for text in seen)
        tab.locator("#token").fill("wrong")
        press(tab, "Use it")
        expect(tab.locator("#token")).to_have_value("")
        expect(tab.locator("dialog [role=alert]")).to_have_text("That is not the control token of this server.")
        tab.locator("#token").fill("open-sesame")
        press(tab, "Use it")
        expect(tab.locator(".live.live")).to_be_visible()
        expect(tab.locator("#now")).to_be_visible()
        assert tab.evaluate("sessionStorage.getItem('privnum.token')") == "open-sesame"
        assert tab.evaluate("[JSON.stringify(localStorage), document.cookie]") == ["{}", ""]
        press(tab, "+1 s")
        curl = tab.locator(".foot [data-line=curl]")
        expect(curl).to_contain_text('-H "Authorization: Bearer $PRIVNUM_CONTROL_TOKEN"')
        assert "open-sesame" not in tab.locator("body").inner_text()
        tab.goto("about:blank")


def test_the_server_goes_and_comes_back(tab: Page, complaints: list[str]) -> None:
    with serving("--port", "0", "--json") as (_, line):
        url = json.loads(line)["url"]
        tab.goto(url)
        expect(tab.locator(".live.live")).to_be_visible()
    expect(tab.locator(".live.gone")).to_be_visible()
    with serving("--port", url.rpartition(":")[2], "--json"):
        expect(tab.locator(".live.live")).to_be_visible()
        tab.goto("about:blank")
    complaints[:] = [each for each in complaints if "net::ERR_" not in each]


def test_signatures_are_those_of_hmac(tab: Page, live: LiveServer) -> None:
    drawn = random.Random(0)
    pairs = [
        (drawn.randbytes(drawn.randrange(1, 60)).hex(), drawn.randbytes(drawn.randrange(90)).hex()) for _ in range(60)
    ]
    tab.goto(live.url)
    script = "async ([url, pairs]) => { const { hmac } = await import(url); return pairs.map(([k, t]) => hmac(k, t)); }"
    made = tab.evaluate(script, [f"{live.url}{FOLDER}sign.js", [["鍵", "文"], *pairs]])
    right = [hmac.digest(key.encode(), text.encode(), "sha256") for key, text in [("鍵", "文"), *pairs]]
    assert made == [base64.b64encode(digest).decode() for digest in right]


def test_quotes_in_a_shell_line_are_quoted(tab: Page, live: LiveServer) -> None:
    tab.goto(live.url)
    script = "async ([url, message]) => (await import(url)).curlOf('POST', '/worlds/w/sms', message)"
    message = {"text": 'it\'s "$(touch /tmp/x)" `id` \\ 你好'}
    line = tab.evaluate(script, [f"{live.url}{FOLDER}lines.js", message])
    assert json.loads(shlex.split(line)[-1]) == message


def test_a_signed_line_runs_nothing_that_a_world_says(tab: Page, live: LiveServer, tmp_path: Path) -> None:
    """Keys, secrets, paths and bodies reach curl as they are, whatever a shell would make of them."""
    evil = f"k'\"$(touch${{IFS}}{tmp_path}/ran)`touch${{IFS}}{tmp_path}/ran`\\"
    tab.goto(live.url)
    script = "async ([url, app, sent]) => (await import(url)).signedCurlOf('w', app, sent)"
    app = {"app_key": evil, "app_secret": evil}
    sent = {"method": "POST", "path": "/rest", "query": {"app_key": evil}, "body": {"userData": evil}}
    line = tab.evaluate(script, [f"{live.url}{FOLDER}lines.js", app, sent])
    words = "curl() { printf '%s\\0' \"$@\"; }; "
    done = subprocess.run(["bash", "-c", words + line], cwd=tmp_path, capture_output=True, text=True, check=True)
    given = done.stdout.split("\0")[:-1]
    (token,) = (word for word in given if word.startswith("X-AKSK"))
    found = re.fullmatch(
        r'X-AKSK: UsernameToken Username="(.*)",PasswordDigest="(.*)",Nonce="(.*)",Created="(.*)"', token
    )
    assert found is not None, token
    assert found[1] == evil
    right = hmac.digest(evil.encode(), (found[3] + found[4]).encode(), "sha256")
    assert found[2] == base64.b64encode(right).decode()
    assert json.loads(given[given.index("-d") + 1]) == sent["body"]
    assert list(tmp_path.iterdir()) == []
    assert done.stderr == ""
