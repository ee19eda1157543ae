"""The variations are well formed, and what they leave out is promised by nobody."""

from __future__ import annotations

import re
from typing import Any

import pytest

from privnum import contracts

VARIATIONS = contracts.variations()


def place(schema: dict[str, Any], path: str) -> tuple[dict[str, Any], str]:
    """The schema of the object in which a field stands, and the field's name."""
    *steps, name = path.split(".")
    for step in steps:
        schema = schema["properties"][step.removesuffix("[]")]
        schema = schema["items"] if step.endswith("[]") else schema
    return schema, name


def schema_of(message: str) -> dict[str, Any]:
    """The schema of an answer, of a push, or of one of its events."""
    operation = contracts.operations().get(message)
    callback = contracts.callbacks().get(".".join(message.split(".")[:2]))
    return contracts.schema(operation.response if operation else callback.schema if callback else "")


def fields(variation: str) -> list[tuple[str, str]]:
    return [(message, path) for message, paths in VARIATIONS[variation].fields.items() for path in paths]


@pytest.mark.parametrize("variation", VARIATIONS.values(), ids=VARIATIONS.keys())
def test_variation_is_well_formed(variation: contracts.Variation) -> None:
    assert re.fullmatch(r"(answers|ids|pushes)\.[a-z0-9_]+", variation.id)
    assert variation.text.endswith(".")
    assert variation.why.endswith(".")
    assert variation.source
    assert {source.partition("@")[0] for source in variation.source} <= contracts.sources().keys()


@pytest.mark.parametrize("variation", [v.id for v in VARIATIONS.values() if v.fields])
def test_fields_are_those_of_a_schema_and_not_mandatory(variation: str) -> None:
    for message, path in fields(variation):
        owner, name = place(schema_of(message), path)
        assert name in owner["properties"], (message, path)
        assert name not in owner.get("required", ()), (message, path)
        assert name not in owner.get("then", {}).get("required", ()), (message, path)


@pytest.mark.parametrize("variation", ["answers.optional_left_out", "pushes.optional_left_out"])
def test_no_documented_must_names_a_field_that_may_be_left_out(variation: str) -> None:
    """Of bind, by what is said of its answer; of an event, by what is said of that event."""
    topics = {"bind": "BIND", "cdr": "CDR", "call_event": "EVENT", "sms_notify": "SMS", "sms_block": "SMS"}
    for message, path in fields(variation):
        mode, kind, *event = message.split(".")
        name = path.rpartition(".")[2]
        about = f"{mode.upper()}-{topics.get(kind, 'QUERY')}-"
        needle = rf"In {event[0]}, .*\b{name} is\b" if event else rf"\b{name}\b"
        for rule in contracts.requirements().values():
            if (rule.level, rule.basis) == ("must", "documented") and rule.id.startswith(about):
                told = kind != "bind" or "answer" in rule.text
                spared = re.search(rf"[Ww]here (it is|they are) (sent|shown)|has no {name}\b", rule.text)
                assert not (told and re.search(needle, rule.text)) or spared, (message, path, rule.id)


@pytest.mark.parametrize("variation", ["answers.empty_for_unset", "pushes.empty_times"])
def test_texts_that_may_be_empty_may_be_so_by_their_schema(variation: str) -> None:
    for message, path in fields(variation):
        owner, name = place(schema_of(message), path)
        field = owner["properties"][name]
        assert field["type"] == "string"
        assert not field.get("minLength")
        assert re.search(field.get("pattern", ""), "")


def test_no_message_of_the_platform_has_two_types_for_a_field() -> None:
    """Were there one, sending the other type would be a variation that is missing here."""
    names = [op.response for op in contracts.operations().values()]
    names += [callback.schema for callback in contracts.callbacks().values()]
    assert not [name for name in names if "x-canonical" in str(contracts.schema(name))]


def test_unknown_and_excluding_variations_are_told() -> None:
    with pytest.raises(contracts.UnknownName, match=r"pushes\.late"):
        contracts.chosen_variations(["pushes.lat"])
    with pytest.raises(contracts.ContractError, match="exclude each other"):
        contracts.chosen_variations(["ids.nonce_long", "ids.nonce_short"])
    chosen = contracts.chosen_variations(["pushes.late", "answers.long_text", "pushes.late"])
    assert [v.id for v in chosen] == ["answers.long_text", "pushes.late"]
