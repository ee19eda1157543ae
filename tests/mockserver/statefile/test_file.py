"""A state file that cannot be used is refused with one line, and left as it is."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from contextlib import closing
from functools import partial
from typing import TYPE_CHECKING, Any

import pytest

from privnum import __version__
from privnum.mockserver.http.listener import listen
from privnum.mockserver.statefile.edge import KeptEdge
from privnum.mockserver.statefile.file import Batch, Image, Meta, StateError, StateFile, reading
from privnum.mockserver.statefile.inputs import pack
from privnum.mockserver.statefile.opening import begin, open_to_go_on
from privnum.mockserver.worlds.platform import Platform

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

TAKE = ("take", 5, "w")
IMAGE = "the image behind input 0 is not what was written"
HEAD = {
    "worlds": [
        {"id": "w", "edition": "2026-01", "assumptions": {}, "keep": 0, "strict": False, "journal": 0, "offset": None}
    ],
    "made": 0,
    "dropped": {},
    "handed_out": 0,
}


@pytest.fixture
def path(tmp_path: Path) -> Path:
    """A file with an image of one world, and two batches of inputs behind it."""
    platform = Platform()
    platform.create_world({"id": "w"})
    file = begin(tmp_path / "a.state", {"seed": 0}, KeptEdge(platform))
    file.append(Batch(1, 2, pack([TAKE, TAKE])))
    file.append(Batch(3, 3, pack([TAKE])))
    file.close()
    return tmp_path / "a.state"


def contents(path: Path) -> dict[str, bytes]:
    return {each.name: each.read_bytes() for each in sorted(path.parent.iterdir())}


def claim_refusal(path: Path, text: str) -> None:
    before = contents(path)
    with pytest.raises(StateError) as found:
        open_to_go_on(path, lambda _: Platform())
    assert text in str(found.value)
    assert "\n" not in str(found.value)
    assert str(path) in str(found.value)
    assert contents(path) == before


def change(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        for statement in statements:
            connection.execute(statement)


def test_a_whole_one_goes_on_and_is_numbered_on(path: Path) -> None:
    file, restored = open_to_go_on(path, lambda _: Platform())
    assert list(restored.edge.platform.worlds) == ["w"]
    assert (restored.last, restored.behind_image) == (4, 4)
    file.close()
    file, restored = open_to_go_on(path, lambda _: Platform())
    assert restored.last == 5
    file.close()
    assert list(contents(path)) == ["a.state"]


def test_it_is_for_its_owner_alone(path: Path) -> None:
    assert path.stat().st_mode & 0o777 == 0o600


@pytest.mark.parametrize(
    ("statements", "text"),
    [
        (("DELETE FROM inputs WHERE last = 2",), "is damaged: inputs 1 to 2 are missing"),
        (("UPDATE inputs SET content = zeroblob(9) WHERE last = 3",), "inputs 3 to 3 are not what was written"),
        (("UPDATE inputs SET content = 'text' WHERE last = 3",), "a row has another form"),
        (("UPDATE inputs SET first = 2 WHERE last = 2",), "inputs 1 to 1 are missing"),
        (
            ("UPDATE chunks SET content = zeroblob(length(content))",),
            "the image behind input 0 is not what was written",
        ),
        (("DELETE FROM chunks",), "the image behind input 0 is not what was written"),
        (("DELETE FROM images",), "it has no image"),
        (("UPDATE meta SET content = zeroblob(9)",), "its head is not what was written"),
        (("DELETE FROM meta",), "it has no head"),
        (("DROP TABLE chunks",), "no such table: chunks"),
        (("PRAGMA user_version = 2",), "has form 2, this version reads form 1; a newer privnum wrote it"),
        (("PRAGMA application_id = 0",), "is no state file of privnum"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)
def test_a_damaged_or_newer_one_is_refused_and_left_alone(path: Path, statements: tuple[str, ...], text: str) -> None:
    change(path, *statements)
    claim_refusal(path, text)


def test_bytes_that_are_struck_out_are_found(path: Path) -> None:
    """Wherever they are but where SQLite keeps nothing; and nothing else than a refusal comes of them."""
    whole = path.read_bytes()
    found = 0
    for place in range(100, len(whole), 997):
        path.write_bytes(whole[:place] + bytes(64) + whole[place + 64 :])
        before = contents(path)
        try:
            file, _ = open_to_go_on(path, lambda _: Platform())
        except StateError:
            found += 1
            assert contents(path) == before
        else:
            file.close()
    assert found > 2


@pytest.mark.parametrize("content", [b"no state", b"x" * 5000])
def test_what_is_no_state_file_is_left_alone(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "notes").write_bytes(content)
    claim_refusal(tmp_path / "notes", "is no state file of privnum; name another one, or one that is not there yet")


def test_a_folder_is_none(tmp_path: Path) -> None:
    (tmp_path / "folder").mkdir()
    with pytest.raises(StateError, match="cannot be used: Is a directory"):
        open_to_go_on(tmp_path / "folder", lambda _: Platform())


@pytest.mark.parametrize(
    ("version", "contract", "text"),
    [
        ("99.0.0", "other", f"was made by privnum 99.0.0, this is {__version__}; go on with that one"),
        (__version__, "other", f"was made by privnum {__version__} with another contract"),
    ],
)
def test_another_version_is_refused(tmp_path: Path, version: str, contract: str, text: str) -> None:
    StateFile.make(tmp_path / "a", Meta(version, contract, {}), Image(0, b"")).close()
    claim_refusal(tmp_path / "a", text)


def test_an_answer_that_would_be_another_is_refused(path: Path) -> None:
    asked: tuple[Any, ...] = ("api", 5, "GET", "/w/w/rest", "", [], b"", "127.0.0.1", 10, 299, 0)
    file = StateFile(path, 3)
    file.append(Batch(4, 4, pack([asked])))
    file.close()
    claim_refusal(
        path, "does not fit this version of privnum: an input has another answer here: GET /w/w/rest was answered 299"
    )


@pytest.mark.parametrize("content", [b"", b"cos\nsystem\n(S'false'\ntR.", pack([("other", 1)]), pack([("take",)])])
def test_inputs_that_nobody_packed_are_refused(path: Path, content: bytes) -> None:
    file = StateFile(path, 3)
    file.append(Batch(4, 4, content))
    file.close()
    claim_refusal(path, "inputs 4 to 4 cannot be read")


_KILLED = """
import os, sys
from pathlib import Path
from privnum.mockserver.statefile.file import Batch, StateFile
file = StateFile(Path(sys.argv[1]), 3)
file.append(Batch(4, 4, b"cannot be read"))
os.kill(os.getpid(), 9)
"""


def test_what_a_killed_server_has_left_beside_a_damaged_file_is_left_there(path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", _KILLED, str(path)], check=False)
    assert done.returncode == -9
    assert (path.parent / "a.state-wal").stat().st_size > 0
    claim_refusal(path, "inputs 4 to 4 cannot be read")


_HOLDS = """
import sys
from pathlib import Path
from privnum.mockserver.statefile.file import StateFile
file = StateFile(Path(sys.argv[1]), 3)
print("has it", flush=True)
sys.stdin.read()
"""


def test_a_second_server_is_refused(path: Path) -> None:
    command = [sys.executable, "-c", _HOLDS, str(path)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as first:
        assert first.stdout
        assert first.stdout.readline() == "has it\n"
        with pytest.raises(StateError, match=r"a\.state is in use by another server; stop that one first"):
            open_to_go_on(path, lambda _: Platform())
        first.communicate("")
    file, _ = open_to_go_on(path, lambda _: Platform())
    file.close()


def test_one_that_went_on_meanwhile_is_in_use(path: Path) -> None:
    with pytest.raises(StateError, match="is in use by another server"):
        StateFile(path, 2)


def _as_pickle(thing: object) -> bytes:
    import pickle

    return pickle.dumps(thing)


class _Harmful:
    def __init__(self, function: Callable[..., Any], *given: Any) -> None:
        self.reduced = function, given

    def __reduce__(self) -> Any:
        return self.reduced


@pytest.mark.parametrize(
    ("thing", "text"),
    [
        (_Harmful(os.system, "false"), "posix.system is nothing that a state has"),
        (_Harmful(eval, "1"), "builtins.eval is nothing that a state has"),
        (_Harmful(getattr, partial, "__new__"), "'__new__' is no method of type"),
        (_Harmful(getattr, "text", "format"), "'format' is no method of str"),
        (_Harmful(sqlite3.connect, ":memory:"), "_sqlite3.connect is nothing that a state has"),
        (_Harmful(listen, "127.0.0.1", 0), "privnum.mockserver.http.listener.listen is nothing that a state has"),
    ],
    ids=["os.system", "eval", "getattr", "method", "connect", "edge"],
)
def test_an_image_names_nothing_but_the_core(tmp_path: Path, thing: object, text: str) -> None:
    """A stranger's file is data: nothing in it is called."""
    head = json.dumps(HEAD).encode()
    pieces = b"".join(len(each).to_bytes(8, "big") + each for each in (head, _as_pickle([thing])))
    StateFile.make(tmp_path / "a", Meta.now({}), Image(0, pieces)).close()
    claim_refusal(tmp_path / "a", f"its image cannot be read ({text})")


def test_nothing_is_written_by_reading(path: Path) -> None:
    before = contents(path)
    with reading(path) as reader:
        reader.check_pages()
        assert [batch.last for batch in reader.batches(0)] == [2, 3]
    assert contents(path) == before
