"""`privnum` with seeded bugs in its server: python -m tests.seeded BUG,BUG… ARGUMENTS…"""

from __future__ import annotations

import json
import subprocess
import sys
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from privnum.cli import main
from privnum.suites.mutation.registry import mutants

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[1]
TARGET = """\
base_url = "{url}"
modes = ["AXB"]

[driver]
kind = "http"
url = "{url}"

[[applications]]
mode = "AXB"
app_key = "{key}"
app_secret = "$PRIVNUM_APP_SECRET"
numbers = [{{ number = "+8617000000001", area_code = "0755" }}, {{ number = "+8617000000002", area_code = "0755" }}]

[users]
mobile = {{ prefix = "+86138000000", count = 100 }}
"""


@contextmanager
def served_platform(*bugs: str) -> Iterator[dict[str, Any]]:
    """A server with these bugs in a process of its own, and what it says of itself."""
    command = [sys.executable, "-m", "tests.seeded", ",".join(bugs), "serve", "--port", "0", "--json"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            assert process.stdout is not None
            yield json.loads(process.stdout.readline())
        finally:
            process.kill()


def write_target(path: Path, platform: dict[str, Any]) -> dict[str, str]:
    """Write a target.toml of the platform; return the variable that it reads."""
    app = next(each for each in platform["applications"] if each["mode"] == "AXB")
    path.write_text(TARGET.format(url=platform["url"], key=app["app_key"]), encoding="utf-8")
    return {"PRIVNUM_APP_SECRET": app["app_secret"]}


if __name__ == "__main__":
    names, *arguments = sys.argv[1:]
    with ExitStack() as stack:
        for name in filter(None, names.split(",")):
            stack.enter_context(mutants()[name].apply())
        sys.exit(main(arguments))
