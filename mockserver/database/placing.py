"""Which node a world belongs to.

A world whose requests nearly all come to one node is near to that, and its address is kept. For any other each node
that lives draws a number, and the highest has it (rendezvous hashing). So all nodes say the same without a word, and
where one comes or goes only those worlds move that it gets, or had.
"""

from __future__ import annotations

from hashlib import blake2b
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["node_of"]


def node_of(world: str, nodes: Mapping[int, str], near: str | None = None) -> int:
    """Return the node of a world.

    Args:
        world: its id.
        nodes: those that live, one at least: their addresses, by their numbers. The address draws, so that a node that
            was started again has the worlds that it had.
        near: the address of the node where its requests come in; None: they come to several.
    """
    there = [node for node, address in nodes.items() if address == near]
    if there:
        return max(there)  # an earlier one at that address is dead, and not buried yet
    return max(nodes, key=lambda node: (_draw(world, nodes[node]), node))


def _draw(world: str, address: str) -> bytes:
    return blake2b(f"{address} {world}".encode(), digest_size=8).digest()
