"""Every command that a page shows is run, or has its reason not to be."""

from __future__ import annotations

import json
import re
import shutil
from typing import TYPE_CHECKING, Any

import pytest
from examples.receiver.receiver import Receiver
from examples.receiver.server import serving as receiving

from tests.docs.in_order import INSTEAD, NOT_RUN, STATUS, Before, is_run, run_in_order
from tests.docs.shown import ROOT, blocks, page, run_in_shell, session
from tests.docs.test_pages import IN_ORDER
from tests.seeded import served_platform, write_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: The tests that run the commands of a page, by the page.
RUN_BY = {
    **dict.fromkeys(IN_ORDER, "test_pages.py"),
    "README.md": "test_readme.py",
    "contracts/README.md": "test_commands.py",
    "docs/applications.md": "test_applications.py",
    "docs/check-log.md": "test_check_log.py",
    "docs/check.md": "test_commands.py",
    "docs/coding-agents.md": "test_commands.py",
    "docs/configuration.md": "test_configuration.py",
    "docs/control.md": "test_sessions.py",
    "docs/faults.md": "test_sessions.py",
    "docs/how-to/java.md": "test_how_to.py",
    "docs/how-to/load-test.md": "test_how_to.py",
    "docs/how-to/node.md": "test_how_to.py",
    "docs/how-to/php.md": "test_how_to.py",
    "docs/how-to/write-a-receiver.md": "test_how_to.py",
    "docs/how-to/wsse-to-aksk.md": "test_how_to.py",
    "docs/journal.md": "test_sessions.py",
    "docs/language.md": "test_commands.py",
    "docs/receiver.md": "test_receiver.py",
    "docs/reports.md": "test_commands.py",
    "docs/security.md": "test_commands.py",
    "docs/skills/test-my-receiver/SKILL.md": "test_commands.py",
    "docs/sms.md": "test_sessions.py",
    "docs/state.md": "test_state.py",
    "docs/target.md": "test_commands.py",
    "docs/tutorial.md": "test_tutorial.py",
    "docs/x.md": "test_sessions.py",
    "docs/zh/guide.md": "test_commands.py",
    "examples/README.md": "../examples/test_integrators.py",
    "examples/platform/README.md": "test_commands.py",
    "mockserver/inspector/page/guide.md": "test_sessions.py",
}
#: Pages whose commands are run from another one, or not at all, with the reason.
NOT_RUN_HERE = {
    "AGENTS.md": "the tools of this repository, which every commit goes through",
    "CONTRIBUTING.md": "make targets alone, which are looked for in the Makefile",
    "README.zh-CN.md": "has the commands of README.md, which test_readme.py holds",
    "docs/driver.md": "has one command, which is one of docs/check.md",
    "docs/pytest.md": "installs; the examples of the page are run by test_pytest_page.py",
    "docs/zh/tutorial.md": "has the session of docs/tutorial.md, which test_tutorial.py holds",
}
FOLDERS = ("docs", "contracts", "examples", "mockserver")
FILES = [*ROOT.glob("*.md"), *(path for folder in FOLDERS for path in (ROOT / folder).rglob("*.md"))]
PAGES = sorted(name for path in FILES if session(page(name := str(path.relative_to(ROOT)))).commands)
SECRET = "export PRIVNUM_APP_SECRET=SECRET"


def commands_of(name: str) -> list[str]:
    return session(page(name)).commands


def plain(command: str) -> str:
    """The command without what the page says of it."""
    return command.partition(" # ")[0].rstrip()


@pytest.fixture(scope="module")
def platform() -> Iterator[dict[str, Any]]:
    """A stand-in that is served, as a platform of the reader's, with a driver."""
    with served_platform() as told:
        yield told


# ── what is run where ────────────────────────────────────────────────────────────────────────────────────────────────


def test_every_page_with_commands_has_its_test() -> None:
    assert sorted([*RUN_BY, *NOT_RUN_HERE]) == PAGES
    for name, file in RUN_BY.items():
        text = (ROOT / "tests" / "docs" / file).read_text(encoding="utf-8")
        folder, _, page_name = name.rpartition("/")
        assert any(word in text for word in (page_name, page_name.removesuffix(".md"), f'"{folder}"')), name


def test_a_command_that_is_not_run_is_there() -> None:
    """An exception that no command needs leaves the list."""
    every = [command for name in RUN_BY for command in commands_of(name)]
    for beginning in (*NOT_RUN, *INSTEAD, *STATUS):
        assert any(command.startswith(beginning) for command in every), beginning


def test_what_is_run_for_a_target_of_make_is_what_it_does() -> None:
    for command, line in INSTEAD.items():
        assert f"\n{command.split()[1]}: $(STAMP)\n\t$(BIN)/{line}\n" in page("Makefile")


# ── the pages ────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["docs/check.md", "docs/target.md"])
def test_a_platform_of_the_reader_is_checked(name: str, platform: dict[str, Any], tmp_path: Path) -> None:
    """What `init-target` has written is filled in: where the platform is, its key, its driver."""
    secret = write_target(tmp_path / "filled-in.toml", platform)
    fill_in = "cp filled-in.toml target.toml"
    before = Before(
        first=() if name == "docs/check.md" else (fill_in,),
        instead={SECRET: "true", "privnum coverage ": "privnum coverage build/conformance 2>noted"},
        behind={"privnum init-target ": fill_in},
    )
    done = run_in_order(commands_of(name), tmp_path, before, **secret)
    if name == "docs/check.md":
        report = json.loads((tmp_path / "build/conformance/report.json").read_bytes())
        assert report["run"]["concurrency"]
        assert re.search(r"\d+ passed, \d+ deselected", done.stdout)
        assert "the run was of 1 rule alone" in (tmp_path / "noted").read_text(encoding="utf-8")


