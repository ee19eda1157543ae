"""No refusal of the control plane, and no line of its log, gives back a number that was sent."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson
import pytest

from privnum import contracts
from privnum.mockserver.control import plane
from privnum.mockserver.control.plane import Control
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.rig import X

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Its digits without a country are in every form of it.
DIGITS = "13812345678"
NUMBER = f"+86{DIGITS}"
PLACES = {"world": "w", "app_key": "key-1", "number": X}
APP = {"mode": "AXB", "app_key": "key-1", "app_secret": "secret-1", "numbers": [X], "event_url": "inbox:"}
OPERATIONS = contracts.plane_operations().values()


def new_control() -> Control:
    platform = Platform()
    platform.create_world({"id": "w", "applications": [APP]})
    return Control(platform, "0.0")


def refusal_of(control: Control, method: str, path: str, query: str = "", body: object = None) -> str:
    """What a refusal says; nothing where the message is taken."""
    content = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
    answer = control.handle(method, path, query, content)
    return "" if answer.status < 400 else orjson.dumps(answer.view()).decode()


def fill_path(path: str, **other: str) -> str:
    return re.sub(r"\{(\w+)\}", lambda found: (PLACES | other).get(found[1], "1"), path)


def paths(operation: contracts.ControlOperation) -> Iterator[tuple[str, str]]:
    """The number in each place of a path, as it is and in percent; other methods, and paths with a wrong word."""
    for name in re.findall(r"\{(\w+)\}", operation.path):
        for number in (NUMBER, quote(NUMBER, safe=""), DIGITS):
            for method in (operation.method, "PUT", NUMBER):
                yield method, fill_path(operation.path, **{name: number})
                yield method, fill_path(operation.path.replace("/worlds", "/world"), **{name: number})
    yield operation.method, f"{fill_path(operation.path)}/{NUMBER}"


def values() -> list[Any]:
    """What a field may be given in the place of what it should be."""
    return [NUMBER, DIGITS, [NUMBER], [{NUMBER: NUMBER}], {NUMBER: NUMBER}, {"x": NUMBER}, {"number": NUMBER}]


def bodies(operation: contracts.ControlOperation) -> Iterator[Any]:
    """The number as each field, beside all else that is needed or not, as a name, twice, and cut off."""
    yield from ({NUMBER: 1}, {"a": NUMBER}, [NUMBER], NUMBER, b'{"a":"' + NUMBER.encode(), b'"\xff' + NUMBER.encode())
    yield f'{{"{NUMBER}":1,"{NUMBER}":2}}'.encode()
    fields = contracts.schema(operation.body).get("properties", {}) if operation.body else {}
    usual: dict[str, Any] = {"caller": "+8613800000001", "called": X, "from": "+8613800000001", "to": X, "text": "t"}
    beside = {name: value for name, value in usual.items() if name in fields}
    for name in fields:
        for value in values():
            yield {name: value}
            yield {**beside, name: value}


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda operation: operation.id)
def test_no_refusal_has_a_number_whole(operation: contracts.ControlOperation) -> None:
    control, place = new_control(), fill_path(operation.path)
    found = [refusal_of(control, method, path) for method, path in paths(operation)]
    query = contracts.schema(operation.query).get("properties", {}) if operation.query else {}
    for name in (*query, "other", quote(NUMBER)):
        texts = (f"{name}={quote(NUMBER)}", f"{name}={quote(NUMBER)}&{name}=1")
        found += [refusal_of(new_control(), operation.method, place, text) for text in texts]
    found += [refusal_of(new_control(), operation.method, place, body=body) for body in bodies(operation)]
    assert any(found)
    assert [text for text in found if DIGITS in text] == []


def test_no_line_of_the_log_has_a_number_whole(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """A bug of ours names the message that it came with."""

    def fail(*_: object) -> None:
        raise RuntimeError

    for operation in OPERATIONS:
        monkeypatch.setitem(plane._COMMANDS, operation.id, fail)
        places = dict.fromkeys(re.findall(r"\{(\w+)\}", operation.path), NUMBER)
        refusal_of(new_control(), operation.method, fill_path(operation.path, **places))
    assert "internal error while carrying out" in caplog.text
    assert DIGITS not in caplog.text
