"""The cleanup journal of a target.

Every bind is entered before it is asked for, so that nothing is left behind unseen.

A file of JSON lines. {"event": "asked"} stands there before the request goes out, "answered" and "closed" follow. What
is changed by the driver is "owed" before, as the message that puts it back, and "paid" when that was sent. The file
holds what it takes to find a binding again, so numbers stand in it as they are; nobody but its owner may read it (mode
0600). Where nothing is open any more it is removed.
"""

from __future__ import annotations

import os
import re
from codecs import BOM_UTF8
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

import orjson

from privnum import contracts
from privnum.suites.base.ended import RunEnded, write_all

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable
    from pathlib import Path

    from privnum.suites.base.answer import Answer
    from privnum.suites.safety.phone_numbers import Touched

__all__ = ["Book", "BookError", "Debt", "Entry", "book_path"]

State = Literal["asked", "answered", "bound", "closed"]
_CLIENT_ERRORS = range(400, 500)
_BEFORE = ("asked", "owed")
"""What is written before it is done."""


class BookError(Exception):
    """The book cannot be used; the text is one line."""


@dataclass(slots=True)
class Entry:
    """A bind. `operation` is its id, as "axb.bind", `target` the base_url.

    The numbers as they were sent or received.

    `state`: asked (no answer yet), answered (by nothing that says whether it is bound), bound (`subscription_id` is
    its id), closed.
    """

    id: int
    target: str
    operation: str
    app_key: str
    a: str | None
    b: str | None
    x: str | None
    extension: str | None
    state: State = "asked"
    subscription_id: str | None = None

    @property
    def numbers(self) -> set[str]:
        """The numbers that may be bound by it, as they were sent."""
        return {number for number in (self.a, self.b) if number}

    def __str__(self) -> str:
        users = " and ".join(number for number in (self.a, self.b) if number) or "nobody named"
        where = self.x or "an X of the platform's choice"
        extension = f" extension {self.extension}" if self.extension else ""
        return contracts.mask(f"{self.operation.partition('.')[0].upper()} {users} on {where}{extension}")


@dataclass(frozen=True, slots=True)
class Debt:
    """A message of the driver protocol that puts something back.

    `places` fill its path.
    """

    id: int
    operation: str
    body: dict[str, Any]
    places: dict[str, str]

    def __str__(self) -> str:
        title = contracts.control_operations()[self.operation].title
        return contracts.mask(f"{title} ({', '.join(self.places.values())})")


def book_path(target_file: Path, name: str) -> Path:
    """Where the book of a target is unless set otherwise.

    In the folder .privnum beside its file.
    """
    plain = re.sub(r"[^A-Za-z0-9_.-]+", "-", name).strip("-.") or "target"
    return target_file.resolve().parent / ".privnum" / f"bindings-{plain[:80]}.jsonl"


