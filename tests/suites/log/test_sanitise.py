"""A sanitised log says the same, and names nobody."""

from __future__ import annotations

import json
import os
import re
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from privnum.cli import main
from privnum.suites.commands.sanitise import sanitise_file
from privnum.suites.log.reading import source_of
from privnum.suites.log.replacing import NUMBER, Replacer, SpaceError
from privnum.suites.log.sanitising import Sanitiser, UnreplacedError
from privnum.suites.oracle.numbers import kind_of
from tests.suites.log.seeds import SEEDS, Seed
from tests.suites.log.session import findings_of, har_session, places_of_breaches, plain_session, write_lines

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

KEY = b"a key of the tests"


def sanitise_to(source: Path, out: Path, secrets: Mapping[str, str], key: bytes = KEY) -> Sanitiser:
    """Write the sanitised log."""
    sanitiser = Sanitiser(key, secrets)
    with out.open("w", encoding="utf-8") as file:
        sanitise_file(source_of(source), sanitiser, file)
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
    sanitiser = sanitise_to(source, out, secrets, key)
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


@pytest.mark.skipif(not Path("/dev/fd").is_dir(), reason="a pipe has no name here")
def test_a_pipe_is_read_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """As in privnum sanitise <(zcat log.gz) OUT: it has no second beginning."""
    reading, writing = os.pipe()
    with os.fdopen(writing, "wb") as file:
        file.write(json.dumps(ENTRY).encode())
    try:
        assert main(["sanitise", f"/dev/fd/{reading}", str(tmp_path / "out"), "--key", "k"]) == 0
    finally:
        os.close(reading)
    assert "0 values" not in capsys.readouterr().out
    assert json.loads((tmp_path / "out").read_text(encoding="utf-8"))["path"] == PATH


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


PATH = "/rest/caas/relationnumber/partners/v1.0"
BIND = {"callerNum": "+8613800000001", "calleeNum": "+8613900000002", "relationNum": "+8617000000001"}
TOKEN = 'UsernameToken Username="k",PasswordDigest="****",Nonce="n",Created="2026-03-01T00:00:00Z"'
ENTRY = {"at": 1_700_000_000, "method": "POST", "path": PATH, "status": 200, "body": BIND, "answer": {}}


@pytest.mark.parametrize(
    ("entry", "hidden"),
    [
        ({"body": {**BIND, "calleeNum": "+86 138 1234 5678"}}, "1234"),
        ({"body": {**BIND, "calleeNum": "+86-138-1234-5678"}}, "1234"),
        ({"body": {**BIND, "calleeNum": "138-1234-56789"}}, "138-1234"),
        ({"body": {**BIND, "calleeNum": "＋８６１３８１２３４５６７８"}}, "１３８"),
        ({"body": {**BIND, "calleeNum": 7551234}}, "7551234"),
        ({"body": {**BIND, "calleeNum": 75512}}, "75512"),
        ({"body": {**BIND, "13812345678": "x"}}, "12345678"),
        ({"body": {**BIND, "138 1234 5678": ["x"]}}, "1234 5678"),
        ({"body": {**BIND, "alice@mail.test": {"x": 1}}}, "alice"),
        ({"body": {**BIND, "status": "ask alice", "operation": "alice@mail.test"}}, "alice"),
        ({"body": {**BIND, "digitInfo": "138-1234-5678"}}, "1234-5678"),
        ({"answer": {"resultcode": "0", "resultdesc": "Success. alice, 138 1234 5678"}}, "alice"),
        ({"answer": {"resultcode": "0", "resultdesc": "138 1234 5678 is bound"}}, "1234 5678"),
        ({"query": "alice@mail.test=1"}, "alice"),
        ({"query": "a=1&alice%40mail.test"}, "alice"),
        ({"query": "13812345678"}, "12345678"),
        ({"status": "alice"}, "alice"),
        ({"outcome": "no answer of alice.mail.test"}, "alice"),
        ({"push": "alice"}, "alice"),
        ({"operation": "alice"}, "alice"),
        ({"attempt": {"of": "alice"}}, "alice"),
        ({"method": "ALICE"}, "ALICE"),
        ({"ms": "alice"}, "alice"),
        ({"time": "alice"}, "alice"),
        ({"headers": {"Accept": "alice", "Date": "alice"}}, "alice"),
        ({"headers": {"Content-Type": "text/plain; boundary=alice"}}, "alice"),
        ({"headers": {"Authorization": 'AKSK realm="SDP",profile="alice",type="Appkey",alice'}}, "alice"),
        ({"headers": {"Authorization": "AKSK alice@mail.test"}}, "alice"),
        ({"path": None, "url": f"http://[2001:db8::1234]:80{PATH}"}, "1234"),
        ({"headers": {"X-AKSK": TOKEN + ',Extra="alice"'}}, "alice"),
        ({"headers": {"X-AKSK": f"alice {TOKEN}, alice"}}, "alice"),
        ({"headers": {"X-AKSK": TOKEN.replace("2026-", "alice-")}}, "alice"),
    ],
)
def test_nobody_is_named_wherever_it_stands(entry: dict[str, object], hidden: str, tmp_path: Path) -> None:
    """In a name, a setting, a header, a field of the entry; and the same is found as before."""
    source, out = tmp_path / "log", tmp_path / "out"
    source.write_text(json.dumps(ENTRY | entry, ensure_ascii=False), encoding="utf-8")
    sanitise_to(source, out, {})
    assert hidden.lower() not in out.read_text(encoding="utf-8").lower()
    assert places_of_breaches(findings_of(out, {})) == places_of_breaches(findings_of(source, {}))


