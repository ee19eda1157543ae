"""Pictures of the README: a call in the inspector, and a report of a platform with known faults.

python -m tests.docs.pictures docs/pictures
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path
from typing import Final

from examples import check
from playwright.sync_api import sync_playwright

from privnum.mockserver.embed.live import LiveServer
from tests.inspector.conftest import NAMES, sandbox_options
from tests.inspector.screenshots import Picture, fill_world, take

INSPECTOR: Final = Picture("inspector", "calls/{call}", height=860)
#: Rules of which the example platform breaks some.
RULES: Final = ("AXB-BIND", "AXB-CALL", "AXB-LIFE", "AXB-UNBIND")
WIDTH, HEIGHT = 1280, 860


def main(folder: Path) -> None:
    """Take both pictures into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    report = (check.FOLDER / "report.html").resolve()
    report.unlink(missing_ok=True)
    check.main(["--quiet", "--mode", "AXB", *RULES])
    path = next(filter(None, map(shutil.which, NAMES)), None)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=sandbox_options())
        with LiveServer(seed=0) as server, server.world(id="default") as world:
            names = fill_world(world)
            world.clear_faults()
            take(browser, server.url, INSPECTOR, names, folder)
        page = browser.new_page(viewport={"width": WIDTH, "height": HEIGHT}, color_scheme="light", locale="en-US")
        page.goto(report.as_uri())
        page.screenshot(path=folder / "report.png")
        browser.close()
    for picture in sorted(folder.iterdir()):
        sys.stdout.write(f"{picture}: {picture.stat().st_size / 1000:.0f} kB\n")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
