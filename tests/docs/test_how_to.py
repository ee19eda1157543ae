"""docs/how-to: what each page shows runs, and prints what the page shows.

The jobs for GitHub and GitLab run in tests/packaging/test_how_to_ci.py.
"""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from tests.docs.shown import ROOT, blocks, files, page, run_in_shell, session, steady, write_files
from tests.ports import free_port
from tests.privnum.parsing import parsed_by

if TYPE_CHECKING:
    from pathlib import Path

    import _pytest.mark.structures

HOW_TO = {path.stem: path.read_text(encoding="utf-8") for path in sorted((ROOT / "docs/how-to").glob("*.md"))}
FOREIGN = {"java": "java", "node": "node", "php": "php"}
CI = {"github-actions": "github-workflows", "gitlab": "gitlab-ci"}
#: Tests of the example services, which tests/examples runs.
OF_EXAMPLES = ["node --test", "javac "]


def needing(name: str, *programs: str) -> _pytest.mark.structures.ParameterSet:
    missing = [program for program in programs if shutil.which(program) is None]
    reason = f"{' and '.join(missing)} not on the PATH"
    return pytest.param(name, marks=pytest.mark.skipif(bool(missing), reason=reason))


def test_every_page_has_its_test() -> None:
    assert HOW_TO.keys() == {*FOREIGN, *CI, "load-test", "write-a-receiver", "wsse-to-aksk"}


@pytest.mark.parametrize(
    "name",
    [
        *(needing(name, program) for name, program in FOREIGN.items()),
        needing("write-a-receiver", "curl"),
        "wsse-to-aksk",
    ],
)
def test_the_session_prints_what_the_page_shows(name: str, tmp_path: Path) -> None:
    port = str(free_port())
    for file, content in files(HOW_TO[name]).items():
        (tmp_path / file).write_text(content, encoding="utf-8")
    commands, shown = session(HOW_TO[name], but=OF_EXAMPLES)
    assert len(commands) > 1
    script = "\n".join(commands).replace("start --detach", "start --detach --port 0")
    script = re.sub(r"(?<=[:=])9000\b", port, script)
    done = run_in_shell(script, tmp_path)
    assert steady(done.stdout) == shown, done.stderr


@pytest.mark.parametrize("name", ["node", "java"])
def test_the_tests_of_the_examples_are_where_the_page_says(name: str) -> None:
    """They run in tests/examples/test_integrators.py."""
    (command,) = (each for each in session(HOW_TO[name]).commands if each.startswith(tuple(OF_EXAMPLES)))
    named = re.findall(r"examples/\w+", command)
    assert named
    assert all((ROOT / place).is_dir() for place in named)


@pytest.mark.parametrize("name", [needing("load-test", "wrk", "curl", "openssl")])
def test_the_load_is_taken_without_a_refusal(name: str, tmp_path: Path) -> None:
    write_files(HOW_TO[name], tmp_path)
    script = "\n".join(session(HOW_TO[name]).commands)
    script = script.replace("start --detach", "start --detach --port 0").replace("-d10s", "-d1s")
    done = run_in_shell(script, tmp_path)
    assert "Requests/sec" in done.stdout, done.stdout + done.stderr
    assert "Non-2xx" not in done.stdout
    assert len(re.findall(r"^AXB ", done.stdout, re.MULTILINE)) == 3


def test_the_examples_of_load_pass(tmp_path: Path) -> None:
    write_files(HOW_TO["load-test"], tmp_path)
    done = run_in_shell("pytest -q test_slow_platform.py", tmp_path)
    assert "2 passed" in done.stdout, done.stdout


def test_php_is_signed_as_the_platform_wants() -> None:
    """What can be looked at without PHP: it hashes with the secret, in raw bytes, what is to be hashed."""
    text = files(HOW_TO["php"])["bind.php"]
    assert "hash_hmac('sha256', $nonce . $created, getenv('PRIVNUM_AXB_APP_SECRET'), true)" in text
    assert "gmdate('Y-m-d\\TH:i:s\\Z')" in text


def documents(name: str) -> list[Any]:
    return [yaml.load(block, Loader=yaml.BaseLoader) for block in blocks(HOW_TO[name], "yaml")]


@pytest.mark.parametrize("name", CI)
def test_each_file_fits_the_schema_of_who_reads_it(name: str, tmp_path: Path) -> None:
    found = blocks(HOW_TO[name], "yaml")
    assert len(found) == 2
    for block in found:
        (tmp_path / "ci.yml").write_text(block, encoding="utf-8")
        command = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{CI[name]}", "ci.yml"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stdout + done.stderr


def test_the_action_has_what_the_workflow_gives_and_takes() -> None:
    action = yaml.safe_load(page(".github/actions/privnum/action.yml"))
    steps = [step for document in documents("github-actions") for step in document["jobs"].popitem()[1]["steps"]]
    (used,) = (step for step in steps if step.get("uses", "").startswith("./privnum/"))
    assert (ROOT / used["uses"].removeprefix("./privnum/") / "action.yml").exists()
    assert used["with"].keys() <= action["inputs"].keys()
    parsed_by(["serve", *used["with"]["options"].split()])
    for output in action["outputs"]:
        assert f"`{output}`" in HOW_TO["github-actions"]


def test_the_job_of_gitlab_extends_one_that_is_there() -> None:
    job = yaml.safe_load(page("examples/ci/gitlab-ci.yml"))
    mine = documents("gitlab")[0]
    assert mine["integration"]["extends"] in job
    assert mine["variables"].keys() <= job["variables"].keys()
