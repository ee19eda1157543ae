"""The example integrators pass their own tests, and find the faults that they are there to find."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from examples import integrators
from examples.integrators import INTEGRATORS, Integrator

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize("integrator", INTEGRATORS, ids=lambda each: each.name)
def test_its_tests_pass(integrator: Integrator, capfd: pytest.CaptureFixture[str]) -> None:
    missing = integrator.missing()
    if missing:
        pytest.skip(f"{' and '.join(missing)} not on the PATH")
    passed = integrator.passes()
    told = capfd.readouterr()
    assert passed, told.out + told.err


@pytest.mark.parametrize(
    ("name", "file", "right", "wrong"),
    [
        ("node", "rides.mjs", "timingSafeEqual(given, right)", "true"),
        ("java", "Rides.java", "MessageDigest.isEqual(given, right)", "true"),
    ],
)
def test_a_service_that_takes_every_push_fails(
    name: str, file: str, right: str, wrong: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (integrator,) = (each for each in INTEGRATORS if each.name == name)
    if integrator.missing():
        pytest.skip(f"{' and '.join(integrator.missing())} not on the PATH")
    shutil.copytree(ROOT / "examples" / name, tmp_path / name)
    text = (tmp_path / name / file).read_text(encoding="utf-8")
    assert right in text
    (tmp_path / name / file).write_text(text.replace(right, wrong), encoding="utf-8")
    monkeypatch.setattr(integrators, "FOLDER", tmp_path)
    assert not integrator.passes()


@pytest.mark.skipif(shutil.which("node") is None, reason="node is not on the PATH")
def test_where_there_is_no_privnum_it_says_so(tmp_path: Path) -> None:
    """And the tests end; they do not wait for a server that never comes."""
    done = subprocess.run(
        ["node", "--test"],
        cwd=ROOT / "examples" / "node",
        env={**os.environ, "PRIVNUM": str(tmp_path / "nowhere")},
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 1
    assert "install privnum, or name it in $PRIVNUM" in done.stdout


def test_what_is_not_on_the_machine_is_skipped_with_the_reason(capsys: pytest.CaptureFixture[str]) -> None:
    lacking = Integrator("cobol", ("cobc-of-nobody",), lambda _: [])
    assert integrators._outcome(lacking) == "skipped: cobc-of-nobody not on the PATH"
    assert integrators.main(["cobol"]) == 2
    assert "'cobol' is no example; there are fastapi, node, java" in capsys.readouterr().err


def test_one_of_them_that_fails_is_status_1(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]) -> None:
    failing = Integrator("node", (), lambda _: [[sys.executable, "-c", "raise SystemExit(3)"]])
    monkeypatch.setattr(integrators, "INTEGRATORS", (failing,))
    assert integrators.main([]) == 1
    assert capfd.readouterr().out.splitlines()[-1] == "examples/node: failed"
