"""Validates instances, and puts the errors in words.

jsonschema-rs says whether one fits, jsonschema why not.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING, Any

from privnum.contracts._explain import explaining_class
from privnum.contracts._load import assumption_values, operations
from privnum.contracts._model import Operation, Problem, Value
from privnum.contracts._schemas import Schema, resolved_schema
from privnum.contracts._words import describe, problem_of
from privnum.contracts.errors import UnknownName

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from jsonschema import ValidationError

__all__ = ["MOST_PROBLEMS", "Validator", "has_empty_text", "validate", "validator"]

#: Problems of one instance that are reported; nobody reads more.
MOST_PROBLEMS = 1000


class Validator:
    """One schema, ready to validate with.

    `is_valid(instance)` is the hot path. An instance is what a JSON parser gives: dict, list, str, int, float, bool,
    None. 1.0 is an integer to JSON Schema and so to both engines; true is not.
    """

    __slots__ = ("is_valid", "name", "schema", "strict")

    is_valid: Callable[[object], bool]

    def __init__(self, name: str, *, strict: bool = False) -> None:
        """Compile the schema of that name. Raises UnknownName where there is none."""
        import jsonschema_rs

        self.name = name
        self.strict = strict
        self.schema: Schema = resolved_schema(name, strict=strict)
        self.is_valid = jsonschema_rs.Draft202012Validator(self.schema).is_valid

    def __repr__(self) -> str:
        return f"Validator({self.name!r}, strict={self.strict})"

    def problems(self, instance: object) -> list[Problem]:
        """What is wrong with the instance.

        One problem per parameter, in the schema's order, MOST_PROBLEMS at most.

        Where a condition (if, then) narrows a parameter it stands before `properties`, so its words are the first.
        """
        found: dict[str, Problem] = {}
        for problem in self._problems(instance, MOST_PROBLEMS):
            found.setdefault(problem.parameter, problem)
            if len(found) == MOST_PROBLEMS:
                break
        return list(found.values())

    def first_problem(self, instance: object) -> Problem | None:
        """The first of `problems`, without looking for others.

        None where nothing is wrong.
        """
        return next(self._problems(instance, 1), None)

    def _problems(self, instance: object, most: int) -> Iterator[Problem]:
        given: Any = instance
        for error in explaining_class(most)(self.schema).iter_errors(given):
            part = self.schema.get("then", {}) if "then" in error.schema_path else self.schema
            for leaf in _leaves(error):
                for problem in problem_of(leaf):
                    rule = _rule(part, problem) or _rule(self.schema, problem)
                    yield replace(problem, requirement=rule)


def _rule(schema: Schema, problem: Problem) -> str:
    """The rule that is broken.

    `x-missing` names those by which a parameter must be there, `x-rules` what it may be.
    """
    rules = schema.get("x-missing" if problem.got is None else "x-rules", {})
    return str(rules.get(re.split(r"[.\[]", problem.parameter)[0], ""))


def load_engines() -> None:
    """Import both engines; the one that explains reads files of its own then."""
    import jsonschema_rs  # noqa: F401

    explaining_class(1)


@cache
def validator(name: str, *, strict: bool = False) -> Validator:
    """The validator of that schema, built once.

    `strict` takes only what the platform's pages print, not the other forms that real clients send.
    """
    return Validator(name, strict=strict)


@cache
def has_empty_text(name: str, parameter: str) -> bool:
    """Whether the page gives that parameter an empty text.

    It does with a length from 0.

    Of the others an empty text means what the assumption http.empty_text says.
    """
    import jsonschema_rs

    form = resolved_schema(name)["properties"].get(parameter, False)
    return jsonschema_rs.Draft202012Validator(form).is_valid("")


def validate(
    operation_id: str,
    *,
    query: Mapping[str, str] | None = None,
    body: object = None,
    strict: bool = False,
    assumptions: Mapping[str, Value] | None = None,
) -> list[Problem]:
    """What is wrong with a request before it is sent.

    An empty list if nothing is.

    Only what a schema can say: types, lengths, ranges, mandatory fields, and a selector that is missing. `assumptions`
    are choices of the platform that differ from assumptions.toml (of those http.empty_text says what an empty text in a
    body means). Raises UnknownName for an operation that the contract does not have.
    """
    try:
        operation = operations()[operation_id]
    except KeyError:
        raise UnknownName("operation", operation_id, operations()) from None
    empty_is_absent = not strict and assumption_values(overrides=assumptions)["http.empty_text"] == "absent"
    if empty_is_absent and isinstance(body, Mapping):
        body = {name: value for name, value in body.items() if value != ""}
    return list(_request_problems(operation, dict(query or {}), body, strict=strict))


def _request_problems(operation: Operation, query: dict[str, str], body: object, *, strict: bool) -> Iterator[Problem]:
    if operation.query is not None:
        schema_validator = validator(operation.query, strict=strict)
        yield from schema_validator.problems(query)
        yield from _missing_selector(schema_validator.schema, query)
    if operation.body is not None:
        schema_validator = validator(operation.body, strict=strict)
        if body is None:
            yield Problem(
                "body", f"body is missing; it must be {describe(schema_validator.schema)}.", "an object", None
            )
        else:
            yield from schema_validator.problems(body)
            if isinstance(body, Mapping):
                yield from _missing_selector(schema_validator.schema, body)


def _missing_selector(schema: Schema, given: Mapping[str, object]) -> Iterator[Problem]:
    """A problem if the request does not say which binding is meant.

    No selector, or not all names of any group.
    """
    selectors: Sequence[str | list[str]] = schema.get("x-selectors", ())
    groups = [[selector] if isinstance(selector, str) else selector for selector in selectors]
    if groups and not any(all(given.get(name) for name in group) for group in groups):
        names = " or ".join(" with ".join(group) for group in groups)
        yield Problem(names, f"{names} is missing; one of them must say which binding is meant.", "a selector", None)


def is_documented(schema: Schema, parameter: str) -> bool:
    """Whether the pages print the property that a Problem names.

    "feeLst[0].spId": its `x-basis` is documented.

    True, too, for what is no property, such as a whole message.
    """
    shown: Mapping[str, Any] = schema
    for name in re.sub(r"\[\d+\]", "", parameter).split("."):
        inner = shown.get("properties", {}).get(name)
        if inner is None:
            break
        shown = inner
        if shown.get("x-basis", "documented") != "documented":
            return False
        shown = shown.get("items", shown)
    return True


def _leaves(error: ValidationError) -> Iterator[ValidationError]:
    """The errors to report for one error.

    Those of the branch that is meant, where the schema offers several.
    """
    if error.validator != "anyOf":
        yield error
        return
    value: Any = error.validator_value
    branches: Sequence[Mapping[str, Any]] = value
    canonical = [i for i, branch in enumerate(branches) if branch.get("x-canonical", True)]
    fitting = [i for i in canonical if not _is_of_other_type(error, i)]
    if len(canonical) > 1 and len(fitting) != 1:
        yield error
        return
    meant = (fitting or canonical)[0]
    for inner in error.context or ():
        if inner.schema_path[0] == meant:
            yield from _leaves(inner)


def _is_of_other_type(error: ValidationError, branch: int) -> bool:
    return any(
        inner.schema_path[0] == branch and not inner.path and (inner.validator == "type" or _is_other_constant(inner))
        for inner in error.context or ()
    )


def _is_other_constant(error: ValidationError) -> bool:
    """Whether a value is not even of the type of the right constant."""
    return error.validator == "const" and type(error.instance) is not type(error.validator_value)
