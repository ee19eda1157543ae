"""Descriptions: rules, sources and codes of the contract as CommonMark."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum import contracts
from privnum.openapi.modes import COMMON

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.openapi.schemas import Json

__all__ = [
    "cited_sources",
    "code_table",
    "external_docs",
    "join_paragraphs",
    "rule_list",
    "rules_of_callback",
    "rules_of_operation",
    "rules_of_tag",
]


def join_paragraphs(*paragraphs: str) -> str:
    """Return the paragraphs that are not empty as one text."""
    return "\n\n".join(part for part in paragraphs if part)


def rule_list(rules: Iterable[contracts.Requirement]) -> str:
    """Return rules as a list: id, title, how sure it is, and what it says."""
    lines = [f"- **{rule.id}** {rule.title} ({rule.level}, {rule.basis}): {rule.text}" for rule in rules]
    return "\n".join(["### Rules", "", *lines]) if lines else ""


def rules_of_operation(operation: str) -> list[contracts.Requirement]:
    """Return the rules that name an operation."""
    return [rule for rule in contracts.requirements().values() if operation in rule.operations]


def rules_of_callback(callback: contracts.Callback) -> list[contracts.Requirement]:
    """Return the rules of a push.

    They are those of its mode whose topic is the last word of its kind: EVENT of call_event, CDR of cdr; SMS of sms_….
    """
    topic = "SMS" if callback.kind.startswith("sms_") else callback.kind.rpartition("_")[2].upper()
    return [
        rule
        for rule in contracts.requirements().values()
        if rule.mode == callback.mode and rule.id.split("-")[1] == topic and not rule.operations
    ]


def rules_of_tag(mode: str) -> list[contracts.Requirement]:
    """Return the rules of a mode that no operation or push of it has."""
    operations = contracts.operations()
    elsewhere = {rule.id for each in contracts.callbacks().values() for rule in rules_of_callback(each)}
    return [
        rule
        for rule in contracts.requirements().values()
        if rule.mode == mode
        and rule.id not in elsewhere
        and not any(operations[each].mode in {mode, COMMON} for each in rule.operations if each in operations)
    ]


def code_table(codes: Iterable[contracts.ResultCode]) -> str:
    """Return result codes as a table."""
    rows = [f"| {each.code} | {_cell(each.text)} | {_cell(each.meaning)} |" for each in codes]
    return "\n".join(["| resultcode | resultdesc begins with | meaning |", "|---|---|---|", *rows])


def _cell(text: str) -> str:
    return text.replace("|", "\\|")


def cited_sources(keys: Sequence[str]) -> str:
    """Return sources in a line: title, date and address of each."""
    return "Sources: " + "; ".join(map(_source, keys)) + "." if keys else ""


def _source(key: str) -> str:
    name, _, date = key.partition("@")
    source = contracts.sources()[name]
    title = f"[{source.title}]({source.url})" if source.url else source.title
    return f"{title} ({date})" if date else title


def external_docs(keys: Sequence[str]) -> Json:
    """Return the first public page of these sources as externalDocs, if any."""
    for key in keys:
        source = contracts.sources()[key.partition("@")[0]]
        if source.url:
            return {"externalDocs": {"url": source.url, "description": source.title}}
    return {}
