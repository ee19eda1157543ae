"""SMS, settings and the status of numbers, in the handle of a world."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from privnum.mockserver.embed.errors import tells_all
from privnum.mockserver.embed.world_control import ControlledWorld, change_applications, given_fields, path_part

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.mockserver.embed.answering import AnswerFunction, Answers
    from privnum.mockserver.embed.pushes import Push
    from privnum.mockserver.embed.world_control import HasKey

__all__ = ["Messages", "Sms"]

__tracebackhide__ = tells_all

#: Push kinds of SMS: Notify, and Block.
_KINDS = ("sms_notify", "sms_block")


@dataclass(frozen=True, slots=True)
class Sms:
    """An SMS at one moment.

    `state` is waiting (for the customer's verdict), sent or not_sent; `result` its sendResult, None while it waits;
    `delivered_to` and `delivered_text` are who got what, `displayed` the sender whom he sees. `answer_problem` says
    what was wrong with the customer's verdict, what came and what would be right.
    """

    id: str
    identifier: str
    sender: str
    x: str
    text: str
    state: str
    delivered_to: str | None
    displayed: str | None
    delivered_text: str | None
    result: int | None
    answer_problem: str | None = None


class _World(ControlledWorld, Protocol):
    _verdicts: Answers

    @property
    def pushes(self) -> list[Push]: ...

    @property
    def applications(self) -> Sequence[HasKey]: ...


class Messages:
    """The part of a WorldHandle that is about SMS, settings and numbers."""

    def send_sms(self: _World, sender: str, x: str, text: str, *, network: str = "delivers") -> Sms:
        """Let `sender` write to `x`; notices have been sent when this returns.

        Args:
            sender: any number.
            x: an X of this world, of AX, AXB or X.
            text: what he writes.
            network: what becomes of it there: delivers, partly (all parts but the last), fails, or breaks.
        """
        return _sms(self._control("POST", "/sms", {"from": sender, "to": x, "text": text, "network": network}))

    def look_at_sms(self: _World, sms: Sms | str) -> Sms:
        """Return an SMS as it is now. It may be named by its id."""
        name = sms if isinstance(sms, str) else sms.id
        return _sms(self._control("GET", f"/sms/{path_part(name)}"))

    @property
    def sms_notices(self: _World) -> list[dict[str, Any]]:
        """The smsEvent of each notice of an SMS, Notify and Block."""
        return [push.body["smsEvent"] for push in self.pushes if push.kind in _KINDS]

    def answer_sms(self: _World, verdict: AnswerFunction | Mapping[str, Any] | None) -> None:
        """Answer for the customer when the platform asks of an SMS (Block).

        {"actions": [{"operation": "vNumberRoute", "message": {"called": "+8613900000002"}}]} lets the SMS go there,
        {"actions": [{"operation": "DiscardMessage"}]} nowhere; with None the SMS waits until its time is over. A
        function gets the smsEvent of the Block (calling, virtualNumber, …) and returns the verdict, in a thread of its
        own; an exception is answered with 500. It holds for every application of the world, until another is given.
        """
        self._verdicts.give(verdict)

    def send_sms_notices_to(self: _World, url: str | None) -> None:
        """Send Notify and Block of SMS to this address.

        "inbox:" is the built-in inbox; None sends them nowhere.
        """
        change_applications(self, self.applications, {"sms_notify_url": url, "sms_control_url": url})

    def set_application(self: _World, /, app: HasKey | None = None, **settings: Any) -> None:
        """Change settings of an application, such as recording=False.

        docs/applications.md has them. Without `app` it is about every application of the world. `in_force_after` is the
        number of seconds of world time until they are in force.
        """
        change_applications(self, self.applications if app is None else (app,), settings)

    def set_number(self: _World, x: str, status: str, cause: str | None = None) -> None:
        """Change the status of an X; a push reports it.

        Args:
            x: an X of this world.
            status: "5" normal, "9" suspended, "10" unavailable, "11" frozen for binding.
            cause: why: "1" deleted, "2" arrears, "3" out of service, "5" restricted by the carrier, "6" restriction
                lifted, "7", "8", "9" call forwarding was set on it: unconditional, on no answer, on busy.
        """
        self._control("PATCH", f"/numbers/{path_part(x)}", given_fields(status=status, cause=cause))

    @property
    def number_statuses(self: _World) -> list[dict[str, Any]]:
        """What numStatus pushes say: a number each, with status and cause."""
        return [info for push in self.pushes if push.kind == "number_status" for info in push.body["numInfo"]]


def _sms(view: Mapping[str, Any]) -> Sms:
    named = {name: view[name] for name in Sms.__slots__ if name in view}
    return Sms(sender=view["from"], x=view["to"], **named)
