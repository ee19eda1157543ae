"""`privnum serve` with a file: its applications are those of the default world."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from tests.mockserver.http.test_command import get, run, serving

if TYPE_CHECKING:
    from pathlib import Path

AXB = """
[[applications]]
mode = "AXB"
app_key = "mine"
app_secret = "hush-1234"
"""


def file(folder: Path, text: str) -> str:
    path = folder / "privnum.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def test_the_default_world_has_the_applications_of_the_file(tmp_path: Path) -> None:
    text = f"""
port = 0
json = true
seed = 7
strict = true
clock = "frozen"
journal = 11
fee_url = "http://127.0.0.1:9/fee"
{AXB}
numbers = [{{ number = "+8617000000077", area_code = "010" }}, "+8617000000078"]
event_url = "http://127.0.0.1:9/mine"
tones = ["wait.wav"]
[[applications]]
mode = "X"
[home_areas]
"+86138" = "0755"
[assumptions]
"auth.lockout_failures" = 7
"""
    with serving("--config", file(tmp_path, text)) as (_, line):
        told = json.loads(line)
        world = get(told["control_url"] + "/worlds/default")
    mine, drawn = told["applications"]
    assert mine == {
        "mode": "AXB",
        "app_key": "mine",
        "app_secret": "hush-1234",
        "numbers": ["+8617000000077", "+8617000000078"],
    }
    assert drawn["mode"] == "X"
    assert len(drawn["app_key"]) > 10
    assert drawn["numbers"] == []
    assert told["seed"] == 7
    assert (world["strict"], world["journal"], world["clock"]["mode"]) == (True, 11, "frozen")
    assert world["home_areas"] == {"+86138": "0755"}
    assert world["assumptions"]["auth.lockout_failures"] == 7
    first, second = world["applications"]
    assert (first["event_url"], first["fee_url"]) == ("http://127.0.0.1:9/mine", "http://127.0.0.1:9/fee")
    assert first["tones"] == ["wait.wav"]
    assert (second["event_url"], second["fee_url"]) == ("inbox:", "http://127.0.0.1:9/fee")


def test_pushes_may_go_to_the_hosts_that_the_file_names(tmp_path: Path) -> None:
    text = f'{AXB}event_url = "http://192.0.2.1/e"\nfee_url = "http://192.0.2.2/f"\n'
    with serving("--port", "0", "--json", "--config", file(tmp_path, text)) as (_, line):
        assert json.loads(line)["applications"][0]["app_key"] == "mine"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ('numbers = ["+8617000000077",\n"+8617000000077"]', ":7: applications[0].numbers[1]: +86170****0077 belongs"),
        (AXB, ":9: applications[1].app_key: app_key 'mine' is in use"),
        ("extension_digits = 4", ":6: applications[0].extension_digits: an application of mode AXB has no"),
        ('[home_areas]\n"+86138" = "0000"', ":7: home_areas.+86138: '0000' is no area code"),
        ('event_url = "http://:1/"', ":6: applications[0].event_url: no push can go to 'http://:1/': it names no host"),
        ('allow_list = ["10.0.0"]', ":6: applications[0].allow_list: "),
    ],
)
def test_what_cannot_be_is_told_with_its_place_and_no_secret(text: str, told: str, tmp_path: Path) -> None:
    path = file(tmp_path, f"{AXB}{text}\n")
    done = run("serve", "--port", "0", "--config", path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"privnum serve: {path}{told}"), done.stderr
    assert done.stderr.count("\n") == 1
    assert "hush" not in done.stderr


def test_the_settings_are_printed_and_nothing_is_served(tmp_path: Path) -> None:
    done = run("serve", "--config", file(tmp_path, AXB), "--port", "0", "--print-config")
    assert done.returncode == 0
    assert "port = 0" in done.stdout
    assert "# --port" in done.stdout
    assert "hush" not in done.stdout
