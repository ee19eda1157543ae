"""What the server runs with: option, environment, file, default, in this order, and each error with its place."""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

import pytest

from privnum.serving.forms import settings
from privnum.serving.options import parser
from privnum.serving.printing import toml_of
from privnum.serving.sources import SettingError, Settings, strangers

if TYPE_CHECKING:
    from pathlib import Path

AXB = '[[applications]]\nmode = "AXB"\napp_key = "mine"\napp_secret = "$OF_AXB"\n'

#: A value of each setting: as text, as in TOML, and what becomes of it; another one of the file.
VALUES: dict[str, tuple[str, Any, Any]] = {
    "host": ("127.0.0.1", "127.0.0.1", "::1"),
    "port": ("9001", 9001, 9002),
    "public_url": ("https://a.example", "https://a.example", "https://b.example"),
    "control_token": ("token-one", "token-one", "token-two"),
    "tls_port": ("9003", 9003, 9004),
    "tls_cert": ("one.pem", "one.pem", "/two.pem"),
    "tls_key": ("one.key", "one.key", "/two.key"),
    "tls_ca_file": ("one-ca.pem", "one-ca.pem", "/two-ca.pem"),
    "edition": ("2019", "2019", "2026-01"),
    "seed": ("4", 4, 5),
    "clock": ("frozen", "frozen", "running"),
    "keep": ("6", 6, 7),
    "journal": ("8", 8, 9),
    "advertise": ("10.0.0.7:8080", "10.0.0.7:8080", "db.lab:81"),
    "state": ("one.state", "one.state", "/two.state"),
    "event_url": ("http://127.0.0.1:1/e", "http://127.0.0.1:1/e", "inbox:"),
    "fee_url": ("http://127.0.0.1:1/f", "http://127.0.0.1:1/f", "inbox:"),
    "push_timeout": ("2.5", 2.5, 3),
    "push_ca": ("ca.pem", "ca.pem", "/other-ca.pem"),
    "push_to": ("a.example", ["a.example"], ["b.example"]),
    "log_format": ("json", "json", "text"),
    "variations": ("pushes.late", ["pushes.late"], ["pushes.duplicated"]),
}
FLAGS = ("json", "tls", "strict")
APART = {"log", "assumptions"}


def of(*args: str, **environment: str) -> Settings:
    return Settings(vars(parser().parse_args(args)), environment)


def file(folder: Path, text: str) -> str:
    path = folder / "privnum.toml"
    path.write_text(text, encoding="utf-8")
    return str(path)


def toml(value: Any) -> str:
    return str(value).replace("'", '"') if isinstance(value, list | int | float) else f'"{value}"'


def test_every_setting_has_a_value_here() -> None:
    assert VALUES.keys() | set(FLAGS) | APART == settings().keys()


@pytest.mark.parametrize("name", VALUES)
def test_an_option_counts_before_the_environment_before_the_file(name: str, tmp_path: Path) -> None:
    text, value, other = VALUES[name]
    option, variable = settings()[name]["x-option"], settings()[name]["x-environment"]
    config = ("--config", file(tmp_path, f"\n{name} = {toml(other)}"))
    assert of(*config).given[name] == (other, f"{config[1]}:2")
    assert of(*config, **{variable: text}).given[name] == (value, variable)
    assert of(*config, option, text, **{variable: "nonsense" if name == "host" else text}).given[name] == (
        value,
        option,
    )
    assert of().given[name] == (settings()[name].get("default"), "default")
    assert of(**{variable: ""}).given[name].origin == "default"


@pytest.mark.parametrize("name", FLAGS)
def test_a_flag_can_be_taken_back(name: str, tmp_path: Path) -> None:
    option, variable = settings()[name]["x-option"], settings()[name]["x-environment"]
    config = ("--config", file(tmp_path, f"{name} = true"))
    assert not of()[name]
    assert of(*config)[name] is True
    assert of(*config, **{variable: "off"})[name] is False
    assert of(*config, option, **{variable: "0"})[name] is True
    assert of(*config, f"--no-{name}")[name] is False


def test_how_much_is_logged(tmp_path: Path) -> None:
    config = ("--config", file(tmp_path, 'log = "verbose"'))
    assert of()["log"] == "usual"
    assert of(*config)["log"] == "verbose"
    assert of(*config, PRIVNUM_LOG="usual")["log"] == "usual"
    assert of(*config, "--quiet", PRIVNUM_LOG="usual").given["log"] == ("quiet", "--quiet")


def test_each_choice_of_an_assumption_counts_for_itself(tmp_path: Path) -> None:
    text = '[assumptions]\n"auth.lockout_failures" = 3\n"push.timeout_seconds" = 4\n"http.empty_text" = "absent"'
    given = of(
        *("--config", file(tmp_path, text), "--assume", "auth.lockout_failures=5"),
        PRIVNUM_ASSUME="auth.lockout_failures=6, push.timeout_seconds=7",
    )
    assert {id_: (str(value), origin.rpartition("/")[2]) for id_, (value, origin) in given.assumptions.items()} == {
        "auth.lockout_failures": ("5", "--assume"),
        "push.timeout_seconds": ("7", "PRIVNUM_ASSUME"),
        "http.empty_text": ("absent", "privnum.toml:4"),
    }


def test_a_list_in_a_variable_has_commas_or_blanks() -> None:
    assert of(PRIVNUM_PUSH_TO="a.example,b.example c.example")["push_to"] == ["a.example", "b.example", "c.example"]


def test_the_file_may_be_named_in_the_environment(tmp_path: Path) -> None:
    assert of(PRIVNUM_CONFIG=file(tmp_path, "port = 9001"))["port"] == 9001


