"""No word of a customer's is left in a sanitised log, in whatever field it stands."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any

import pytest

from privnum import contracts
from privnum.suites.log.reading import read_log
from tests.suites.log.linked import journal_of
from tests.suites.log.session import plain_session, write_lines
from tests.suites.log.test_sanitise import ENTRY, sanitise_to

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

WORD = "Alicewonder"


def message_of_words(part: Any, name: str = "") -> Any:
    """A value of the form of a schema, in which every text is a word of the customer's."""
    if "properties" in part:
        return {field: message_of_words(form, field) for field, form in part["properties"].items()}
    forms = [form for form in part.get("anyOf", ()) if "properties" in form or "items" in form]
    if forms:
        return message_of_words(forms[0], name)
    return [message_of_words(part["items"], name)] if "items" in part else WORD


def messages_of_words() -> list[dict[str, Any]]:
    """A message of every operation and of every push, with a word of the customer's in the place of every value."""
    rows: list[dict[str, Any]] = []
    for row in contracts.operations().values():
        schemas = {part: getattr(row, part) for part in ("query", "body", "response")}
        parts = {part: message_of_words(contracts.schema(name)) if name else {} for part, name in schemas.items()}
        query = "&".join(f"{name}={value}" for name, value in parts["query"].items())
        rows.append({**ENTRY, "method": row.method, "path": row.path, "query": query, "body": parts["body"]})
        rows[-1]["answer"] = parts["response"]
        rows.append({**ENTRY, "method": WORD, "path": f"/{WORD}{row.path}", "status": WORD, "operation": WORD})
    for push in contracts.callbacks().values():
        body, answer = (
            message_of_words(contracts.schema(push.schema)),
            contracts.schema(push.answer) if push.answer else {},
        )
        rows.append({"at": 1_700_000_000, "kind": push.kind, "body": body, "push": WORD, "app_key": WORD})
        rows[-1]["answer"] = message_of_words(answer) if answer else {}
    return rows


def test_no_word_of_the_customer_is_left_in_any_field(tmp_path: Path) -> None:
    """Of every operation, push and answer, in JSON lines and in HAR."""
    rows = messages_of_words()
    assert {row.id for row in contracts.operations().values()} <= {
        exchange.operation.id
        for exchange in read_log(write_lines(tmp_path / "log", rows)).exchanges()
        if exchange.operation
    }
    sanitise_to(tmp_path / "log", tmp_path / "out", {})
    lines = (tmp_path / "out").read_text(encoding="utf-8").lower().splitlines()
    assert len(lines) == len(rows)
    assert [line for line in lines if WORD.lower() in line] == []
    har = [har_of(row) for row in rows]
    (tmp_path / "log.har").write_text(json.dumps({"log": {"entries": har}}), encoding="utf-8")
    sanitise_to(tmp_path / "log.har", tmp_path / "out.har", {})
    assert WORD.lower() not in (tmp_path / "out.har").read_text(encoding="utf-8").lower()


def har_of(row: Mapping[str, Any]) -> dict[str, Any]:
    """The same message in a HAR file."""
    url = f"https://{WORD}.test{row.get('path', '/pushes')}?{row.get('query', '')}"
    posted = {"mimeType": WORD, "text": json.dumps(row["body"])}
    request = {"method": row.get("method", "POST"), "url": url, "headers": [], "postData": posted}
    response = {"status": 200, "statusText": WORD, "content": {"text": json.dumps(row["answer"])}}
    return {"startedDateTime": "2026-03-01T00:00:00Z", "request": request, "response": response}


def strings_of(value: Any) -> Iterator[str]:
    """Every text in a log, with those in bodies that are written as text."""
    if isinstance(value, dict):
        for each in value.values():
            yield from strings_of(each)
    elif isinstance(value, list):
        for each in value:
            yield from strings_of(each)
    elif isinstance(value, str):
        try:
            inner = json.loads(value)
        except ValueError:
            inner = value
        yield from strings_of(inner) if isinstance(inner, dict | list) else [value]


@pytest.mark.parametrize("name", ["call_back", "give_numbers", "write_sms", "all modes"])
def test_every_text_that_stays_is_one_of_the_contract(name: str, tmp_path: Path) -> None:
    """A time, a measure of a few digits, an address of the API, a word that the contract prints; nothing else."""
    entries = json.loads(plain_session()[0]) if name == "all modes" else journal_of(name)
    source, out = write_lines(tmp_path / "log", entries), tmp_path / "out"
    sanitise_to(source, out, {})
    left = [json.loads(line) for line in out.read_text(encoding="utf-8").splitlines()]
    stayed = set(strings_of(entries)) & set(strings_of(left))
    printed = json.dumps([contracts.schema(each) for each in contracts.schema_names()])
    texts = {code.text for code in contracts.result_codes().values()}
    texts |= {cause.state_desc for cause in contracts.release_causes().values()}
    texts |= {row.path for row in contracts.operations().values()} | {*contracts.operations(), "TextSMS", "Success", ""}
    texts |= {
        "GET",
        "POST",
        "PUT",
        "DELETE",
        "application/json;charset=UTF-8",
        "Content-Type",
        "X-AKSK",
        "Authorization",
    }
    texts |= {push.kind for push in contracts.callbacks().values()} | {
        "request",
        "content-type",
        "x-aksk",
        "authorization",
    }
    time = re.compile(r"20[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9:.]+Z?")
    kept = {text for text in stayed if not time.fullmatch(text) and not re.fullmatch("[0-9]{1,8}", text)}
    signature = {text for text in kept if text.startswith(("AKSK realm=", "WSSE realm="))}
    assert {text for text in kept - texts - signature if json.dumps(text) not in printed} == set()
