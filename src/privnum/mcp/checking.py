"""The tool that checks a platform by `privnum check`."""

from __future__ import annotations

import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Final

import orjson

from privnum.mcp.failing import in_words

__all__ = ["check_platform"]

#: Failed rules that an answer shows; the report has all.
_MOST_FAILURES: Final = 20
_LAST_SIGNS: Final = 2000
_WRONG: Final = ("failed", "error")


@in_words
def check_platform(
    rules: list[str] | None = None,
    target: str | None = None,
    modes: list[str] | None = None,
    timeout_seconds: int = 600,
) -> dict[str, Any]:
    """Check an implementation by the rules of the contract.

    Returns the verdicts.

    Args:
        rules: check these only: an id (AXB-BIND-003), a part of ids (AXB-BIND, CDR-006), a code, an operation, or words
            of titles; without any: all, which takes about a minute for the stand-in.
        target: path of the target.toml of the platform under test (`privnum init-target` writes one); without it the
            stand-in is checked.
        modes: check these modes only (AX, AXB, AXE, AXYB, X).
        timeout_seconds: the run ends after so long.
    """
    option = next((rule for rule in rules or () if rule.startswith("-")), None)
    if option is not None:
        raise ValueError(
            f"{option!r:.80} is no rule; name a rule as in AXB-BIND-003, and target and modes by themselves"
        )
    folder = tempfile.mkdtemp(prefix="privnum-check-")
    words = [
        "check",
        *(rules or ()),
        "--report-dir",
        folder,
        "--timeout",
        str(timeout_seconds),
        "--quiet",
        "--lang",
        "en",
    ]
    words += [f"--target={target}"] if target else []
    words += [f"--mode={mode}" for mode in modes or ()]
    # The checks print, and standard output belongs to the protocol.
    done = subprocess.run(
        [sys.executable, "-m", "privnum.cli", *words],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    report = Path(folder, "report.json")
    if not report.exists():
        raise ValueError(
            f"the check ended with {done.returncode}: {(done.stderr or done.stdout).strip()[-_LAST_SIGNS:]}"
        )
    return _summary(orjson.loads(report.read_bytes()), done.returncode, folder)


def _summary(report: dict[str, Any], status: int, folder: str) -> dict[str, Any]:
    """Return what an agent needs of a report: the sums, and what went wrong."""
    wrong = [rule for rule in report["requirements"] if rule["verdict"] in _WRONG]
    return {
        "status": status,
        "meaning": {0: "every documented rule that could be tried is kept", 1: "a documented rule is broken"}.get(
            status, "no verdict: see what stands at the rules"
        ),
        "summary": report["summary"],
        "wrong": wrong[:_MOST_FAILURES],
        "wrong_in_all": len(wrong),
        "report": f"{folder}/report.html",
    }