def test_paths_of_a_file_are_seen_from_it(tmp_path: Path) -> None:
    assert of("--config", file(tmp_path, 'push_ca = "ca.pem"'))["push_ca"] == str(tmp_path / "ca.pem")


def test_secrets_may_be_in_the_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OF_AXB", "hush-1")
    monkeypatch.setenv("OF_CONTROL", "hush-2")
    given = of("--config", file(tmp_path, f'control_token = "$OF_CONTROL"\n{AXB}'))
    assert given["control_token"] == "hush-2"
    assert given["applications"][0]["app_secret"] == "hush-1"


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("port = 70000", ":1: port must be a whole number from 0 to 65535, not 70000"),
        ("port = '8080'", ':1: port must be a whole number from 0 to 65535, not "8080"'),
        ("\nprot = 1", ":2: prot is no field here; did you mean port?"),
        (
            "clock = 'forzen'",
            ':1: clock must be "running", "frozen" or "jumping", not "forzen"; did you mean "frozen"?',
        ),
        ("[assumptions]\n'auth.lockout_failure' = 1", ":2: assumptions: unknown assumption 'auth.lockout_failure'"),
        ("[assumptions]\n'axb.a_equals_b' = '7'", ":2: assumptions: assumption axb.a_equals_b does not take '7'"),
        ("variations = [\n'pushes.late',\n'pushes.lat']", ":3: variations: unknown variation 'pushes.lat'; did you"),
        ("variations = ['ids.nonce_long', 'ids.nonce_short']", ":1: variations: variations ids.nonce_long and ids"),
        ("edition = '2020'", ":1: edition: unknown edition '2020'"),
        ("public_url = 'https://a.example/?q=1'", ":1: public_url: "),
        (AXB + "numbers = ['13800000001']", ":5: applications[0].numbers[0] must be text of 14 characters, +86 and"),
        (AXB.replace("$OF_AXB", "$NOT_SET_1"), ":4: applications[0].app_secret names the environment variable NOT_SET"),
        (AXB + "faults = 1", ":5: applications[0].faults is no field here"),
        (AXB + AXB + "mode = 'AX'", ":9: is no TOML: applications[1].mode stands here again, first in line 6"),
    ],
)
def test_what_is_wrong_in_the_file_is_told_with_its_place(
    text: str, told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OF_AXB", "hush")
    path = file(tmp_path, text)
    with pytest.raises(SettingError) as caught:
        of("--config", path)
    assert str(caught.value).startswith(path + told)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("PRIVNUM_PORT", "x", "PRIVNUM_PORT: 'x' is not a whole number from 0 to 65535"),
        ("PRIVNUM_STRICT", "maybe", "PRIVNUM_STRICT: 'maybe' is not true or false"),
        ("PRIVNUM_PUSH_TIMEOUT", "nan", "PRIVNUM_PUSH_TIMEOUT: 'nan' is not a number from"),
        ("PRIVNUM_PUSH_TIMEOUT", "0", "PRIVNUM_PUSH_TIMEOUT: '0' is not a number from"),
        ("PRIVNUM_ASSUME", "axb.a_equals_b", "PRIVNUM_ASSUME: 'axb.a_equals_b' is not ID=VALUE"),
        ("PRIVNUM_CONTROL_TOKEN", "hush hush", "PRIVNUM_CONTROL_TOKEN: what is given is not text of"),
        ("PRIVNUM_CONFIG", "/no/such.toml", "/no/such.toml: cannot be read: No such file or directory"),
    ],
)
def test_what_is_wrong_in_the_environment_is_told(name: str, text: str, told: str) -> None:
    with pytest.raises(SettingError) as caught:
        of(**{name: text})
    assert str(caught.value).startswith(told)
    assert "hush" not in str(caught.value)


def test_a_variable_that_is_nearly_a_setting_is_told() -> None:
    environment = {"PRIVNUM_PROT": "1", "PRIVNUM_URL": "x", "PRIVNUM_CONTROL_URL": "x", "PRIVNUM_AXB_SECRET": "x"}
    assert list(strangers(environment)) == [("PRIVNUM_PROT", "PRIVNUM_PORT")]


def test_what_is_printed_is_a_file_with_the_same_settings(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """But for the secrets."""
    monkeypatch.setenv("OF_AXB", "hush-1")
    text = 'push_to = ["a.example"]\nassumptions = {"auth.lockout_failures" = 3}\nhome_areas = {"+86138" = "0755"}\n'
    text += AXB + 'numbers = ["+8617000000001", {number = "+8617000000002", area_code = "0755"}]'
    given = of("--config", file(tmp_path, text), "--seed", "3", PRIVNUM_CONTROL_TOKEN="hush-2")
    printed = toml_of(given)
    assert "hush" not in printed
    again = of("--config", file(tmp_path, printed))
    changed = {"control_token": "****", "applications": [{**given["applications"][0], "app_secret": "****"}]}
    assert {name: again[name] for name in again.given} == {name: given[name] for name in given.given} | changed
    assert [str(one.value) for one in again.assumptions.values()] == ["3"]
    assert "# --seed" in printed
    assert "# PRIVNUM_CONTROL_TOKEN" in printed
    assert "privnum.toml:1\n" in printed
    tomllib.loads(printed)


def test_a_database_is_no_path_and_its_password_is_not_printed(tmp_path: Path) -> None:
    settings = of("--config", file(tmp_path, 'state = "postgresql://lab:s3cret@db/lab"\n'))
    assert settings["state"] == "postgresql://lab:s3cret@db/lab"
    assert 'state = "postgresql://lab@db/lab"' in toml_of(settings)
