"""X's SMS: the customer says of each to whom it goes."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.checks.sms.profile import SmsProfile, SmsWay
from privnum.suites.checks.sms.verdicts import route

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.checks.x.scenarios import Customer
    from privnum.suites.driver.protocol import SmsView
    from privnum.suites.target.number_pool import Kind

__all__ = ["XSms"]


class XSms(SmsProfile):
    """See SmsProfile.

    What is bound elsewhere is here how the customer answers.
    """

    mode = "X"
    binds = False
    open_texts = ("hello", "hello@{}", "{}", "你好")

    def ways(self, binding: Customer) -> Sequence[SmsWay]:
        """Two strangers write, each to somebody else."""
        return (
            self._way("a stranger writes", self.context.user(), binding.callee),
            self._way("another stranger writes", self.context.user(), self.context.user()),
        )

    def _way(self, name: str, sender: str, receiver: str) -> SmsWay:
        side = self.context.x
        side.answers_sms(sender, route(receiver))
        return SmsWay(name, sender, side.x(), receiver, "", "1", "X-SMS-101")

    def asked_sender(self) -> tuple[str, str]:
        """Anybody writes."""
        return self.context.user(), self.context.x.x()

    def failed_sms(self) -> SmsView:
        """One that the network does not send."""
        return self.write(self.ways(self.bind_users())[0], network="fails")

    def in_vain(self) -> tuple[str, str]:
        """Nobody: nothing is bound that could lack."""
        raise LookupError(f"{self.mode} binds nothing")

    def to_fixed_line(self) -> SmsWay:
        """The customer names a fixed line."""
        return self._between("mobile", "fixed_line")

    def from_fixed_line(self) -> SmsWay:
        """A fixed line writes."""
        return self._between("fixed_line", "mobile")

    def _between(self, sender: Kind, receiver: Kind) -> SmsWay:
        return self._way(f"{sender} writes to {receiver}", self.context.user(sender), self.context.user(receiver))
