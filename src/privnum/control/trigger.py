"""`privnum trigger`."""

from __future__ import annotations

import argparse
import re
from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum import contracts
from privnum.control.client import CommandError
from privnum.control.pushes import show_push
from privnum.control.values import number
from privnum.control.verbs import Verb

if TYPE_CHECKING:
    from privnum.control.client import Client

__all__ = ["VERBS"]

_KINDS: Final = tuple(contracts.schema("driver/trigger")["properties"]["kind"]["enum"])


def _options(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("kind", metavar="KIND", choices=_KINDS, help=", ".join(_KINDS))
    add(
        "fields",
        metavar="FIELD=VALUE",
        nargs="*",
        type=_field,
        help="a field of the CDR, of statusInfo, of numInfo or of the SMS, as in ulFailReason=8102; without a value it "
        "is left out; what is not named is made up",
    )
    add("--event", metavar="EVENT", help="eventType of a call_event (default: callin)")
    add("--mode", metavar="MODE", help="an application of this mode gets it (default: the first that gets such pushes)")
    add("--app", metavar="KEY", help="this application gets it")
    add("--url", metavar="URL", help="where it goes (default: the address of the application)")


def _field(text: str) -> tuple[str, str | None]:
    name, sign, value = text.partition("=")
    if not name or not sign:
        raise argparse.ArgumentTypeError(f"{text!r} is no field; write FIELD=VALUE, as in direction=1")
    return name, (number(value) if value and _is_number(name) else value) or None


def _is_number(name: str) -> bool:
    """Whether a field is a phone number: that which is made up for it is one."""
    sample = contracts.examples().fields.get(name)
    return isinstance(sample, str) and any(re.fullmatch(kind, sample) for kind in contracts.number_kinds().values())


def _ask(client: Client, given: argparse.Namespace) -> Any:
    fields = {name: None if text is None else _value(given.kind, name, text) for name, text in given.fields}
    named = {"event": given.event, "mode": given.mode, "app_key": given.app, "url": given.url, "fields": fields or None}
    message = {name: value for name, value in named.items() if value is not None}
    return client.of_world("POST", "/trigger", {"kind": given.kind, **message})


def _value(kind: str, name: str, text: str) -> Any:
    """Return a value as the contract has it: text, or else JSON."""
    schemas = [each for callback in contracts.callbacks().values() if callback.kind == kind for each in _of(callback)]
    found = [fields[name] for fields in schemas if name in fields]
    if not found or any(_is_text(schema) for schema in found):
        return text
    try:
        return orjson.loads(text)
    except ValueError:
        raise CommandError(f"{name}={text}: {name} is no text; write a number or JSON, as in {name}=1", 2) from None


def _of(callback: contracts.Callback) -> list[dict[str, Any]]:
    """Return the fields of the parts of a push."""
    parts = contracts.schema(callback.schema)["properties"].values()
    return [part.get("items", part).get("properties", {}) for part in parts]


def _is_text(schema: dict[str, Any]) -> bool:
    branches = schema.get("anyOf", [schema])
    return any(
        each.get("type") == "string" or any(isinstance(word, str) for word in each.get("enum", ())) for each in branches
    )


VERBS: Final = {
    "": Verb(
        "send a push that no call, SMS or number has made due",
        _ask,
        show_push,
        _options,
        "privnum trigger cdr ulFailReason=8102 callerNum=+8613800000001",
    )
}
