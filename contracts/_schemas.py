"""JSON Schemas of the contract.

Read from their files, made self-contained, and narrowed to the strict form.

A `$ref` is replaced by what it points to, with the annotations that stand beside it on top. So who takes a schema
needs no registry, and a property keeps the basis and source of the shared part unless it says otherwise.
"""

from __future__ import annotations

import copy
import json
import posixpath
from collections.abc import Mapping
from functools import cache
from typing import Any

from privnum.contracts._files import contents
from privnum.contracts.errors import ContractError, UnknownName

Schema = dict[str, Any]

FOLDER = "schemas/"
SUFFIX = ".schema.json"

# What may stand beside a $ref or an anyOf without a say in whether an instance fits.
ANNOTATIONS = frozenset(
    {
        "title",
        "description",
        "default",
        "examples",
        "x-source",
        "x-basis",
        "x-canonical",
        "x-selectors",
        "x-note",
        "x-number",
        "x-rules",
        "x-missing",
    }
)


def schema_names() -> list[str]:
    """Every schema by its name, e.g. "axb/bind.body".

    Parts that only others refer to are among them.
    """
    return sorted(name.removeprefix(FOLDER).removesuffix(SUFFIX) for name in contents() if name.endswith(SUFFIX))


def schema(name: str, *, strict: bool = False) -> Schema:
    """The schema of that name, self-contained, as a copy of your own.

    With `strict`, forms that only real clients use (`x-canonical: false`) are dropped: what remains is what the
    platform's pages print. Raises UnknownName for a name that has no file.
    """
    return copy.deepcopy(resolved_schema(name, strict=strict))


@cache
def resolved_schema(name: str, *, strict: bool = False) -> Schema:
    """As `schema`, but the kept object itself: do not change it."""
    path = f"{FOLDER}{name}{SUFFIX}"
    if path not in contents():
        raise UnknownName("schema", name, schema_names())
    plain: Schema = _inline(_file(path), path, ())
    narrowed: Schema = _canonical(plain) if strict else plain
    return narrowed


@cache
def _file(path: str) -> Schema:
    content = json.loads(contents()[path])
    if not isinstance(content, dict):
        raise ContractError(f"{path} is no JSON object")
    return content


def _inline(node: Any, path: str, trail: tuple[str, ...]) -> Any:
    if isinstance(node, list):
        return [_inline(item, path, trail) for item in node]
    if not isinstance(node, dict):
        return node
    if "$ref" not in node:
        return {key: _inline(value, path, trail) for key, value in node.items() if key != "$defs"}
    ref = node["$ref"]
    target_path, target = _target(ref, path)
    here = f"{target_path}{ref.partition('#')[2]}"
    if here in trail:
        raise ContractError(f"{path}: the reference {ref} goes round in a circle")
    beside = {key: value for key, value in node.items() if key != "$ref"}
    if not beside.keys() <= ANNOTATIONS:
        raise ContractError(f"{path}: only annotations may stand beside $ref {ref}, not {sorted(beside)}")
    body = _inline(target, target_path, (*trail, here))
    return {**{k: v for k, v in body.items() if k not in {"$schema", "$id"}}, **beside}


def _target(ref: str, path: str) -> tuple[str, Schema]:
    file, _, pointer = ref.partition("#")
    target_path = posixpath.normpath(posixpath.join(posixpath.dirname(path), file)) if file else path
    node: Any = _file(target_path) if target_path in contents() else None
    for step in pointer.split("/")[1:]:
        if not isinstance(node, Mapping) or step not in node:
            raise ContractError(f"{path}: the reference {ref} points to nothing")
        node = node[step]
    return target_path, node


def _canonical(node: Any) -> Any:
    """Drop what is marked x-canonical false.

    An anyOf with one branch left becomes that branch.
    """
    if isinstance(node, list):
        return [_canonical(item) for item in node]
    if not isinstance(node, dict):
        return node
    narrowed = {key: _canonical(value) for key, value in node.items() if key != "anyOf"}
    if "anyOf" in node:
        branches = [_canonical(branch) for branch in node["anyOf"] if branch.get("x-canonical", True)]
        if len(branches) == 1:
            return {**branches[0], **narrowed}
        narrowed["anyOf"] = branches
    return narrowed
