"""Kills servers under load, and holds them against what they had acknowledged: python -m tests.kills --kills 100."""

from __future__ import annotations

import argparse
import json
import sys
import time
from typing import Any

from tests.kills import single


def main() -> int:
    """Run it, and print what was counted."""
    parser = argparse.ArgumentParser(prog="python -m tests.kills", description=__doc__)
    add = parser.add_argument
    add("--kills", type=int, default=100, metavar="N", help="kill -9 of a server; default 100")
    add("--seed", type=int, default=0, help="of the moments and the order")
    add("--nodes", type=int, metavar="N", help="nodes of one state in PostgreSQL behind nginx; else one state file")
    shared = parser.add_argument_group("with --nodes")
    shared.add_argument("--worlds", type=int, default=6, metavar="N", help="each with clients of its own; default 6")
    shared.add_argument("--retries", action="store_true", help="nginx asks another node where one cannot be reached")
    shared.add_argument("--by-world", action="store_true", help="nginx sends all requests of a world to one node")
    for name, what in _FAULTS.items():
        shared.add_argument(f"--{name}", type=int, default=0, metavar="N", help=what)
    given = parser.parse_args()
    began = time.monotonic()
    try:
        found = _run(given)
    except AssertionError as error:
        sys.stderr.write(f"FAULT {error}\n")
        return 1
    sys.stdout.write(json.dumps({**found, "seconds": round(time.monotonic() - began)}) + "\n")
    return 0


_FAULTS = {
    "database-kills": "kill -9 of the database",
    "cuts": "the connections of a node to the database are cut",
    "freezes": "a node stands still, is taken for dead and wakes up",
    "losses": "the same, and its connections to the database are cut at once",
    "full-disks": "the disk of the database is full for a while",
    "stops": "SIGTERM of a node",
}


def _run(given: argparse.Namespace) -> dict[str, Any]:
    if given.nodes is None:
        return dict(single.run(given.kills, given.seed))
    from tests.kills import shared  # one state file needs no PostgreSQL

    names = ("kills", *(name.replace("-", "_") for name in _FAULTS))
    counts = {name: getattr(given, name) for name in names}
    of_nginx = {"retries": given.retries, "by_world": given.by_world}
    found: dict[str, Any] = shared.run(counts, nodes=given.nodes, worlds=given.worlds, seed=given.seed, **of_nginx)
    return found


if __name__ == "__main__":
    sys.exit(main())
