"""A target without a driver: what needs only the API is checked, the rest says what it would take."""

from __future__ import annotations

import importlib
import json
import pkgutil
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.mockserver.embed.live import LiveServer
from privnum.suites import checks as modes
from privnum.suites import probes
from privnum.suites.runner.check import PROBES, Check, check_of
from tests.suites.commands.test_check import run

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

assert probes.__all__


def checks() -> Iterator[Check]:
    for module in pkgutil.walk_packages(modes.__path__, modes.__name__ + "."):
        for thing in vars(importlib.import_module(module.name)).values():
            if (check := check_of(thing)) is not None and check.requirements:
                yield check


def needs_of(rule: contracts.Requirement) -> set[str]:
    """What it takes to check a rule; that of an open point is what its probe needs."""
    probe = PROBES.get(rule.assumption or "")
    return set(rule.needs) | set(probe.needs if probe else ())


def api_only() -> set[str]:
    """Rules that nothing but the API is needed for; what is declared nobody can check."""
    declared = {a.requirement for a in contracts.assumptions().values() if a.settled == "declared"}
    rules = contracts.requirements().values()
    return {rule.id for rule in rules if not needs_of(rule) & contracts.capabilities().keys()} - declared


def test_every_rule_that_needs_no_driver_has_a_check_that_needs_none() -> None:
    plain = [check for check in checks() if not set(check.needs) & contracts.capabilities().keys()]
    checked = {id_ for check in plain for id_ in check.requirements}
    checked |= {contracts.assumptions()[probe.assumption].requirement for probe in PROBES.values()}
    assert api_only() - checked == set()


def check(folder: Path, apps: list[dict[str, Any]], users: str, *more: str) -> dict[str, Any]:
    """The report on a world of these applications, of which target.toml names no driver."""
    tables = "".join(f"[[applications]]\n{_table(app)}" for app in apps)
    clock = {"mode": "running", "now": datetime.now(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")}
    with LiveServer() as server, server.world(clock=clock, applications=apps):
        text = f'name = "bare"\nbase_url = "{server.url}"\n{tables}[users]\n{users}\n'
        (folder / "target.toml").write_text(text, encoding="utf-8")
        done = run(folder, "check", "--target", "target.toml", "--report-dir", "out", *more)
    assert done.returncode == 0, done.stdout + done.stderr
    report: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    assert contracts.validator("report/report").problems(report) == []
    return report


def app(mode: str, number: int, xs: int, **settings: Any) -> dict[str, Any]:
    numbers = [{"number": f"+861700000{number}{x:03d}", "area_code": "0755"} for x in range(xs)]
    keys = {"app_key": f"key-{number}", "app_secret": f"secret-{number}"}
    return {"mode": mode, **keys, "numbers": numbers, "tones": ["wait.wav", "hint.wav"], **settings}


def _table(app: dict[str, Any]) -> str:
    """As TOML; JSON's values are, but for objects."""
    numbers = ", ".join(f'{{ number = "{x["number"]}", area_code = "{x["area_code"]}" }}' for x in app["numbers"])
    rest = "".join(f"{name} = {json.dumps(value)}\n" for name, value in app.items() if name != "numbers")
    return f"{rest}more_numbers = false\nnumbers = [{numbers}]\n"


def of(report: dict[str, Any], verdict: str) -> dict[str, dict[str, Any]]:
    return {rule["id"]: rule for rule in report["requirements"] if rule["verdict"] == verdict}


def test_all_that_needs_only_the_api_is_judged_without_a_driver(tmp_path: Path) -> None:
    apps = [
        app("AXB", 1, 3),
        app("AXB", 2, 1),
        app("AXE", 3, 2),
        app("AXE", 4, 1),
        app("AXE", 5, 1, extension_digits=1),
    ]
    users = 'mobile = { prefix = "+86138000", count = 500 }\nfixed_line = { prefix = "+867552666", count = 99 }'
    report = check(tmp_path, apps, f'{users}\nservice = ["+864001234567"]')
    untried = of(report, "not_exercised")
    assert {"AXB-STATE-001", "AXE-STATE-001"} <= of(report, "passed").keys()
    for id_ in sorted(untried.keys() & api_only()):
        lacks = {word for check in untried[id_]["checks"] for word in check["lacks"]}
        assert not lacks & contracts.capabilities().keys(), id_
        assert id_ in {"COM-AUTH-029", "COM-OPEN-016", "AXB-BIND-103", "AXB-QUERY-104"}, (id_, untried[id_]["reason"])
    assert all(rule["reason"] for rule in untried.values())
    assert all("calls" in check["lacks"] for check in untried["AXB-CALL-101"]["checks"])
    assert any(step["needs"] == ["calls"] for step in report["next_steps"])


def test_one_x_and_three_users(tmp_path: Path) -> None:
    users = 'mobile = { prefix = "+861380000000", count = 3 }'
    report = check(tmp_path, [app("AXB", 1, 1)], users, "--max-wait", "0")
    told = {step["text"]: step["requirements"] for step in report["next_steps"]}
    assert "name a second X number of the AXB application" in told
    assert len(told["name 12 mobiles in [users]"]) > 20
    assert "AXB-STATE-001" in of(report, "passed")
    assert len(of(report, "passed")) > 60
