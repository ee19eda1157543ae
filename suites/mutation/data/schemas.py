"""Edits of the schemas of requests, answers and pushes.

Each keyword with another value.

A limit goes one up and one down, a word of an enumeration is left out and another comes in, a field becomes mandatory
or is not known any more. What a part of a schema is based on (`x-basis`) says how sure its keywords are.
"""

from __future__ import annotations

import copy
import fnmatch
from functools import partial
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.mutation.data.model import Edit, table_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["FOLDERS", "KEYWORDS", "NOT_KEYWORDS", "NOT_SCHEMAS", "of_schemas"]

Path = tuple[str | int, ...]
Change = tuple[str, Any]
"""What is done to a keyword, in a word or two, and its value then; _GONE: it is left out."""

FOLDERS = ("ax", "axb", "axe", "axyb", "common", "x")
NOT_SCHEMAS: Mapping[str, str] = {
    "control": "our own control plane; its tests hold it",
    "driver": "our own protocol; `privnum check-driver` and its tests hold it",
    "report": "our own files",
    "server": "our own files",
    "target": "our own files",
}
"""Folders whose schemas are not edited, with the reason."""

_GONE = object()
_FOLDER = " folder"
"""Where a keyword's edits find the folder of its file, beside the keywords of its schema."""
_TYPES = {"string": "integer", "integer": "string", "object": "array", "array": "object", "boolean": "string"}
_ANOTHER = "something_else"


def of_schemas() -> Iterator[Edit]:
    """Every edit of every schema of the platform's messages."""
    for name in contracts.schema_names():
        if name.partition("/")[0] in FOLDERS:
            file = f"{name}.schema.json"
            yield from _edits(file, table_of(file), (), "documented")


def _edits(file: str, node: Mapping[str, Any], path: Path, basis: str) -> Iterator[Edit]:
    """The edits of a schema that stands at `path`, then of those within it."""
    own = str(node.get("x-basis", basis))
    for keyword in KEYWORDS.keys() & node.keys():
        for what, value in KEYWORDS[keyword](node[keyword], {**node, _FOLDER: file.partition("/")[0]}):
            yield _edit(file, path, keyword, what, value, _basis(node, keyword, value, own))
    for name, inner in node.get("$defs", {}).items():
        yield from _edits(file, inner, (*path, "$defs", name), own)
    for name, inner in node.get("properties", {}).items():
        yield from _edits(file, inner, (*path, "properties", name), own)
    for place, inner in enumerate(node.get("anyOf", ())):
        yield from _edits(file, inner, (*path, "anyOf", place), own)
    for keyword in ("items", "if", "then"):
        if keyword in node:
            yield from _edits(file, node[keyword], (*path, keyword), own)


def _basis(node: Mapping[str, Any], keyword: str, value: Any, own: str) -> str:
    """How sure a keyword is.

    Of a field or a form that is left out, that part itself.
    """
    before = node[keyword]
    if keyword == "properties":
        gone = [part for name, part in before.items() if name not in value]
    elif keyword == "anyOf":
        gone = [part for part in before if part not in value]
    else:
        return own
    return str(gone[0].get("x-basis", own))


def _edit(file: str, path: Path, keyword: str, what: str, value: Any, basis: str) -> Edit:
    words = [str(word) for word in path if word not in ("properties", "$defs")]
    place = ".".join((*words, keyword))
    why = {"observed": "known from client programs only", "assumed": "our own choice"}.get(basis, "")
    bend = partial(_bend, path, keyword, value)
    id_ = f"{file}:{place}:{what.replace(' ', '_')}"
    for pattern, reason in _OPEN.items():
        if basis == "documented" and fnmatch.fnmatchcase(id_, pattern):
            basis, why = reason
    return Edit(id_, file, f"{place}: {what}", bend, words[0] if words else "", keyword, basis, why)


def _bend(path: Path, keyword: str, value: Any, content: dict[str, Any]) -> None:
    node: Any = content
    for word in path:
        node = node[word]
    if value is _GONE:
        del node[keyword]
    else:
        node[keyword] = copy.deepcopy(value)


# ── keywords ─────────────────────────────────────────────────────────────────────────────────────────────────────────


def _length(value: int, _: Mapping[str, Any]) -> Iterator[Change]:
    yield from ((f"becomes {other}", other) for other in (value - 1, value + 1) if other >= 0)


def _bound_changes(value: int, _: Mapping[str, Any]) -> Iterator[Change]:
    yield from ((f"becomes {other}", other) for other in (value - 1, value + 1))


def _words(value: Sequence[Any], _: Mapping[str, Any]) -> Iterator[Change]:
    for word in value:
        yield f"without {word!r}", [other for other in value if other != word]
    yield "one more", [*value, "0" if "2" in value else "2"]


def _constant(_value: Any, _: Mapping[str, Any]) -> Iterator[Change]:
    yield f"becomes {_ANOTHER}", _ANOTHER
    yield "left out", _GONE


def _pattern(_value: str, _: Mapping[str, Any]) -> Iterator[Change]:
    yield "left out", _GONE
    yield "fits nothing", "^#$"


