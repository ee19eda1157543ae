"""`privnum init` and `privnum schema`."""

from __future__ import annotations

import json
import re
import stat
import tomllib
from typing import TYPE_CHECKING, Any

import pytest
from jsonschema import Draft202012Validator

from privnum import cli, contracts
from privnum.mockserver.control import quickstart
from privnum.mockserver.control.start import Start
from privnum.mockserver.modes import registry
from privnum.mockserver.worlds.platform import Platform
from privnum.serving.files import schema_of
from privnum.serving.forms import settings
from privnum.serving.sources import Settings
from privnum.serving.template import template
from privnum.suites.target.template import TEMPLATE
from tests.mockserver.rig import EDGE_MS, signed_headers

if TYPE_CHECKING:
    from pathlib import Path

MODES = sorted(registry.modes())


def read(path: Path) -> Settings:
    return Settings({"config": str(path)}, {})


def test_a_file_is_written_once_and_is_its_owners_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "mine.toml"
    assert cli.main(["init", str(path)]) == 0
    assert f"privnum serve --config {path}" in capsys.readouterr().out
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    path.write_text("# mine", encoding="utf-8")
    assert cli.main(["init", str(path)]) == 2
    assert path.read_text(encoding="utf-8") == "# mine"
    assert "is there already" in capsys.readouterr().err


def test_what_is_written_runs_as_without_it_but_for_its_applications(tmp_path: Path) -> None:
    cli.main(["init", str(tmp_path / "privnum.toml")])
    given, usual = read(tmp_path / "privnum.toml"), Settings({}, {})
    assert [app["mode"] for app in given["applications"]] == MODES
    assert {n: given[n] for n in settings() if n != "assumptions"} == {
        n: usual[n] for n in settings() if n != "assumptions"
    }
    assert given.assumptions == {}


def test_every_setting_is_there_and_can_be_taken_out_of_its_comment(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("PRIVNUM_CONTROL_TOKEN", "hush")
    text, path = template(), tmp_path / "privnum.toml"
    plain = re.sub(r'^# (?=\[|"|[a-z_]+ = )', "", text, flags=re.MULTILINE)
    path.write_text(plain, encoding="utf-8")
    given = read(path)
    assert all(given.given[name].origin != "default" for name in settings() if name != "assumptions")
    assert given.assumptions.keys() == {"auth.lockout_failures"}
    assert given["home_areas"] == {"+86138": "0755"}


def test_every_setting_has_a_value_to_begin_with() -> None:
    """Either its default or an example: a setting that has neither would be written as null, which TOML has not."""
    assert "null" not in [line.rpartition(" = ")[2] for line in template().splitlines()]


def test_every_field_of_an_application_is_there() -> None:
    """Written or explained, for each mode; with what the server has itself without a file."""
    text = template()
    for name in contracts.schema("driver/application.create")["properties"]:
        assert re.search(rf"^#   {name}: |^{name} = ", text, re.MULTILINE), name
    apps = tomllib.loads(text)["applications"]
    for app, mode in zip(apps, MODES, strict=True):
        usual = registry.modes()[mode].example.application
        own = {"app_key": f"my-{mode.lower()}-key", "app_secret": f"my-{mode.lower()}-secret"}
        assert app == {**usual, "numbers": list(usual["numbers"]), **own}


def test_two_users_can_be_bound_in_each_application_as_it_is_printed(tmp_path: Path) -> None:
    (tmp_path / "privnum.toml").write_text(template(), encoding="utf-8")
    apps = quickstart.applications("inbox:", "inbox:", read(tmp_path / "privnum.toml")["applications"])
    platform = Platform()
    world = platform.create_world({"id": "default", "applications": apps})
    url = "http://127.0.0.1:8080"
    text = quickstart.overview(url, [app.view() for app in world.applications.values()], ("inbox:", "inbox:"), Start(1))
    binds = re.findall(rf"With the (\w+) application POST (\{{.*?\}}) to {url}([^;?]*)\??([^;]*);", text)
    assert [mode for mode, *_ in binds] == ["AX", "AXE", "AXYB"]
    for mode, body, path, query in binds:
        app = next(app for app in world.applications.values() if app.mode == mode)
        sent = signed_headers(app), body.encode()
        answer = platform.handle("POST", path, query, *sent, client="127.0.0.1", edge_now_ms=EDGE_MS)
        assert answer.status == 200, answer.body


@pytest.mark.parametrize("kind", ["config", "target"])
def test_the_schema_for_editors_is_plain_json_schema(kind: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["schema", kind]) == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == schema_of(kind)
    Draft202012Validator.check_schema(schema)
    text = json.dumps(schema)
    assert '"x-' not in text
    assert '"null"' not in text


GOOD: dict[str, Any] = {"port": 1, "applications": [{"mode": "X", "app_key": "k", "numbers": ["+8617000000001"]}]}


@pytest.mark.parametrize(
    ("more", "fits"),
    [
        ({}, True),
        ({"port": "1"}, False),
        ({"prot": 1}, False),
        ({"log": "loud"}, False),
        ({"applications": [{"app_key": "k"}]}, False),
        ({"applications": [{"mode": "X", "event_url": "inbox:", "tones": ["a.wav"]}]}, True),
        ({"assumptions": {"auth.lockout_failures": 3, "axb.a_equals_b": "1012010"}}, True),
        ({"assumptions": {"auth.lockout_failures": 1.5}}, False),
        ({"push_timeout": 0}, False),
    ],
)
def test_it_takes_what_the_reader_takes(more: dict[str, Any], fits: bool, tmp_path: Path) -> None:
    from privnum.serving.printing import in_line
    from privnum.serving.sources import SettingError

    table = GOOD | more
    assert Draft202012Validator(schema_of("config")).is_valid(table) is fits
    path = tmp_path / "privnum.toml"
    path.write_text("".join(f"{name} = {in_line(value)}\n" for name, value in table.items()), encoding="utf-8")
    if fits:
        read(path)
    else:
        with pytest.raises(SettingError):
            read(path)


def test_the_schema_can_be_written_beside_the_file(tmp_path: Path) -> None:
    path = tmp_path / "privnum.schema.json"
    assert cli.main(["schema", "config", "--output", str(path)]) == 0
    assert json.loads(path.read_text(encoding="utf-8"))["title"].startswith("privnum.toml")
    assert cli.main(["schema", "config", "--output", str(tmp_path / "no" / "x.json")]) == 2


def test_files_that_are_written_name_their_schema() -> None:
    assert template().startswith("#:schema privnum.schema.json\n")
    assert TEMPLATE.startswith("#:schema target.schema.json\n")
