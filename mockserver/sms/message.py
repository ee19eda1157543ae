"""One SMS: who wrote what to which X, and what has become of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.core.timestamps import precise

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.modes import BindingSnapshot

__all__ = ["Sms"]


class Sms:
    """An SMS. Times are milliseconds of world time.

    `result` is its sendResult, None while it waits for the customer's verdict. `network` is what the network does with
    it once it is sent: delivers, partly, fails or breaks.
    """

    __slots__ = (
        "against",
        "created_ms",
        "delivered_text",
        "delivered_to",
        "direction",
        "generation",
        "id",
        "identifier",
        "network",
        "problem",
        "result",
        "sender",
        "takes_data",
        "terms",
        "text",
        "user_data",
        "x",
    )

    def __init__(
        self, sms_id: str, identifier: str, x: XNumber, sender: str, text: str, network: str, created_ms: int
    ) -> None:
        self.id = sms_id
        self.identifier = identifier
        self.x = x
        self.sender = sender
        self.text = text
        self.network = network
        self.created_ms = created_ms
        self.result: int | None = None
        self.delivered_to: str | None = None
        self.delivered_text: str | None = None
        self.direction = 2
        #: What stands against it whatever the customer says: a sendResult, or the assumption that holds it.
        self.against: int | str | None = None
        #: Whether userData of his verdict counts.
        self.takes_data = True
        self.terms: BindingSnapshot | None = None
        #: The customer's own text, of the binding or of his verdict.
        self.user_data: str | None = None
        #: What was wrong with the customer's verdict, if there was one to be given; None: nothing.
        self.problem: str | None = None
        self.generation = 0

    @property
    def state(self) -> str:
        """Return "waiting", "sent" or "not_sent"."""
        if self.result is None:
            return "waiting"
        return "not_sent" if self.delivered_to is None else "sent"

    def mentions(self, text: str) -> bool:
        """Whether its id is this text, or another part of it has it.

        A number, its identifier, what was written.
        """
        words = (self.identifier, self.sender, self.x.number, self.delivered_to, self.text)
        return text == self.id or any(text in word for word in words if word)

    def view(self) -> dict[str, Any]:
        """Return the SMS as the control plane shows it."""
        return {
            "id": self.id,
            "identifier": self.identifier,
            "app_key": self.x.app.app_key,
            "from": self.sender,
            "to": self.x.number,
            "text": self.text,
            "state": self.state,
            "delivered_to": self.delivered_to,
            "displayed": None if self.delivered_to is None else self.x.number,
            "delivered_text": self.delivered_text,
            "result": self.result,
            "answer_problem": self.problem,
            "created_at": precise(self.created_ms),
        }
