"""What is read of a file, and what is said of what is not."""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.log import reading
from privnum.suites.log.reading import LogError, read_log

if TYPE_CHECKING:
    from pathlib import Path

    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.reading import Log

PATH = "/rest/caas/relationnumber/partners/v1.0"
REQUEST = {"at": "2026-03-01T00:00:00Z", "method": "GET", "path": PATH, "query": "relationNum=%2B8617000000001"}
ANSWER = {"status": 403, "answer": {"resultcode": "1012007", "resultdesc": "No."}}
EVENT = {"eventType": "callin", "statusInfo": {"timestamp": "2026-03-01 00:00:00", "sessionId": "1"}}


def har_entry(url: str, *, method: str = "POST", body: str | None = None, **response: Any) -> dict[str, Any]:
    """An entry as exporters write it."""
    posted = {} if body is None else {"postData": {"mimeType": "application/json", "text": body}}
    return {
        "startedDateTime": "2026-03-01T08:00:00.000+08:00",
        "time": 12.5,
        "request": {"method": method, "url": url, "headers": [{"name": "X-AKSK", "value": 'Username="k"'}], **posted},
        "response": {"status": 200, "content": {"size": 2, "text": "{}"}, **response},
    }


def exchanges_of(log: Log) -> list[Exchange]:
    """The exchanges of a log; looked through twice they are the same."""
    found = list(log.exchanges())
    assert list(log.exchanges()) == found
    return found


def write_file(path: Path, text: str | bytes) -> Path:
    """A file with this content."""
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    return path


def test_lines_that_cannot_be_read_are_told_with_their_numbers(tmp_path: Path) -> None:
    rows = [json.dumps(REQUEST | ANSWER), "", "{broken", "[1]", json.dumps({"kind": "nonsense"}), json.dumps({"at": 1})]
    log = read_log(write_file(tmp_path / "log", "\n".join(rows)))
    assert [exchange.line for exchange in exchanges_of(log)] == [1]
    assert [number for number, _ in log.unread] == [3, 4, 5, 6]
    texts = dict(log.unread)
    assert "no JSON" in texts[3]
    assert "no JSON object" in texts[4]
    assert "kind is 'nonsense'; it must be one of call_event, cdr" in texts[5]
    assert texts[6] == "method and path (or url) are missing; a request has both"


def test_a_request_of_the_short_form(tmp_path: Path) -> None:
    log = read_log(write_file(tmp_path / "log", json.dumps(REQUEST | ANSWER)))
    (exchange,) = exchanges_of(log)
    assert exchange.operation is not None
    assert (exchange.operation.id, exchange.parameters["relationNum"]) == ("axb.query", "+8617000000001")
    assert (exchange.answer.key, exchange.exact, exchange.when) == ("403/1012007", False, 1772323200.0)


@pytest.mark.parametrize(
    "entry",
    [
        {"kind": "call_event", "body": EVENT, "status": 200},
        {"method": "POST", "url": "https://shop.test/pushes", "body": json.dumps(EVENT), "status": 200},
    ],
    ids=["by its kind", "by its body"],
)
def test_a_push_of_the_short_form(entry: dict[str, Any], tmp_path: Path) -> None:
    (exchange,) = exchanges_of(read_log(write_file(tmp_path / "log", json.dumps(entry))))
    assert (exchange.kind, exchange.push, exchange.status) == ("push", "call_event", 200)


def test_our_journal_is_one_document(tmp_path: Path) -> None:
    """As privnum journal --format json prints it, over many lines."""
    entry = REQUEST | {"number": 7, "kind": "request", "status": 200, "answer": "{}", "body": "", "body_bytes": 0}
    log = read_log(write_file(tmp_path / "log", json.dumps({"entries": [entry], "next": 7}, indent=2)))
    assert (log.form, log.unit, exchanges_of(log)[0].exact) == ("journal", "entry", True)


