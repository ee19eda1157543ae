"""AX's SMS: A writes to whom he names, and others write to A."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.checks.sms.profile import SmsProfile, SmsWay
from privnum.suites.oracle.sms import from_mark

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["AxSms"]


class AxSms(SmsProfile):
    """See SmsProfile."""

    mode = "AX"
    open_texts = ("hello", "hello@", "hello@nobody", "hello@{} ", "{}", "@{}!", "hello＠{}")

    def ways(self, binding: Any) -> Sequence[SmsWay]:
        """A writes to somebody whom he names, and somebody writes to A."""
        other, sender = self.context.user(), self.context.user()
        return (self.from_a(binding, other), self.to_a(binding, sender))

    def from_a(self, binding: Any, other: str) -> SmsWay:
        """A writes to somebody whom he names."""
        return SmsWay(*("A writes", binding.a, binding.x, other, binding.sub, "1", "AX-SMS-101"), suffix=f"@{other}")

    def to_a(self, binding: Any, sender: str) -> SmsWay:
        """Somebody writes to A."""
        return SmsWay(
            *("N writes to A", sender, binding.x, binding.a, binding.sub, "0", "AX-SMS-102"), added=from_mark(sender)
        )

    def asked_sender(self) -> tuple[str, str]:
        """A names nobody."""
        binding = self.bind_users()
        return binding.a, binding.x

    def in_vain(self) -> tuple[str, str]:
        """Somebody to an X that is not bound."""
        return self.context.user(), self.calls.side.free_x()

    def to_fixed_line(self) -> SmsWay:
        """A names a fixed line."""
        return self.from_a(self.bind_users(), self.context.user("fixed_line"))

    def from_fixed_line(self) -> SmsWay:
        """A fixed line writes to A."""
        return self.to_a(self.bind_users(), self.context.user("fixed_line"))
