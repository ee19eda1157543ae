"""The jobs of docs/how-to/github-actions.md and gitlab.md: their steps run here, in a folder with a checkout.

Nothing is asked of the network but what runs on this machine. What is left out is in LEFT_OUT.
"""

from __future__ import annotations

import json
import os
import shlex
import shutil
import sys
import sysconfig
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.docs.shown import ROOT, blocks, page
from tests.packaging.test_ci import BASH, environment, filled_in, names, run, stopped_at_the_end
from tests.seeded import served_platform, write_target

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LEFT_OUT = {
    "actions/checkout@v4": "GitHub's; a copy of this checkout is there in its place",
    "actions/upload-artifact@v4": "GitHub's; the folder that it takes is looked for",
    "python:3.12-slim": "an image that GitLab fetches; the Python of the tests is there in its place",
    "privnum check": "with every rule, which takes minutes; a few rules are named",
}
"""What of the jobs is not done here, and what is in its place."""
FEW_RULES = ["COM-AUTH-010", "AXB-CALL-016"]
SHELL = ["bash", "-e", "-c"]
"""As GitHub runs a step that names no shell."""
TEST_OF_THE_READER = """\
import json, os, urllib.request


def test_the_stand_in_is_there():
    with urllib.request.urlopen(os.environ["PRIVNUM_CONTROL_URL"] + "/health") as answer:
        assert json.load(answer)["status"] == "ok"
    with open(os.environ["PRIVNUM_STARTED"]) as file:
        applications = {app["mode"]: app for app in json.load(file)["applications"]}
    assert os.environ["PRIVNUM_AXB_APP_KEY"] == applications["AXB"]["app_key"]
    assert os.environ["PRIVNUM_X_APP_SECRET"] == applications["X"]["app_secret"]
"""


def documents(name: str) -> list[Any]:
    return [yaml.safe_load(block) for block in blocks(page(f"docs/how-to/{name}.md"), "yaml")]


def repository(folder: Path) -> Path:
    """A repository of the reader's, with its tests."""
    place = folder / "repository"
    (place / "tests" / "integration").mkdir(parents=True)
    (place / "tests" / "integration" / "test_it.py").write_text(TEST_OF_THE_READER, encoding="utf-8")
    return place


def copy_checkout(place: Path) -> None:
    left = shutil.ignore_patterns(".git", ".venv", ".*_cache", ".hypothesis", "__pycache__", "build", "dist")
    shutil.copytree(ROOT, place, symlinks=True, ignore=left)


