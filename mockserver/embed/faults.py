"""Faults of a world, in the handle of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.embed.errors import DriverError, keep_first_error, tells_all
from privnum.mockserver.embed.world_control import given_fields

if TYPE_CHECKING:
    from collections.abc import Mapping
    from types import TracebackType
    from typing import Self

    from privnum.mockserver.embed.world_control import ControlledWorld

__all__ = ["Fault", "Faulty"]

__tracebackhide__ = tells_all

_GONE: Final = 404


class Fault:
    """A fault that a world makes, until `end`; a context manager.

    `view` is how it was when it was made (driver/fault).
    """

    def __init__(self, world: ControlledWorld, view: Mapping[str, Any]) -> None:
        self._world = world
        self.view = dict(view)
        self.id: int = view["id"]

    @property
    def hits(self) -> int:
        """How often it has struck. LookupError: it was ended."""
        found = self._world._control("GET", "/faults")["faults"]
        hits = next((fault["hits"] for fault in found if fault["id"] == self.id), None)
        if hits is None:
            raise LookupError(f"fault {self.id} was ended; ask for its hits before")
        return int(hits)

    def end(self) -> None:
        """Make the fault no more; a reset of the world may have ended it before."""
        try:
            self._world._control("DELETE", f"/faults?id={self.id}")
        except DriverError as error:
            if error.status != _GONE:
                raise

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, at: TracebackType | None) -> None:
        with keep_first_error(error):
            self.end()


class Faulty:
    """The part of a WorldHandle that is about faults."""

    def fault(
        self: ControlledWorld,
        fault: str | None = None,
        *,
        operation: str | None = None,
        number: str | None = None,
        push: str | None = None,
        code: str | None = None,
        status: int | None = None,
        delay_ms: int | None = None,
        delay_seconds: int | None = None,
        carried_out: bool | None = None,
        times: int | None = None,
        probability: float | None = None,
    ) -> Fault:
        """Let something go wrong from now on, or within a `with`.

            with private_number.fault(operation="axb.bind", code="403/1012010", times=2):
                ...
            private_number.fault("dropped", push="cdr", times=1)

        Args:
            fault: a word of docs/faults.md; code, status, delay_ms and delay_seconds stand for one themselves.
            operation: requests of this one ("axb.bind"), or "any".
            number: requests, or with `push` pushes, in which this number stands.
            push: pushes of this kind ("cdr"), or "any".
            code: refuse with this result code ("403/1012010").
            status: answer with this HTTP status, without a body.
            delay_ms: answer so much later, milliseconds of real time.
            delay_seconds: push so much later, seconds of world time.
            carried_out: whether the request is carried out though it is not answered.
            times: strike this many times at most.
            probability: how likely it strikes, drawn from the seed.

        Raises:
            DriverError: an unknown word, operation, kind of push or code; it names the nearest.
        """
        where = given_fields(operation=operation, number=number, push=push)
        what = given_fields(fault=fault, code=code, status=status, carried_out=carried_out)
        when = given_fields(delay_ms=delay_ms, delay_seconds=delay_seconds, times=times, probability=probability)
        message = {**where, **what, **when}
        return Fault(self, self._control("POST", "/faults", message))

    def faults(self: ControlledWorld, *messages: Mapping[str, Any]) -> list[dict[str, Any]]:
        """Make these faults and no others (driver/fault.create); return them.

        Without an argument: only return those that there are.

        Raises:
            DriverError: one of them cannot be; nothing has changed then.
        """
        if not messages:
            return list(self._control("GET", "/faults")["faults"])
        return list(self._control("PUT", "/faults", {"faults": [dict(message) for message in messages]})["faults"])

    def clear_faults(self: ControlledWorld) -> None:
        """Make no fault any more."""
        self._control("DELETE", "/faults")
