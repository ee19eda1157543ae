"""Events of runs that nobody ran, for the reports to be made from."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.report.load import Run, read_run
from privnum.suites.runner.pytest_hooks import modes

if TYPE_CHECKING:
    from pathlib import Path

Event = dict[str, Any]

HOSTILE = "</script><script>alert(1)</script></style>\"'><img src=x onerror=alert(2)>&amp;$title ${body}\x00\u202e隐私"

STEPS = [
    "in a fresh world with the applications AXB, AX, at 2026-03-01T00:00:00Z",
    'axb.bind {"callerNum":"+86138****0001","calleeNum":"+86138****0002"} by application 2 -> 200/0 Success',
    "axb.query relationNum=%2B86170****0001, signed with nonce 'x' -> 401/1010013 Nonce",
    "59 seconds pass; it is 2026-03-01T00:00:59Z",
    "+86139****0009 calls +86170****0001 (callee: answer) -> call c1 forwarded, cause 0",
    '    pushed: callin {"sessionId":"s","caller":"+86139****0009"}, answered 200',
    "the caller hangs up -> call c1 ended, cause 7501",
    "note: the binding is still there",
    "… 40 steps are left out …",
    "broken: a stranger was put through (cause = 0)",
]
CURL = ["# bash, with curl, jq and openssl", "curl -sS -X POST \"$BASE\"'/rest' --data-binary '{\"a\":1}'"]


def run_started(**run: Any) -> Event:
    target = {"name": "a platform", "base_url": "http://127.0.0.1:8080", "capabilities": ["calls"], "declared": {}}
    told = {
        "profile": "quick",
        "seed": 1,
        "edition": "2026-01",
        "modes": modes(),
        "assumed": {},
        "privnum": "0.1.0",
    }
    return {"event": "run_started", "time": "2026-03-01T00:00:00.000Z", "target": target, "run": told | run}


def run_finished(*, interrupted: bool = False) -> Event:
    return {"event": "run_finished", "time": "2026-03-01T00:01:02.500Z", "interrupted": interrupted}


def whole_check(
    check: str, cited: list[str], outcome: str, claims: dict[str, tuple[str, str]], **fields: Any
) -> list[Event]:
    """A check from its start to its end; a claim is an outcome and a message."""
    rest = {"reason": None, "reproduced": None, "counterexample": None, "seconds": 0.5}
    return [
        {"event": "check_started", "check": check, "requirements": cited},
        *(
            {"event": "claim", "check": check, "requirement": id_, "outcome": word, "message": message}
            for id_, (word, message) in claims.items()
        ),
        {"event": "check_finished", "check": check, "outcome": outcome, **rest, **fields},
    ]


def whole_probe(assumption: str, observed: contracts.Value) -> list[Event]:
    """A probe that saw another reading than ours."""
    known = contracts.assumptions()[assumption]
    message = f"{known.text} The target: {observed!r}; ours: {known.value!r}."
    return [
        *whole_check(f"probe[{assumption}]", [known.requirement], "passed", {known.requirement: ("differs", message)}),
        {
            "event": "probe",
            "assumption": assumption,
            "expected": known.value,
            "observed": observed,
            "reason": None,
        },
    ]


def every_verdict(message: str = "it is otherwise", steps: list[Any] | None = None) -> list[Event]:
    """A run with each verdict; the message stands wherever a target can put one."""
    example = {"steps": STEPS if steps is None else steps, "curl": CURL}
    return [
        run_started(),
        *whole_check("bind::once", ["AXB-BIND-001", "AXB-BIND-003"], "passed", {
            "AXB-BIND-001": ("passed", "held 2 times"),
            "AXB-BIND-003": ("passed", "held 1 time"),
        }),
        *whole_check("call::stranger", ["AXB-CALL-105"], "failed", {"AXB-CALL-105": ("failed", message)},
                 reason="the check stopped at AXB-CALL-105", reproduced=True, counterexample=example),
        *whole_check(f"auth::{message}", ["COM-AUTH-010"], "error", {}, reason=message),
        *whole_check("cdr::recording", ["AXB-CDR-011"], "not_exercised", {}, reason=f"no recording {message}"),
        *whole_check("bind::echo", ["AXB-BIND-106"], "passed", {"AXB-BIND-106": ("differs", f"{message} | and more")}),
        *whole_probe("http.bad_json", "1020001"),
        *whole_probe("axb.a_equals_b", "accept"),
        run_finished(),
    ]  # fmt: skip


def failures_of(*ids: str) -> list[Event]:
    """A run in which these rules failed, in this order."""
    checks = [whole_check(f"check::{id_}", [id_], "failed", {id_: ("failed", "it is otherwise")}) for id_ in ids]
    return [run_started(), *(event for check in checks for event in check), run_finished()]


def all_passed(but: int = 0) -> list[Event]:
    """A run in which every rule passed, but for so many that were not exercised."""
    ids = list(contracts.requirements())
    left, kept = ids[:but], ids[but:]
    events = [run_started(), *whole_check("all", kept, "passed", dict.fromkeys(kept, ("passed", "held")))]
    if left:
        events += whole_check("rest", left, "not_exercised", {}, reason="there is no driver")
    return [*events, run_finished()]


def read(path: Path) -> list[Event]:
    """The events of a file but for a last line that was cut off, by nothing of ours."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").split("\n")[:-1] if line]


def write(path: Path, events: list[Event], tail: str = "") -> Path:
    """The events as a file; `tail` is what stands behind the last of them."""
    path.write_text("".join(json.dumps(event) + "\n" for event in events) + tail, encoding="utf-8")
    return path


def run_of(folder: Path, events: list[Event], tail: str = "") -> Run:
    return read_run(write(folder / "events.jsonl", events, tail))
