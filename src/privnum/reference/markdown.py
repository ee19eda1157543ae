"""Markdown: tables, links, and text that is shown as it is."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from privnum import contracts
from privnum.words import language, say

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.contracts._localized import Localized

__all__ = ["anchor", "code", "contract", "page", "plain", "rule_link", "rule_page", "source_links", "table"]

#: Signs that Markdown takes for marks, or HTML for tags.
_MARKS: Final = re.compile(r"([\\`*_{}\[\]<>#|])")


def contract() -> Localized:
    """Return the contract in the language that is spoken."""
    return contracts.in_language(language())


def plain(text: str) -> str:
    """Return a text that Markdown shows sign by sign, in one line."""
    return _MARKS.sub(r"\\\1", " ".join(text.split()))


def code(text: object) -> str:
    """Return a text as code; a bar would end the cell of a table."""
    shown = str(text).replace("|", "\\|")
    return f"`` {shown} ``" if "`" in shown else f"`{shown}`"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table, or nothing where it would have no rows."""
    lines = [" | ".join(row) for row in rows]
    if not lines:
        return ""
    top = [" | ".join(map(say, head)), " | ".join("---" for _ in head)]
    return "".join(f"| {line} |\n" for line in (*top, *lines)) + "\n"


def page(title: str, *parts: str) -> str:
    """Return a page; parts that are empty are left out."""
    return f"# {title}\n\n" + "".join(part.rstrip("\n") + "\n\n" for part in parts if part.strip())


def anchor(id_: str) -> str:
    """Return the anchor of an id, by which other pages link to it."""
    return re.sub(r"[^a-z0-9]+", "-", id_.lower()).strip("-")


def rule_page(rule: str) -> str:
    """Return the name of the page that has a rule."""
    mode = rule.partition("-")[0].lower()
    return f"rules-{'common' if mode == 'com' else mode}.md"


def rule_link(rule: str) -> str:
    """Return a link to a rule."""
    return f"[{rule}]({rule_page(rule)}#{anchor(rule)})"


def source_links(keys: Iterable[str]) -> str:
    """Return links to sources, or titles where there is no address."""
    known = contracts.sources()
    found = []
    for key in keys:
        name, _, edition = key.partition("@")
        source = known[name]
        words = plain(source.title) + (f" ({edition})" if edition else "")
        found.append(f"[{words}]({source.url})" if source.url else words)
    return "; ".join(found)
