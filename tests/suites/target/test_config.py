"""target.toml, and what a target makes possible."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from privnum import contracts
from privnum.suites.base.claims import NotExercised
from privnum.suites.runner.session import Session
from privnum.suites.target.capabilities import equipment
from privnum.suites.target.config import (
    EMBEDDED,
    App,
    Target,
    TargetError,
    load_target,
)
from privnum.suites.target.modes import MODES
from privnum.suites.target.number_pool import MadeUp, Pool
from privnum.suites.target.template import TEMPLATE
from tests.suites import miniatures as mini

if TYPE_CHECKING:
    from pathlib import Path

APPLICATION = '[[applications]]\nmode = "AXB"\napp_key = "k"\napp_secret = "s"\n'
BASE = 'base_url = "http://127.0.0.1:8080/"\n'


def load(tmp_path: Path, text: str) -> Target:
    path = tmp_path / "target.toml"
    path.write_text(text, encoding="utf-8")
    return load_target(path)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("=", "is no TOML"),
        ("", "base_url is missing"),
        ('base_url = "ftp://x.example"', "base_url must be text"),
        ('base_url = "http://x"\nbase_urll = 1', "did you mean base_url"),
        (BASE + '[driver]\nkind = "http"', "url is missing"),
        (BASE + '[driver]\nkind = "smoke"', "driver.kind must be"),
        (BASE, "applications is empty"),
        (BASE + APPLICATION + '[receiver]\nevent_path = "/e"', "set receiver.port"),
        (BASE + APPLICATION + '[receiver]\nport = 9\nfee_path = "fee"', "a path like /fee"),
        (BASE + APPLICATION + '[receiver]\nhost = "0.0.0.0"', "set receiver.url"),
        (BASE + APPLICATION + '[assumptions]\n"axb.a_equals_c" = "1"', "did you mean axb.a_equals_"),
        (BASE + APPLICATION + '[assumptions]\n"axb.a_equals_b" = "7"', "does not take '7'"),
        (BASE + APPLICATION + '[users]\nmobile = ["+86138"]', "is no mobile"),
        (BASE + APPLICATION + '[users]\nmobile = {prefix = "+8613800000", count = 2000}', "room for 1,000"),
        (BASE + APPLICATION.replace('"s"', '"$PRIVNUM_NOT_SET"'), "environment variable PRIVNUM_NOT_SET"),
    ],
)
def test_a_bad_file_is_told_in_one_line(tmp_path: Path, text: str, told: str) -> None:
    with pytest.raises(TargetError) as error:
        load(tmp_path, text)
    assert told in str(error.value)
    assert "\n" not in str(error.value)


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(TargetError, match="No such file"):
        load_target(tmp_path / "none.toml")


def test_a_whole_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PRIVNUM_APP_SECRET", "of the environment")
    target = load(tmp_path, TEMPLATE)
    assert target.base_url == "http://127.0.0.1:8080"
    assert target.applications[0].secret == "of the environment"
    assert "of the environment" not in repr(target) + str(target.describe())
    assert target.pools["mobile"][99] == "+8613800000099"
    assert target.loopback


def test_the_template_has_an_application_of_each_mode(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken out of their comments, they are read."""
    for mode in ("APP", "AXE", "AX", "AXYB", "X"):
        monkeypatch.setenv(f"PRIVNUM_{mode}_SECRET", "secret")
    begin = TEMPLATE.index("# [[applications]]")
    others, rest = TEMPLATE[begin:].split("# Numbers that may be bound")
    plain = others.replace("\n# ", "\n").removeprefix("# ")
    target = load(tmp_path, f"{TEMPLATE[:begin]}{plain}# Numbers{rest}")
    assert {app.mode for app in target.applications} == set(MODES)
    assert [app.more_numbers for app in target.applications] == [None, None, None, False, None]


def test_the_template_names_every_setting_of_the_schema() -> None:
    schema = contracts.schema("target/target")["properties"]
    for section in ("driver", "receiver", "users"):
        for name in schema[section]["properties"]:
            assert f"{name} = " in TEMPLATE
    for name in (*schema, *schema["applications"]["items"]["properties"]):
        assert name in TEMPLATE or name in ("modes", "sp_id")


