"""A state file as lines of JSON, and back: to look at, to keep elsewhere.

First the head, then the image in pieces, then the inputs, one line each, and a last line that says that it is the last.
"""

from __future__ import annotations

import base64
import json
from typing import TYPE_CHECKING, Any, Final

from privnum.mockserver.statefile.file import FORMAT, Batch, Image, Meta, StateError, StateFile, pieces_of
from privnum.mockserver.statefile.image import UNREADABLE
from privnum.mockserver.statefile.inputs import named_values, pack, plain_values, unpack

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from privnum.mockserver.statefile.file import StateReader

__all__ = ["export_lines", "import_lines"]

#: Inputs of a batch of an imported file.
_AT_ONCE: Final = 1000


def export_lines(reader: StateReader) -> Iterator[str]:
    """The lines of a file.

    Raises:
        StateError: it is damaged.
    """
    image = reader.image()
    yield _line({"privnum_state": FORMAT, **reader.meta()._asdict()})
    yield _line({"image": image.last, "size": len(image.content), "digest": image.digest.hex()})
    for piece in pieces_of(image.content):
        yield _line({"piece": base64.b64encode(piece).decode()})
    last = image.last
    for batch in reader.batches(image.last):
        for last, each in enumerate(unpack(batch.content), batch.first):
            yield _line({"input": last, **_as_json(named_values(each))})
    yield _line({"end": last})


def import_lines(lines: Iterable[bytes], path: Path) -> int:
    """Make a file of lines; return the number of its last input.

    Raises:
        StateError: the lines are none of an export, or not all, or the file is there.
    """
    if path.exists():
        raise StateError(f"{path} is there; an import makes a new file and overwrites none")
    read = _Lines(lines)
    try:
        return _import(read, path)
    except UNREADABLE as error:
        path.unlink(missing_ok=True)
        raise StateError(f"line {read.number} cannot be read: {error or type(error).__name__}") from None
    except StateError:
        path.unlink(missing_ok=True)
        raise


class _Lines:
    """Lines that are read one by one; `number` is that of the last one."""

    def __init__(self, lines: Iterable[bytes]) -> None:
        self._lines = iter(lines)
        self.number = 0

    def take(self) -> dict[str, Any]:
        """Return what the next one has; behind the last one there is nothing."""
        self.number += 1
        found = json.loads(next(self._lines, b"{}"))
        if not isinstance(found, dict):
            raise TypeError("it is no object")
        return found


def _import(read: _Lines, path: Path) -> int:
    head = read.take()
    if head.get("privnum_state") != FORMAT:
        raise StateError(f"line 1 is no head of an export of this form, which has privnum_state {FORMAT}")
    meta = Meta(head["version"], head["contract"], head["settings"])
    said, content, fields = read.take(), bytearray(), read.take()
    while "piece" in fields:
        content += base64.b64decode(fields["piece"], validate=True)
        fields = read.take()
    image = Image(said["image"], bytes(content))
    if (len(content), image.digest.hex()) != (said["size"], said["digest"]):
        raise StateError("the image is not what was exported")
    file = StateFile.make(path, meta, image)
    try:
        return _import_inputs(file, image.last, fields, read)
    finally:
        file.close()


def _import_inputs(file: StateFile, last: int, fields: dict[str, Any], read: _Lines) -> int:
    """Append the inputs behind an image; return the number of the last."""
    waiting: list[tuple[Any, ...]] = []
    while "end" not in fields:
        comes = last + len(waiting) + 1
        if fields.pop("input", None) != comes:
            raise StateError(f"line {read.number} is not input {comes}, which comes next, nor the end")
        waiting.append(plain_values(_as_values(fields)))
        if len(waiting) == _AT_ONCE:
            last = _append(file, last, waiting)
        fields = read.take()
    last = _append(file, last, waiting)
    if fields["end"] != last:
        raise StateError(f"line {read.number} ends with input {fields['end']}, the one before is {last}")
    return last


def _append(file: StateFile, last: int, waiting: list[tuple[Any, ...]]) -> int:
    """Append what waits; return the number of the last."""
    if not waiting:
        return last
    batch = Batch(last + 1, last + len(waiting), pack(waiting))
    file.append(batch)
    waiting.clear()
    return batch.last


def _line(fields: dict[str, Any]) -> str:
    return json.dumps(fields) + "\n"


def _as_json(value: Any) -> Any:
    """Return a value with bytes as an object that has them, sign by sign."""
    if isinstance(value, bytes):
        return {"bytes": value.decode("latin-1")}
    if isinstance(value, dict):
        return {name: _as_json(each) for name, each in value.items()}
    return [_as_json(each) for each in value] if isinstance(value, list | tuple) else value


def _as_values(value: Any, depth: int = 0) -> Any:
    """Return what `_as_json` was given; a list in a list is a tuple."""
    if isinstance(value, dict):
        if depth and value.keys() == {"bytes"}:
            return value["bytes"].encode("latin-1")
        return {name: _as_values(each, depth + 1) for name, each in value.items()}
    if isinstance(value, list):
        found = [_as_values(each, depth + 1) for each in value]
        return tuple(found) if depth > 1 else found
    return value
