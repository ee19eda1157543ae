"""Snapshots of a world, in the handle of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any, Protocol

from privnum.mockserver.embed.errors import keep_first_error, tells_all
from privnum.mockserver.embed.world_control import ControlledWorld, path_part

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from privnum.mockserver.embed.answering import Answers
    from privnum.mockserver.embed.pushes import SeenPushes

__all__ = ["Restorable", "Snapshot"]

__tracebackhide__ = tells_all


class _World(ControlledWorld, Protocol):
    _answers: Answers
    _verdicts: Answers
    _pushes: SeenPushes


class Snapshot:
    """What a world was at a moment; a context manager.

    At the end of a `with` the world is put back, whatever happened within, and the snapshot dropped. `view` is how it
    was when it was made (control/snapshot).
    """

    def __init__(self, world: _World, view: Mapping[str, Any]) -> None:
        self._world = world
        self._functions = world._answers.function, world._verdicts.function
        self.view = dict(view)
        self.id: str = view["id"]
        #: World time, UTC.
        self.now = datetime.fromisoformat(view["clock"]["now"])

    def restore(self) -> None:
        """Put the world back; as often as you like.

        Functions of `answer_calls` and `answer_sms` are those that answered then.
        """
        world = self._world
        world._control("POST", "/restore", {"snapshot": self.id})
        world._pushes.forget()
        for answers, function in zip((world._answers, world._verdicts), self._functions, strict=True):
            answers.resume(function)

    def drop(self) -> None:
        """Keep it no more."""
        self._world._control("DELETE", f"/snapshots/{path_part(self.id)}")

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with keep_first_error(error):
            self.restore()
            self.drop()

    def __repr__(self) -> str:
        return f"<Snapshot {self.id} at {self.now.isoformat()}>"


class Restorable:
    """The part of a WorldHandle that is about snapshots."""

    def snapshot(self: _World, name: str | None = None) -> Snapshot:
        """Keep all that the world is now, to put it back.

            with private_number.snapshot():
                ...
            before = private_number.snapshot()
            ...
            before.restore()

        Applications, settings, numbers, bindings, calls, SMS, pushes, faults, clock, and what ids are drawn from: the
        same happens again after it, with the same ids. The journal stays.

        Args:
            name: its id; None: the server makes one.

        Raises:
            DriverError: the name is taken, or the world has as many as are kept (16).
        """
        return Snapshot(self, self._control("POST", "/snapshots", {} if name is None else {"id": name}))
