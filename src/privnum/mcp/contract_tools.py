"""Tools that read the contract: its rules, and its schemas."""

from __future__ import annotations

from typing import Any

from privnum import contracts
from privnum.mcp.failing import in_words
from privnum.rules import find, text_of, unknown_id
from privnum.words import language, say

__all__ = ["describe", "find_rules"]

_MOST_RULES = 20


@in_words
def find_rules(words: str, most: int = 5) -> str:
    """Find rules: what they say, how sure that is, and the source.

    Args:
        words: an id (AXB-BIND-005), a result code (1012010), a release cause (8017), an operation (axb.bind), or what
            the rule is about ("call-back record expires"); Chinese words do as well.
        most: this many, the fittest first; 20 at most.
    """
    unknown = next(filter(None, map(unknown_id, words.split())), None)
    if unknown is not None:
        raise unknown
    found = find(words.split())
    if not found:
        raise LookupError(
            f"no rule speaks of {words!r}; try an operation ({', '.join(list(contracts.operations())[:4])} …)"
        )
    shown = found[: max(1, min(most, _MOST_RULES))]
    left = len(found) - len(shown)
    more = say("{left} more fit less well", left=left)
    return "\n".join(map(text_of, shown)) + (f"\n{more}\n" if left else "")


@in_words
def describe(name: str = "") -> dict[str, Any]:
    """Describe an operation, a push or a control message.

    Of the API (axb.bind), to the customer (axb.cdr), or to the server (calls.create): its method and path, the JSON
    Schemas of query, body and answer, and the codes that it may be answered with.

    Args:
        name: its id; without one, every id there is, with its title.
    """
    own = contracts.in_language(language())
    tables = (own.operations(), own.callbacks(), own.plane_operations())
    known: dict[str, Any] = {id_: each for table in tables for id_, each in table.items()}
    if not name:
        return {id_: each.title for id_, each in known.items()}
    if name not in known:
        raise contracts.UnknownName("operation, push or message", name, known)
    found = known[name]
    answer: dict[str, Any] = {"id": found.id, "title": found.title, "method": found.method}
    for part in ("path", "setting", "codes"):
        if hasattr(found, part):
            answer[part] = getattr(found, part)
    for part in ("query", "body", "response", "schema", "answer"):
        schema = getattr(found, part, None)
        if schema is not None:
            answer[f"{part}_schema" if part != "schema" else part] = contracts.schema(schema)
    return answer
