"""The API and its pushes as an OpenAPI 3.1 document."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum import __version__, contracts
from privnum.contracts import samples
from privnum.openapi import texts
from privnum.openapi.modes import COMMON, every_mode, of_modes
from privnum.openapi.operations import JSON, code_key, operation_id, path_items
from privnum.openapi.schemas import Components

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.openapi.schemas import Json

__all__ = ["LICENSE", "OPENAPI", "openapi_document"]

OPENAPI: Final = "3.1.0"
LICENSE: Final = {"name": "Apache-2.0", "identifier": "Apache-2.0"}
_ABOUT: Final = """\
Huawei Cloud PrivateNumber (隐私保护通话) lets two people call each other without seeing each other's numbers. This
document was generated from a contract that was put together from public pages, by people who are not affiliated with
Huawei. All numbers in it are made up.

Each rule says how sure it is: documented by an official page, observed at real clients, or assumed where the public
record is open (then other choices are right too). The schemas have the forms that the pages print. The + of a number in
a query is sent as %2B."""
_SERVERS: Final = (
    {
        "url": "https://{address}",
        "description": "The platform; the address of an application is shown in the console.",
        "variables": {
            "address": {"default": "rtcpns.cn-north-1.myhuaweicloud.com", "description": "As in all samples."}
        },
    },
    {"url": "http://localhost:8080", "description": "The stand-in server: privnum serve."},
)
#: The two headers of each signature: scheme, header, and the rule that says how it is made.
_HEADERS: Final = (
    ("aksk_authorization", "Authorization", "COM-AUTH-001"),
    ("aksk_token", "X-AKSK", "COM-AUTH-001"),
    ("wsse_authorization", "Authorization", "COM-AUTH-004"),
    ("wsse_token", "X-WSSE", "COM-AUTH-004"),
)
_SECURITY: Final = (("aksk_authorization", "aksk_token"), ("wsse_authorization", "wsse_token"))
_EVENT_KIND: Final = "call_event"


def openapi_document(modes: Sequence[str] | None = None) -> Json:
    """Return the API of these modes, or of every mode, with its pushes."""
    chosen = every_mode() if modes is None else tuple(modes)
    components = Components()
    operations = of_modes(contracts.operations(), chosen)
    paths = path_items(operations, components)
    webhooks = {each.id: {each.method.lower(): _webhook(each, components)} for each in _callbacks(chosen)}
    return {
        "openapi": OPENAPI,
        "info": _info(chosen),
        "servers": list(_SERVERS),
        "security": _security(),
        "tags": [_tag(mode) for mode in (*chosen, COMMON)],
        "paths": paths,
        "webhooks": webhooks,
        "components": {
            "schemas": components.schemas(),
            "examples": _code_examples(),
            "securitySchemes": _security_schemes(),
        },
        "x-release-causes": _release_causes(),
        "x-q850-causes": {str(code): text for code, text in contracts.q850().items()},
        "x-sources": _sources(),
    }


def _callbacks(modes: Sequence[str]) -> list[contracts.Callback]:
    return of_modes(contracts.callbacks(), modes)


def _info(modes: Sequence[str]) -> Json:
    edition = contracts.editions()[contracts.DEFAULT_EDITION]
    return {
        "title": "Huawei Cloud PrivateNumber",
        "summary": f"Modes {', '.join(modes)}; {edition.title}",
        "description": _ABOUT,
        "license": LICENSE,
        "version": edition.id,
        "x-generator": f"privnum {__version__}",
    }


def _tag(mode: str) -> Json:
    about = "What every mode has, and rules that hold in every mode." if mode == COMMON else f"The mode {mode}."
    return {"name": mode, "description": texts.join_paragraphs(about, texts.rule_list(texts.rules_of_tag(mode)))}


def _security() -> list[Json]:
    return [{scheme: [] for scheme in pair} for pair in _SECURITY]


def _security_schemes() -> Json:
    rules = contracts.requirements()
    return {
        scheme: {
            "type": "apiKey",
            "in": "header",
            "name": header,
            "description": f"{rules[rule].text} ({rule})",
        }
        for scheme, header, rule in _HEADERS
    }


def _webhook(callback: contracts.Callback, components: Components) -> Json:
    content: Json = {"schema": components.refer(callback.schema)}
    if callback.kind == _EVENT_KIND:
        found = samples.event_samples(callback.schema)
    else:
        value = samples.push_sample(callback.schema)
        found = {} if value is None else {callback.kind: value}
    if found:
        content["examples"] = {name: {"value": value} for name, value in found.items()}
    return {
        "operationId": operation_id(callback.id),
        "summary": f"{callback.mode}: {callback.title}",
        "description": texts.join_paragraphs(
            f"The platform sends it to the application's {callback.setting}; {callback.basis}. It is signed with the "
            "application's own key and secret. Causes of the end of a call: x-release-causes and x-q850-causes.",
            texts.rule_list(texts.rules_of_callback(callback)),
            texts.cited_sources(callback.source),
        ),
        "tags": [callback.mode],
        **texts.external_docs(callback.source),
        "requestBody": {"required": True, "content": {JSON: content}},
        "responses": {"200": _answer_response(callback, components)},
        "x-callback": {"kind": callback.kind, "setting": callback.setting, "source": list(callback.source)},
    }


def _answer_response(callback: contracts.Callback, components: Components) -> Json:
    """What the customer answers.

    Where the push is a question, with the body that decides.
    """
    answer = callback.answer
    if answer is None:
        return {"description": "Received; anything else, or nothing in time, and it is sent again."}
    found = samples.request_samples(answer)
    content: Json = {"schema": components.refer(answer)}
    if found:
        content["examples"] = {name: {"value": value} for name, value in found.items()}
    asks = "notifyMode Block: what becomes of the call. Notify: received, with an empty body."
    return {
        "description": asks if callback.kind == _EVENT_KIND else "What becomes of the SMS: the verdict.",
        "content": {JSON: content},
    }


def _code_examples() -> Json:
    """Every result code as an example of an answer.

    Some are listed by no operation: those of the older generation, and of other pages.
    """
    return {
        code_key(each): {
            "summary": each.meaning,
            "value": {"resultcode": each.code, "resultdesc": each.text},
            "x-status": each.http,
            "x-basis": each.basis,
            "x-source": list(each.source),
        }
        for each in contracts.result_codes().values()
    }


def _release_causes() -> Json:
    return {
        str(each.code): {
            "group": each.group,
            "meaning": each.meaning,
            "tables": list(each.tables),
            "basis": each.basis,
            "source": list(each.source),
        }
        for each in contracts.release_causes().values()
    }


def _sources() -> Json:
    return {
        key: {"title": each.title, **({"url": each.url} if each.url else {})}
        for key, each in contracts.sources().items()
    }
