"""Pictures of the page for people who change it: desktop, telephone, dark, Chinese.

python -m tests.inspector.screenshots build/screenshots
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final, NamedTuple

from playwright.sync_api import sync_playwright

from privnum.mockserver.embed.live import LiveServer
from tests.inspector.conftest import NAMES, sandbox_options
from tests.mockserver.support import A, B

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from privnum.mockserver.embed.handle import WorldHandle


class Picture(NamedTuple):
    """One picture: what it is of, and how the page is looked at. `opens` is a button that is pressed before."""

    name: str
    place: str
    width: int = 1280
    height: int = 800
    scheme: str = "light"
    language: str = "en"
    opens: str | None = None


def phone(name: str, place: str, scheme: str = "light", language: str = "en", opens: str | None = None) -> Picture:
    """Return a picture on a telephone."""
    return Picture(name, place, 390, 844, scheme, language, opens)


PICTURES: Final = (
    Picture("call", "calls/{call}"),
    Picture("call-dark", "calls/{busy}", scheme="dark"),
    Picture("call-extension", "calls/{extension}"),
    Picture("call-zh", "calls/{call}", language="zh"),
    phone("call-phone", "calls/{call}"),
    phone("calls-phone-dark", "calls", scheme="dark"),
    Picture("numbers", "numbers/%2B8617000000001"),
    phone("numbers-phone-zh", "numbers", language="zh"),
    Picture("push", "pushes/push-6"),
    phone("push-phone", "pushes/push-6"),
    Picture("request-refused", "requests/{refused}"),
    phone("request-refused-phone", "requests/{refused}"),
    Picture("sms", "sms/sms-1"),
    Picture("applications-dark", "applications", scheme="dark"),
    phone("applications-phone", "applications"),
    Picture("faults-zh", "faults", language="zh"),
    Picture("bind", "calls", opens="Bind"),
    phone("bind-phone-dark", "calls", opens="Bind", scheme="dark"),
    Picture("call-form-zh", "calls", opens="呼叫", language="zh"),
    Picture("bind-zh", "calls", opens="绑定", language="zh"),
    Picture("fault-form", "faults", opens="Make a fault"),
    Picture("nothing-yet", "../empty/calls"),
)


def fill_world(world: WorldHandle) -> dict[str, object]:
    """Let things happen that are worth a picture; return what pictures are named by."""
    x, e = world.axb.numbers[0], world.axe.numbers[0]
    world.axb.bind(A, B, x, duration=3600, userData="order-42")
    call = world.call(A, x, hang_up_after=60)
    world.advance(100)
    busy = world.call(B, x, behaviour="busy")
    world.advance(20)
    digits = world.axe.bind("+8613800000005", e)["extendNum"]
    extension = world.call("+8613900000007", e, digits=["9999", digits])
    world.advance(9)
    world.send_sms(A, x, "I am at the door.")
    world.request("axb.bind", body={"callerNum": A, "calleeNum": B, "relationNum": x, "maxDuration": "5"})
    world.set_number(world.axb.numbers[3], "9")
    world.fault("dropped", push="cdr", times=2)
    refused = world.journal(kind="request")[-1].number
    return {"call": call.id, "busy": busy.id, "extension": extension.id, "refused": refused}


def take(browser: Browser, url: str, picture: Picture, names: dict[str, object], folder: Path) -> None:
    """Take one picture."""
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        color_scheme="dark" if picture.scheme == "dark" else "light",
    )
    page = context.new_page()
    place = f"default/{picture.place.format(**names)}".replace("default/../", "")
    page.goto(f"{url}/?lang={picture.language}#/{place}")
    page.wait_for_selector(".live.live")
    page.wait_for_load_state("domcontentloaded")
    page.wait_for_selector("main[aria-busy=false]")
    if picture.opens is not None:
        page.get_by_role("button", name=picture.opens, exact=True).first.click()
    elif picture.place.count("/") == 1 and ".." not in picture.place:
        page.wait_for_selector(".detail article")
    page.screenshot(path=folder / f"{picture.name}.png")
    context.close()


def main(folder: Path) -> None:
    """Take every picture into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    path = next(filter(None, map(shutil.which, NAMES)), None)
    with LiveServer(seed=0) as server, server.world(id="default") as world, server.world(id="empty"):
        names = fill_world(world)
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=sandbox_options())
            for picture in PICTURES:
                take(browser, server.url, picture, names, folder)
            browser.close()
    sys.stdout.write(f"{len(PICTURES)} pictures in {folder}\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