def test_a_har_file_of_any_exporter(tmp_path: Path) -> None:
    """Bodies in Base64, a byte order mark, entries out of order and about something else."""
    coded: dict[str, Any] = {
        "content": {"text": base64.b64encode(b'{"resultcode":"0"}').decode(), "encoding": "base64"}
    }
    rows = [
        har_entry(f"https://api.test/prefix{PATH}?a=1", body="{}", **coded),
        har_entry("https://shop.test/style.css", method="GET"),
        har_entry("https://shop.test/push", body=json.dumps(EVENT)),
    ]
    rows[2]["startedDateTime"] = "2026-02-28T23:59:59Z"
    document = json.dumps({"log": {"version": "1.2", "entries": rows}})
    log = read_log(write_file(tmp_path / "log.har", b"\xef\xbb\xbf" + document.encode()))
    assert [(each.line, each.kind) for each in exchanges_of(log)] == [(3, "push"), (1, "request")]
    second = exchanges_of(log)[1]
    assert (log.others, second.answer.code, second.app_key, second.when) == (1, "0", "k", 1772323200.0)


def test_an_entry_of_a_har_file_that_is_none(tmp_path: Path) -> None:
    document = json.dumps({"log": {"entries": [{"request": {}}, har_entry(f"https://api.test{PATH}")]}})
    log = read_log(write_file(tmp_path / "log.har", document))
    assert log.unread == [(1, "request, response or startedDateTime is missing; HAR 1.2 has them")]


@pytest.mark.parametrize(
    ("part", "value", "problem"),
    [
        ("response", None, "response is no object"),
        ("response", "none", "response is no object"),
        ("headers", ["X-AKSK: a"], "headers are no list of objects"),
        ("headers", {"X-AKSK": "a"}, "headers are no list of objects"),
        ("headers", 7, "headers are no list of objects"),
        ("status", "OK", "status is 'OK'; in HAR 1.2 it is a number"),
        ("status", [200], "status is [200]"),
    ],
)
def test_an_entry_of_a_har_file_of_another_form_is_told(part: str, value: Any, problem: str, tmp_path: Path) -> None:
    """And the others are read."""
    bent = har_entry(f"https://api.test{PATH}")
    place = bent["request"] if part == "headers" else bent["response"] if part == "status" else bent
    place[part] = value
    document = json.dumps({"log": {"entries": [bent, har_entry(f"https://api.test{PATH}")]}})
    log = read_log(write_file(tmp_path / "log.har", document))
    ((number, text),) = log.unread
    assert (number, [each.line for each in exchanges_of(log)]) == (1, [2])
    assert text.startswith(problem)


@pytest.mark.parametrize(
    ("content", "problem"),
    [(b"", "holds no entry"), (b"[" * 200 + b"]" * 200, "nested deeper"), (b"\n\n", "holds no entry")],
    ids=["empty", "deep", "blank"],
)
def test_a_file_that_is_no_log(content: bytes, problem: str, tmp_path: Path) -> None:
    with pytest.raises(LogError, match=problem):
        read_log(write_file(tmp_path / "log", content))


@pytest.mark.parametrize("host", ["a:99999999", "[bad"])
def test_an_address_that_is_none_is_told(host: str, tmp_path: Path) -> None:
    entry = {"at": 1, "method": "GET", "url": f"http://{host}{PATH}", "status": 200}
    log = read_log(write_file(tmp_path / "log", json.dumps(entry)))
    ((_, text),) = log.unread
    assert text.endswith("is no address")


def test_what_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(LogError, match="cannot be read: No such file"):
        read_log(tmp_path / "nothing")


def test_a_file_is_not_read_beyond_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_FILE", 10)
    with pytest.raises(LogError, match="is longer than 0 MiB; cut it into parts"):
        read_log(write_file(tmp_path / "log", json.dumps(REQUEST)))


def test_a_line_is_not_read_beyond_its_bound(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "LONGEST_LINE", 10)
    log = read_log(write_file(tmp_path / "log", json.dumps(REQUEST) + "\n{}"))
    assert [number for number, _ in log.unread] == [1, 2]


def test_a_body_that_was_cut_off_is_known_to_be(tmp_path: Path) -> None:
    entry = REQUEST | ANSWER | {"number": 1, "kind": "request", "body": '{"a', "body_bytes": 20_000, "answer": "{}"}
    (exchange,) = exchanges_of(read_log(write_file(tmp_path / "log", json.dumps(entry))))
    assert not exchange.whole
