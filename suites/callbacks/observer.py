"""What waiting for callbacks needs of a check.

Its clocks, the receiver's inbox, and the driver's view of pushes.

The packages above have it (`runner.context`); this one names only what it uses, so that it imports nothing from there.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, Protocol

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import datetime

    from privnum import contracts
    from privnum.suites.callbacks.inbox import Inbox, Push
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.target.config import Target

__all__ = ["Observer", "RealTime"]


class RealTime(Protocol):
    """Real time of a run, and what its target can do."""

    @property
    def target(self) -> Target:
        """The target of the run."""
        ...

    @property
    def capabilities(self) -> frozenset[str]:
        """What the driver says that it can do."""
        ...

    @property
    def patience(self) -> float:
        """Seconds in which a due push has come (patience_seconds)."""
        ...

    def clock(self) -> float:
        """Real time in seconds, from any start."""
        ...

    def wait(self, seconds: float) -> None:
        """Let real time pass."""
        ...


class Observer(Protocol):
    """A check that waits for callbacks."""

    @property
    def session(self) -> RealTime:
        """The run that the check belongs to."""
        ...

    @property
    def controls_clock(self) -> bool:
        """Whether world time stands still until it is advanced."""
        ...

    @property
    def assumptions(self) -> Mapping[str, contracts.Value]:
        """The choices of the target, as far as they are known."""
        ...

    @property
    def receiver(self) -> Inbox:
        """The inbox of the check."""
        ...

    def now(self) -> datetime:
        """World time."""
        ...

    def advance(self, seconds: float) -> None:
        """Let world time pass."""
        ...

    def look(self, call: CallView) -> CallView:
        """The call as the driver shows it now."""
        ...

    def pushes(self) -> list[Push]:
        """Every push that has come."""
        ...

    def outbox(self, state: Literal["pending", "delivered", "given_up"] | None = None) -> list[dict[str, Any]]:
        """Pushes as the driver shows them."""
        ...
