"""An export is read by an import, and what that makes is the same state."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from privnum.mockserver.statefile.exchange import export_lines, import_lines
from privnum.mockserver.statefile.file import Batch, Image, Meta, StateError, StateFile, reading
from privnum.mockserver.statefile.inputs import pack, unpack
from privnum.mockserver.statefile.opening import restore
from privnum.mockserver.worlds.platform import Platform
from tests.mockserver.snapshot_rig import BOUND
from tests.mockserver.statefile.test_edge import KeptRig, all_of

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

CALL = ("call", "+8613800000001", "+8617000001101", "answer", "")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with bindings, a call and pushes that were answered."""
    rig = KeptRig([])
    rig.play([*BOUND, CALL, ("control", "POST", "/clock", {"advance_seconds": 61})])
    file = StateFile.make(tmp_path / "a", Meta.now({"seed": 3}), Image(0, rig.begin))
    file.append(Batch(1, len(rig.log.entries), pack(rig.log.entries)))
    file.close()
    return tmp_path / "a"


def lines_of(path: Path) -> list[bytes]:
    with reading(path) as reader:
        return [line.encode() for line in export_lines(reader)]


def inputs_of(path: Path) -> list[Any]:
    with reading(path) as reader:
        return [each for batch in reader.batches(0) for each in unpack(batch.content)]


def state_of(path: Path) -> Any:
    with reading(path) as reader:
        return all_of(restore(reader, path, lambda _: Platform(seed=3)).edge)


def test_it_is_the_same_file_again(path: Path, tmp_path: Path) -> None:
    lines = lines_of(path)
    last = import_lines(lines, tmp_path / "b")
    assert last == len(inputs_of(path)) > 10
    assert inputs_of(tmp_path / "b") == inputs_of(path)
    assert state_of(tmp_path / "b") == state_of(path)
    assert lines_of(tmp_path / "b") == lines


def test_its_lines_can_be_read(path: Path) -> None:
    asked = next(each for each in map(json.loads, lines_of(path)) if each.get("kind") == "api")
    assert (asked["method"], asked["status"]) == ("POST", 200)
    assert json.loads(asked["body"]["bytes"])


def line_with(number: int, **fields: Any) -> Callable[[list[bytes]], list[bytes]]:
    def change(lines: list[bytes]) -> list[bytes]:
        new = json.dumps({**json.loads(lines[number]), **fields}).encode()
        return [*lines[:number], new, *(lines[number:][1:])]

    return change


@pytest.mark.parametrize(
    ("change", "text"),
    [
        (lambda lines: [], "line 1 is no head of an export"),
        (line_with(0, privnum_state=2), "line 1 is no head of an export of this form, which has privnum_state 1"),
        (line_with(1, size=1), "the image is not what was exported"),
        (line_with(1, digest="00"), "the image is not what was exported"),
        (lambda lines: lines[:-1], "which comes next, nor the end"),
        (lambda lines: [*lines[:5], *lines[6:]], "line 6 is not input 3, which comes next, nor the end"),
        (line_with(4, kind="other"), "line 5 cannot be read"),
        (line_with(-1, end=3), "ends with input 3"),
        (lambda lines: [*lines[:3], b"{"], "line 4 cannot be read"),
        (lambda lines: [*lines[:3], b"[]"], "line 4 cannot be read: it is no object"),
    ],
)
def test_other_lines_make_no_file(
    path: Path, tmp_path: Path, change: Callable[[list[bytes]], list[bytes]], text: str
) -> None:
    with pytest.raises(StateError) as error:
        import_lines(change(lines_of(path)), tmp_path / "b")
    assert text in str(error.value)
    assert not (tmp_path / "b").exists()


def test_a_file_that_is_there_is_not_overwritten(path: Path) -> None:
    before, lines = path.read_bytes(), lines_of(path)
    with pytest.raises(StateError, match="a is there; an import makes a new file and overwrites none"):
        import_lines(lines, path)
    assert path.read_bytes() == before