class Book:
    """The open entries, and the file they are in.

    `path` None: nowhere but here. `clock` gives real time.

    With `durable` a bind is on the disk before it is asked for, else with the operating system: that survives the end
    of this process, but not that of this machine, which a target on the same machine does not survive either. Raises
    BookError for a file that cannot be used, or that another run uses. Where no line can be written any more the run
    ends (RunEnded): what is not entered is not asked for.
    """

    def __init__(
        self,
        path: Path | None = None,
        target: str = "",
        *,
        durable: bool = True,
        clock: Callable[[], datetime] = lambda: datetime.now(UTC),
    ) -> None:
        self.path = path
        self._target = target
        self._durable = durable
        self._clock = clock
        self._entries: dict[int, Entry] = {}
        self._debts: dict[int, Debt] = {}
        self._last = 0
        self._fault: str | None = None
        self._file: int | None = None
        if path is not None:
            try:
                self._open(path)
            except OSError as error:
                raise BookError(f"{path}: the cleanup journal cannot be written: {error.strerror}") from None

    def _open(self, path: Path) -> None:
        path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        self._file = os.open(path, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        os.fchmod(self._file, 0o600)
        self._lock(path, self._file)
        text = path.read_bytes()
        for line in text.removeprefix(BOM_UTF8).split(b"\n"):  # an editor may have put a byte order mark there
            self._read(line)
        if text and not text.endswith(b"\n"):
            os.write(self._file, b"\n")

    def _lock(self, path: Path, file: int) -> None:
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            os.close(file)
            raise BookError(f"{path}: another run is using this cleanup journal; wait until it has ended") from None

    def _read(self, line: bytes) -> None:
        """Take a line in. One that was cut off says nothing.

        What it was to record had not been done yet.
        """
        try:
            fields = orjson.loads(line)
            event, id_ = fields.pop("event"), fields["id"]
            fields.pop("time", None)
            self._last = max(self._last, id_)
            if event == "asked":
                self._entries[id_] = Entry(**fields)
            elif event == "owed":
                self._debts[id_] = Debt(**fields)
            else:
                self._change(id_, event, fields)
        except (ValueError, KeyError, TypeError, AttributeError):
            return

    def _change(self, id_: int, event: str, fields: dict[str, Any]) -> None:
        if event == "closed":
            self._entries.pop(id_)
        elif event == "paid":
            self._debts.pop(id_)
        elif event == "answered":
            entry = self._entries[id_]
            entry.state = fields["state"]
            entry.subscription_id = fields["subscription_id"]
            entry.x, entry.extension = fields["x"], fields["extension"]

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def mark(self) -> int:
        """Everything that is entered from now on comes behind this."""
        return self._last

    def open(self, since: int = 0) -> list[Entry]:
        """What has not been undone, in the order of entry.

        Of that behind the mark `since`.
        """
        return [entry for id_, entry in self._entries.items() if id_ > since]

    def debts(self) -> list[Debt]:
        """What has not been put back, in the order of entry."""
        return list(self._debts.values())

    @property
    def left(self) -> int:
        """How much is open: bindings and what has to be put back."""
        return len(self._entries) + len(self._debts)

    def numbers(self) -> set[str]:
        """The users' numbers to which something that is open may still refer."""
        return {number for entry in self._entries.values() for number in entry.numbers}

    # ── entering ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, request: Touched, app_key: str) -> Entry:
        """Enter a bind that is about to be asked for.

        It is written when this returns.
        """
        assert request.operation is not None
        self._last += 1
        a, b, x = (_text(request.named.get(whose)) for whose in ("A", "B", "X"))
        extension = _text(request.fields.get("extendNum"))
        entry = Entry(self._last, self._target, request.operation, app_key, a, b, x, extension)
        fields = {name: getattr(entry, name) for name in ("target", "operation", "app_key", "a", "b", "x", "extension")}
        self._write("asked", entry.id, fields)
        if self._file is not None and self._durable:
            os.fsync(self._file)
        self._entries[entry.id] = entry
        return entry

    def enter_answer(self, entry: Entry, answer: Answer) -> None:
        """Enter what came of it.

        A refusal closes it, a subscriptionId is kept, anything else leaves it in the open.
        """
        sub = answer["subscriptionId"]
        if not (isinstance(sub, str) and sub) and answer.status in _CLIENT_ERRORS:
            self.close_entry(entry, "refused")
            return
        entry.subscription_id = sub if isinstance(sub, str) and sub else None
        entry.state = "answered" if entry.subscription_id is None else "bound"
        numbers = (_text(answer[name]) for name in ("relationNum", "virtualNum", "privateNum", "relationNumber"))
        entry.x = next(filter(None, numbers), entry.x)
        entry.extension = _text(answer["extendNum"]) or entry.extension
        names = ("state", "subscription_id", "x", "extension")
        self._write("answered", entry.id, {name: getattr(entry, name) for name in names})

    def close_entry(self, entry: Entry, how: str) -> None:
        """Nothing of it is left; `how` says why.

        Refused, dissolved, not there, not sent.
        """
        if self._entries.pop(entry.id, None) is not None:
            entry.state = "closed"
            self._write("closed", entry.id, {"how": how})

    def close_dissolved(self, subscription_id: str) -> None:
        """The platform has dissolved the binding of that id."""
        found: Iterable[Entry] = [e for e in self._entries.values() if e.subscription_id == subscription_id]
        for entry in found:
            self.close_entry(entry, "dissolved")

    def owe(self, operation: str, body: dict[str, Any], **places: str) -> Debt:
        """Enter what puts back something that is about to be changed.

        It is written when this returns.
        """
        self._last += 1
        debt = Debt(self._last, operation, body, places)
        self._write("owed", debt.id, {"operation": operation, "body": body, "places": places})
        self._debts[debt.id] = debt
        return debt

    def close_debt(self, debt: Debt) -> None:
        """It was put back."""
        if self._debts.pop(debt.id, None) is not None:
            self._write("paid", debt.id, {})

    def _write(self, event: str, id_: int, fields: dict[str, Any]) -> None:
        """Raises RunEnded where a line could not be written, now or before.

        What was done already is no reason: whatever is open is still known here, and can be undone.
        """
        if self._file is None:
            return
        time = self._clock().isoformat(timespec="milliseconds").replace("+00:00", "Z")
        if self._fault is None:
            try:
                write_all(self._file, orjson.dumps({"event": event, "id": id_, "time": time, **fields}) + b"\n")
            except OSError as error:
                self._fault = f"{self.path}: the cleanup journal cannot be written: {error.strerror}"
        if self._fault is not None and event in _BEFORE:
            raise RunEnded(self._fault)

    def close(self) -> None:
        """Let go of the file; where nothing is open it is removed."""
        if self._file is None:
            return
        if self.path is not None and not self.left:
            self.path.unlink(missing_ok=True)
        os.close(self._file)
        self._file = None


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
