"""The recordings of a world: whose, how long, and until when."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.mockserver.core.applications import Application

__all__ = ["DOMAIN", "FILES", "Recording", "Recordings"]

#: recordDomain of every CDR. The name is reserved: the file itself is where Location says.
DOMAIN: Final = "recordings.example.com"
#: What the path of a file begins with, behind that of its world.
FILES: Final = "/recordings/"
#: How long a file is there from the push of its CDR: 7 days (COM-RECORD-003).
KEPT_MS: Final = 7 * 86_400_000


class Recording:
    """What was recorded of a call.

    `gone_ms` is when the file goes, None while its CDR waits to be pushed.
    """

    __slots__ = ("app", "gone_ms", "talk_ms")

    def __init__(self, app: Application, talk_ms: int) -> None:
        self.app = app
        self.talk_ms = talk_ms
        self.gone_ms: int | None = None


class Recordings:
    """The recordings of a world by recordObjectName.

    A recording is dropped with its call, so there are never more than calls that are kept.
    """

    __slots__ = ("_by_name",)

    def __init__(self) -> None:
        self._by_name: dict[str, Recording] = {}

    def __len__(self) -> int:
        return len(self._by_name)

    def add(self, name: str, recording: Recording) -> None:
        """Enter a recording."""
        self._by_name[name] = recording

    def keep(self, names: Iterable[str], now_ms: int) -> None:
        """Let the days of these begin: their CDR is pushed now."""
        for name in names:
            recording = self._by_name.get(name)
            if recording is not None:
                recording.gone_ms = now_ms + KEPT_MS

    def find(self, name: str, now_ms: int) -> Recording | None:
        """Return the recording of that name.

        None where there is none, or its days are over.
        """
        recording = self._by_name.get(name)
        if recording is not None and recording.gone_ms is not None and recording.gone_ms <= now_ms:
            del self._by_name[name]
            return None
        return recording

    def drop(self, name: str) -> None:
        """Forget a recording, if it is still there."""
        self._by_name.pop(name, None)

    def clear(self) -> None:
        """Forget all of them."""
        self._by_name.clear()
