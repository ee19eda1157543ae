"""The table of commands: each is there, and says what it is without what it needs to run."""

from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from privnum import cli
from privnum.ends import in_order
from privnum.options import nearest_word

if TYPE_CHECKING:
    from pathlib import Path

#: Runs a command where nothing but the contract's own packages can be imported.
BARE = """
import sys

class Nothing:
    def find_spec(self, name, path=None, target=None):
        if name.partition(".")[0] in {"pytest", "_pytest", "httpcore", "hypothesis", "rich", "xdist", "uvicorn",
                                      "pytest_httpserver", "httptools", "uvloop", "h11", "trustme"}:
            raise ModuleNotFoundError(name, name=name)

sys.meta_path.insert(0, Nothing())
from privnum import cli
sys.exit(cli.main(sys.argv[1:]))
"""


def run_bare(folder: Path, *args: str) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-c", BARE, *args]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=60, check=False)


@pytest.mark.parametrize("command", cli.COMMANDS)
def test_help_needs_no_extra(tmp_path: Path, command: str) -> None:
    done = run_bare(tmp_path, command, "--help")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"usage: privnum {command} ")


def test_a_target_file_needs_no_extra(tmp_path: Path) -> None:
    done = run_bare(tmp_path, "init-target")
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "target.toml").exists()


def test_what_is_not_installed_is_named(tmp_path: Path) -> None:
    done = run_bare(tmp_path, "check")
    assert done.returncode == 2
    assert done.stderr.endswith(" is not installed; pip install '.[suites]' in privnum's checkout\n")


def test_the_overview_has_a_line_for_each_command(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["--help"]) == 0
    lines = capsys.readouterr().out.splitlines()
    for name, title in cli.COMMANDS.items():
        assert sum(line.split(maxsplit=1) == [name, title] for line in lines) == 1


@pytest.mark.parametrize("word", ["serve", "check", "list"])
def test_the_word_that_was_given_is_never_suggested(word: str) -> None:
    assert nearest_word(word, [word]) is None
    assert nearest_word(word, [word, f"{word}s"]) == f"{word}s"


def test_an_interrupt_that_names_no_signal_is_ctrl_c(capsys: pytest.CaptureFixture[str]) -> None:
    def run() -> int:
        raise KeyboardInterrupt

    assert in_order("privnum serve", run) == 2
    assert capsys.readouterr().err == "privnum serve: interrupted by SIGINT\n"
