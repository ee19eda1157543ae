"""What the README says is true: its example runs, its commands and files exist."""

from __future__ import annotations

import os
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from examples.receiver.receiver import Receiver
from examples.receiver.server import serving

from privnum import contracts
from privnum.cli import main
from tests.house.test_citations import WITHOUT_A_CHECK
from tests.privnum.parsing import parsed_by

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", README, re.MULTILINE | re.DOTALL)
LINES = [line for kind, text in BLOCKS if kind == "console" for line in text.splitlines()]
COMMANDS = [line[2:] for line in LINES if line.startswith("$ ")]

pytest_plugins = ["pytester"]


def test_the_examples_pass(pytester: pytest.Pytester) -> None:
    examples = [text for kind, text in BLOCKS if kind == "python"]
    pytester.makepyfile(**{f"test_{number}": text for number, text in enumerate(examples)})
    pytester.runpytest_subprocess("-q").assert_outcomes(passed=len(examples))


def test_what_is_looked_for_is_found(capsys: pytest.CaptureFixture[str]) -> None:
    asked = [command for command in COMMANDS if command.startswith("privnum rules")]
    assert asked
    for command in asked:
        assert main(shlex.split(command)[1:]) == 0
    assert "AXE-CALLBACK-108" in capsys.readouterr().out


@pytest.mark.parametrize("command", [command for command in COMMANDS if command.startswith("privnum ")])
def test_every_privnum_command_is_one(command: str) -> None:
    """Its parser takes every word."""
    parsed_by(shlex.split(command, comments=True)[1:])


#: Commands that a test does not run, by their beginning, with the reason.
NOT_RUN = {
    "make ": "runs everything; the targets are looked for in the Makefile",
    "pip ": "installs",
    "python -m pip ": "installs",
    "pytest ": "checks a target of the reader's",
    "privnum check ": "checks a target of the reader's",
    "privnum check-driver ": "tries a driver of the reader's",
    "privnum coverage ": "needs a run of every check",
}


def script_of(receiver: str) -> str:
    """The commands of the README in order, each with a line where it fails.

    A server goes into the background on a free port, and ends at once but for the first.
    """
    lines, servers = [], 0
    for command in COMMANDS:
        if any(command.startswith(beginning) for beginning in NOT_RUN):
            continue
        if command.startswith("privnum check-receiver"):
            line = command.replace("http://127.0.0.1:8000", receiver).replace("KEY", "demo-key")
            line += " --rule RECEIVER-ANSWER-001 --mode AXB"
        elif command.startswith("export PRIVNUM_APP_SECRET"):
            line = command.replace("=SECRET", "=demo-secret")
        else:
            line = command
        if line.startswith("privnum serve"):
            servers += 1
            tls = " --tls-port 0" if "--tls" in line else ""
            start = line.replace("privnum serve", f"privnum start --detach --port 0 --state-dir state{servers}")
            line = f"{start}{tls}" if servers == 1 else f"{start}{tls} && privnum stop --state-dir state{servers}"
        lines.append(f"{line.partition(' # ')[0]}\ntest $? = 0 || echo {shlex.quote('failed: ' + command)}")
        if servers == 1 and "start --detach" in line:
            lines.append('export PRIVNUM_STATE_DIR=state1; P=$(privnum env | sed -n "s/.*URL=.*:\\([0-9]*\\)$/\\1/p")')
    return "\n".join(lines).replace("localhost:8080", "localhost:$P")


@pytest.mark.skipif(shutil.which("curl") is None, reason="needs curl")
def test_the_commands_run_in_their_order(tmp_path: Path) -> None:
    env = {name: value for name, value in os.environ.items() if not name.startswith("PRIVNUM_")}
    env["PATH"] = f"{Path(sys.executable).parent}{os.pathsep}{env['PATH']}"
    with serving(Receiver("demo-key", "demo-secret")) as receiver:
        script = script_of(receiver)
        assert script.count("curl -s") > 10
        try:
            done = subprocess.run(
                ["bash", "-c", script], cwd=tmp_path, env=env, capture_output=True, text=True, timeout=100, check=False
            )
        finally:
            stop = ["privnum", "stop", "--state-dir", "state1"]
            subprocess.run(stop, cwd=tmp_path, env=env, capture_output=True, timeout=60, check=False)
    assert "failed: " not in done.stdout, done.stdout + done.stderr
    assert '"error"' not in done.stdout
    assert done.stderr == ""


def test_a_command_that_is_not_run_is_there() -> None:
    """An exception that no command needs leaves the list."""
    for beginning in NOT_RUN:
        assert any(command.startswith(beginning) for command in COMMANDS), beginning


def test_the_number_of_rules_is_true() -> None:
    found = re.search(r"(\d+) rules with their verdicts, of which (\w+)\ncannot be tried", README)
    assert found is not None
    assert int(found[1]) == len(contracts.requirements())
    words = ["none", "one", "two", "three", "four", "five", "six"]
    assert words.index(found[2]) == len(WITHOUT_A_CHECK)


def test_every_make_target_is_one() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z-]+):", makefile, re.MULTILINE))
    assert {shlex.split(c)[1] for c in COMMANDS if c.startswith("make ")} <= targets


def test_every_extra_is_one() -> None:
    extras = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["optional-dependencies"]
    named = set(re.findall(r"pip install '\.\[(\w+)\]'", README))
    assert named
    assert named <= set(extras)


def test_every_link_leads_somewhere() -> None:
    links = [link for link in re.findall(r"\]\(([^)]+)\)", README) if not link.startswith("http")]
    assert links
    for link in links:
        assert (ROOT / link).exists(), link


def test_every_assumption_and_rule_named_is_one() -> None:
    assumed = re.findall(r"--assume ([^\s=`]+)=([^\s`]+)", README)
    contracts.assumption_values(overrides=dict(assumed))
    assert set(re.findall(r"`((?:COM|AX[A-Z]*)-[A-Z]+-\d{3})`", README)) <= set(contracts.requirements())
