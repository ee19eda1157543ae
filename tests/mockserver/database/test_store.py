"""The tables: a dead node writes nothing more, and what was kept is read again, or found damaged."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

pytest.importorskip("psycopg")

from privnum.mockserver.database.appending import DEPOSED
from privnum.mockserver.database.placing import node_of
from privnum.mockserver.database.reading import Place, Reader, read_world
from privnum.mockserver.database.session import AwayError, Database
from privnum.mockserver.database.store import Made, Store, TakenError
from privnum.mockserver.database.tables import open_tables
from privnum.mockserver.database.watch import Watcher
from privnum.mockserver.statefile.file import Batch, Image, StateError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

SETTINGS = {"seed": 7}


class Node:
    """A node as far as the database knows of it."""

    def __init__(self, url: str, address: str, clock: Callable[[], float]) -> None:
        self.database = Database(url)
        self.watching, self.writing = self.database.connect(), self.database.connect()
        self.watcher = Watcher(self.watching, self.database, address, clock)
        self.store = Store(self.writing, self.database, self.watcher.node)
        self.reader = Reader(self.writing, self.database)

    def close(self) -> None:
        self.watching.close()
        self.writing.close()

    def make(self, world: str, **applications: bytes) -> None:
        self.store.make_world(Made(world, applications, b"image of " + world.encode()))

    def contents(self, world: str) -> list[bytes]:
        stored = read_world(self.writing, self.database, world)
        return [stored.image().content, *(batch.content for batch in stored.batches(0))]


@contextmanager
def nodes(url: str, count: int, clock: Callable[[], float] = lambda: 0.0) -> Iterator[list[Node]]:
    database = Database(url)
    with database.connect() as connection:
        open_tables(connection, database, SETTINGS, lambda _: None)
    made = [Node(url, f"10.0.0.{n}:80", clock) for n in range(1, count + 1)]
    try:
        yield made
    finally:
        for each in made:
            each.close()


def test_all_nodes_share_what_the_first_one_has_put_in(url: str) -> None:
    database = Database(url)
    begun: list[Any] = []
    with database.connect() as connection:
        heads = [open_tables(connection, database, {"seed": seed}, begun.append) for seed in (7, 8)]
    assert [head.settings for head in heads] == [SETTINGS, SETTINGS]
    assert heads[0].secret_for("nodes") == heads[1].secret_for("nodes") != heads[0].secret_for("control plane")
    assert len(begun) == 1


def test_what_was_appended_is_read_again(url: str) -> None:
    with nodes(url, 1) as [node]:
        node.make("a", key=b"{}")
        node.make("b")
        node.store.append([("a", Batch(1, 2, b"one two")), ("b", Batch(1, 1, b"other"))])
        node.store.append([("a", Batch(3, 3, b"three"))])
        node.store.append([])
        assert node.contents("a") == [b"image of a", b"one two", b"three"]
        assert node.contents("b") == [b"image of b", b"other"]
        node.store.put_chunk("a", 2, 0, b"new image")
        assert node.contents("a")[0] == b"image of a"
        node.store.finish_image("a", 2, 9, _digest(2, b"new image"))
        stored = read_world(node.writing, node.database, "a")
        assert (stored.image().content, [each.content for each in stored.batches(2)]) == (b"new image", [b"three"])
        assert node.reader.place_of("a") == Place(node.watcher.node, "10.0.0.1:80")
        assert node.reader.world_of_key("key") == ("a", Place(node.watcher.node, "10.0.0.1:80"))
        assert node.reader.worlds() == ["a", "b"]
        node.store.drop_world("a")
        assert (node.reader.place_of("a"), node.reader.world_of_key("key")) == (None, None)
        node.make("a", key=b"{}")
        assert node.contents("a") == [b"image of a"]


def _digest(last: int, content: bytes) -> bytes:
    return Image(last, content).digest


def test_an_id_and_a_key_are_one_worlds(url: str) -> None:
    with nodes(url, 2) as [one, two]:
        one.make("a", first=b"{}")
        with pytest.raises(TakenError) as taken:
            two.make("a")
        assert taken.value.key is None
        with pytest.raises(TakenError) as taken:
            two.make("b", second=b"{}", first=b"{}")
        assert taken.value.key == "first"
        assert one.reader.worlds() == ["a"]
        assert one.reader.world_of_key("second") is None
        assert one.store.put_keys("a", {"third": None}) is None
        assert two.store.put_keys("b", {"third": None}) == "third"
        one.store.free_key("third")
        assert two.store.put_keys("b", {"third": None}) is None


def test_a_dead_node_is_found_at_once_and_its_worlds_are_taken(url: str) -> None:
    with nodes(url, 2) as [one, two]:
        one.make("a")
        one.store.append([("a", Batch(1, 1, b"one"))])
        assert two.watcher.look() == ({1: "10.0.0.1:80", 2: "10.0.0.2:80"}, {})
        one.close()
        assert _until(lambda: two.watcher.look().claimed) == {"a": None}
        assert two.contents("a") == [b"image of a", b"one"]
        assert two.reader.place_of("a") == Place(2, "10.0.0.2:80")


def _until(look: Any) -> Any:
    """What a look comes to that finds something: the server needs a moment to see that a connection is gone."""
    found = look()
    while not found:
        found = look()
    return found


def test_a_node_that_stands_still_is_taken_for_dead_and_writes_no_more(url: str) -> None:
    now = [0.0]
    with nodes(url, 2, lambda: now[0]) as [one, two]:
        one.make("a")
        looks = 0
        while not two.watcher.look().claimed:
            now[0] += 0.5
            looks += 1
        assert 8 <= looks <= 12
        for write in (
            lambda: one.store.append([("a", Batch(1, 1, b"late"))]),
            lambda: one.store.append([]),
            lambda: one.store.put_chunk("a", 0, 0, b"late"),
            lambda: one.store.finish_image("a", 1, 0, b""),
            lambda: one.make("b"),
            lambda: one.store.drop_world("a"),
            one.watcher.look,
        ):
            with pytest.raises(StateError, match=DEPOSED):
                write()
        assert two.contents("a") == [b"image of a"]
        assert two.reader.worlds() == ["a"]


def test_one_that_beats_is_not(url: str) -> None:
    now = [0.0]
    with nodes(url, 2, lambda: now[0]) as [one, two]:
        for _ in range(30):
            now[0] += 0.5
            assert len(two.watcher.look().nodes) == len(one.watcher.look().nodes) == 2


def test_worlds_that_were_given_back_go_to_the_node_that_they_fall_to(url: str) -> None:
    with nodes(url, 3) as [one, two, three]:
        worlds = [f"w{n}" for n in range(30)]
        for world in worlds:
            one.make(world)
        one.store.give_back(worlds)
        one.store.leave()
        shares = [each.watcher.look().claimed for each in (two, three)]
        assert sorted([*shares[0], *shares[1]]) == sorted(worlds)
        assert min(map(len, shares)) > 3


def test_a_world_goes_to_the_node_that_it_is_near_to(url: str) -> None:
    """Also where that was away meanwhile; and it keeps to it until it is near to another."""
    with nodes(url, 3) as [one, two, three]:
        worlds = [f"w{n}" for n in range(8)]
        for world in worlds:
            one.make(world)
        addresses = one.watcher.look().nodes
        near, number = addresses[three.watcher.node], three.watcher.node
        one.store.give_back(worlds, near)
        assert two.watcher.look().claimed == {}
        assert three.watcher.look().claimed == dict.fromkeys(worlds, near)
        three.store.give_back(worlds)
        three.store.leave()
        shares = [dict(each.watcher.look().claimed) for each in (one, two)]
        assert shares[0] | shares[1] == dict.fromkeys(worlds, near)
        assert {node_of(world, addresses, near) for world in worlds} == {number}


def test_a_database_of_an_earlier_version_is_used(url: str) -> None:
    """One in which no world is near to a node."""
    with nodes(url, 1) as [one]:
        one.make("a")
        one.store.give_back(["a"])
        with one.database.connect() as connection:
            connection.execute("ALTER TABLE privnum_worlds DROP COLUMN near")
            for _ in range(2):
                open_tables(connection, one.database, SETTINGS, lambda _: None)
        assert one.watcher.look().claimed == {"a": None}


@pytest.mark.parametrize(
    ("break_it", "what"),
    [
        ("UPDATE privnum_inputs SET content = 'x' WHERE last = 2", "inputs 2 to 2 are not what was written"),
        ("DELETE FROM privnum_inputs WHERE last = 1", "inputs 1 to 1 are missing"),
        ("UPDATE privnum_chunks SET content = 'x'", "the image behind input 0 is not what was written"),
        ("DELETE FROM privnum_images", "it has no image"),
    ],
)
def test_damage_is_found(url: str, break_it: str, what: str) -> None:
    with nodes(url, 1) as [node]:
        node.make("a")
        for n in (1, 2):
            node.store.append([("a", Batch(n, n, b"content"))])
        node.writing.execute(break_it.encode())
        with pytest.raises(StateError, match=what):
            node.contents("a")


def test_a_database_that_is_away_says_so_without_a_password() -> None:
    with pytest.raises(AwayError) as away:
        Database("postgresql://lab:s3cret@/lab?host=/nowhere").connect()
    assert str(away.value).startswith("postgresql://lab@/lab?host=/nowhere cannot be used: ")
    assert "s3cret" not in str(away.value)


def test_nothing_is_written_into_a_world_of_another_node(url: str) -> None:
    with nodes(url, 2) as [one, two]:
        two.make("b")
        with pytest.raises(StateError, match=DEPOSED):
            one.store.append([("b", Batch(1, 1, b"wrong"))])
        assert two.contents("b") == [b"image of b"]