def test_reports(tmp_path: Path) -> None:
    """Of a server that breaks the rule of the page, and of a platform that breaks the one of its baseline."""
    (baseline,) = blocks(page("docs/reports.md"), "toml")
    (tmp_path / "known.toml").write_text(baseline, encoding="utf-8")
    copies = "mkdir -p last target; cp build/conformance/report.json last; cp -r build/conformance target"
    before = Before(
        first=("python -m tests.seeded axb-bind-again check AXB-BIND-005 >found; test $? = 1 || echo not found",),
        instead={
            "privnum check --target ": "privnum check --target target.toml --baseline known.toml AXB-CALL-016",
            "privnum check CDR-006 ": "privnum check CDR-006 AXB-BIND axe.unbind --mode AXE",
            "privnum replay ": "privnum replay build/conformance AXB-BIND-005 2>steps",
        },
        behind={"privnum replay ": copies},
    )
    with served_platform("axb-ends-busy") as told:
        secret = write_target(tmp_path / "target.toml", told)
        done = run_in_order(commands_of("docs/reports.md"), tmp_path, before, **secret)
    assert "what broke the rule does not come any more" in done.stdout
    assert "1 known failure, as it says" in done.stdout
    for file in ("whole/report.html", "badge.svg"):
        assert (tmp_path / file).exists()


@pytest.mark.parametrize("name", ["contracts/README.md", "docs/coding-agents.md", "docs/language.md"])
def test_a_page_runs_by_itself(name: str, tmp_path: Path) -> None:
    """An agent that says nothing ends the session of `privnum mcp`."""
    before = Before(instead={"privnum mcp": "privnum mcp </dev/null 2>told"})
    done = run_in_order(commands_of(name), tmp_path, before)
    if name == "docs/language.md":
        first = session(page(name)).shown[0]
        assert first in done.stdout
        assert "符合" in done.stdout


def test_a_server_behind_a_proxy_starts(tmp_path: Path) -> None:
    """It says the address of the proxy, which is not there; `privnum start` would wait for that."""
    serve = commands_of("docs/security.md")[-1]
    started = f"{serve.replace('--port 8080', '--port 0')} --json >line 2>log &"
    script = f'mkfifo line; {started} read -r first <line; kill $!; wait $! && echo "$first"'
    done = run_in_order(commands_of("docs/security.md"), tmp_path, Before(instead={serve: script}))
    assert json.loads(done.stdout)["url"] == "https://privnum.lab.example"


def test_a_receiver_of_the_reader_is_checked(tmp_path: Path) -> None:
    with receiving(Receiver("demo-key", "demo-secret")) as url:
        before = Before(texts={"http://127.0.0.1:8000/events": f"{url}/status", "http://127.0.0.1:8000": url})
        done = run_in_order(commands_of("docs/skills/test-my-receiver/SKILL.md"), tmp_path, before)
    assert "Conforms" in done.stdout


def test_the_example_platform_is_checked(tmp_path: Path) -> None:
    """As its page says, on the port of its target.toml; one that somebody has taken makes no test."""
    from examples.check import ADDRESS, _started_platform

    commands = [command for command in commands_of("examples/platform/README.md") if is_run(command)]
    assert commands[0] == "python -m examples.platform --port 8090"
    target = ROOT / "examples/platform/target.toml"
    with _started_platform() as address:
        (tmp_path / "target.toml").write_text(target.read_text(encoding="utf-8").replace(ADDRESS, address), "utf-8")
        before = Before(texts={"examples/platform/target.toml": "target.toml"})
        done = run_in_order(commands[1:], tmp_path, before)
    assert "Conforms" in done.stdout


def test_the_commands_of_the_chinese_guide_that_no_other_page_has(tmp_path: Path) -> None:
    """The others are run with the English pages, whose they are."""
    english = {plain(command) for name in RUN_BY for command in commands_of(name) if "zh/" not in name}
    own = [command for command in commands_of("docs/zh/guide.md") if plain(command) not in english]
    assert own
    done = run_in_order(own, tmp_path)
    assert re.search(r"[\u4e00-\u9fff]", done.stdout)


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_https_is_asked_as_the_page_of_settings_says(tmp_path: Path) -> None:
    """docs/configuration.md: with the certificate that the server has made."""
    serve, ask = commands_of("docs/configuration.md")[-2:]
    assert "--tls-ca-file ca.pem" in serve
    start = f"{serve} --port 0 --tls-port 0 --json".replace("privnum serve", "privnum start --detach")
    script = f"""{start} >started
port=$(sed -n 's/.*https:..[^:]*:\\([0-9]*\\).*/\\1/p' started)
{ask.replace(":8443", ":$port").replace("curl ", "curl -s ")}
privnum stop >stopped"""
    done = run_in_shell(script, tmp_path)
    assert '"status":"ok"' in done.stdout, done.stdout + done.stderr
