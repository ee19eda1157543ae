"""Opens a state file: makes one, or goes on with what is in it."""

from __future__ import annotations

from contextlib import closing
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol

from privnum.mockserver.statefile.edge import KeptEdge, NotTheSame
from privnum.mockserver.statefile.file import NEW_FILE, Batch, Image, Meta, StateError, StateFile, reading
from privnum.mockserver.statefile.image import UNREADABLE, load_image, pieces_of_image
from privnum.mockserver.statefile.inputs import pack, unpack
from privnum.mockserver.statefile.log import InputLog

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping
    from pathlib import Path

    from privnum.mockserver.statefile.file import StateReader
    from privnum.mockserver.statefile.inputs import Input
    from privnum.mockserver.worlds.platform import Platform

__all__ = ["Restored", "begin", "is_there", "keep", "open_to_go_on", "restore_worlds"]


class Source(Protocol):
    """Where an image comes from, and the inputs behind it."""

    def image(self) -> Image:
        """Return the newest image."""
        ...

    def batches(self, behind: int) -> Generator[Batch, None, None]:
        """The inputs behind a number, in order."""
        ...


class Restored(NamedTuple):
    """What a file had.

    An edge with its worlds, the number of the last input, and how many the image did not have.
    """

    edge: KeptEdge
    last: int
    behind_image: int


def is_there(path: Path) -> bool:
    """Whether there is a file with something in it.

    Raises:
        StateError: it cannot be looked at.
    """
    try:
        return path.stat().st_size > 0
    except FileNotFoundError:
        return False
    except OSError as error:
        raise StateError(f"{path} cannot be used: {error.strerror or error}") from None


def begin(path: Path, settings: Mapping[str, Any], edge: KeptEdge) -> StateFile:
    """Make a file with the worlds of an edge as they are.

    Raises:
        StateError: it cannot be written.
    """
    return StateFile.make(path, Meta.now(settings), Image(0, b"".join(pieces_of_image(edge))))


def restore(reader: StateReader, path: Path, make: Callable[[Mapping[str, Any]], Platform]) -> Restored:
    """Return what a file has.

    `make` makes a platform without worlds by the settings in it.

    Raises:
        StateError: the file is damaged, or another version made it.
    """
    meta = reader.meta()
    meta.check(path)
    return restore_worlds(reader, make(meta.settings), path)


def restore_worlds(source: Source, platform: Platform, where: object, other: str = NEW_FILE) -> Restored:
    """Return the worlds of an image and of the inputs behind it.

    `platform` has none yet. `where` names the state, `other` says what to name in its place.

    Raises:
        StateError: it is damaged, or another version made it.
    """
    edge, image = KeptEdge(platform), source.image()
    try:
        load_image(image.content, edge)
    except UNREADABLE as error:
        raise StateError(_misfit(where, f"its image cannot be read ({error})", other)) from None
    try:
        with closing(_inputs(source, where, image.last, other)) as inputs:
            count = edge.repeat(inputs)
    except NotTheSame as error:
        raise StateError(_misfit(where, f"an input has another answer here: {error}", other)) from None
    return Restored(edge, image.last + count, count)


def _go_on(path: Path, restored: Restored) -> tuple[StateFile, Restored]:
    """Have the file for this process, and note the new beginning in it.

    Raises:
        StateError: another server has it.
    """
    edge, last, behind = restored
    file = StateFile(path, last)
    file.append(Batch(last + 1, last + 1, pack([edge.restart()])))
    return file, Restored(edge, last + 1, behind + 1)


def keep(file: StateFile, restored: Restored, failed: Callable[[str], None]) -> None:
    """Let the edge keep its inputs in the file; arguments as of `InputLog`."""
    edge, last, behind = restored
    edge.log = InputLog(file, last, behind, lambda: pieces_of_image(edge), failed)


def _inputs(source: Source, where: object, behind: int, other: str) -> Generator[Input, None, None]:
    with closing(source.batches(behind)) as batches:
        for batch in batches:
            try:
                inputs = unpack(batch.content)
            except UNREADABLE as error:
                why = f"inputs {batch.first} to {batch.last} cannot be read ({error})"
                raise StateError(_misfit(where, why, other)) from None
            yield from inputs


def _misfit(where: object, why: str, other: str) -> str:
    return f"{where} does not fit this version of privnum: {why}; go on with the one that made it, or {other}"


def open_to_go_on(path: Path, make: Callable[[Mapping[str, Any]], Platform]) -> tuple[StateFile, Restored]:
    """Return the file and what it had; arguments as of `restore`.

    Raises:
        StateError: it cannot be used; it was left as it is then.
    """
    with reading(path) as reader:
        restored = restore(reader, path, make)
    return _go_on(path, restored)
