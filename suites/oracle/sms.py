"""What becomes of the text of an SMS: in how many parts it goes, and to whom AX sends it by its words."""

from __future__ import annotations

import re
from typing import Final

__all__ = ["from_mark", "named_receiver", "parts"]

CHINESE, CHINESE_PART = 70, 67
"""Characters of an SMS that has a Chinese one, and of each part of a longer one (faq_sms_parts)."""
ENGLISH, ENGLISH_PART = 160, 154
"""The same of an SMS that is all English."""
_NAMED: Final = re.compile(r"(.*)@(\+861[0-9]{10})", re.DOTALL)


def parts(text: str) -> int:
    """In how many parts the text is sent."""
    whole, part = (ENGLISH, ENGLISH_PART) if text.isascii() else (CHINESE, CHINESE_PART)
    return 1 if len(text) <= whole else -(-len(text) // part)


def named_receiver(text: str) -> tuple[str, str | None]:
    """AX: what A wrote, without the number at its very end, and that number; None where he named nobody."""
    found = _NAMED.fullmatch(text)
    return (text, None) if found is None else (found[1], found[2])


def from_mark(sender: str) -> str:
    """AX: what the platform puts behind an SMS to A."""
    return f"[From{sender}]"
