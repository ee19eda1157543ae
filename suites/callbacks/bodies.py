"""What is claimed of the body of a push by its schema."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts

if TYPE_CHECKING:
    from privnum.suites.callbacks.contents import Kind

__all__ = ["Finding", "compare_body", "schema_rule"]

Finding = tuple[str, bool, str]
"""Requirement, whether it holds, what was found."""

_SCHEMA_RULES = {"call_event": "EVENT-003", "cdr": "CDR-002", "sms_notify": "SMS-002", "sms_block": "SMS-002"}
"""Which rule of each mode says that a push holds to its schema."""
_COMMON_RULES = {"number_status": "COM-STATUS-002"}
"""Which rule says it of a push that every mode has alike."""
_COUNT_RULE = "CDR-003"
"""And which, how many CDRs are in a message."""


def _callback(mode: str, kind: Kind) -> str:
    """The id of a push in contracts/callbacks.toml."""
    return f"{'common' if kind in _COMMON_RULES else mode.lower()}.{kind}"


def schema_rule(mode: str, kind: Kind) -> str:
    """The rule that says that a push holds to its schema."""
    return _COMMON_RULES.get(kind) or f"{mode}-{_SCHEMA_RULES[kind]}"


def compare_body(mode: str, kind: Kind, body: dict[str, Any]) -> list[Finding]:
    """What is claimed of a push by its schema; nothing where there is none."""
    if _callback(mode, kind) not in contracts.callbacks():
        return []
    validator = contracts.validator(contracts.callbacks()[_callback(mode, kind)].schema)
    problems = [] if validator.is_valid(body) else validator.problems(body)
    problems = [problem for problem in problems if contracts.is_documented(validator.schema, problem.parameter)]
    found = [(schema_rule(mode, kind), not problems, " ".join(p.message for p in problems[:3]))]
    if kind == "cdr":
        # first: how many there are is in the schema too, and the rule that says so is this one
        fees = body.get("feeLst")
        count = len(fees) if isinstance(fees, list) else 0
        found.insert(0, (f"{mode}-{_COUNT_RULE}", 1 <= count <= 50, f"a message with {count} CDRs"))
    return found
