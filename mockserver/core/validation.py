"""Reads the parameters of a request.

The JSON of a body, or a query string; what is left fits its schema.
"""

from __future__ import annotations

import codecs
import json
import re
from dataclasses import replace
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import unquote_to_bytes

import orjson

from privnum import contracts
from privnum.mockserver.core.errors import Refusal
from privnum.mockserver.core.modes import Handler

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.modes import Params

__all__ = ["Reader", "double_name", "json_fault"]

_LONG_NUMBER = re.compile("[0-9]{5,}")
#: The rule of what no other rule is about.
_NONSENSE: Final = "COM-ENV-010"
#: Query strings that are kept with what they say, of each operation that has one beside its body.
_KEPT_QUERIES: Final = 1024
_BAD_ESCAPE = re.compile(rb"%(?![0-9A-Fa-f]{2})")


class Reader:
    """Reads the requests of one operation.

    Only the body counts for an operation that has one, else only the query string (COM-ENV-008); an operation of which
    the pages print both has its parameters in both. null and an empty query value mean that the parameter is absent
    (COM-ENV-009), an empty text in a body what http.empty_text says, but for the fields that it clears.
    """

    __slots__ = ("_beside", "_body", "_handler", "_known", "_name", "_read_before", "_validator")

    def __init__(self, operation: contracts.Operation, handler: Handler) -> None:
        name = operation.body or operation.query
        self._body = operation.body is not None
        self._handler = handler
        self._name = name or ""
        self._validator = contracts.validator(name) if name else None
        self._known = frozenset(contracts.schema(name).get("properties", ())) if name else frozenset()
        #: Reads the query string of an operation that has parameters there beside its body.
        self._beside: Reader | None = None
        #: What query strings have said: a client sends the same one with every body.
        self._read_before: dict[str, tuple[Assumptions, Params]] = {}
        if operation.body and operation.query:
            self._beside = Reader(replace(operation, body=None), Handler(handler.perform, fault=handler.fault))

    def read(self, query: str, body: bytes, assumptions: Assumptions) -> Params:
        """Return the parameters that are present and known.

        Raises:
            Refusal: the request cannot be read, or a parameter does not fit; its text names the parameter.
        """
        beside = self._read_beside(query, assumptions) if self._beside else {}
        given = _read_body(body, assumptions) if self._body else self._read_query(query, assumptions)
        known, clears = self._known, self._handler.clears
        params: Params = {}
        for name, value in given.items():
            if name in known:
                if value == "" and name not in clears:
                    self._check_empty(name, assumptions)
                elif value is not None:
                    params[name] = value
            elif assumptions["http.unknown_field"] != "ignore":
                what = f"{_printable_name(name)} is no parameter of this operation; leave it out."
                raise Refusal(assumptions.text("http.unknown_field"), what, "COM-OPEN-003")
        if self._handler.narrow is not None:
            self._handler.narrow(params)
        if self._validator is not None and not _fits(self._validator, params):
            raise Refusal(self._fault(assumptions), *_first_problem(self._validator, params))
        if self._body:  # in a query string all is text
            _make_decimals_whole(assumptions, params)
        params.update(beside)
        if self._handler.check is not None:
            self._handler.check(assumptions, params)
        return params

    def _read_beside(self, query: str, assumptions: Assumptions) -> Params:
        """Return the parameters beside a body; not to be changed."""
        assert self._beside is not None
        before = self._read_before.get(query)
        if before is not None and before[0] is assumptions:
            return before[1]
        params = self._beside.read(query, b"", assumptions)
        if len(self._read_before) >= _KEPT_QUERIES:
            self._read_before.clear()
        self._read_before[query] = assumptions, params
        return params

    def _check_empty(self, name: str, assumptions: Assumptions) -> None:
        """Check an empty text of a body.

        Where it may stand it means that the parameter is absent (http.empty_text).
        """
        if self._body and assumptions["http.empty_text"] != "absent" and not contracts.has_empty_text(self._name, name):
            raise Refusal(self._fault(assumptions), f"{name} must not be empty; leave it out.", "COM-OPEN-039")

    def _fault(self, assumptions: Assumptions) -> str:
        fault = self._handler.fault
        return assumptions.text(fault) if fault in assumptions else fault

    def _read_query(self, query: str, assumptions: Assumptions) -> Params:
        given: Params = {}
        is_plain = query.isascii() and "%" not in query and "+" not in query
        for part in query.split("&"):
            if not part:
                continue
            name, _, value = part.partition("=")
            if not is_plain:
                raw_name = name
                name = _decode_part(raw_name, raw_name)
                value = _decode_part(value, name)
            if name in given and name in self._known:
                repeated = assumptions["http.repeated_parameter"]
                if repeated == "first":
                    continue
                if repeated != "last":
                    raise Refusal(str(repeated), f"{_printable_name(name)} stands twice; send it once.", "COM-OPEN-004")
            given[name] = value
        return given


def _fits(validator: contracts.Validator, params: Params) -> bool:
    try:
        return validator.is_valid(params)
    except (ValueError, TypeError, RecursionError):
        return False  # nested beyond what any parameter is


