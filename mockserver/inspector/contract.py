"""What the page takes from the contract, for its forms and lists.

So a field, a fault or an operation that is new there is in the page without a change of it.
"""

from __future__ import annotations

from typing import Any, Final

from privnum import __version__, contracts

__all__ = ["contract_view", "rules_view"]

_CALL: Final = "driver/call.create"
#: Fields that the form of a bind shows at first, though no bind has to have them.
_USUAL: Final = frozenset({"areaCode", "duration", "bindExpiredTime", "extendNum", "subscriptionId", "userData"})


def contract_view(language: str) -> dict[str, Any]:
    """Return the words of the contract that are in forms and lists.

    In "en" or "zh". What a schema says of a field is English: the page has its Chinese.
    """
    tables = contracts.in_language(language)
    callee = contracts.schema(_CALL)["properties"]["callee"]["properties"]
    sms = contracts.schema("driver/sms.create")["properties"]
    push = contracts.schema("driver/push")["properties"]
    number = contracts.schema("driver/number.update")["properties"]
    return {
        "version": __version__,
        "operations": {
            each.id: {"mode": each.mode, "method": each.method, "path": each.path, "title": each.title}
            for each in tables.operations().values()
        },
        "binds": {
            each.mode: {"operation": each.id, "fields": _fields(each.body)}
            for each in contracts.operations().values()
            if each.id.endswith(".bind") and each.body is not None
        },
        "behaviours": callee["behaviour"]["enum"],
        "networks": sms["network"]["enum"],
        "kinds": push["kind"]["enum"],
        "statuses": number["status"]["enum"],
        "causes": {str(code): cause.meaning for code, cause in tables.release_causes().items()},
        "codes": {key: code.text for key, code in tables.result_codes().items() if code.http >= 400},
        "faults": [
            {"befalls": each.befalls, "word": each.word, "text": each.text, "needs": each.needs}
            for each in tables.faults().values()
        ],
    }


def rules_view(language: str) -> dict[str, list[str]]:
    """Return title and text of every rule, by its id, in "en" or "zh"."""
    return {id_: [rule.title, rule.text] for id_, rule in contracts.in_language(language).requirements().items()}


def _fields(body: str) -> list[dict[str, Any]]:
    """Return the fields of a request, those that are usual first."""
    schema = contracts.schema(body, strict=True)
    usual = {*schema["required"], *schema.get("x-selectors", ()), *_USUAL}
    found = [
        {
            "name": name,
            "required": name in schema["required"],
            "usual": name in usual or "x-number" in part,
            "number": part.get("x-number"),
            "kind": _kind(part),
            "text": part.get("description", ""),
        }
        for name, part in schema["properties"].items()
    ]
    return sorted(found, key=lambda each: not each["usual"])


def _kind(part: dict[str, Any]) -> str:
    """Return how a value is written: "number", "json" or "text"."""
    types = {each.get("type") for each in (part, *part.get("anyOf", ()))}
    if "object" in types:
        return "json"
    return "number" if "integer" in types else "text"
