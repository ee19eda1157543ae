"""docs/applications.md: its session prints what it shows, and its tables name what there is."""

from __future__ import annotations

import re
import shutil
import subprocess
from pathlib import Path

import pytest

from privnum import contracts
from tests.mockserver.http.test_command import serving

PAGE = (Path(__file__).resolve().parents[2] / "docs" / "applications.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```console\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
LINES = [line for block in BLOCKS for line in block.splitlines()]
ROWS = [line for line in PAGE.splitlines() if line.startswith("| ") and not line.startswith(("| setting", "| what"))]


@pytest.mark.skipif(shutil.which("openssl") is None or shutil.which("curl") is None, reason="needs curl and openssl")
def test_the_session_prints_what_the_page_shows() -> None:
    commands = [line[2:] for line in LINES if line.startswith("$ ")]
    shown = [line for line in LINES if not line.startswith("$ ")]
    assert len(commands) > 20
    with serving("--port", "0") as (_, line):
        port = line.strip().rpartition(":")[2]
        script = "\n".join(commands).replace(":8080", f":{port}")
        done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, timeout=60, check=False)
    assert done.stdout.splitlines() == shown, done.stderr


@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row.split("|")[1].strip()))
def test_a_row_names_rules_and_codes_that_there_are(row: str) -> None:
    known = contracts.requirements().keys() | contracts.untested().keys()
    families = {id_.partition("-")[2] for id_ in known}
    for id_ in re.findall(r"\b[A-Z]+-(?:[A-Z]+-)?[0-9]{3}\b", row):
        assert id_ in known | families
    for code in re.findall(r"\b403/[0-9]{7}\b", row):
        assert code in contracts.result_codes()
    for cause in re.findall(r"\b[78][0-9]{3}\b", row):
        assert int(cause) in contracts.release_causes()


def test_every_setting_is_in_the_table_or_on_the_page_of_sms() -> None:
    named = set(re.findall(r"`([a-z_]+)`", PAGE)) | {
        "sms_content",
        "sms_rules",
        "sms_verdict",
        "no_record",
        "callin_answer",
    }
    assert contracts.schema("driver/application.update")["properties"].keys() <= named
