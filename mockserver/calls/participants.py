"""The people on a call.

What a callee does, when who hangs up, what a caller enters. Seconds of world time.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["BEHAVIOURS", "Behaviour", "CallPlan"]

_NO_ANSWER_SECONDS: Final = 60
_SILENT_SECONDS: Final = 90


class Behaviour(NamedTuple):
    """What a callee does: rings or not, then answers or ends the call.

    `outcome` is a release cause, the assumption that holds it, or "answer". `wait` is the seconds until then, counted
    from the ringing, or from the forwarding where nothing rings; None stands for answer_after or ring_after.
    """

    rings: bool
    outcome: int | str
    wait: int | None = None
    rule: str = ""


BEHAVIOURS: Final[dict[str, Behaviour]] = {
    "answer": Behaviour(rings=True, outcome="answer", rule="EVENT-001"),
    "reject": Behaviour(rings=True, outcome="call.reject_cause", rule="CALL-018"),
    "no_answer": Behaviour(rings=True, outcome=8101, wait=_NO_ANSWER_SECONDS, rule="CALL-017"),
    "busy": Behaviour(rings=False, outcome=8102, rule="CALL-016"),
    "powered_off": Behaviour(rings=False, outcome=8104, rule="CALL-019"),
    "out_of_service": Behaviour(rings=False, outcome=8105, rule="CALL-020"),
    "not_exist": Behaviour(rings=False, outcome=8100, rule="CALL-021"),
    "unreachable": Behaviour(rings=False, outcome=8103, rule="CALL-005"),
    "unregistered": Behaviour(rings=False, outcome=8058, rule="CALL-022"),
    "silent": Behaviour(rings=False, outcome=8035, wait=_SILENT_SECONDS, rule="CALL-006"),
}


class CallPlan(NamedTuple):
    """How the people on a call act; seconds of world time."""

    behaviour: str = "answer"
    ring_after: int = 2
    answer_after: int = 3
    hang_up_after: int | None = None
    caller_hangs_up_after: int | None = None
    digits: tuple[str, ...] = ()
    digits_after: int = 2

    @classmethod
    def of(cls, message: Mapping[str, Any]) -> CallPlan:
        """Return what a message of the driver protocol says.

        The text of digits is that for the first prompt.
        """
        given = {key: value for key, value in (message.get("callee") or {}).items() if value is not None}
        for name in ("caller_hangs_up_after", "digits_after"):
            if message.get(name) is not None:
                given[name] = message[name]
        digits = message.get("digits") or ()
        return cls(**given, digits=(digits,) if isinstance(digits, str) else tuple(digits))

    def entry(self, prompt: int, longest: int) -> str:
        """Return what the caller enters within `longest` seconds of a prompt.

        Prompts are counted from 0; an empty text means that nothing is entered.
        """
        if prompt >= len(self.digits) or self.digits_after > longest:
            return ""
        return self.digits[prompt]

    def seconds_to_entry(self, prompt: int, longest: int) -> int:
        """Return how long a prompt lasts.

        Until something is entered, or until the platform waits no longer.
        """
        return self.digits_after if self.entry(prompt, longest) else longest
