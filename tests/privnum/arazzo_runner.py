"""A small runner of Arazzo documents: enough to go through our flows, step by step, on the embedded server."""

from __future__ import annotations

import json
import re
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote, urlencode

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.embed.direct import DirectServer

__all__ = ["Runner", "Seen"]


class Seen(NamedTuple):
    """The answer to a step."""

    status: int
    body: Any


class Runner:
    """Sends the steps of a workflow and holds each answer against its criteria.

    Args:
        server: takes the requests.
        arazzo: the document.
        sources: its OpenAPI documents, by the name of the source.
        bases: what stands before the paths of a source.
    """

    def __init__(self, server: DirectServer, arazzo: Any, sources: Mapping[str, Any], bases: Mapping[str, str]) -> None:
        self._server, self._arazzo, self._bases = server, arazzo, bases
        self._operations = {
            (source, operation["operationId"]): (path, method)
            for source, document in sources.items()
            for path, item in document["paths"].items()
            for method, operation in item.items()
        }
        self._inputs: Mapping[str, Any] = {}
        self._outputs: dict[str, dict[str, Any]] = {}

    def run(self, workflow: Any, given: Mapping[str, Any]) -> dict[str, Seen]:
        """Go through a workflow; return the answer to each step."""
        properties = workflow["inputs"]["properties"]
        self._inputs = {name: part["default"] for name, part in properties.items() if "default" in part} | dict(given)
        assert self._inputs.keys() >= set(workflow["inputs"]["required"])
        self._outputs = {}
        return {step["stepId"]: self._step(step) for step in workflow["steps"]}

    def _step(self, step: Any) -> Seen:
        prefix, source, operation = step["operationId"].split(".", 2)
        assert prefix == "$sourceDescriptions"
        path, method = self._operations[source, operation]
        query, headers = {}, [("content-type", "application/json")]
        for parameter in map(self._parameter, step["parameters"]):
            value = self._value(parameter["value"], None)
            if parameter["in"] == "path":
                path = path.replace(f"{{{parameter['name']}}}", quote(value, safe=""))
            elif parameter["in"] == "query":
                query[parameter["name"]] = value
            else:
                headers.append((parameter["name"].lower(), value))
        body = b""
        if "requestBody" in step:
            assert step["requestBody"]["contentType"] == "application/json"
            payload = {name: self._value(value, None) for name, value in step["requestBody"]["payload"].items()}
            body = json.dumps(payload).encode()
        path = self._bases[source] + path
        status, _, answered = self._server.request(method.upper(), path, urlencode(query), headers, body)
        seen = Seen(status, json.loads(answered))
        for criterion in step["successCriteria"]:
            left, _, right = criterion["condition"].partition(" == ")
            assert self._value(left, seen) == self._literal(right, seen), (step["stepId"], criterion, seen)
        self._outputs[step["stepId"]] = {
            name: self._value(expression, seen) for name, expression in step.get("outputs", {}).items()
        }
        return seen

    def _parameter(self, parameter: Any) -> Any:
        if "reference" not in parameter:
            return parameter
        found = re.fullmatch(r"\$components\.parameters\.(\w+)", parameter["reference"])
        assert found is not None
        return self._arazzo["components"]["parameters"][found[1]]

    def _literal(self, text: str, seen: Seen) -> Any:
        if text.startswith("'"):
            return text.strip("'")
        return int(text) if text.isdigit() else self._value(text, seen)

    def _value(self, text: Any, seen: Seen | None) -> Any:
        """The value of a runtime expression; anything else is itself."""
        if not (isinstance(text, str) and text.startswith("$")):
            return text
        if text.startswith("$inputs."):
            return self._inputs[text.removeprefix("$inputs.")]
        if found := re.fullmatch(r"\$steps\.(\w+)\.outputs\.(\w+)", text):
            return self._outputs[found[1]][found[2]]
        assert seen is not None, text
        if text == "$statusCode":
            return seen.status
        value = seen.body
        for part in text.removeprefix("$response.body#/").split("/"):
            value = value[int(part)] if isinstance(value, list) else value[part]
        return value
