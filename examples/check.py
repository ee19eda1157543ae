"""Starts examples/platform on a free port, checks it, stops it, and compares what failed with its gaps.toml.

`python -m examples.check`, or `make example`. Status 1 if a known gap was not found, or anything else failed. A
signal that stops it stops the check and the platform too.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tomllib
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from privnum.ends import in_order, stopped_by_signals
from privnum.suites.base.printing import plural

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

__all__ = ["main", "unexpected_lines"]

PLATFORM = Path(__file__).with_name("platform")
FOLDER = Path("build/example")
ADDRESS = "http://127.0.0.1:8090"
"""Where target.toml says that the platform is."""
MOMENT = 20.0
"""Seconds in which a check that is stopped ends."""


def main(arguments: Sequence[str]) -> int:
    """Check the platform; `arguments` go to `privnum check`."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    (FOLDER / "report.json").unlink(missing_ok=True)
    with _started_platform() as address:
        target = FOLDER / "target.toml"
        text = (PLATFORM / "target.toml").read_text(encoding="utf-8")
        target.write_text(text.replace(ADDRESS, address), encoding="utf-8")
        sys.stdout.write(f"examples/platform is at {address}\n")
        sys.stdout.flush()
        check = [sys.executable, "-m", "privnum.cli", "check", "--target", str(target), "--report-dir", str(FOLDER)]
        _run([*check, *arguments])
    report = FOLDER / "report.json"
    if not report.exists():
        return 2
    rules = json.loads(report.read_bytes())["requirements"]
    gaps = tomllib.loads((PLATFORM / "gaps.toml").read_text(encoding="utf-8"))
    faults = unexpected_lines({rule["id"]: rule["verdict"] for rule in rules}, gaps)
    for fault in faults:
        sys.stdout.write(f"{fault}\n")
    found = len(gaps) - sum(fault.startswith("not found") for fault in faults)
    sys.stdout.write(f"examples/platform: {found} of {len(gaps)} known gaps found, {plural(len(faults), 'surprise')}\n")
    return 1 if faults else 0


def unexpected_lines(verdicts: dict[str, str], gaps: dict[str, str]) -> list[str]:
    """A line for each gap that was not found, and for each failure or error that is no gap."""
    bad = {id_: verdict for id_, verdict in verdicts.items() if verdict in ("failed", "error")}
    lines = [f"not found: {id_} ({gap}): {verdicts.get(id_)}" for id_, gap in gaps.items() if bad.get(id_) != "failed"]
    return lines + [f"no known gap: {id_}: {verdict}" for id_, verdict in bad.items() if id_ not in gaps]


def _run(command: Sequence[str]) -> None:
    """Run a command to its end; one that is stopped meanwhile has a moment to undo what it did."""
    with subprocess.Popen(command) as process:
        try:
            process.wait()
        except KeyboardInterrupt:
            process.terminate()
            with suppress(subprocess.TimeoutExpired):
                process.wait(MOMENT)
            process.kill()
            raise


@contextmanager
def _started_platform() -> Iterator[str]:
    """The platform in a process of its own; its address."""
    command = [sys.executable, "-m", "examples.platform", "--port", "0"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process.stdout.readline().strip()
        finally:
            process.terminate()


if __name__ == "__main__":
    with stopped_by_signals():
        sys.exit(in_order("examples.check", lambda: main(sys.argv[1:])))
