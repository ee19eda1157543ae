"""The GitHub Action and the job of GitLab: their shell steps run here, with the wheel as what they install.

The packages that privnum needs are lent by this environment, so that no index is asked.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import socket
import subprocess
import sys
import sysconfig
import urllib.error
import urllib.request
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import pytest
import yaml

from tests.docs.shown import files, page

if TYPE_CHECKING:
    from collections.abc import Iterator

ROOT = Path(__file__).resolve().parents[2]
ACTION = ROOT / ".github" / "actions" / "privnum" / "action.yml"
SCRIPT = ROOT / "examples" / "ci" / "start-privnum.sh"
GITLAB = ROOT / "examples" / "ci" / "gitlab-ci.yml"
BASH = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c"]
"""As GitHub runs a step of shell bash."""


def environment(**more: str) -> dict[str, str]:
    """What a runner gives to a job; pip installs what it is told, and asks nobody."""
    return {
        "PATH": f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}",
        "PYTHONPATH": sysconfig.get_path("purelib"),
        "PIP_NO_INDEX": "1",
        "PIP_NO_DEPS": "1",
        "PIP_FORCE_REINSTALL": "1",
        "PIP_NO_COMPILE": "1",
        "PIP_DISABLE_PIP_VERSION_CHECK": "1",
        **more,
    }


def run(command: list[str], cwd: Path, env: dict[str, str]) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=cwd, env=env, capture_output=True, text=True, timeout=120, check=False)


@contextmanager
def stopped_at_the_end(folder: Path) -> Iterator[None]:
    try:
        yield
    finally:
        run([sys.executable, "-m", "privnum.cli", "stop", "--state-dir", str(folder)], ROOT, environment())


def names(file: Path) -> dict[str, str]:
    return dict(line.split("=", 1) for line in file.read_text(encoding="utf-8").splitlines())


def status_of_health(control_url: str) -> int:
    with urllib.request.urlopen(f"{control_url}/health", timeout=30) as answer:
        status: int = answer.status
        return status


WHERE = {"PRIVNUM_URL", "PRIVNUM_CONTROL_URL", "PRIVNUM_STARTED"}


def of_applications(started: dict[str, Any]) -> dict[str, str]:
    """What a job reads of the applications; the server has one of each mode."""
    found: dict[str, str] = {}
    for app in started["applications"]:
        head = f"PRIVNUM_{app['mode']}"
        found |= {f"{head}_APP_KEY": app["app_key"], f"{head}_APP_SECRET": app["app_secret"]}
        found[f"{head}_NUMBER"] = app["numbers"][0]
    assert len(found) == 15
    return found


def secrets_shown(log: str, started: dict[str, Any]) -> list[str]:
    """Keys and secrets that a runner would show: it masks each from the line on that says so."""
    hidden = {app[name] for app in started["applications"] for name in ("app_key", "app_secret")}
    shown: list[str] = []
    masked: set[str] = set()
    for line in log.splitlines():
        command, _, value = line.rpartition("::add-mask::")
        if value != line and not command:
            masked.add(value)
        else:
            shown += [each for each in hidden - masked if each in line]
    return shown


def bind(folder: Path, env: dict[str, str]) -> None:
    """Run the program of the page for Node, where there is one, with what the action has exported."""
    if shutil.which("node") is None:
        return
    program = files(page("docs/how-to/node.md"))["bind.mjs"]
    (folder / "bind.mjs").write_text(program, encoding="utf-8")
    done = run(["node", "bind.mjs"], folder, env)
    assert json.loads(done.stdout)["resultcode"] == "0", done.stdout + done.stderr


def action() -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(ACTION.read_text(encoding="utf-8"))
    return read


def filled_in(text: str, values: dict[str, str]) -> str:
    """A text with each ${{ … }} replaced by its value; an unknown one is an error."""
    return re.sub(r"\$\{\{ *(.+?) *\}\}", lambda found: values[found[1]], text)


@pytest.mark.parametrize(
    ("schema", "file"),
    [
        ("github-actions", ACTION),
        ("github-workflows", ROOT / ".github/workflows/thorough.yml"),
        ("gitlab-ci", GITLAB),
        ("compose-spec", ROOT / "compose.yaml"),
    ],
)
def test_each_file_fits_the_schema_of_who_reads_it(schema: str, file: Path, tmp_path: Path) -> None:
    command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", str(file)]
    done = run(command, tmp_path, {})
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_is_a_composite_whose_scripts_take_inputs_from_variables_alone() -> None:
    """An input that stood in the script itself could be a command of its own."""
    read = action()
    assert set(read) == {"name", "description", "inputs", "outputs", "runs"}
    assert read["runs"]["using"] == "composite"
    for step in read["runs"]["steps"]:
        assert step["shell"] == "bash"
        assert "${{" not in step["run"]
    assert all({"description", "default"} == set(each) for each in read["inputs"].values())
    assert all({"description", "value"} == set(each) for each in read["outputs"].values())


def test_the_steps_of_the_action_start_a_server_and_tell_where_it_is(wheel: Path, tmp_path: Path) -> None:
    """And export the key, the secret and a number of every mode; a later step binds with them."""
    read = action()
    temp = tmp_path / "runner temp"
    temp.mkdir()
    variables, outputs = tmp_path / "env", tmp_path / "output"
    for each in (variables, outputs):
        each.touch()
    values = {f"inputs.{name}": each["default"] for name, each in read["inputs"].items()}
    values |= {"inputs.requirement": str(wheel), "inputs.options": "--clock frozen --seed 7"}
    values["github.action_path"] = str(ACTION.parent)
    runner = {"RUNNER_TEMP": str(temp), "GITHUB_ENV": str(variables), "GITHUB_OUTPUT": str(outputs)}
    with stopped_at_the_end(temp / "privnum"):
        log = ""
        for step in read["runs"]["steps"]:
            own = {name: filled_in(value, values) for name, value in step["env"].items()}
            done = run([*BASH, step["run"]], tmp_path, environment(**runner, **own))
            assert done.returncode == 0, done.stdout + done.stderr
            log += done.stdout + done.stderr
        exported = names(variables)
        told = {name: value for name, value in exported.items() if name in WHERE}
        assert set(told) == WHERE
        assert status_of_health(told["PRIVNUM_CONTROL_URL"]) == 200
        started = json.loads(Path(told["PRIVNUM_STARTED"]).read_bytes())
        assert (started["url"], started["seed"]) == (told["PRIVNUM_URL"], 7)
        assert {name: value for name, value in exported.items() if name not in WHERE} == of_applications(started)
        assert not secrets_shown(log, started)
        assert not secrets_shown(outputs.read_text(encoding="utf-8"), started)
        outcome = {f"steps.start.outputs.{name}": value for name, value in names(outputs).items()}
        seen = {name: filled_in(each["value"], outcome) for name, each in read["outputs"].items()}
        assert list(seen.values()) == list(told.values())
        bind(tmp_path, environment(**exported))


def test_the_job_of_gitlab_runs_its_script_beside_a_server(wheel: Path, tmp_path: Path) -> None:
    read = yaml.safe_load(GITLAB.read_text(encoding="utf-8"))
    job = {**read[read["integration"]["extends"]], **read["integration"]}
    shutil.copy(SCRIPT, tmp_path)
    env = environment(**{**read["variables"], "PRIVNUM_REQUIREMENT": str(wheel)})
    with stopped_at_the_end(tmp_path / ".privnum"):
        script = "\n".join([*job["before_script"], *job["script"], "env | grep ^PRIVNUM_ >variables"])
        done = run([*BASH, script], tmp_path, env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert done.stdout == "200\n"
        started = json.loads((tmp_path / ".privnum" / "started.json").read_bytes())
        assert of_applications(started).items() <= names(tmp_path / "variables").items()
        url = names(tmp_path / ".privnum" / "address")["PRIVNUM_CONTROL_URL"]
        assert status_of_health(url) == 200
        address = urlsplit(url)
        with socket.create_connection((address.hostname, address.port), timeout=30) as connection:
            after = run([*BASH, "\n".join(job["after_script"])], tmp_path, env)
            assert after.returncode == 0, after.stderr
            assert connection.recv(1) == b""  # the server has closed it
    with pytest.raises(urllib.error.URLError):
        status_of_health(url)


def test_a_server_that_does_not_start_ends_the_step_with_its_reason(tmp_path: Path) -> None:
    done = run([str(SCRIPT), "here", "--port", "no-port"], tmp_path, environment())
    assert done.returncode == 2
    assert "'no-port' is not a whole number from 0 to 65535" in done.stderr


def test_what_was_started_is_its_owners_alone(tmp_path: Path) -> None:
    with stopped_at_the_end(tmp_path / "here"):
        done = run([str(SCRIPT), "here", "--port", "0"], tmp_path, environment())
        assert done.returncode == 0, done.stderr
        assert "secret" not in done.stdout
        assert (tmp_path / "here" / "started.json").stat().st_mode & 0o077 == 0
