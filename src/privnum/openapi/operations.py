"""Operations of the contract as path items.

OpenAPI has one operation for a method of a path. Where modes share one, it is described once for all of them: any of
their bodies fits, and a parameter must be there where all of them need it.
"""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.contracts import samples
from privnum.openapi import texts
from privnum.openapi.schemas import reference

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from privnum.openapi.schemas import Components, Json

__all__ = ["JSON", "code_key", "operation_id", "operation_ids", "path_items", "query_parameters"]

JSON: Final = "application/json"
_ENVELOPE: Final = "common/envelope"
_MOVED: Final = 301
#: Characters of an address in Location (COM-RECORD-001).
_LONGEST_ADDRESS: Final = 512
_SUCCESS: Final = "200/0"


def operation_id(*ids: str) -> str:
    """Return the operationId of operations that are described as one.

    It is "axe_bind" of axe.bind, and "ax_bind_or_axb_bind" where two modes share path and method.
    """
    return "_or_".join(each.replace(".", "_") for each in ids)


def operation_ids(operations: Iterable[contracts.Operation]) -> dict[str, str]:
    """Return the operationId of each operation, by the operation's id."""
    return {each.id: operation_id(*(one.id for one in group)) for group in _groups(operations) for each in group}


def _groups(operations: Iterable[contracts.Operation]) -> list[list[contracts.Operation]]:
    """Operations in groups that share a path and a method."""
    groups = defaultdict(list)
    for each in operations:
        groups[each.path, each.method].append(each)
    return list(groups.values())


def path_items(operations: Iterable[contracts.Operation], components: Components) -> Json:
    """Return the paths object of these operations."""
    paths: Json = {}
    for group in _groups(operations):
        paths.setdefault(group[0].path, {})[group[0].method.lower()] = _operation(group, components)
    return paths


def _operation(group: Sequence[contracts.Operation], components: Components) -> Json:
    parameters = _merged_parameters(
        [query_parameters(each.query) if each.query is not None else {} for each in group],
    )
    item: Json = {
        "operationId": operation_id(*(each.id for each in group)),
        "summary": _summary(group),
        "description": "\n\n".join(_description(each, is_only_one=len(group) == 1) for each in group),
        "tags": list(dict.fromkeys(each.mode for each in group)),
        **texts.external_docs([key for each in group for key in each.source]),
    }
    if parameters:
        item["parameters"] = parameters
    if any(each.body for each in group):
        item["requestBody"] = _request_body(group, components)
    item["responses"] = _responses(group, components)
    item["x-operations"] = {
        each.id: {"name": each.name, "basis": each.basis, "source": list(each.source)} for each in group
    }
    return item


def _summary(group: Sequence[contracts.Operation]) -> str:
    if len(group) == 1:
        return group[0].title
    return "; ".join(f"{each.mode}: {each.title}" for each in group)


def _description(operation: contracts.Operation, *, is_only_one: bool) -> str:
    return texts.join_paragraphs(
        "" if is_only_one else f"## {operation.mode}: {operation.title}",
        f"{operation.name}, mode {operation.mode}; {operation.basis}.",
        _selectors(operation),
        texts.rule_list(texts.rules_of_operation(operation.id)),
        texts.cited_sources(operation.source),
    )


def _selectors(operation: contracts.Operation) -> str:
    """What a request must name so that it is clear which binding is meant."""
    found = []
    for name in filter(None, (operation.query, operation.body)):
        ways = contracts.schema(name, strict=True).get("x-selectors", ())
        found += [way if isinstance(way, str) else " with ".join(way) for way in ways]
    return f"A request must have {' or '.join(found)}." if found else ""


def query_parameters(name: str) -> dict[str, Json]:
    """Return the parameters of a query schema, by name."""
    schema = contracts.schema(name, strict=True)
    found: dict[str, Json] = {}
    for field, part in schema.get("properties", {}).items():
        found[field] = {
            "name": field,
            "in": "query",
            "required": field in schema.get("required", ()),
            "description": part.get("description", ""),
            "schema": {key: value for key, value in part.items() if key != "description"},
        }
        try:
            found[field]["example"] = samples.field_sample(name, field, part)
        except samples.NoSample:
            continue
    return found


def _merged_parameters(parts: Sequence[Mapping[str, Json]]) -> list[Json]:
    """The parameters of operations that are described as one.

    One that differs takes what any takes, and none must be there that one operation can do without.
    """
    merged: list[Json] = []
    for name in dict.fromkeys(name for part in parts for name in part):
        given = [part[name] for part in parts if name in part]
        schemas: list[Any] = []
        for each in given:
            if each["schema"] not in schemas:
                schemas.append(each["schema"])
        merged.append(
            {
                **given[0],
                "required": len(given) == len(parts) and all(each["required"] for each in given),
                "description": " ".join(dict.fromkeys(each["description"] for each in given)),
                "schema": schemas[0] if len(schemas) == 1 else {"anyOf": schemas},
            }
        )
    return merged


def _request_body(group: Sequence[contracts.Operation], components: Components) -> Json:
    bodies = {each.id: each.body for each in group if each.body is not None}
    examples = {}
    for id_, name in bodies.items():
        for title, value in samples.request_samples(name).items():
            key = title if len(group) == 1 else f"{operation_id(id_)}_{title}"
            examples[key] = {"summary": _TITLES[title], "value": value}
    content: Json = {"schema": _any_of([components.refer(name) for name in dict.fromkeys(bodies.values())])}
    if examples:
        content["examples"] = examples
    return {"required": len(bodies) == len(group), "content": {JSON: content}}


_TITLES: Final = {"required": "What must be there", "settings": "With settings"}


def _any_of(schemas: Sequence[Json]) -> Json:
    return schemas[0] if len(schemas) == 1 else {"anyOf": list(schemas)}


def code_key(code: contracts.ResultCode) -> str:
    """Return the name of a result code among the examples: "403-1012010"."""
    return f"{code.http}-{code.code}"


def _responses(group: Sequence[contracts.Operation], components: Components) -> Json:
    codes = contracts.result_codes()
    by_status = defaultdict(list)
    for key in sorted({key for each in group for key in each.codes}):
        by_status[codes[key].http].append(codes[key])
    answers: Json = {str(group[0].success): _success(group, components)}
    for status, found in sorted(by_status.items()):
        answers[str(status)] = {
            "description": texts.join_paragraphs("Refused; nothing was changed.", texts.code_table(found)),
            "content": {
                JSON: {
                    "schema": components.refer(_ENVELOPE),
                    "examples": {code_key(each): reference("examples", code_key(each)) for each in found},
                }
            },
        }
    return answers


def _success(group: Sequence[contracts.Operation], components: Components) -> Json:
    if group[0].success == _MOVED:
        address = {"type": "string", "minLength": 1, "maxLength": _LONGEST_ADDRESS}
        found = {"description": "Address of what was asked for.", "required": True, "schema": address}
        return {"description": "Carried out; a plain GET of Location brings it.", "headers": {"Location": found}}
    names = dict.fromkeys(each.response for each in group)
    content: Json = {"schema": _any_of([components.refer(name) for name in names])}
    examples = {}
    for each in group:
        value = samples.answer_sample(each.response)
        if value is not None:
            examples[operation_id(each.id)] = {"summary": each.title, "value": value}
    if examples:
        content["examples"] = examples
    return {
        "description": texts.join_paragraphs("Carried out.", texts.code_table([contracts.result_codes()[_SUCCESS]])),
        "content": {JSON: content},
    }
