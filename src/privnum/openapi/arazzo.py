"""The flows of the modes as an Arazzo 1.1 document.

Its steps are operations of two OpenAPI documents: the API, and the driver protocol, by which a call is placed, time
passes, and what was pushed is looked at. So a runner can go through it with `privnum serve`. A customer of the real
platform gets the pushes at his own address; each step that looks at them names their webhook.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from privnum import __version__, contracts
from privnum.openapi import texts
from privnum.openapi.modes import every_mode, of_modes
from privnum.openapi.operations import JSON, operation_id, operation_ids

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from privnum.openapi.schemas import Json

__all__ = ["ARAZZO", "NoFlow", "arazzo_document"]

ARAZZO: Final = "1.1.0"
#: Sources of the document, and the files that their commands write.
_API: Final = "api"
_DRIVER: Final = "driver"
_FILES: Final = {_API: "openapi.json", _DRIVER: "driver.json"}
_PLACEHOLDER: Final = re.compile(r"\{(?:(?P<step>\w+)\.)?(?P<field>\w+)\}")
_NOTICES: Final = ("sms_notify", "sms_block")
_TALK_SECONDS: Final = 20
_WAIT_SECONDS: Final = 60
"""Of world time: by then the call is over and its CDR has been sent."""
_CREDENTIALS: Final = {
    "authorization": ("Authorization", "Value of the Authorization header."),
    "aksk": ("X-AKSK", "Value of the X-AKSK header, signed for the application of the mode."),
}


class NoFlow(contracts.ContractError):
    """None of the modes has a flow."""


def arazzo_document(modes: Sequence[str] | None = None) -> Json:
    """Return the flows of these modes, or of every mode.

    Raises NoFlow where none of them has a flow.
    """
    chosen = every_mode() if modes is None else tuple(modes)
    described = [contracts.flows()[mode] for mode in chosen if mode in contracts.flows()]
    missing = [mode for mode in chosen if mode not in contracts.flows()]
    if not described:
        raise NoFlow(f"contracts/flows.toml has no flow of {' or '.join(missing)}; name another mode")
    ids = operation_ids(of_modes(contracts.operations(), chosen))
    return {
        "arazzo": ARAZZO,
        "info": {
            "title": "Flows of Huawei Cloud PrivateNumber",
            "summary": f"Modes {', '.join(flow.mode for flow in described)}",
            "description": _about(missing),
            "version": contracts.DEFAULT_EDITION,
            "x-generator": f"privnum {__version__}",
            "x-modes-without-flow": missing,
        },
        "sourceDescriptions": [{"name": name, "url": f"./{file}", "type": "openapi"} for name, file in _FILES.items()],
        "workflows": [_workflow(flow, ids) for flow in described],
        "components": {
            "parameters": {
                name: {"name": header, "in": "header", "value": f"$inputs.{name}"}
                for name, (header, _) in _CREDENTIALS.items()
            }
        },
    }


def _about(missing: Sequence[str]) -> str:
    return texts.join_paragraphs(
        "What a customer does in each mode, and the pushes he gets. The source documents are made by `privnum "
        f"openapi --output {_FILES[_API]}` and `privnum openapi --driver --output {_FILES[_DRIVER]}`.",
        "Calls and time are the driver's: it stands for the people who call. A flow empties its world first.",
        f"No flow is described yet of {', '.join(missing)}." if missing else "",
    )


def _workflow(flow: contracts.Flow, ids: Mapping[str, str]) -> Json:
    steps = [_reset()]
    for step in flow.steps:
        if step.operation:
            steps += _operation_steps(step, flow, ids)
        else:
            steps += [_sms_step(step, flow)] if step.sms else _call_steps(step, flow)
    return {
        "workflowId": f"{flow.mode.lower()}_main",
        "summary": f"{flow.mode}: {flow.title}",
        "description": texts.join_paragraphs(flow.text, texts.cited_sources(flow.source)),
        "inputs": _inputs(flow),
        "steps": steps,
        "outputs": {"sessionId": "$steps.call.outputs.sessionId"},
    }


def _inputs(flow: contracts.Flow) -> Json:
    numbers = contracts.examples().numbers
    wanted = sorted(
        {found["field"] for text in _texts(flow) if (found := _match_placeholder(text)) and not found["step"]}
    )
    properties: Json = {
        "world": {"type": "string", "default": "default", "description": "The world of the stand-in server."}
    }
    properties |= {name: {"type": "string", "description": about} for name, (_, about) in _CREDENTIALS.items()}
    properties |= {
        name: {"type": "string", "default": numbers[name], "description": f"The number {name.upper()}."}
        for name in wanted
        if name in numbers
    }
    others = [name for name in wanted if name not in numbers]
    properties |= {name: {"type": "string", "description": f"The application's {name}."} for name in others}
    return {"type": "object", "properties": properties, "required": [*_CREDENTIALS, *others]}


def _texts(flow: contracts.Flow) -> Iterable[str]:
    for step in flow.steps:
        for part in (step.query, step.body, step.call, step.sms):
            yield from part.values()


def _match_placeholder(text: str) -> re.Match[str] | None:
    return _PLACEHOLDER.fullmatch(text)


def _value(text: str) -> str:
    """A value of flows.toml as a runtime expression, or the text itself."""
    found = _match_placeholder(text)
    if found is None:
        return text
    if found["step"]:
        return f"$steps.{found['step']}.outputs.{found['field']}"
    return f"$inputs.{found['field']}"


def _operation_steps(step: contracts.FlowStep, flow: contracts.Flow, ids: Mapping[str, str]) -> list[Json]:
    operation = contracts.operations()[step.operation or ""]
    made: Json = {
        "stepId": step.name,
        "description": operation.title,
        "operationId": f"$sourceDescriptions.{_API}.{ids[operation.id]}",
        "parameters": [
            *({"reference": f"$components.parameters.{name}"} for name in _CREDENTIALS),
            *({"name": name, "in": "query", "value": _value(text)} for name, text in step.query.items()),
        ],
    }
    if step.body:
        payload = {name: _value(text) for name, text in step.body.items()}
        made["requestBody"] = {"contentType": JSON, "payload": payload}
    made["successCriteria"] = [_equals("$statusCode", 200), _equals("$response.body#/resultcode", "0")]
    outputs = _outputs(step, flow)
    if outputs:
        made["outputs"] = outputs
    return [made]


def _outputs(step: contracts.FlowStep, flow: contracts.Flow) -> Json:
    """The fields of an answer that later steps name."""
    found = filter(None, map(_match_placeholder, _texts(flow)))
    return {each["field"]: f"$response.body#/{each['field']}" for each in found if each["step"] == step.name}


def _call_steps(step: contracts.FlowStep, flow: contracts.Flow) -> list[Json]:
    """A call, the time that it takes, and what is pushed of it."""
    payload = {name: _value(text) for name, text in step.call.items()}
    call = _driver_step(
        step.name,
        "calls.create",
        f"Somebody calls, the other side answers, and the caller hangs up {_TALK_SECONDS} seconds after he began.",
        payload={**payload, "caller_hangs_up_after": _TALK_SECONDS},
    )
    call["outputs"] = {"sessionId": "$response.body#/session_id"}
    time = _driver_step(
        f"{step.name}_time", "clock.set", "The call goes on and ends.", payload={"advance_seconds": _WAIT_SECONDS}
    )
    session = f"$steps.{step.name}.outputs.sessionId"
    return [call, time, _events_step(step.name, flow, session), _cdr_step(step.name, flow, session)]


def _sms_step(step: contracts.FlowStep, flow: contracts.Flow) -> Json:
    """An SMS, which is sent on; and which webhooks tell of it."""
    payload = {name: _value(text) for name, text in step.sms.items()}
    notices = [each for each in contracts.callbacks().values() if each.mode == flow.mode and each.kind in _NOTICES]
    told = " ".join(f"Webhook {each.id} of {_FILES[_API]}, to {each.setting}: {each.title}." for each in notices)
    made = _driver_step(
        step.name, "sms.create", f"Somebody writes an SMS to X, which is sent on. {told}", payload=payload
    )
    made["successCriteria"].append(_equals("$response.body#/state", "sent"))
    return made


def _events_step(name: str, flow: contracts.Flow, session: str) -> Json:
    step = _driver_step(f"{name}_events", "pushes.list", _received_text(flow, "call_event"))
    for place, event in enumerate(flow.events):
        body = f"$response.body#/pushes/{place}/body"
        step["successCriteria"] += [
            _equals(f"{body}/eventType", event),
            {"condition": f"{body}/statusInfo/sessionId == {session}"},
        ]
    return step


def _cdr_step(name: str, flow: contracts.Flow, session: str) -> Json:
    step = _driver_step(f"{name}_cdr", "pushes.list", _received_text(flow, "cdr"))
    body = f"$response.body#/pushes/{len(flow.events)}/body"
    step["successCriteria"] += [
        _equals(f"{body}/eventType", "fee"),
        {"condition": f"{body}/feeLst/0/sessionId == {session}"},
    ]
    return step


def _received_text(flow: contracts.Flow, kind: str) -> str:
    """What comes to the customer meanwhile, and which webhook describes it."""
    for each in contracts.callbacks().values():
        if each.mode == flow.mode and each.kind == kind:
            what = ", ".join(flow.events) if kind == "call_event" else each.title
            return f"The platform has sent to {each.setting}: {what}. Webhook {each.id} of {_FILES[_API]} describes it."
    return "Look at what was pushed."


def _reset() -> Json:
    return _driver_step("empty", "worlds.reset", "Begin without bindings, calls and pushes.")


def _driver_step(name: str, operation: str, about: str, *, payload: Json | None = None) -> Json:
    made: Json = {
        "stepId": name,
        "description": about,
        "operationId": f"$sourceDescriptions.{_DRIVER}.{operation_id(operation)}",
        "parameters": [{"name": "world", "in": "path", "value": "$inputs.world"}],
    }
    if payload is not None:
        made["requestBody"] = {"contentType": JSON, "payload": payload}
    made["successCriteria"] = [_equals("$statusCode", contracts.control_operations()[operation].status)]
    return made


def _equals(expression: str, value: str | int) -> Json:
    literal = value if isinstance(value, int) else f"'{value}'"
    return {"condition": f"{expression} == {literal}"}
