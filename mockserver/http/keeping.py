"""`privnum serve --state`: the state file that goes with the options."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from privnum.mockserver.http.making import check_settings, settings_of
from privnum.mockserver.statefile.edge import KeptEdge
from privnum.mockserver.statefile.opening import Restored, begin, is_there, keep, open_to_go_on
from privnum.mockserver.worlds.platform import DEFAULT_WORLD

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from privnum.mockserver.http.command import Options
    from privnum.mockserver.http.serve import Server
    from privnum.mockserver.statefile.file import StateFile
    from privnum.mockserver.worlds.platform import Platform

__all__ = ["KeptState"]


class KeptState:
    """A state file, and what it had.

    Args:
        options: of the server; `state` names the file.
        seed: of a new one; another file goes on with its own.
        make: makes a platform without worlds by a seed.

    Raises:
        StateError: the file cannot be used, or was made with other settings.
    """

    #: Several servers cannot share a file.
    is_shared: Literal[False] = False

    def __init__(self, options: Options, seed: int, make: Callable[[int], Platform]) -> None:
        self._path = Path(options.state or "")
        self._settings = settings_of(options, seed)
        self._file: StateFile | None = None
        self._restored: Restored | None = None
        #: Why the file cannot be written any more, None: it can.
        self.failure: str | None = None
        self._stop: Callable[[], None] = lambda: None

        def made_again(settings: Mapping[str, Any]) -> Platform:
            is_given = options.seed is not None
            check_settings(self._settings, settings, seed_is_given=is_given, where=self._path, other="name a new file")
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
    def shown(self) -> str:
        """What it is called."""
        return str(self._path)

    @property
    def is_new(self) -> bool:
        """Whether there was no file."""
        return self._restored is None

    @property
    def applications(self) -> Sequence[Mapping[str, Any]]:
        """Those of the default world, which may have been dropped."""
        world = self.platform.worlds.get(DEFAULT_WORLD)
        return [] if world is None else [app.view() for app in world.applications.values()]

    def attach(self, server: Server) -> None:
        """Let this server end where its inputs cannot be kept any more."""
        self._stop = server.give_up

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