def _make_decimals_whole(assumptions: Assumptions, params: Params) -> None:
    """Make 60.0 a 60, which it is to JSON Schema, where the world takes it."""
    for name, value in params.items():
        if type(value) is float:
            if not assumptions.takes_decimals:
                what = f"{name} is written with a point or an exponent; write the integer with digits alone."
                raise Refusal(assumptions.text("http.integer_as_decimal"), what, "COM-OPEN-044")
            params[name] = int(value)


def _first_problem(validator: contracts.Validator, params: Params) -> tuple[str, str]:
    """Return what is wrong with the parameters, and the rule that says so."""
    try:
        problem = validator.first_problem(params)
    except (ValueError, TypeError, RecursionError):
        problem = None
    if problem is not None:
        return problem.message, problem.requirement or _NONSENSE
    nested = next((name for name, value in params.items() if isinstance(value, dict | list)), "body")
    return f"{nested} does not have the form that its description gives; it is nested too deeply.", _NONSENSE


def _read_body(body: bytes, assumptions: Assumptions) -> Params:
    """Return the JSON object in a body.

    Raises:
        Refusal: it is no JSON, no object, or names a member twice.
    """
    if body.startswith(codecs.BOM_UTF8) and assumptions["http.byte_order_mark"] == "accept":
        body = body.removeprefix(codecs.BOM_UTF8)
    try:
        given = orjson.loads(body)
    except ValueError as error:
        what = "body is empty" if not body.strip() else f"body is {json_fault(body, error)}"
        raise Refusal(assumptions.text("http.bad_json"), f"{what}; send a JSON object.", "COM-OPEN-002") from None
    if not isinstance(given, dict):
        what = f"body is a JSON {_JSON_NAMES[type(given)]}; send a JSON object."
        raise Refusal(assumptions.text("http.bad_json"), what, "COM-OPEN-002")
    # Every member needs a colon of its own: no more colons than members, no member twice.
    colons = body.count(b":")
    if colons != len(given) and colons != _members(given):
        return _without_doubles(given, body, assumptions)
    return given


_JSON_NAMES = {list: "array", str: "text", int: "number", float: "number", bool: "boolean", type(None): "null"}


def _members(given: dict[str, Any]) -> int:
    members = len(given)
    for value in given.values():
        if isinstance(value, dict):
            members += len(value)
    return members


def json_fault(body: bytes, error: ValueError) -> str:
    """Return in words what a body is that orjson does not take.

    Of a byte that is no UTF-8 its place, which orjson does not say.
    """
    try:
        body.decode()
    except UnicodeDecodeError as wrong:
        return f"not UTF-8 (at byte {wrong.start + 1}, 0x{body[wrong.start]:02x}, no character begins or goes on)"
    return f"not JSON ({error})"


def double_name(pairs: Sequence[tuple[str, Any]]) -> str | None:
    """Return the first name that stands twice among the members of an object."""
    seen: set[str] = set()
    for name, _ in pairs:
        if name in seen:
            return name
        seen.add(name)
    return None


def _without_doubles(given: Params, body: bytes, assumptions: Assumptions) -> Params:
    """Look for members that stand twice, with a parser that finds them.

    Only a body with spare colons comes here.
    """
    choice = assumptions.text("http.repeated_member")
    if choice == "last":
        return given

    def once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        double = double_name(pairs)
        if double is None:
            return dict(pairs)
        if choice != "first":
            raise Refusal(choice, f"{_printable_name(double)} stands twice in the body; send it once.", "COM-OPEN-033")
        return dict(reversed(pairs))

    try:
        found = json.loads(body, object_pairs_hook=once)
    except (ValueError, RecursionError):
        return given  # nested deeper than the standard library reads; the schema will refuse it
    return found if isinstance(found, dict) else given


def _decode_part(raw: str, name: str) -> str:
    """Return a part of a query string decoded; a + is a blank (COM-ENV-006).

    Raises:
        Refusal: bad percent-encoding, or bytes that are not UTF-8 (COM-ENV-010).
    """
    if raw.isascii():
        # The + of a number is the one escape that nearly every query has.
        plain = raw.replace("+", " ").replace("%2B", "+") if "%" in raw else raw.replace("+", " ")
        if "%" not in plain:
            return plain
    data = raw.replace("+", " ").encode("latin-1", "replace")
    if _BAD_ESCAPE.search(data):
        what = f"{_printable_name(name)}: a % must be followed by two hex digits; write %25 for a percent sign."
        raise Refusal("403/1010002", what, _NONSENSE)
    try:
        return unquote_to_bytes(data).decode()
    except UnicodeDecodeError:
        raise Refusal("403/1010002", f"{_printable_name(name)} is not UTF-8; encode it so.", _NONSENSE) from None


def _printable_name(name: str) -> str:
    """Return a parameter's name for a text.

    Not too long, and without what may be somebody's number.
    """
    name = _LONG_NUMBER.sub("****", name)
    return name if len(name) <= 40 else name[:37] + "..."