def of_a_job(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a job, in which `pip` installs into a Python of the job's own.

    What privnum needs, and what builds it, is lent by the environment of the tests.
    """
    own = folder / "python"
    done = run([sys.executable, "-m", "venv", "--without-pip", str(own)], folder, environment())
    assert done.returncode == 0, done.stderr
    env = environment(PIP_PYTHON=str(own / "bin" / "python"), PIP_NO_BUILD_ISOLATION="0", **more)
    env["PYTHONPATH"] = sysconfig.get_path("purelib")
    return env | {"PATH": f"{own / 'bin'}{os.pathsep}{env['PATH']}"}


def with_few_rules(line: str) -> str:
    """The line, where it checks a platform by every rule with a few of them."""
    return f"{line} {shlex.join(FEW_RULES)}" if line.startswith("privnum check ") else line


def test_what_is_left_out_is_in_a_job() -> None:
    jobs = "\n".join(
        block for name in ("github-actions", "gitlab") for block in blocks(page(f"docs/how-to/{name}.md"), "yaml")
    )
    for name in LEFT_OUT:
        assert name in jobs


# ── GitHub ───────────────────────────────────────────────────────────────────────────────────────────────────────────


class Runner:
    """Runs the steps of a job one after the other, each with what those before it have exported."""

    def __init__(self, folder: Path, **secrets: str) -> None:
        self.repository = repository(folder)
        self.temp = folder / "temp"
        self.exported = folder / "exported"
        self._secrets = {f"secrets.{name}": value for name, value in secrets.items()}
        self.temp.mkdir()
        self.exported.touch()
        github = {"RUNNER_TEMP": self.temp, "GITHUB_ENV": self.exported, "GITHUB_OUTPUT": folder / "outputs"}
        self._env = of_a_job(folder, **{name: str(value) for name, value in github.items()})
        self.done: list[str] = []

    def run_job(self, job: dict[str, Any]) -> None:
        for step in job["steps"]:
            if "run" in step:
                own = {name: filled_in(value, self._secrets) for name, value in step.get("env", {}).items()}
                self._run(SHELL, with_few_rules(step["run"]), own)
            elif step["uses"].startswith("./"):
                self._use(self.repository / step["uses"], step.get("with", {}))
            elif step["uses"] == "actions/checkout@v4":
                if "path" in step.get("with", {}):
                    copy_checkout(self.repository / step["with"]["path"])
            else:
                assert step["uses"] in LEFT_OUT

    def _use(self, action: Path, given: dict[str, str]) -> None:
        read = yaml.safe_load((action / "action.yml").read_text(encoding="utf-8"))
        values = {f"inputs.{name}": given.get(name, each["default"]) for name, each in read["inputs"].items()}
        values["github.action_path"] = str(action)
        for step in read["runs"]["steps"]:
            self._run(BASH, step["run"], {name: filled_in(value, values) for name, value in step["env"].items()})

    def _run(self, shell: list[str], script: str, own: dict[str, str]) -> None:
        done = run([*shell, script], self.repository, self._env | names(self.exported) | own)
        assert done.returncode == 0, done.stdout + done.stderr
        self.done.append(done.stdout)


def test_the_job_of_github_for_a_client(tmp_path: Path) -> None:
    """With what the action installs where nothing is named: the checkout."""
    runner = Runner(tmp_path)
    with stopped_at_the_end(runner.temp / "privnum"):
        runner.run_job(documents("github-actions")[0]["jobs"]["integration"])
    assert '"status":"ok"' in runner.done[-2]
    assert "1 passed" in runner.done[-1]


@pytest.fixture(scope="module")
def platform() -> Iterator[dict[str, Any]]:
    """A platform that reports busy as 8101, as in the baseline of docs/reports.md."""
    with served_platform("axb-ends-busy") as told:
        yield told


def test_the_job_of_github_for_a_platform(platform: dict[str, Any], tmp_path: Path) -> None:
    """What it is known to do wrong is in the baseline, so that the job succeeds."""
    runner = Runner(tmp_path, **write_target(tmp_path / "target.toml", platform))
    shutil.move(tmp_path / "target.toml", runner.repository)
    (baseline,) = blocks(page("docs/reports.md"), "toml")
    (runner.repository / "known.toml").write_text(baseline, encoding="utf-8")
    job = documents("github-actions")[1]["jobs"]["conformance"]
    runner.run_job(job)
    (kept,) = (step["with"] for step in job["steps"] if step.get("uses") == "actions/upload-artifact@v4")
    report = json.loads((runner.repository / kept["path"] / "report.json").read_bytes())
    assert report["failures"] == ["AXB-CALL-016"]
    assert report["summary"]["passed"] == 1


# ── GitLab ───────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_job_of_gitlab_for_a_client(wheel: Path, tmp_path: Path) -> None:
    """With the job that it extends, from the files that the page says to copy."""
    read = documents("gitlab")[0]
    place = repository(tmp_path)
    for name in ("gitlab-ci.yml", "start-privnum.sh"):
        shutil.copy(ROOT / "examples" / "ci" / name, place)
    shutil.copy(wheel, place)
    included = yaml.safe_load((place / read["include"][0]["local"]).read_text(encoding="utf-8"))
    job = {**included[read["integration"]["extends"]], **read["integration"]}
    env = of_a_job(tmp_path, **read["variables"])
    with stopped_at_the_end(place / ".privnum"):
        done = run([*BASH, "\n".join([*job["before_script"], *job["script"]])], place, env)
        assert done.returncode == 0, done.stdout + done.stderr
        assert '"status":"ok"' in done.stdout
        assert "1 passed" in done.stdout
        after = run([*BASH, "\n".join(job["after_script"])], place, env)
        assert after.returncode == 0, after.stderr


def test_the_job_of_gitlab_for_a_platform(platform: dict[str, Any], wheel: Path, tmp_path: Path) -> None:
    """Without a baseline: what the platform does wrong fails the job, and its files are there all the same."""
    place = repository(tmp_path)
    shutil.copy(wheel, place)
    secret = write_target(place / "target.toml", platform)
    job = documents("gitlab")[1]["conformance"]
    done = run([*BASH, "\n".join(map(with_few_rules, job["script"]))], place, of_a_job(tmp_path, **secret))
    assert done.returncode == 1, done.stdout + done.stderr
    for kept in [*job["artifacts"]["paths"], *job["artifacts"]["reports"].values()]:
        assert (place / kept).exists()
