"""docs/driver.md: its examples are messages of the protocol, and our server answers them so."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from privnum import contracts
from privnum.mockserver.embed.direct import DirectServer
from privnum.suites.driver.python import ObjectDriver
from privnum.suites.target.config import App
from privnum.suites.transport.client import sign

ROOT = Path(__file__).resolve().parents[2]
PAGE = (ROOT / "docs" / "driver.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```", PAGE, re.MULTILINE | re.DOTALL)
EXCHANGE = re.compile(r"> (\w+) (\S+) ?([^<]*)\n< (\d+) ?(.*?)(?=\n\n> |\Z)", re.DOTALL)


class Example(NamedTuple):
    """A message of the page and its answer."""

    operation: contracts.ControlOperation
    method: str
    path: str
    query: str
    body: Any
    status: int
    reply: Any


def examples() -> list[Example]:
    found = []
    for kind, text in BLOCKS:
        for method, target, body, status, reply in EXCHANGE.findall(text.rstrip()) if kind == "text" else ():
            path, _, query = target.partition("?")
            parsed = [json.loads(part) if part.strip() else None for part in (body, reply)]
            found.append(Example(operation_of(method, path), method, path, query, parsed[0], int(status), parsed[1]))
    return found


def operation_of(method: str, path: str) -> contracts.ControlOperation:
    for operation in contracts.control_operations().values():
        template = re.sub(r"\{\w+\}", "[^/]+", operation.path)
        if operation.method == method and re.fullmatch(template, path):
            return operation
    raise AssertionError(f"{method} {path} is no message of driver.toml")


EXAMPLES = examples()
IDS = [f"{example.method} {example.path}" for example in EXAMPLES]


def test_the_table_has_every_message_under_its_capability() -> None:
    table = PAGE[PAGE.index("| first | messages |") :].split("\n\n")[0].splitlines()[2:]
    rows = [row.split("|")[1:3] for row in table]
    shown = {word: row for row in rows for word in re.findall(r"`([\w.]+)`", row[1])}
    assert shown.keys() == contracts.control_operations().keys()
    for id_, (capabilities, _) in shown.items():
        capability = contracts.control_operations()[id_].capability
        assert f"`{capability}`" in capabilities if capability else "`" not in capabilities, id_


def test_every_arrow_is_read() -> None:
    arrows = sum(len(re.findall(r"^> ", text, re.MULTILINE)) for kind, text in BLOCKS if kind == "text")
    assert len(EXAMPLES) == arrows > 18


def test_every_operation_is_shown() -> None:
    shown = {example.operation.id for example in EXAMPLES}
    assert contracts.control_operations().keys() == shown
    named = set(re.findall(r"`([a-z]+\.[a-z_]+)`", PAGE)) - {"driver.toml"}
    assert named <= contracts.control_operations().keys()


def test_every_capability_is_named() -> None:
    for word in contracts.capabilities():
        assert f"`{word}`" in PAGE


@pytest.mark.parametrize("example", EXAMPLES, ids=IDS)
def test_examples_fit_their_schemas(example: Example) -> None:
    operation = example.operation
    if operation.body is not None:
        assert contracts.validator(operation.body).problems({} if example.body is None else example.body) == []
    else:
        assert example.body is None
    if example.query:
        assert operation.query is not None
        assert contracts.validator(operation.query).problems(dict([example.query.split("=")])) == []
    good = example.status == operation.status
    schema = operation.response if good else "driver/error"
    assert good or 400 <= example.status < 500
    assert (example.reply is None) == (schema is None)
    if schema is not None:
        assert contracts.validator(schema).problems(example.reply) == []


def test_our_server_answers_so() -> None:
    """One after the other, with its own ids; what the page shows of a call, a clock and a setting is what comes."""
    server = DirectServer()
    ids: dict[str, str] = {}
    for example in EXAMPLES:
        if example.operation.id == "calls.create":
            bind(server, ids)
        path = example.path
        for shown, real in ids.items():
            path = path.replace(shown, real)
        content = b"" if example.body is None else json.dumps(example.body).encode()
        status, _, answer = server.request(example.method, path, example.query, [], content)
        assert status == example.status, path
        if answer and example.status < 400:
            compare(example, json.loads(answer), ids)


def bind(server: DirectServer, ids: dict[str, str]) -> None:
    """A and B of the page on its X."""
    app = App(ids["made-up-key"], ids["made-up-secret"], "AXB")
    body = {"callerNum": "+8613800000001", "calleeNum": "+8613800000002", "relationNum": "+8617000000001"}
    path = contracts.operations()["axb.bind"].path
    headers = [*sign(app), ("Content-Type", "application/json;charset=UTF-8")]
    status, _, content = server.request("POST", path, "", headers, json.dumps(body).encode())
    assert (status, json.loads(content)["resultcode"]) == (200, "0")


LOOSE = {
    "version", "identifier", "product", "modes", "capabilities", "session_id", "subscription_id", "release_cause",
    "url",
    "assumptions", "home_areas", "applications", "worlds", "pushes", "entries", "bindings",
}  # fmt: skip
"""What is another platform's in the examples."""


def compare(example: Example, reply: Any, ids: dict[str, str]) -> None:
    """The same but for ids, which are remembered; each field of the example is there."""
    for name, shown in example.reply.items():
        real = reply[name]
        if name in ("id", "app_key", "app_secret") and isinstance(shown, str):
            ids.setdefault(shown, real)
            real = shown if ids[shown] == real else real
        if name not in LOOSE:
            assert real == shown, f"{example.method} {example.path}: {name}"
    made = example.reply.get("applications", []) if example.operation.id == "worlds.create" else []
    for shown, real in zip(made, reply.get("applications", []), strict=False):
        ids |= {shown["app_key"]: real["app_key"], shown["app_secret"]: real["app_secret"]}
        assert shown["numbers"] == real["numbers"]


def test_the_python_driver_is_one() -> None:
    (text,) = [text for kind, text in BLOCKS if kind == "python"]
    names: dict[str, Any] = {}
    exec(text, names)
    driver = ObjectDriver(names["Rig"](address="10.0.0.7"))
    assert driver.send("capabilities")["protocol"] == 1
    assert driver.exchange("clock.get", world="default").status == 404


def test_every_link_leads_somewhere() -> None:
    for page in ("driver.md", "target.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for link in re.findall(r"\]\(([^)]+)\)", text):
            file, _, anchor = link.partition("#")
            path = ROOT / "docs" / file if file else ROOT / "docs" / page
            assert path.exists(), link
            headings = re.findall(r"^#+ (.*)$", path.read_text(encoding="utf-8"), re.MULTILINE) if anchor else []
            assert not anchor or anchor in [heading.lower().replace(" ", "-") for heading in headings], link
