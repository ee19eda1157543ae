"""What every answer must look like, claimed for each request."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from privnum import contracts
from privnum.suites.base.claims import NoAnswer
from privnum.suites.printed import codes
from privnum.suites.runner.mode_context import NOT_PUBLIC, ModeContext
from privnum.suites.runner.modes import MODE_CONTEXTS

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from privnum.suites.base.answer import Answer

__all__ = ["compare_answer", "expect_call", "expect_platform", "is_well_formed"]

# Statuses with which whatever stands in front of a platform says that it cannot be reached now.
_NOT_NOW = frozenset({429, 502, 503, 504})
# Statuses with which something in front of the platform may answer by itself, in a form of its own.
_NOT_OURS = frozenset({404, 405, 408, 413, 414, 431}) | _NOT_NOW

_ALWAYS = frozenset({"resultcode", "resultdesc"})
# Operations whose success is a redirect.
_MOVED = 301
_MOVING = frozenset({"common.recording"})
# How long resultdesc may be where it is not 256 characters.
_LONGEST: Mapping[str, int] = {"common.stop_call": 128}


@cache
def _statuses() -> Mapping[str, frozenset[int]]:
    """Code to the statuses under which it may come.

    Those of the code table, and choices of assumptions.

    A code whose status no page shows is not among them: any will do.
    """
    keys = [*codes.TEXTS, *codes.OPEN_TEXTS]
    printed = {key.partition("/")[2] for key in keys}
    values = [str(v) for a in contracts.assumptions().values() for v in a.values]
    keys = [key for key in (*keys, *values) if re.fullmatch(r"\d{3}/\d+", key) and key.partition("/")[2] in printed]
    found: dict[str, set[int]] = {}
    for key in keys:
        status, _, code = key.partition("/")
        found.setdefault(code, set()).add(int(status))
    return {code: frozenset(statuses) for code, statuses in found.items()}


def expect_platform(answer: Answer, asked: str, *, limits: bool = False) -> None:
    """Raise NoAnswer where the platform says that it does not serve now.

    Or what is in front of it.

    That breaks no rule of an operation. `limits`: the platform's own limits are what is asked about.
    """
    if answer.status in _NOT_NOW and answer.code is None:
        raise NoAnswer(f"no answer of the platform to {asked}: {answer.summary}")
    row = contracts.result_codes().get(answer.key)
    if row is not None and row.limit and not limits:
        raise NoAnswer(f"the platform does not serve {asked} now: {answer.summary}")


def expect_call(cause: int | None) -> None:
    """Raise NoAnswer where the platform puts no more calls through.

    A call ended so, and that breaks no rule.
    """
    row = None if cause is None else contracts.release_causes().get(cause)
    if row is not None and row.limit:
        raise NoAnswer(f"the platform controls calls: one ended with {cause}, {row.meaning}")


def is_well_formed(query: str) -> bool:
    """Whether every server reads that query string alike.

    Percent-encoded, and text in UTF-8 without a NUL.
    """
    if re.search(r"%(?![0-9A-Fa-f]{2})", query):
        return False
    try:
        return "\0" not in unquote(query, errors="strict")
    except UnicodeDecodeError:
        return False


def compare_answer(
    operation: str | None, answer: Answer, query: str = "", sent: Mapping[str, Any] | None = None
) -> Iterator[tuple[str, bool, str]]:
    """Claims (requirement, holds, what was found) about an answer.

    To the operation; None: to an unknown address.

    A query that is no good HTTP may be refused by whatever stands before the platform. `sent` is the body that was
    sent: where a wrong value was taken, that the answer repeats it is no fault of the answer.
    """
    if answer.status == _MOVED and operation in _MOVING:
        return  # what stands in its body is open
    if answer.body is None:
        by_another = answer.status == 400 and not is_well_formed(query)
        if answer.status not in _NOT_OURS and not by_another:
            yield "COM-ENV-001", False, answer.summary
        return
    code, desc = answer.body.get("resultcode"), answer.body.get("resultdesc")
    named = isinstance(code, str) and 1 <= len(code) <= 32
    explained = isinstance(desc, str) and 1 <= len(desc) <= _LONGEST.get(str(operation), 256)
    if answer.status in _NOT_OURS and not named:
        return
    # Texts are made only where they are read: every request comes by here.
    ok = named and explained
    text = "" if ok else f"resultcode {code!r:.60}, resultdesc {desc!r:.60} with HTTP {answer.status}"
    yield "COM-ENV-001", ok, text
    success = answer.status == 200
    ok = success == (code == "0")
    yield "COM-ENV-002", ok, "" if ok else f"HTTP {answer.status} with resultcode {code!r:.60}"
    allowed = None if success else _statuses().get(str(code))
    if allowed is not None:
        ok = answer.status in allowed
        text = "" if ok else f"{code} came with HTTP {answer.status}, not {sorted(allowed)}"
        yield "COM-ENV-004", ok, text
    if success and operation is not None:
        yield from _fields(operation, answer, sent or {})


def _fields(operation: str, answer: Answer, sent: Mapping[str, Any]) -> Iterator[tuple[str, bool, str]]:
    validator = contracts.validator(contracts.operations()[operation].response)
    if validator.is_valid(answer.body):
        return
    if operation in _mode_of(operation).may_be_empty and answer.body is not None and answer.body.keys() <= _ALWAYS:
        return
    taken = _wrong_fields(operation, sent)
    for problem in validator.problems(answer.body):
        if problem.parameter in taken or not contracts.is_documented(validator.schema, problem.parameter):
            continue
        rule = _mode_of(operation).rule_of_field(operation, problem.parameter)
        if rule != NOT_PUBLIC:
            yield rule, False, f"answer to {operation}: {problem.message}"


def _mode_of(operation: str) -> type[ModeContext]:
    """What is known of the answers of the operation's mode."""
    return MODE_CONTEXTS.get(contracts.operations()[operation].mode, ModeContext)


def _wrong_fields(operation: str, sent: Mapping[str, Any]) -> set[str]:
    """The fields of a body that should have been refused.

    The check that sends them checks whether they were.
    """
    schema = contracts.operations()[operation].body
    return set() if schema is None else {problem.parameter for problem in contracts.validator(schema).problems(sent)}
