"""Requests at once to two nodes behind nginx are answered as one after another, by `privnum check --concurrency`."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

from tests.kills.farm import Node
from tests.postgres.balancer import Balancer
from tests.postgres.cluster import Cluster

if TYPE_CHECKING:
    from pathlib import Path

#: nginx asks the nodes in turn, so about half of the requests reach the node that does not have the world.
TARGET = """
name = "two nodes behind nginx"
base_url = "http://127.0.0.1:{port}"
[driver]
kind = "http"
url = "http://127.0.0.1:{port}"
"""  #: Checks of requests at once, of which none may be left out.
CHECKS = 15


def check(folder: Path, port: int, *options: str) -> tuple[subprocess.CompletedProcess[str], dict[str, Any]]:
    """`privnum check` of what is behind a port, and its report."""
    (folder / "target.toml").write_text(TARGET.format(port=port), encoding="utf-8")
    command = [sys.executable, "-m", "privnum.cli", "check", "--target", "target.toml", "--report-dir", "out"]
    done = subprocess.run([*command, *options], cwd=folder, capture_output=True, text=True, timeout=110, check=False)
    report: dict[str, Any] = json.loads((folder / "out" / "report.json").read_text(encoding="utf-8"))
    return done, report


def test_requests_at_once_are_answered_as_one_after_another(tmp_path: Path) -> None:
    with Cluster() as cluster:
        nodes = [Node(cluster, f"node_{n}", tmp_path) for n in range(2)]
        try:
            for node in nodes:
                node.start()
            with Balancer([node.port for node in nodes], patience=20) as balancer:
                done, report = check(tmp_path, balancer.port, "--concurrency", "COM-STATE-001")
        finally:
            for node in nodes:
                node.end()
    assert done.returncode == 0, done.stdout + done.stderr + "".join(node.stderr_text() for node in nodes)
    (rule,) = report["requirements"]
    assert (rule["id"], rule["verdict"]) == ("COM-STATE-001", "passed")
    assert len(rule["checks"]) >= CHECKS
    assert {each["verdict"] for each in rule["checks"]} == {"passed"}