@pytest.mark.parametrize(
    ("url", "loopback"),
    [
        ("http://127.0.0.1:1", True),
        ("http://[::1]:1", True),
        ("http://localhost", True),
        ("http://192.0.2.1", False),
        ("http://example.com", False),
    ],
)
def test_loopback(url: str, loopback: bool) -> None:
    assert Target("t", base_url=url).loopback is loopback


def test_the_embedded_server_has_everything() -> None:
    """Requests at once are sent where --concurrency asks for them."""
    session = Session(EMBEDDED)
    try:
        modes = [session.words_of(mode) for mode in session.scope]
        assert [word for word in modes[0] if all(words[word] is not None for words in modes)] == ["concurrency"]
    finally:
        session.close()


def test_every_need_of_the_contract_is_a_word() -> None:
    needs = {need for rule in contracts.requirements().values() for need in rule.needs}
    assert needs <= equipment(EMBEDDED, (), (), {}, {}, "AXB").keys()


def test_each_missing_word_has_a_reason() -> None:
    bare = App("k", "s", "AXB", numbers=(), recording=False)
    target = Target("t", base_url="https://192.0.2.1", applications=(bare,))
    words = equipment(target, (), (bare,), {}, {"stop_call.modes": "axyb"}, "AXB")
    assert {word for word, reason in words.items() if reason is None} == {"unknown_path"}
    never = equipment(target, (), (bare,), {"auth.lockout_failures": 0}, {}, "AXB")
    assert "never locks out" in str(never["lockout_count"])


def test_numbers_of_each_kind_are_of_that_kind() -> None:
    import re

    users = MadeUp()
    kinds = contracts.number_kinds()
    for kind in kinds:
        numbers = [users.take(kind, "0755") for _ in range(3)]  # type: ignore[arg-type]
        assert len(set(numbers)) == 3
        assert all(re.fullmatch(kinds[kind], number) for number in numbers)
    assert users.take("mobile", None).startswith("+86177")
    with pytest.raises(NotExercised, match="0571"):
        users.take("mobile", "0571")


def test_pools_run_out() -> None:
    one = Target(
        "t",
        mini.TARGET.base_url,
        applications=(mini.APP,),
        pools={"mobile": Pool(("+8613800000001",), count=1)},
    )
    session = mini.session_with(mini.Honest(), one)
    environment = session.lay_ground("one")
    assert environment.users.take("mobile", "0755") == "+8613800000001"
    with pytest.raises(NotExercised, match="1 user of the kind mobile"):
        environment.users.take("mobile", "0755")
    assert session.lay_ground("one").users.take("mobile", "0755") == "+8613800000001"


def test_a_target_that_does_not_answer(tmp_path: Path) -> None:
    """Nothing is checked then: one line says so."""
    for driver in ("", '[driver]\nkind = "http"\nurl = "http://127.0.0.1:9"\n'):
        target = load(tmp_path, 'base_url = "http://127.0.0.1:9"\n' + driver + APPLICATION)
        with pytest.raises(TargetError, match="nothing answers"):
            Session(target)


def test_fixed_addresses(tmp_path: Path) -> None:
    """One path stands for both; the report has them; no check can have the address taken away."""
    target = load(tmp_path, BASE + APPLICATION + '[receiver]\nport = 9090\nfee_path = "/in"\n')
    assert target.receiver.fixed == ("http://127.0.0.1:9090/in", "http://127.0.0.1:9090/in")
    assert target.describe()["pushes_to"] == ["http://127.0.0.1:9090/in", "http://127.0.0.1:9090/in"]
    words = equipment(target, ("application_settings",), target.applications, {}, {}, "AXB")
    assert (words["receiver"], words["application_settings"]) == (None, None)
    assert words["push_addresses"] == "target.toml says that the address is fixed"


def test_what_is_called_service(tmp_path: Path) -> None:
    assert Pool.read("service", {"prefix": "400", "count": 2})[1] == "4000000001"
    assert Pool.read("fixed_line", {"prefix": "+86755266", "count": 2})[1] == "+8675526600001"
    with pytest.raises(contracts.ContractError, match="is no service"):
        Pool.read("service", ["+8613800000001"])
