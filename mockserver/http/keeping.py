"""`privnum serve --state`: the state file that goes with the options."""

from __future__ import annotations

import json
from hashlib import blake2b
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.statefile.edge import KeptEdge
from privnum.mockserver.statefile.file import StateError
from privnum.mockserver.statefile.opening import Restored, begin, is_there, keep, open_to_go_on

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.mockserver.http.command import Options
    from privnum.mockserver.statefile.file import StateFile
    from privnum.mockserver.worlds.platform import Platform

__all__ = ["KeptState"]

#: Settings of which no message has the value.
_UNSAID: Final = frozenset({"applications", "event_url", "fee_url", "home_areas"})


class KeptState:
    """A state file, and what it had.

    Args:
        options: of the server; `state` names the file.
        seed: of a new one; another file goes on with its own.
        make: makes a platform without worlds by a seed.

    Raises:
        StateError: the file cannot be used, or was made with other settings.
    """

    def __init__(self, options: Options, seed: int, make: Callable[[int], Platform]) -> None:
        self._path = Path(options.state or "")
        self._settings = _settings_of(options, seed)
        self._file: StateFile | None = None
        self._restored: Restored | None = None
        #: Why the file cannot be written any more, None: it can.
        self.failure: str | None = None
        self._stop: Callable[[], None] = lambda: None

        def made_again(settings: Mapping[str, Any]) -> Platform:
            self._check(settings, seed_is_given=options.seed is not None)
            self._settings = {**settings}
            return make(settings["seed"])

        if is_there(self._path):
            self._file, self._restored = open_to_go_on(self._path, made_again)
        self.platform = make(seed) if self._restored is None else self._restored.edge.platform

    @property
    def seed(self) -> int:
        """That of the worlds."""
        seed: int = self._settings["seed"]
        return seed

    @property
    def is_new(self) -> bool:
        """Whether there was no file."""
        return self._restored is None

    def ends_by(self, stop: Callable[[], None]) -> None:
        """Let this stop the server where its inputs cannot be kept any more."""
        self._stop = stop

    def edge(self) -> KeptEdge:
        """Return the edge of the worlds, whose inputs are kept.

        Raises:
            StateError: a new file cannot be written.
        """
        if self._restored is None or self._file is None:
            edge = KeptEdge(self.platform)
            self._file, self._restored = begin(self._path, self._settings, edge), Restored(edge, 0, 0)
        keep(self._file, self._restored, self._fail)
        return self._restored.edge

    def _fail(self, why: str) -> None:
        self.failure = why
        self._stop()

    def _check(self, made: Mapping[str, Any], *, seed_is_given: bool) -> None:
        """See whether the settings that make worlds are those of the file."""
        for name, now in self._settings.items():
            was = made.get(name)
            if was == now or (name == "seed" and not seed_is_given):
                continue
            what = f"another {name}" if name in _UNSAID else f"{name} = {json.dumps(was)}, not {json.dumps(now)}"
            hint = "start it with the settings that it was made with, or name a new file"
            raise StateError(f"{self._path} was made with {what}; {hint}")


def _settings_of(options: Options, seed: int) -> dict[str, Any]:
    """Return the settings that make worlds."""
    return {
        "seed": seed,
        "edition": options.edition or contracts.DEFAULT_EDITION,
        "assumptions": {id_: str(choice) for id_, choice in sorted(options.assumptions.items())},
        "variations": sorted(options.variations),
        "keep": options.keep,
        "journal": options.journal,
        "strict": options.strict,
        "clock": options.clock,
        "event_url": _digest(options.event_url),
        "fee_url": _digest(options.fee_url),
        "applications": _digest(options.applications),
        "home_areas": _digest(dict(options.home_areas)),
    }


def _digest(value: Any) -> str:
    """Return what is kept of a value in which a secret may be."""
    return blake2b(json.dumps(value, default=dict, sort_keys=True).encode(), digest_size=16).hexdigest()
