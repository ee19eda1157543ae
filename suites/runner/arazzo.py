"""A failure as an Arazzo 1.1 document, for tools that run such flows.

Its steps are operations of the documents that `privnum openapi` and `privnum openapi --driver` write. Each succeeds
where what comes is what came in the run, so a flow that succeeds shows the failure again.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import parse_qsl

import orjson

from privnum import __version__, contracts
from privnum.openapi.arazzo import ARAZZO
from privnum.openapi.operations import JSON, operation_id, operation_ids

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.base.trace import Step
    from privnum.suites.target.config import Target

__all__ = ["arazzo_document"]

Json = dict[str, Any]

_NUMBER: Final = re.compile(r"\+?[0-9]{5,31}")
_WORD: Final = re.compile(r"[A-Za-z0-9_.+:-]+")
"""Values that may stand in a condition as they are."""
_SOURCES: Final = {"api": "openapi.json", "driver": "driver.json"}


class _InexpressibleError(Exception):
    """A step is no operation: its signature is bent, its body no JSON."""


def arazzo_document(steps: list[Step], target: Target, rule: str, message: str) -> Json | None:
    """The document of a history, `message` what is broken in it.

    None where a step is no operation of the API or of the driver protocol. Numbers of a target whose users are real are
    inputs, and so are the signatures.
    """
    writer = _Writer(target)
    try:
        made = [one for number, step in enumerate(steps, start=1) for one in writer.steps(step, number)]
    except _InexpressibleError:
        return None
    if not made:
        return None
    workflow: Json = {
        "workflowId": rule.lower().replace("-", "_"),
        "summary": f"Shows that {rule} is broken",
        "description": "\n\n".join([contracts.mask(message), *writer.before]),
        "inputs": writer.inputs(),
        "steps": made,
    }
    return {
        "arazzo": ARAZZO,
        "info": {
            "title": f"Counterexample of {rule}",
            "description": "Each step succeeds where what comes is what came in the run. The source documents are made "
            f"by `privnum openapi --output {_SOURCES['api']}` and `privnum openapi --driver --output "
            f"{_SOURCES['driver']}`.",
            "version": contracts.DEFAULT_EDITION,
            "x-generator": f"privnum {__version__}",
        },
        "sourceDescriptions": [
            {"name": name, "url": f"./{file}", "type": "openapi"} for name, file in _SOURCES.items()
        ],
        "workflows": [workflow],
    }


class _Writer:
    """Makes steps, and keeps what later ones name: ids and inputs."""

    def __init__(self, target: Target) -> None:
        self._plain = target.numbers_made_up
        self._ids = operation_ids(contracts.operations().values())
        self._known: dict[str, str] = {}
        self._inputs: dict[str, str] = {}
        self.before: list[str] = []
        """What must be there before the first step."""
        self._last: Json | None = None

    def inputs(self) -> Json:
        """The schema of the inputs: world, signatures, numbers of real users."""
        properties = {name: {"type": "string", "description": about} for name, about in self._inputs.items()}
        if "world" in properties:
            properties["world"]["default"] = "default"
        return {
            "type": "object",
            "properties": properties,
            "required": [name for name in properties if name != "world"],
        }

    def steps(self, step: Step, number: int) -> list[Json]:
        """A step as the document has it.

        A push and a note stand in the words of the one before.
        """
        match step.kind:
            case "request":
                self._last = self._request(step, number)
                return [self._last]
            case "control":
                self._last = self._control(step, number)
                return [self._last]
            case "world" if step.payload is not None:
                modes = ", ".join(str(app["mode"]) for app in step.payload["applications"])
                self.before.append(f"In a fresh world with the applications {modes}.")
            case "push" if self._last is not None:
                self._last["description"] += f" Then {step.text[:40] or 'a push'} is pushed."
            case "note" if self._last is not None:
                self._last["description"] += f" {contracts.mask(step.text[:400])}"
            case _:
                pass
        return []

    def _request(self, step: Step, number: int) -> Json:
        operation = contracts.operations().get(step.text)
        path, _, query = step.target.partition("?")
        if operation is None or step.bent or path != operation.path or step.method != operation.method:
            raise _InexpressibleError
        signature = [
            {"name": name, "in": "header", "value": f"$inputs.{self._input(f'{word}_{step.app}', about)}"}
            for name, word, about in (
                ("Authorization", "authorization", f"Authorization of application {step.app}."),
                ("X-AKSK", "aksk", f"X-AKSK of application {step.app}, signed for each request."),
            )
        ]
        given = [
            {"name": name, "in": "query", "value": self._value(value)}
            for name, value in parse_qsl(query, keep_blank_values=True)
        ]
        made: Json = {
            "stepId": f"step_{number}",
            "description": f"{operation.title}.",
            "operationId": f"$sourceDescriptions.api.{self._ids[operation.id]}",
            "parameters": [*signature, *given],
        }
        if step.content:
            made["requestBody"] = {"contentType": JSON, "payload": self._value(_json(step.content))}
        if step.answer is not None:
            code = {"$response.body#/resultcode": step.answer.code} if step.answer.code else {}
            made["successCriteria"] = _conditions({"$statusCode": step.answer.status, **code})
            self._keep(made, step.answer.body or {}, {"subscriptionId": "subscriptionId"})
        return made

    def _control(self, step: Step, number: int) -> Json:
        operation = contracts.control_operations().get(step.text)
        if operation is None:
            raise _InexpressibleError
        places = orjson.loads(step.target) if step.target else {}
        world = f"$inputs.{self._input('world', 'The world of the driver.')}"
        values = {"world": world, **{name: self._value(str(value)) for name, value in places.items()}}
        made: Json = {
            "stepId": f"step_{number}",
            "description": f"{operation.title}.",
            "operationId": f"$sourceDescriptions.driver.{operation_id(operation.id)}",
            "parameters": [
                {"name": name, "in": "path", "value": values[name]} for name in re.findall(r"\{(\w+)\}", operation.path)
            ],
        }
        if step.payload is not None:
            made["requestBody"] = {"contentType": JSON, "payload": self._value(step.payload)}
        result = step.result if isinstance(step.result, dict) else {}
        looked = {name: result.get(name) for name in ("state", "release_cause")} if step.text == "calls.get" else {}
        criteria = {f"$response.body#/{name}": value for name, value in looked.items()}
        made["successCriteria"] = _conditions({"$statusCode": operation.status, **criteria})
        if step.text in ("calls.create", "sms.create"):
            self._keep(made, result, {"id": "id", "session_id": "sessionId"})
        return made

    def _keep(self, made: Json, body: Mapping[str, Any], fields: Mapping[str, str]) -> None:
        """Ids of an answer are outputs of its step, which later steps name."""
        outputs = {}
        for field, name in fields.items():
            value = body.get(field)
            if isinstance(value, str) and value and value not in self._known:
                outputs[name] = f"$response.body#/{field}"
                self._known[value] = f"$steps.{made['stepId']}.outputs.{name}"
        if outputs:
            made["outputs"] = outputs

    def _input(self, name: str, about: str) -> str:
        self._inputs.setdefault(name, about)
        return name

    def _value(self, value: Any) -> Any:
        """A value with expressions for ids that came back, and real numbers."""
        if isinstance(value, dict):
            return {name: self._value(one) for name, one in value.items()}
        if isinstance(value, list):
            return [self._value(one) for one in value]
        if not isinstance(value, str):
            return value
        if value in self._known:
            return self._known[value]
        if value.startswith("$"):
            raise _InexpressibleError
        if not self._plain and _NUMBER.fullmatch(value):
            self._known[value] = f"$inputs.{self._input(f'number_{len(self._inputs) + 1}', 'A phone number.')}"
            return self._known[value]
        return value if self._plain else contracts.mask(value)


def _json(content: bytes) -> Any:
    try:
        return orjson.loads(content)
    except orjson.JSONDecodeError:
        raise _InexpressibleError from None


def _conditions(values: Mapping[str, Any]) -> list[Json]:
    """That what comes is this; without what has no plain literal."""
    found = []
    for expression, value in values.items():
        if isinstance(value, int) and not isinstance(value, bool):
            found.append({"condition": f"{expression} == {value}"})
        elif isinstance(value, str) and _WORD.fullmatch(value):
            found.append({"condition": f"{expression} == '{value}'"})
    return found
