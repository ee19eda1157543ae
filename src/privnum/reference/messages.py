"""Pages of what is sent: operations, pushes, and the control plane."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from privnum.contracts import samples
from privnum.reference.fields import fields_table
from privnum.reference.markdown import anchor, code, contract, page, plain, rule_link, source_links, table
from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from privnum import contracts

__all__ = ["control_page", "operations_page", "pushes_page"]


def operations_page() -> str:
    """Return the page of every request of the API."""
    rules: dict[str, list[str]] = {}
    for rule in contract().requirements().values():
        for id_ in rule.operations:
            rules.setdefault(id_, []).append(rule.id)
    return page(
        say("Operations"),
        say(
            "Requests of the customer to the platform: what they take, what they answer, which codes refuse them. "
            "How a request is signed is in the rules COM-AUTH."
        ),
        *(_operation(operation, rules.get(id_, ())) for id_, operation in contract().operations().items()),
    )


def _operation(operation: contracts.Operation, rules: Iterable[str]) -> str:
    codes = [
        [code(each.code), str(each.http), plain(each.text), plain(each.meaning)]
        for each in (contract().result_codes()[key] for key in operation.own_codes or operation.codes)
    ]
    heading = f"## {operation.id}: {operation.title} {{#{anchor(operation.id)}}}\n\n"
    return heading + "".join(
        f"{part}\n\n"
        for part in (
            _about(operation),
            fields_table("Query", operation.query),
            fields_table("Body", operation.body),
            _requests(operation),
            fields_table("Answer", operation.response),
            say("Codes of its own:") + "\n\n" + table(("code", "HTTP", "text", "means"), codes) if codes else "",
            say("Rules: {names}", names=", ".join(map(rule_link, rules))) if rules else "",
        )
        if part.strip()
    )


def _about(operation: contracts.Operation) -> str:
    request = code(f"{operation.method} {operation.path}")
    links = source_links(operation.source)
    return say(
        "{request} — the pages call it {name}. Source: {links}.", request=request, name=operation.name, links=links
    )


def _requests(operation: contracts.Operation) -> str:
    if operation.body is None:
        return ""
    sample = next(iter(samples.request_samples(operation.body).values()), None)
    return "" if sample is None else _json(sample)


def pushes_page() -> str:
    """Return the page of what the platform sends to the customer."""
    return page(
        say("Pushes"),
        say("What the platform sends to the customer's addresses. What answers it expects is in the rules COM-PUSH."),
        *(_push(callback) for callback in contract().callbacks().values()),
    )


def _push(callback: contracts.Callback) -> str:
    sample = samples.push_sample(callback.schema)
    return f"## {callback.id}: {callback.title} {{#{anchor(callback.id)}}}\n\n" + "".join(
        f"{part}\n\n"
        for part in (
            _address_of(callback),
            fields_table("Fields", callback.schema),
            "" if sample is None else _json(sample),
            fields_table("Answer of the customer", callback.answer),
        )
        if part.strip()
    )


def _address_of(callback: contracts.Callback) -> str:
    setting, links = code(callback.setting), source_links(callback.source)
    return say(
        "{method} to the address in {setting}. Source: {links}.", method=callback.method, setting=setting, links=links
    )


def control_page() -> str:
    """Return the page of the control plane, which has the driver protocol."""
    of_drivers = contract().control_operations().keys()
    rows = [
        [code(f"{each.method} {each.path}"), code(id_), plain(each.title), _offered_by(each, of_drivers)]
        for id_, each in contract().plane_operations().items()
    ]
    bodies = [
        f"## {id_} {{#{anchor(id_)}}}\n\n{fields_table('Query', each.query)}{fields_table('Body', each.body)}"
        for id_, each in contract().plane_operations().items()
        if each.query or each.body
    ]
    return page(
        say("Control plane"),
        say(
            "Messages by which time, calls and people are commanded, under `/_privnum`. The same protocol drives a "
            "target of the suites: a driver offers capabilities, and has the messages of those. No driver "
            "needs those of privnum alone."
        ),
        table(("request", "message", "what it does", "capability"), rows),
        *bodies,
    )


def _offered_by(message: contracts.ControlOperation, of_drivers: Collection[str]) -> str:
    """Return the capability of a message, as a driver offers it."""
    return code(message.capability or "any") if message.id in of_drivers else say("none: privnum alone")


def _json(value: Any) -> str:
    return f"```json\n{json.dumps(value, ensure_ascii=False, indent=2)}\n```"
