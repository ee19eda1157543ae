"""`privnum fault`, against a server in this process."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from privnum.cli import main
from privnum.mockserver.embed.live import LiveServer

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.handle import WorldHandle


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> Iterator[WorldHandle]:
    with LiveServer() as server, server.world(id="shown") as made:
        monkeypatch.setenv("PRIVNUM_SERVER", server.url)
        monkeypatch.setenv("PRIVNUM_WORLD", "shown")
        yield made


def test_a_fault_is_added_listed_and_cleared(world: WorldHandle, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fault", "list"]) == 0
    assert capsys.readouterr().out == "no faults: the world does as the contract says\n"
    assert main(["fault", "add", "--operation", "axb.bind", "--code", "1012010", "--times", "2"]) == 0
    assert main(["fault", "add", "--push", "cdr", "--number", "+8613800000001", "--fault", "dropped"]) == 0
    assert world.request("axb.bind", body={})["resultcode"] == "1012010"
    capsys.readouterr()
    assert main(["fault", "list"]) == 0
    assert [line.split() for line in capsys.readouterr().out.splitlines()] == [
        ["ID", "WHERE", "FAULT", "HITS", "LEFT"],
        ["1", "axb.bind", "code", "code=403/1012010", "1", "1"],
        ["2", "cdr", "138****0001", "dropped", "0", "no", "bound"],
    ]
    assert main(["fault", "clear", "--id", "1"]) == 0
    assert [fault["id"] for fault in world.faults()] == [2]
    capsys.readouterr()
    assert main(["fault", "clear", "--json"]) == 0
    assert json.loads(capsys.readouterr().out) == {"faults": []}


@pytest.mark.parametrize(
    ("options", "status", "told"),
    [
        (["add", "--operation", "axb.bnd", "--status", "500"], 1, "did you mean axb.bind"),
        (["add", "--push", "cdr", "--fault", "dropt"], 1, "did you mean dropped"),
        (["list", "--code", "1012010"], 2, "--code"),
        (["add", "--id", "1"], 2, "--id"),
        (["clear", "--id", "7"], 1, "there is no fault 7"),
        (["list", "--world", "other"], 1, "there is no world 'other' (world, HTTP 404)"),
        (["list", "--server", "localhost:8080"], 2, "is no address of a server; write http://HOST:PORT"),
    ],
)
def test_what_is_wrong_is_one_line(
    world: WorldHandle, capsys: pytest.CaptureFixture[str], options: list[str], status: int, told: str
) -> None:
    try:
        came = main(["fault", *options])
    except SystemExit as end:
        came = int(str(end.code))
    line = capsys.readouterr().err
    assert came == status
    assert told in line
    assert line.count("\n") == 1
    assert world.faults() == []


def test_a_server_that_is_not_there_is_told(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["fault", "list", "--server", "http://127.0.0.1:9"]) == 2
    assert capsys.readouterr().err.startswith("privnum fault: no answer from http://127.0.0.1:9: ")
