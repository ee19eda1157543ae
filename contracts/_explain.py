"""The engine that explains.

Jsonschema, made to look only at what is at fault and only as far as somebody will read.

On its own it walks over all of an instance, many times slower than the engine that decides, and collects every error
of an anyOf before it names the first. A long list with a fault in its last item would keep a server busy for seconds.
"""

from __future__ import annotations

import re
from functools import cache, partial
from itertools import islice
from typing import TYPE_CHECKING, Any

from privnum.contracts._mask import mask

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from jsonschema import ValidationError
    from jsonschema.protocols import Validator as Explainer

__all__ = ["explaining_class"]

#: Parts of schemas by identity, each with the deciding engine's answer to "does this fit"; the part is kept alive.
_parts: dict[int, tuple[dict[str, Any], Callable[[object], bool]]] = {}


def _fits(part: dict[str, Any], instance: object) -> bool:
    """Whether an instance fits a part of a schema, by the engine that decides."""
    known = _parts.get(id(part))
    if known is None:
        import jsonschema_rs

        known = _parts[id(part)] = part, jsonschema_rs.Draft202012Validator(part).is_valid
    try:
        return known[1](instance)
    except (ValueError, TypeError, RecursionError):
        return False  # nested deeper than it reads; the explaining engine says what it can


@cache
def explaining_class(most: int) -> type[Explainer]:
    """The validator class that gives few errors for a branch of an anyOf.

    At most `most` each.
    """
    from jsonschema import Draft202012Validator
    from jsonschema.validators import extend

    own = {
        "pattern": _pattern,
        "items": _items,
        "additionalProperties": _further,
        "anyOf": partial(_any_of, most),
    }
    extended: type[Explainer] = extend(Draft202012Validator, own)  # type: ignore[no-untyped-call]  # it has no types
    return extended


def _error(message: str, context: Sequence[ValidationError] = ()) -> ValidationError:
    from jsonschema import ValidationError

    return ValidationError(message, context=context)


def _pattern(validator: Explainer, text: str, instance: Any, _schema: object) -> Iterator[ValidationError]:
    """As in ECMA-262 and jsonschema-rs.

    `$` is the very end, where Python's also stands before a last newline.
    """
    if validator.is_type(instance, "string") and not _compile_pattern(text).search(str(instance)):
        yield _error(f"{mask(repr(instance))} does not match {text!r}")


def _items(validator: Any, part: dict[str, Any], instance: Any, _schema: object) -> Iterator[ValidationError]:
    """Look at the items that do not fit."""
    for index, item in enumerate(instance if isinstance(instance, list) else ()):
        if not _fits(part, item):
            yield from validator.descend(item, part, path=index)


def _further(validator: Any, part: Any, instance: Any, schema: Mapping[str, Any]) -> Iterator[ValidationError]:
    """Look at the members beside `properties` that do not fit."""
    if not isinstance(instance, dict):
        return
    further = (name for name in instance if name not in schema.get("properties", ()))
    if isinstance(part, dict):
        for name in further:
            if not _fits(part, instance[name]):
                yield from validator.descend(instance[name], part, path=name)
    elif not part and next(further, None) is not None:
        yield _error("there are further members")  # which they are, our own words say


def _any_of(
    most: int, validator: Any, branches: Sequence[Any], instance: Any, _schema: object
) -> Iterator[ValidationError]:
    """Collect the first errors of each branch, until one has none."""
    found: list[ValidationError] = []
    for index, branch in enumerate(branches):
        errors = list(islice(validator.descend(instance, branch, schema_path=index), most))
        if not errors:
            return
        found += errors
    yield _error("no branch fits", found)


@cache
def _compile_pattern(text: str) -> re.Pattern[str]:
    return re.compile(text.removesuffix("$") + r"\Z" if text.endswith("$") else text)
