"""AXB's SMS: A and B write to each other through X."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.axb.scenarios import bind_users
from privnum.suites.checks.sms.profile import SmsProfile, SmsWay

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AxbSms"]


class AxbSms(SmsProfile):
    """See SmsProfile."""

    mode = "AXB"

    def ways(self, binding: Any) -> Sequence[SmsWay]:
        """A writes to B, and B to A."""
        a, b, x, sub = binding.a, binding.b, binding.x, binding.sub
        return (
            SmsWay("A writes to B", a, x, b, sub, "1", "AXB-SMS-101"),
            SmsWay("B writes to A", b, x, a, sub, "0", "AXB-SMS-101"),
        )

    def in_vain(self) -> tuple[str, str]:
        """A stranger to the pair."""
        return self.context.user(), self.bind_users().x

    def to_fixed_line(self) -> SmsWay:
        """B has a fixed line."""
        return self.ways(bind_users(self.context, b=self.context.user("fixed_line")))[0]

    def from_fixed_line(self) -> SmsWay:
        """B has a fixed line, and writes."""
        return self.ways(bind_users(self.context, b=self.context.user("fixed_line")))[1]
