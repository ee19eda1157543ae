"""What SMS are checked with in a mode: bindings, and the ways they open."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from privnum import contracts
from privnum.suites.checks.calls.profiles import PROFILES
from privnum.suites.checks.sms.notices import notices

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.driver.protocol import SmsView
    from privnum.suites.runner.context import CheckContext

__all__ = ["SmsProfile", "SmsWay"]


@dataclass(frozen=True, slots=True)
class SmsWay:
    """One way in which an SMS goes by a binding."""

    name: str
    sender: str
    x: str
    receiver: str
    sub: str
    """The subscriptionId of the binding."""
    direction: str
    rule: str
    """The rule by which it reaches its receiver."""
    suffix: str = ""
    """What the sender has to write behind his text."""
    added: str = ""
    """What the platform puts behind it."""

    def text_to_write(self, text: str) -> str:
        """What is written for that text to arrive."""
        return text + self.suffix

    def arrives(self, text: str) -> str:
        """What arrives where that text was written."""
        return text + self.added

    def room(self, length: int) -> int:
        """How long a text may be for that many characters to count."""
        return length - len(self.suffix) - len(self.added)


class SmsProfile(ABC):
    """SMS of one mode. Checks of sms/ know the mode by this alone."""

    mode: ClassVar[str]
    binds: ClassVar[bool] = True
    """Whether SMS go by a binding, which has a privateSms."""
    open_texts: ClassVar[tuple[str, ...]] = ()
    """What `asked_sender` may write; in braces stands a number."""

    def __init__(self, context: CheckContext) -> None:
        self.context = context
        self.calls = PROFILES[self.mode](context)
        self.app = self.calls.side.app

    @abstractmethod
    def ways(self, binding: Any) -> Sequence[SmsWay]:
        """The ways in which an SMS goes by that binding."""

    @abstractmethod
    def in_vain(self) -> tuple[str, str]:
        """Who writes to which X by which he reaches nobody."""

    @abstractmethod
    def to_fixed_line(self) -> SmsWay:
        """A way to a fixed line."""

    @abstractmethod
    def from_fixed_line(self) -> SmsWay:
        """A way from a fixed line."""

    def asked_sender(self) -> tuple[str, str]:
        """Who writes to which X so that the customer is asked.

        Only of a mode in which he is.
        """
        raise LookupError(f"{self.mode} asks of no SMS")

    def failed_sms(self) -> SmsView:
        """An SMS that cannot be forwarded."""
        return self.context.sms(*self.in_vain(), "hello")

    def bind_users(self, **fields: Any) -> Any:
        """Bind fresh users on the first X."""
        return self.calls.bind_users(**fields)

    def rule(self, family: str) -> str:
        """The id of a rule in this mode; a whole id is given back as it is."""
        return family if family in contracts.requirements() else f"{self.mode}-{family}"

    def claim(self, rule: str, ok: bool, message: str) -> None:
        """Say whether a rule of the mode was kept."""
        self.context.claim(self.rule(rule), ok, message)

    def write(self, way: SmsWay, text: str = "hello", **more: Any) -> SmsView:
        """Let somebody write that way."""
        return self.wait_until_decided(self.context.sms(way.sender, way.x, way.text_to_write(text), **more))

    def wait_until_decided(self, sms: SmsView) -> SmsView:
        """The SMS once the customer has been asked, and has answered."""
        if sms.state != "waiting":
            return sms
        notices(self.context, sms, "sms_block")
        return self.context.look_at_sms(sms)

    def reaches(self, rule: str, way: SmsWay, text: str = "hello") -> SmsView:
        """Let somebody write that way; claim that it reaches its receiver."""
        sms = self.write(way, text)
        ok = sms.state == "sent" and sms.delivered_to == way.receiver
        self.claim(rule, ok, f"{way.name}: expected it at {way.receiver}, it is {sms.state} to {sms.delivered_to}")
        return sms

    def stays(self, rule: str, sms: SmsView) -> None:
        """Claim that an SMS reached nobody."""
        ok = sms.state == "not_sent" and sms.delivered_to is None
        self.claim(rule, ok, f"expected an SMS that is not sent, it is {sms.state} to {sms.delivered_to}")

    def notify_of(self, sms: SmsView, rule: str = "SMS-001") -> dict[str, Any]:
        """The Notify of an SMS that is over, which must come."""
        found = notices(self.context, sms)
        self.claim(rule, bool(found), f"no Notify came of the SMS, which is {sms.state}")
        return found[0] if found else {}

    def claim_failed(self, rule: str, sms: SmsView, *results: int) -> None:
        """Claim that an SMS is not sent, and has one of these results."""
        self.stays(rule, sms)
        event = self.notify_of(sms, rule)
        came = event.get("sendResult")
        self.claim(rule, came in results, f"expected sendResult {results}, came {came!r}")
        self.claim(
            "SMS-009", not event.get("called"), f"the SMS was not forwarded; its Notify names {event.get('called')}"
        )

    def set(self, **settings: Any) -> None:
        """Change settings of the application.

        Raises NotExercised where the driver does not have them.
        """
        self.context.try_application(self.app, **settings)
