"""`privnum openapi`: valid by another's validator, with everything of the contract in it, and examples that fit."""

from __future__ import annotations

import dataclasses
import json
import os
import re
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import jsonschema_rs
import pytest
from openapi_spec_validator import OpenAPIV31SpecValidator

from privnum import cli, contracts
from privnum.openapi import driver_document, every_mode, openapi_document
from privnum.openapi.operations import path_items
from privnum.openapi.schemas import Components

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

DOCUMENT = openapi_document()
DRIVER = driver_document()
TEXT = json.dumps(DOCUMENT, ensure_ascii=False)


def operations(document: Any) -> Iterator[tuple[str, Any]]:
    """Every operation and webhook of a document, by where it stands."""
    for part in ("paths", "webhooks"):
        for path, item in document.get(part, {}).items():
            for method, operation in item.items():
                yield f"{method} {path}", operation


def contents(document: Any) -> Iterator[tuple[str, Any]]:
    """Every body of a request or an answer, by where it stands."""
    for place, operation in operations(document):
        bodies = {"request": operation.get("requestBody", {}), **operation["responses"]}
        for name, body in bodies.items():
            for content in body.get("content", {}).values():
                yield f"{place} {name}", content


def resolved_node(document: Any, node: Any) -> Any:
    """What a reference of the document points to."""
    while "$ref" in node:
        found = document
        for step in node["$ref"].removeprefix("#/").split("/"):
            found = found[step]
        node = found
    return node


def fits(document: Any, schema: Any, value: Any) -> bool:
    whole = {**schema, "components": document["components"]}
    return jsonschema_rs.Draft202012Validator(whole).is_valid(value)


@pytest.mark.parametrize("modes", [list(every_mode()), *([mode] for mode in every_mode())], ids="-".join)
def test_the_document_is_valid(modes: list[str]) -> None:
    document = openapi_document(modes)
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())
    assert document["openapi"].startswith("3.1.")


def test_the_document_of_the_driver_protocol_is_valid() -> None:
    assert not list(OpenAPIV31SpecValidator(DRIVER).iter_errors())
    shown = {operation["operationId"] for _, operation in operations(DRIVER)}
    assert shown == {id_.replace(".", "_") for id_ in contracts.control_operations()}


def test_the_validator_finds_a_wrong_document() -> None:
    """A validator that takes anything would prove nothing."""
    wrong = json.loads(TEXT)
    next(iter(wrong["webhooks"].values()))["post"]["responses"] = []
    assert list(OpenAPIV31SpecValidator(wrong).iter_errors())


def test_every_operation_of_the_contract_is_in_it() -> None:
    shown = {id_ for _, operation in operations(DOCUMENT) for id_ in operation.get("x-operations", {})}
    assert shown == set(contracts.operations())
    for each in contracts.operations().values():
        operation = DOCUMENT["paths"][each.path][each.method.lower()]
        assert each.mode in operation["tags"]
        assert {int(status) for status in operation["responses"]} >= {
            each.success,
            *(int(key[:3]) for key in each.codes),
        }
        for key in each.codes:
            http, _, code = key.partition("/")
            assert f"| {code} |" in operation["responses"][http]["description"]
            assert f"{http}-{code}" in operation["responses"][http]["content"]["application/json"]["examples"]


def test_every_callback_of_the_contract_is_a_webhook() -> None:
    assert list(DOCUMENT["webhooks"]) == list(contracts.callbacks())
    for id_, callback in contracts.callbacks().items():
        operation = DOCUMENT["webhooks"][id_][callback.method.lower()]
        assert callback.setting in operation["description"]
        examples = operation["requestBody"]["content"]["application/json"]["examples"]
        types = contracts.schema(callback.schema)["properties"].get("eventType", {})
        assert list(examples) == (types["enum"] if callback.kind == "call_event" else [callback.kind])


def test_every_result_code_and_cause_is_in_it() -> None:
    shown = DOCUMENT["components"]["examples"]
    assert {(each["x-status"], each["value"]["resultcode"]) for each in shown.values()} == {
        (code.http, code.code) for code in contracts.result_codes().values()
    }
    assert set(DOCUMENT["x-release-causes"]) == {str(code) for code in contracts.release_causes()}
    assert set(DOCUMENT["x-q850-causes"]) == {str(code) for code in contracts.q850()}


def test_every_rule_is_in_a_description() -> None:
    assert not [id_ for id_ in contracts.requirements() if f"**{id_}**" not in TEXT]


def test_every_parameter_of_a_query_is_in_it() -> None:
    for each in contracts.operations().values():
        named = {part["name"] for part in DOCUMENT["paths"][each.path][each.method.lower()].get("parameters", [])}
        assert named == set(contracts.schema(each.query)["properties"] if each.query else ())


@pytest.mark.parametrize("document", [DOCUMENT, DRIVER], ids=["api", "driver"])
def test_every_example_fits_its_schema(document: Any) -> None:
    for place, content in contents(document):
        for name, example in content.get("examples", {}).items():
            assert fits(document, content["schema"], resolved_node(document, example)["value"]), (place, name)
    for place, operation in operations(document):
        for parameter in operation.get("parameters", []):
            if "example" in parameter:
                assert fits(document, parameter["schema"], parameter["example"]), (place, parameter["name"])


