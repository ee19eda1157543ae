"""The driver protocol as an OpenAPI 3.1 document."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from privnum import __version__, contracts
from privnum.contracts import samples
from privnum.openapi import texts
from privnum.openapi.document import LICENSE, OPENAPI
from privnum.openapi.operations import JSON, operation_id, query_parameters
from privnum.openapi.schemas import Components

if TYPE_CHECKING:
    from privnum.openapi.schemas import Json

__all__ = ["driver_document"]

_FAILURE: Final = "driver/error"


def driver_document() -> Json:
    """Return the document of the driver protocol."""
    components = Components()
    paths: Json = {}
    for each in contracts.control_operations().values():
        paths.setdefault(each.path, {})[each.method.lower()] = _operation(each, components)
    rules = [f"- **{id_}** {text}" for id_, text in contracts.control_rules().items()]
    return {
        "openapi": OPENAPI,
        "info": {
            "title": "privnum driver protocol",
            "description": texts.join_paragraphs(
                "Makes happen, on an implementation under test, what the API cannot: worlds, calls, time, settings.",
                "\n".join(["### Rules", "", *rules]),
            ),
            "license": LICENSE,
            "version": __version__,
        },
        "servers": [{"url": "http://localhost:8080", "description": "The stand-in server: privnum serve."}],
        "security": [{}, {"token": []}],
        "tags": [{"name": name, "description": text} for name, text in contracts.capabilities().items()],
        "paths": paths,
        "components": {
            "schemas": components.schemas(),
            "securitySchemes": {
                "token": {"type": "http", "scheme": "bearer", "description": "Asked for where others reach the server."}
            },
        },
    }


def _operation(operation: contracts.ControlOperation, components: Components) -> Json:
    item: Json = {
        "operationId": operation_id(operation.id),
        "summary": operation.title,
        "description": f"Needs the capability {operation.capability}." if operation.capability else "Always there.",
        "tags": [operation.capability] if operation.capability else [],
    }
    parameters = [
        {"name": name, "in": "path", "required": True, "schema": {"type": "string", "minLength": 1}}
        for name in re.findall(r"\{(\w+)\}", operation.path)
    ]
    parameters += list(query_parameters(operation.query).values()) if operation.query else []
    if parameters:
        item["parameters"] = parameters
    if operation.body:
        content: Json = {"schema": components.refer(operation.body)}
        found = samples.request_samples(operation.body)
        if found:
            content["examples"] = {name: {"value": value} for name, value in found.items()}
        item["requestBody"] = {"required": True, "content": {JSON: content}}
    answer: Json = {"description": operation.title}
    if operation.response:
        answer["content"] = {JSON: {"schema": components.refer(operation.response)}}
    refused = {
        "description": "Refused; nothing was changed.",
        "content": {JSON: {"schema": components.refer(_FAILURE)}},
    }
    item["responses"] = {str(operation.status): answer, "4XX": refused}
    return item
