"""SMS: parts, what a binding says of them, the marks in AX's texts."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final, NamedTuple

if TYPE_CHECKING:
    from privnum.suites.oracle.types import Assumptions, Binding

__all__ = ["ExpectedSms", "counted_action", "from_mark", "has_sms", "may_write", "named_receiver", "parts"]

CHINESE, CHINESE_PART = 70, 67
"""Characters of an SMS that has a Chinese one, and of each part of a longer one (faq_sms_parts)."""
ENGLISH, ENGLISH_PART = 160, 154
"""The same of an SMS that is all English."""
_NAMED: Final = re.compile(r"(.*)@(\+861[0-9]{10})", re.DOTALL)


class ExpectedSms(NamedTuple):
    """What must become of an SMS, and the rule that says so.

    Who gets which text; None: nobody now.
    """

    requirement: str
    receiver: str | None = None
    text: str | None = None


def has_sms(binding: Binding) -> bool:
    """Whether SMS go by a binding: privateSms, true where it was never set."""
    return str(binding.fields.get("privateSms", True)).lower() != "false"


def may_write(assumptions: Assumptions, direction: int, *, from_a: bool) -> bool:
    """Whether a binding's callDirection lets A, or another, write.

    Raises Undecided where nobody knows.
    """
    barred = direction == (2 if from_a else 1)
    return not barred or assumptions.choose("sms.call_direction", "ignored", "applied") == "ignored"


def counted_action(verdict: object, choices: Assumptions) -> dict[str, object]:
    """The action of a customer's verdict, alone or in a list.

    Empty where none counts.
    Of several the one of sms.several_actions.
    """
    actions = verdict.get("actions") if isinstance(verdict, dict) else None
    if isinstance(actions, list) and len(actions) > 1:
        choice = choices.choose("sms.several_actions", "first", "last", "none")
        actions = {"first": actions[0], "last": actions[-1], "none": None}[str(choice)]
    action = actions[0] if isinstance(actions, list) and actions else actions
    return action if isinstance(action, dict) else {}


def parts(text: str) -> int:
    """In how many parts the text is sent."""
    whole, part = (ENGLISH, ENGLISH_PART) if text.isascii() else (CHINESE, CHINESE_PART)
    return 1 if len(text) <= whole else -(-len(text) // part)


def named_receiver(text: str) -> tuple[str, str | None]:
    """AX: what A wrote without the number at its very end, and the number.

    None where he named nobody.
    """
    found = _NAMED.fullmatch(text)
    return (text, None) if found is None else (found[1], found[2])


def from_mark(sender: str) -> str:
    """AX: what the platform puts behind an SMS to A."""
    return f"[From{sender}]"
