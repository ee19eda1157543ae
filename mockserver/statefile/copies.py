"""The bytes of an image, made by a copy of the process.

Where a system has no fork, this process makes them.
"""

from __future__ import annotations

import gc
import os
import threading
import warnings
from hashlib import blake2b
from typing import TYPE_CHECKING, Final, NamedTuple, Protocol

from privnum.mockserver.statefile.file import CHUNK

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

__all__ = ["CAN_FORK", "Copy", "begin_copy", "write_image"]

CAN_FORK: Final = hasattr(os, "fork")


#: Pieces of an image that may wait to be written.
_PIECES: Final = 4


class ImageTarget(Protocol):
    """Where an image is written."""

    def put_chunk(self, last: int, place: int, content: bytes) -> None:
        """Keep a piece of an image that counts when it is whole."""
        ...

    def finish_image(self, last: int, size: int, digest: bytes) -> None:
        """Let an image count whose pieces are there, and forget what is older."""
        ...


class Copy(NamedTuple):
    """A copy of the process that writes an image.

    The end of a pipe from which that is read, and its number.
    """

    reader: int
    child: int

    def pieces(self) -> Iterator[bytes]:
        """What it writes, to be read by a thread."""
        with os.fdopen(self.reader, "rb") as pipe:
            yield from iter(lambda: pipe.read(CHUNK), b"")

    def ended_well(self) -> bool:
        """Wait for its end; return whether it has written all."""
        _, status = os.waitpid(self.child, 0)
        return os.waitstatus_to_exitcode(status) == 0


def begin_copy(image: Callable[[], Iterator[bytes]]) -> Copy:
    """Let a copy of the process write an image of things as they are."""
    reader, writer = os.pipe()
    with warnings.catch_warnings():  # newer Pythons warn of threads: the copy has none, and waits for none
        warnings.simplefilter("ignore", DeprecationWarning)
        child = os.fork()
    if not child:
        _write_and_exit(writer, image)
    os.close(writer)
    return Copy(reader, child)


def write_image(
    target: ImageTarget,
    last: int,
    content: Iterator[bytes],
    put: Callable[[Callable[[], None]], None],
    is_whole: Callable[[], bool],
    end: Callable[[bool], None],
) -> None:
    """Write an image piece by piece, so that inputs are written in between.

    Args:
        target: where to.
        last: number of the last input that is in it.
        content: its bytes.
        put: hands over jobs to who writes, which does them in this order.
        is_whole: asked once all bytes have come.
        end: called by who writes, at the end, with whether the image counts.
    """
    room, digest, size = threading.Semaphore(_PIECES), blake2b(b"%d " % last, digest_size=16), 0
    for place, piece in enumerate(_in_chunks(content)):
        digest.update(piece)
        size += len(piece)
        room.acquire()

        def write(place: int = place, piece: bytes = piece) -> None:
            target.put_chunk(last, place, piece)
            room.release()

        put(write)
    whole = is_whole()

    def finish() -> None:
        if whole:
            target.finish_image(last, size, digest.digest())
        end(whole)

    put(finish)


def _in_chunks(content: Iterator[bytes]) -> Iterator[bytes]:
    """The same bytes in pieces of the size of a row, at least one."""
    rest = bytearray()
    for piece in content:
        rest += piece
        while len(rest) >= CHUNK:
            yield bytes(rest[:CHUNK])
            del rest[:CHUNK]
    yield bytes(rest)


def _write_and_exit(writer: int, image: Callable[[], Iterator[bytes]]) -> None:
    """Write the image, in the copy of the process, and end that.

    Nothing else of the process runs on in it.
    """
    status = 1
    try:
        gc.disable()
        # Connections that the server closes would stay open here.
        os.closerange(3, writer)
        os.closerange(writer + 1, os.sysconf("SC_OPEN_MAX"))
        with os.fdopen(writer, "wb") as pipe:
            for piece in image():
                pipe.write(piece)
        status = 0
    finally:
        os._exit(status)
