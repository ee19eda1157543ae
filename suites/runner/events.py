"""The event stream of a run.

One JSON object a line, written as things happen; every report is made from it.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import orjson

from privnum import contracts
from privnum.suites.base.ended import RunEnded, write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path
    from typing import BinaryIO

    from privnum.suites.base.claims import Ledger, Violation

__all__ = ["Event", "Journal"]

Event = dict[str, Any]


def _real_time() -> datetime:
    return datetime.now(UTC)


class Journal:
    """Writes events to a file, and hands them to anybody who listens.

    The lines hold to the schema "report/event".
    """

    def __init__(self, path: Path | None = None, clock: Callable[[], datetime] = _real_time) -> None:
        self.events: list[Event] = []
        self._clock = clock
        self._listeners: list[Callable[[Event], None]] = []
        self._path = path
        self._file: BinaryIO | None = None
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
            self._file = path.open("wb", buffering=0)

    def listen(self, listener: Callable[[Event], None]) -> None:
        """Call it with every event from now on."""
        self._listeners.append(listener)

    def hand_to(self, listener: Callable[[Event], None]) -> None:
        """Hand what comes from now on to this listener alone.

        For a fork of the process that has begun the stream.
        """
        self.events, self._listeners = [], [listener]

    def write(self, event: str, **fields: Any) -> None:
        """One event, at once on disk. Raises RunEnded where that cannot be done."""
        line = {"event": event, **fields}
        self.events.append(line)
        if self._file is not None:
            self._write(self._file, orjson.dumps(line) + b"\n")
        for listener in self._listeners:
            listener(line)

    def _write(self, file: BinaryIO, line: bytes) -> None:
        """Raises RunEnded where it cannot be written, and writes no more.

        What comes behind a gap is no run.
        """
        try:
            write_all(file.fileno(), line)
        except OSError as error:
            self._file = None
            file.close()
            raise RunEnded(f"{self._path}: the events cannot be written: {error.strerror}") from None

    def run_started(self, target: dict[str, Any], run: dict[str, Any]) -> None:
        """The first line."""
        self.write("run_started", time=self._now(), target=target, run=run)

    def check_started(self, check: str, requirements: Iterable[str]) -> None:
        """A check begins."""
        self.write("check_started", check=check, requirements=list(requirements))

    def claims(self, check: str, ledger: Ledger, violation: Violation | None) -> None:
        """What a check claimed.

        A line for each requirement that held, that differs, and the one that was broken.
        """
        for requirement, count in ledger.passed.items():
            self._claim(check, requirement, "passed", f"held {count} time{'s' * (count != 1)}")
        for requirement, texts in ledger.differs.items():
            self._claim(check, requirement, "differs", " | ".join(texts))
        if violation is not None:
            self._claim(check, violation.requirement, "failed", violation.message)

    def _claim(self, check: str, requirement: str, outcome: str, message: str) -> None:
        self.write("claim", check=check, requirement=requirement, outcome=outcome, message=message)

    def write_sightings(self, check: str, items: Mapping[str, Iterable[str]]) -> None:
        """Items of the contract that a check has asserted on, by its rules."""
        if items:
            told = [{"requirement": rule, "items": list(ids)} for rule, ids in items.items()]
            self.write("seen", check=check, seen=told)

    def check_finished(
        self,
        check: str,
        outcome: str,
        *,
        reason: str | None,
        reproduced: bool | None,
        tries: int | None = None,
        counterexample: dict[str, Any] | None,
        seconds: float,
        lacks: Iterable[str] = (),
        tried: Mapping[str, int] | None = None,
    ) -> None:
        """A check has ended.

        `lacks` are the words of what it needs and did not have, `tried` is how much a state machine has tried.
        """
        self.write(
            "check_finished",
            check=check,
            outcome=outcome,
            reason=reason,
            reproduced=reproduced,
            tries=tries,
            counterexample=counterexample,
            seconds=round(seconds, 4),
            lacks=list(lacks),
            **({} if tried is None else {"tried": dict(tried)}),
        )

    def probe(
        self, assumption: str, expected: contracts.Value, observed: contracts.Value | None, reason: str | None
    ) -> None:
        """A probe has ended; observed None: nothing could be found out.

        What is seen may be any text of the target's.
        """
        if isinstance(observed, str):
            observed = contracts.mask(observed)
        self.write("probe", assumption=assumption, expected=expected, observed=observed, reason=reason)

    def run_finished(
        self, *, interrupted: bool, reason: str | None = None, spent: dict[str, int] | None = None
    ) -> None:
        """The last line; the file is closed.

        `reason`: why it was interrupted, if it was not by hand; `spent`: what was sent, where that was counted.
        """
        cost = {} if spent is None else {"spent": spent}
        self.write("run_finished", time=self._now(), interrupted=interrupted, reason=reason, **cost)
        if self._file is not None:
            self._file.close()
            self._file = None

    def _now(self) -> str:
        return self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