def _type(value: str, _: Mapping[str, Any]) -> Iterator[Change]:
    yield "left out", _GONE
    if value in _TYPES:
        yield f"becomes {_TYPES[value]}", _TYPES[value]


def _required_changes(value: Sequence[str], node: Mapping[str, Any]) -> Iterator[Change]:
    for name in value:
        yield f"without {name}", [other for other in value if other != name]
    for name in node.get("properties", {}):
        if name not in value:
            yield f"with {name}", [*value, name]


def _properties(value: Mapping[str, Any], _: Mapping[str, Any]) -> Iterator[Change]:
    for name in value:
        yield f"without {name}", {other: part for other, part in value.items() if other != name}


def _branches(value: Sequence[Any], _: Mapping[str, Any]) -> Iterator[Change]:
    for place in range(len(value)):
        yield f"without branch {place}", [*value[:place], *value[place + 1 :]]


def _condition(_: Any, __: Mapping[str, Any]) -> Iterator[Change]:
    yield "left out", _GONE


def _selectors(value: Sequence[Any], _: Mapping[str, Any]) -> Iterator[Change]:
    for selector in value:
        yield f"without {selector}", [other for other in value if other != selector]


def _reference(value: str, node: Mapping[str, Any]) -> Iterator[Change]:
    """To the next part of the same file."""
    file, _sign, part = value.partition("#/$defs/")
    where = "common/types" if file.startswith("../") else f"{node[_FOLDER]}/types"
    if not file:
        where = "common/types"  # only there parts refer to each other
    names = list(table_of(f"{where}.schema.json")["$defs"])
    other = names[(names.index(part) + 1) % len(names)]
    yield f"becomes {other}", f"{file}#/$defs/{other}"


KEYWORDS: Mapping[str, Callable[[Any, Mapping[str, Any]], Iterator[Change]]] = {
    "minLength": _length,
    "maxLength": _length,
    "minItems": _length,
    "maxItems": _length,
    "minimum": _bound_changes,
    "maximum": _bound_changes,
    "enum": _words,
    "const": _constant,
    "pattern": _pattern,
    "type": _type,
    "required": _required_changes,
    "properties": _properties,
    "anyOf": _branches,
    "if": _condition,
    "then": _condition,
    "$ref": _reference,
    "x-selectors": _selectors,
}
"""Keywords that decide what fits, each with its edits."""

NOT_KEYWORDS: Mapping[str, str] = {
    **dict.fromkeys(("$schema", "title", "description", "x-note", "x-form"), "words"),
    **dict.fromkeys(("x-source", "x-basis"), "where a fact is from, and how sure it is"),
    **dict.fromkeys(("x-rules", "x-missing"), "the rule that a refusal names, in words of ours behind the text"),
    "x-number": "whose number it is: what a run may dial (tests of suites/safety/phone_numbers.py)",
    "x-canonical": "marks what only clients send",
    **dict.fromkeys(("$defs", "items"), "their parts are edited"),
}
"""Keywords that are not edited, with the reason."""

_SAME = ("equivalent", "the pattern beside it says the same")
_DIGITS = ("open", "no page says how many digits a number in a query may have")
_CLIENTS = ("observed", "a form that only clients send")

_OPEN: Mapping[str, tuple[str, str]] = {
    "*Time.maxLength:becomes_20": _SAME,
    "*subscribeTime.minLength:becomes_18": _SAME,
    "*timestamp.minLength:becomes_18": _SAME,
    "*timestamp.maxLength:becomes_20": _SAME,
    "*/types.*:query_extension.*.minLength:becomes_0": _SAME,
    "axe/*.response.*:extendNum.minLength:becomes_0": _SAME,
    "*.query.*:cursor.*.minLength:*": _SAME,
    "*.query.*:cursor.*.maxLength:becomes_35": _SAME,
    "*.query.*:*.minLength:becomes_0": _SAME,
    "*.query.*:page*.maxLength:*": _DIGITS,
    "*.query.*:limit.*.maxLength:*": _DIGITS,
    "*:if.required:*": ("equivalent", "an answer without resultcode is refused beside it"),
    "axe/types.*:bind_hours.anyOf.0.minimum:becomes_-1": ("equivalent", "the minutes that hold beside it say the same"),
    "axe/types.*:bind_hours.anyOf.0.type:left_out": ("equivalent", "the minutes that hold beside it say the same"),
    "axyb/types.*:lifetime.anyOf.0.anyOf.0.type:left_out": ("equivalent", "0 is a whole number without more"),
    "axyb/types.*:shown_lifetime.minLength:becomes_0": ("equivalent", "the pattern asks for a digit"),
    "*:if.timeUnit.enum:without_0": _CLIENTS,
    "*:if.timeUnit.enum:without_None": _CLIENTS,
    "*:if.timeUnit.enum:one_more": ("equivalent", "the part timeUnit refuses it"),
    "axe/*:displayNumMode.$ref:becomes_time_unit": ("equivalent", "both parts are 0 or 1"),
    "axe/call_event.*:statusInfo.digitInfo.maxLength:*": ("open", "64 is that of a sister product"),
}
"""Edits of documented parts that no source forbids, by id: their basis, and why; equivalent: nothing is changed."""