def test_every_message_has_an_example() -> None:
    """A message without one needs a value in contracts/examples.toml."""
    assert not [place for place, content in contents(DOCUMENT) if not content.get("examples")]
    assert not [
        (place, parameter["name"])
        for place, operation in operations(DOCUMENT)
        for parameter in operation.get("parameters", [])
        if "example" not in parameter
    ]


def test_every_example_of_a_request_is_one_that_the_contract_takes() -> None:
    for each in contracts.operations().values():
        operation = DOCUMENT["paths"][each.path][each.method.lower()]
        content = operation.get("requestBody", {}).get("content", {})
        must = [parameter for parameter in operation.get("parameters", []) if parameter["required"]]
        query = {parameter["name"]: parameter["example"] for parameter in must} if each.query else None
        for example in content.get("application/json", {}).get("examples", {}).values():
            assert not contracts.validate(each.id, query=query, body=example["value"], strict=True)


def test_numbers_are_the_made_up_ones() -> None:
    mobile = re.compile(r"\+861[0-9]{10}")
    assert set(mobile.findall(TEXT)) <= set(contracts.examples().numbers.values())


def test_operation_ids_are_unique_and_plain() -> None:
    ids = [operation["operationId"] for _, operation in operations(DOCUMENT)]
    assert len(set(ids)) == len(ids)
    assert all(re.fullmatch(r"[a-z0-9_]+", id_) for id_ in ids)


def test_headers_of_both_signatures_are_security_schemes() -> None:
    schemes = DOCUMENT["components"]["securitySchemes"]
    pairs = [{schemes[name]["name"] for name in option} for option in DOCUMENT["security"]]
    assert pairs == [{"Authorization", "X-AKSK"}, {"Authorization", "X-WSSE"}]


def test_modes_that_share_a_path_and_method_share_an_operation() -> None:
    first = contracts.operations()["axb.bind"]
    second = dataclasses.replace(contracts.operations()["axe.bind"], path=first.path, query="axe/query.query")
    components = Components()
    paths = path_items([first, second], components)
    merged = paths[first.path]["post"]
    assert merged["operationId"] == "axb_bind_or_axe_bind"
    assert list(merged["x-operations"]) == ["axb.bind", "axe.bind"]
    assert merged["tags"] == ["AXB", "AXE"]
    assert merged["requestBody"]["content"]["application/json"]["schema"] == {
        "anyOf": [components.refer("axb/bind.body"), components.refer("axe/bind.body")]
    }
    assert merged["requestBody"]["required"]
    assert not any(parameter["required"] for parameter in merged["parameters"])
    shown = {
        code for answer in merged["responses"].values() for code in answer["content"]["application/json"]["examples"]
    }
    assert {key.replace("/", "-") for key in (*first.codes, *second.codes)} <= shown
    document = {**DOCUMENT, "paths": paths}
    document["components"] = {**DOCUMENT["components"], "schemas": components.schemas()}
    document["webhooks"] = {}
    assert not list(OpenAPIV31SpecValidator(document).iter_errors())
    for _, content in contents(document):
        for example in content["examples"].values():
            assert fits(document, content["schema"], resolved_node(document, example)["value"])


@pytest.mark.parametrize("mode", every_mode())
def test_a_mode_alone_has_what_is_its_own_and_common(mode: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["openapi", "--mode", mode.lower()]) == 0
    document = json.loads(capsys.readouterr().out)
    shown = {id_ for _, operation in operations(document) for id_ in operation.get("x-operations", {})}
    assert shown == {id_ for id_, each in contracts.operations().items() if each.mode in {mode, "common"}}
    assert set(document["webhooks"]) == {
        id_ for id_, each in contracts.callbacks().items() if each.mode in {mode, "common"}
    }
    assert [tag["name"] for tag in document["tags"]] == [mode, "common"]


def test_an_unknown_mode_is_named_with_those_there_are(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["openapi", "--mode", "AXC"]) == 2
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("privnum openapi: unknown mode 'AXC'; did you mean AX")


def test_it_goes_into_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "openapi.json"
    assert cli.main(["openapi", "--output", str(path)]) == 0
    assert json.loads(path.read_bytes()) == DOCUMENT
    assert capsys.readouterr().out == ""


def test_a_file_that_cannot_be_written_is_told_in_a_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["openapi", "--driver", "--output", str(tmp_path)]) == 2
    told = capsys.readouterr().err
    assert told == f"privnum openapi: {tmp_path}: Is a directory\n"


@pytest.mark.parametrize("kind", [[], ["--arazzo"], ["--driver"]], ids=["api", "arazzo", "driver"])
def test_two_processes_write_the_same(kind: list[str]) -> None:
    written = [
        subprocess.run(
            [sys.executable, "-m", "privnum.cli", "openapi", *kind],
            capture_output=True,
            check=True,
            env={**os.environ, "PYTHONHASHSEED": seed, "PYTHONIOENCODING": "ascii"},
        ).stdout
        for seed in ("1", "2")
    ]
    assert written[0] == written[1]
    assert json.loads(written[0])