def test_what_names_nobody_stays(tmp_path: Path) -> None:
    """Texts of the contract, settings, the words of a signature."""
    headers = [["Content-Type", "application/json;charset=UTF-8"]]
    headers.append(["Authorization", 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'])
    answer = {"resultcode": "1012010", "resultdesc": "The relation number has been bound."}
    body = {"callDirection": 1, "recordFlag": "false", "privateNumType": "mobile-virtual", "areaCode": "0755"}
    kept = {"headers": headers, "answer": answer, "body": body, "status": 403, "operation": "axb.bind", "ms": 1.5}
    source, out = tmp_path / "log", tmp_path / "out"
    source.write_text(json.dumps(ENTRY | kept), encoding="utf-8")
    sanitise_to(source, out, {})
    found = json.loads(out.read_text(encoding="utf-8"))
    assert {name: found[name] for name in kept} == kept


def test_a_har_file_names_nobody_either(tmp_path: Path) -> None:
    """Bodies in Base64 are read, and say the same afterwards."""
    bound = {"resultcode": "0", "resultdesc": "Success", "subscriptionId": "b-1", **BIND}
    coded = [b64encode(json.dumps(body).encode()).decode() for body in (BIND, bound)]
    entry = {
        "startedDateTime": "2026-03-01T00:00:00Z",
        "time": "alice",
        "request": {
            "method": "POST",
            "url": f"https://alice:alice@api.test{PATH}#alice",
            "headers": [],
            "postData": {"mimeType": "application/json", "encoding": "base64", "text": coded[0]},
        },
        "response": {"status": 200, "content": {"encoding": "base64", "text": coded[1]}},
    }
    source, out = tmp_path / "log.har", tmp_path / "out.har"
    source.write_text(json.dumps({"log": {"entries": [entry, entry]}}), encoding="utf-8")
    sanitise_to(source, out, {})
    text = out.read_text(encoding="utf-8")
    assert not [word for word in ("alice", "13800000001", *coded) if word in text]
    assert places_of_breaches(findings_of(source, {})) != {}
    assert places_of_breaches(findings_of(out, {})) == places_of_breaches(findings_of(source, {}))


def test_lines_that_cannot_be_read_are_counted(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """One in another encoding stays one that cannot be read."""
    source, out = tmp_path / "log", tmp_path / "out"
    rows = [json.dumps(ENTRY).encode(), json.dumps({**ENTRY, "app_key": "张三"}, ensure_ascii=False).encode("gbk")]
    source.write_bytes(b"\n".join(rows))
    assert main(["sanitise", str(source), str(out)]) == 0
    assert "1 line cannot be read; nothing of it is written" in capsys.readouterr().out
    assert out.read_text(encoding="utf-8").split("\n")[1] == '"unreadable"'


@pytest.mark.parametrize("content", [b"\x00\x01\xff", json.dumps(ENTRY).encode("utf-16"), b"[{}]"])
def test_a_file_of_which_nothing_can_be_read_is_refused(
    content: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "log").write_bytes(content)
    assert main(["sanitise", str(tmp_path / "log"), str(tmp_path / "out")]) == 2
    assert "no line of it can be read: " in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
