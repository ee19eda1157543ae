"""Phone numbers of every kind that the pages describe, as literal text.

All of them are made up.

Sources: 02_0002 (2026-01) and the FAQ on numbers: a mobile is +86 and 11 digits, a fixed line +86, the area code
without its 0, and 7 or 8 digits; 400 and 95 numbers cannot be bound. The beginnings are those that people have
(13, 15, 17, 18, 19), and an area code of each first digit.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["FIXED_LINES", "KINDS", "LOCAL_PARTS", "MALFORMED", "MOBILES"]

MOBILES = (
    *("+8613012345678", "+8613987654321", "+8615012345678", "+8615987654321", "+8617012345678"),
    *("+8617987654321", "+8618012345678", "+8618987654321", "+8619012345678", "+8619987654321"),
)
FIXED_LINES = (
    *("+861021234567", "+861069876543", "+862161234567", "+862931234567"),  # two digits and eight
    *("+867702123456", "+864702987654", "+868988123456"),  # three digits and seven
    *("+8631121234567", "+8645181234567", "+8659181234567", "+8666821234567", "+8675521234567"),
    *("+8685181234567", "+8693181234567"),  # three digits and eight
)
"""Beijing, Shanghai, Xi'an, then by the first digit of the area code: 7, 4, 8 with a short line; 3 to 9 with a long."""
LOCAL_PARTS = ("1234567", "2345678", "3456789", "4567890", "56789012", "67890123", "78901234", "89012345", "90123456")
"""Behind an area code each of these makes a fixed line: 7 or 8 digits, whatever the first."""

KINDS: Mapping[str, tuple[str, ...]] = {
    "mobile": MOBILES,
    "fixed_line": FIXED_LINES,
    "service": (
        *("+864001234567", "4009876540", "+868001234567", "8009876540"),
        *("+8695012", "95345", "+86956789", "956789", "+869501234", "9556789", "+8695012345", "95678901"),
    ),
}
"""Numbers by their kind, as contracts/numbers.toml calls it."""

MALFORMED = (
    *("", "+86", "+861300000002", "+86130000000211", "+86311200002", "+86311200000211"),
    *("+8600755200000", "+861520000021", "+1202555001234", "+8613000o00021", " +8613000000021"),
    *("+8640012345678", "+86400123456", "+86958888888", "+869512", "9512"),
)
"""Too short, too long, with a sign that is no digit: of no kind."""
