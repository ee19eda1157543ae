"""A sanitised log says the same, and names nobody."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privnum.cli import main
from privnum.suites.commands.sanitise import sanitise_file
from privnum.suites.log.replacing import NUMBER, Replacer, SpaceError
from privnum.suites.log.sanitising import Sanitiser, UnreplacedError
from privnum.suites.oracle.numbers import kind_of
from tests.suites.log.seeds import SEEDS, Seed
from tests.suites.log.session import findings_of, har_session, places_of_breaches, plain_session, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

KEY = b"a key of the tests"


def sanitise_to(source: Path, out: Path, secrets: Mapping[str, str]) -> Sanitiser:
    """Write the sanitised log."""
    sanitiser = Sanitiser(KEY, secrets)
    out.write_text(sanitise_file(source, sanitiser), encoding="utf-8")
    return sanitiser


@pytest.mark.parametrize("seed", SEEDS, ids=lambda seed: seed.name)
def test_the_same_is_found_after_it_as_before(seed: Seed, tmp_path: Path) -> None:
    """Rule by rule, at the same lines, whatever was edited in a session of all five modes."""
    text, secrets = plain_session()
    entries = json.loads(text)
    seed.edit(entries, secrets)
    source = write_lines(tmp_path / "log.jsonl", entries)
    sanitiser = sanitise_to(source, tmp_path / "out.jsonl", secrets)
    before, after = findings_of(source, secrets), findings_of(tmp_path / "out.jsonl", sanitiser.new_secrets)
    assert places_of_breaches(after) == places_of_breaches(before)
    assert after.passed == before.passed


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(st.lists(st.sampled_from(SEEDS), min_size=1, max_size=4, unique=True), st.binary(min_size=1, max_size=8))
def test_any_edits_are_found_alike(tmp_path: Path, seeds: list[Seed], key: bytes) -> None:
    """Several edits at once, and any key."""
    text, secrets = plain_session()
    entries = json.loads(text)
    for seed in seeds:
        try:
            seed.edit(entries, secrets)
        except (AssertionError, IndexError, KeyError, TypeError, ValueError):
            continue  # what it edits has been taken away by another
    source, out = write_lines(tmp_path / "log.jsonl", entries), tmp_path / "out.jsonl"
    sanitiser = Sanitiser(key, secrets)
    out.write_text(sanitise_file(source, sanitiser), encoding="utf-8")
    before, after = findings_of(source, secrets), findings_of(out, sanitiser.new_secrets)
    assert (places_of_breaches(after), after.passed) == (places_of_breaches(before), before.passed)


def test_no_number_key_name_or_id_is_left(tmp_path: Path) -> None:
    text, secrets = plain_session()
    entries = json.loads(text)
    source = write_lines(tmp_path / "log.jsonl", entries)
    sanitise_to(source, tmp_path / "out.jsonl", secrets)
    left = (tmp_path / "out.jsonl").read_text(encoding="utf-8")
    ids = {json.loads(entry["answer"]).get("subscriptionId") for entry in entries if entry["kind"] == "request"} - {
        None
    }
    words = {"order-42", "order-43", "on my way", "127.0.0.1", "demo_sp", *ids, *secrets, *secrets.values()}
    words |= {match[0].lstrip("+") for match in NUMBER.finditer(text)}
    assert len(words) > 30
    assert [word for word in sorted(words) if word in left] == []


def test_a_har_file_is_sanitised_too(tmp_path: Path) -> None:
    document, secrets = har_session()
    other = {"startedDateTime": "2026-03-01T00:00:00Z", "request": {"method": "GET", "url": "https://shop.test/a"}}
    document["log"]["entries"].insert(0, {**other, "response": {"status": 200}})
    source, out = tmp_path / "log.har", tmp_path / "out.har"
    source.write_text(json.dumps(document), encoding="utf-8")
    sanitiser = sanitise_to(source, out, secrets)
    before, after = findings_of(source, secrets), findings_of(out, sanitiser.new_secrets)
    assert (places_of_breaches(after), after.passed) == (places_of_breaches(before), before.passed)
    assert "shop.test" not in out.read_text(encoding="utf-8")


@pytest.mark.parametrize(
    "number",
    [
        "+8613800000001",
        "13800000001",
        "8613800000001",
        "%2B8613800000001",
        "+86755123456",
        "075512345678",
        "+864001234567",
    ],
)
def test_a_number_keeps_its_shape(number: str) -> None:
    """Country code, area code and kind stay, the others of the digits do not."""
    new = Replacer(KEY).numbers(number)
    assert new != number
    assert re.sub("[0-9]", "0", new) == re.sub("[0-9]", "0", number)
    assert kind_of(new) == kind_of(number)


@given(st.lists(st.integers(0, 99_999), unique=True, max_size=50))
def test_two_numbers_never_become_one(ends: list[int]) -> None:
    replacer = Replacer(KEY)
    numbers = [f"+86138000{end:05d}" for end in ends]
    for number in numbers:
        replacer.note_numbers(number)
    new = [replacer.numbers(number) for number in numbers]
    assert len(set(new)) == len(numbers)
    assert set(new).isdisjoint(numbers)
    assert [replacer.numbers(number) for number in numbers] == new


def test_another_key_gives_other_values() -> None:
    assert Replacer(b"1").value("id", "0b78a476") != Replacer(b"2").value("id", "0b78a476")


def test_a_text_keeps_its_signs() -> None:
    """Chinese stays Chinese, a forbidden sign stays where it is: the same rules speak of it."""
    new = Replacer(KEY).text("text", "订单 A-1 {x} é €")
    assert re.fullmatch(r"[一-鿿]{2} [A-Z]-[0-9] \{[a-z]\} [^ -~] [^ -~]", new)
    assert len(new.encode()) == len("订单 A-1 {x} é €".encode())


def replacements(replacer: Replacer, texts: Iterable[str]) -> list[str]:
    """What stands for each text."""
    return [replacer.value("text", text) for text in texts]


def test_too_many_values_of_a_shape_are_told() -> None:
    replacer = Replacer(KEY)
    for number in range(10):
        replacer.value("id", str(number))
    assert replacer.replaced["id"] == 10
    signs = map(chr, range(0x0100, 0x0200))
    with pytest.raises(SpaceError, match="too many different values of the kind text"):
        replacements(replacer, signs)


def test_what_would_be_left_is_refused() -> None:
    sanitiser = Sanitiser(KEY, {})
    sanitiser.note("+8613800000001")
    with pytest.raises(UnreplacedError, match="a number would be left unreplaced"):
        sanitiser.require_nothing_left('{"a": "+8613800000001"}')


def test_the_command_writes_and_tells(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = write_lines(tmp_path / "log.jsonl", json.loads(plain_session()[0]))
    out = tmp_path / "out.jsonl"
    assert main(["sanitise", str(source), str(out), "--key", "k"]) == 0
    told = capsys.readouterr().out
    assert re.search(r"^  number +[0-9]+  13\*\*\*\* -> 13\*\*\*\*$", told, re.MULTILINE)
    assert "+8613800000001" not in told
    assert main(["sanitise", str(source), str(out)]) == 2
    assert "is there already" in capsys.readouterr().err
    assert main(["check-log", str(out), "--quiet"]) == 0


@pytest.mark.parametrize("levels", [900, 20_000])
def test_what_is_nested_too_deep_is_replaced_whole(levels: int, tmp_path: Path) -> None:
    """As an entry, which nobody can read then, and as the text of a body."""
    request = {"at": 1, "method": "GET", "path": "/rest/caas/relationnumber/partners/v1.0"}
    deep = "[" * levels + '"+8613800000009"' + "]" * levels
    rows = [json.dumps(request | {"body": "?"}).replace('"?"', deep), json.dumps(request | {"body": deep})]
    source, out = tmp_path / "log", tmp_path / "out"
    source.write_text("\n".join(rows), encoding="utf-8")
    sanitise_to(source, out, {})
    first, second = out.read_text(encoding="utf-8").split("\n")
    assert json.loads(first) == "unreadable"
    assert "13800000009" not in second
    assert json.loads(second)["body"].startswith("[[[")
