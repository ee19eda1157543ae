"""A world whose requests come to one node goes there, and nobody who asks meanwhile sees anything of it."""

from __future__ import annotations

import signal
from typing import TYPE_CHECKING

from privnum.mockserver.database.placing import node_of
from tests.bench.servers import request_bytes, signed_headers
from tests.mockserver.http.nodes.test_nodes import WORLDS, ask, bind, two_nodes
from tests.mockserver.http.test_keeping import AXB
from tests.mockserver.support import Wire

if TYPE_CHECKING:
    from tests.mockserver.http.test_keeping import Kept
    from tests.postgres.cluster import Cluster

_PLACES = "SELECT privnum_worlds.id || ' ' || address FROM privnum_worlds JOIN privnum_nodes ON privnum_nodes.id = node"


def worlds_at(cluster: Cluster, url: str, node: Kept) -> set[str]:
    """The worlds that a node has, without the default one."""
    rows = [row.split(" ") for row in cluster.query(_PLACES, url.partition("@/")[2].partition("?")[0])]
    return {world for world, address in rows if address.endswith(f":{node.port}")} - {"default"}


def worlds_that_fall_to(node: Kept, other: Kept) -> set[str]:
    """Those of two nodes that their ids give to one, where no world is near to a node."""
    addresses = {each.port: f"127.0.0.1:{each.port}" for each in (node, other)}
    return {world for world in WORLDS if node_of(world, addresses) == node.port}


def query(node: Kept, n: int, times: int) -> None:
    """Ask a node for the bindings of a world so often, many requests at a time."""
    one = request_bytes("GET", f"{AXB}?subscriptionId=none", signed_headers(f"key-{n}", "secret"), b"")
    with Wire(node.told["url"]) as wire:
        for _ in range(times // 50):
            wire.send(one * 50)
            assert {wire.read().json["resultcode"] for _ in range(50)} == {"1012007"}


def test_a_world_goes_where_its_requests_come_in(url: str, cluster: Cluster) -> None:
    with two_nodes(url, cluster) as (one, two):
        here, there = worlds_that_fall_to(one, two), worlds_that_fall_to(two, one)
        assert here
        for _ in range(2000):  # those that are at the wrong one go first
            if worlds_at(cluster, url, one) == here:
                break
        world = min(there)
        n = WORLDS.index(world)
        assert bind(one, n).json["resultcode"] == "0"
        for _ in range(20):  # most often the first time
            query(one, n, 1500)
            if world in worlds_at(cluster, url, one):
                break
        assert worlds_at(cluster, url, one) == here | {world}
        assert bind(two, n).json["resultcode"] == bind(one, n).json["resultcode"] == "1012010"
        for _ in range(3):  # to both of them, it stays
            query(one, n, 500)
            query(two, n, 500)
        assert worlds_at(cluster, url, one) == here | {world}
        shown = two.all()
        one.end(signal.SIGKILL)
        assert two.all() == shown
        assert ask(cluster, url, f"SELECT near FROM privnum_worlds WHERE id = '{world}'").endswith(f":{one.port}")
