"""Measures, prints a table, writes build/bench/bench.json, and fails where a ratio fell. `make bench` runs it.

A goal that is not reached is reported; what fails is a ratio more than 10 % below the recorded one.
"""

from __future__ import annotations

import argparse
import importlib.metadata
import json
import platform
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from . import (
    ax_load,
    axyb_load,
    core_speed,
    flow_speed,
    http_load,
    journal_cost,
    keeping,
    machine_speed,
    nodes_cost,
    peers,
    plugin_cost,
    snapshots,
    starting,
    state_cost,
    wrk,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

RECORDED = Path(__file__).with_name("recorded.json")
OUT = Path("build/bench/bench.json")
#: A ratio may fall by this share below the recorded one.
SLACK = 0.10


@dataclass(frozen=True, slots=True)
class Goal:
    """A figure that is to be reached: where it stands in the result, its bound, and which side of it is good.

    `ratio` marks figures of one run against one run, which are compared with the recorded ones.
    """

    name: str
    path: tuple[str, ...]
    bound: float
    at_least: bool
    unit: str = ""
    ratio: bool = False

    def value(self, result: dict[str, Any]) -> float | None:
        """The figure, or None where its section was not run."""
        found: Any = result
        for key in self.path:
            if not isinstance(found, dict) or key not in found:
                return None
            found = found[key]
        return float(found)

    def is_met(self, value: float) -> bool:
        """Whether the value lies on the good side of the bound."""
        return value >= self.bound if self.at_least else value <= self.bound


GOALS = (
    Goal("AXB bind / static reply", ("capacity", "ratio_to_static", "bind"), 0.6, True, ratio=True),
    Goal("AXB query / static reply", ("capacity", "ratio_to_static", "query"), 0.6, True, ratio=True),
    Goal("AXB unbind / static reply", ("capacity", "ratio_to_static", "unbind"), 0.6, True, ratio=True),
    Goal("AXYB bind / static reply", ("axyb_capacity", "ratio_to_static", "bind"), 0.6, True, ratio=True),
    Goal("AXYB bind / AXB bind by area", ("axyb_capacity", "bind_to_axb_by_area"), 0.95, True, ratio=True),
    Goal("AXYB query / static reply", ("axyb_capacity", "ratio_to_static", "query"), 0.6, True, ratio=True),
    Goal("AXYB unbind / static reply", ("axyb_capacity", "ratio_to_static", "unbind"), 0.6, True, ratio=True),
    Goal("AXB bind at a million / at a thousand", ("million", "ratio_many_to_few"), 1 / 1.2, True, ratio=True),
    Goal("AXB memory a binding", ("million", "bytes_per_binding"), 1024, False, "bytes"),
    Goal("AXB p99 at half load", ("million", "half_load", "p99_ms"), 5, False, "ms"),
    Goal("AXB longest pause at half load", ("million", "half_load", "longest_pause_ms"), 50, False, "ms"),
    Goal("AX bind / static reply", ("ax_capacity", "ratio_to_static", "bind"), 0.6, True, ratio=True),
    Goal("AX query / static reply", ("ax_capacity", "ratio_to_static", "query"), 0.6, True, ratio=True),
    Goal("AX unbind / static reply", ("ax_capacity", "ratio_to_static", "unbind"), 0.6, True, ratio=True),
    Goal("AX temporary callee / static reply", ("ax_capacity", "ratio_to_static", "callee"), 0.6, True, ratio=True),
    Goal("AX bind at a million / at a thousand", ("ax_million", "ratio_many_to_few"), 1 / 1.2, True, ratio=True),
    Goal("AX memory a binding", ("ax_million", "bytes_per_binding"), 1024, False, "bytes"),
    Goal("AX p99 at half load", ("ax_million", "half_load", "p99_ms"), 5, False, "ms"),
    Goal("AX longest pause at half load", ("ax_million", "half_load", "longest_pause_ms"), 50, False, "ms"),
    Goal("first answer after start", ("start", "serve_ms"), 250, False, "ms"),
    Goal("world made and dropped", ("worlds", "make_and_drop_ms"), 10, False, "ms"),
    Goal("world of 5 applications, 100 numbers", ("worlds", "kib_per_world"), 40, False, "KiB"),
    Goal("fixture set up and torn down, after the first", ("plugin", "set_up_and_teardown_ms"), 10, False, "ms"),
    Goal("pytest plugin that nobody uses", ("plugin", "added_ms"), 20, False, "ms"),
    Goal("memory of a kept call and a kept push", ("calls", "bytes_per_kept_call"), 4096, False, "bytes"),
    Goal("size, 20,000 calls / 100,000", ("calls", "ratio_full_to_end"), 0.95, True, ratio=True),
    Goal("size after 5 of 10 hours / highest later", ("ten_hours", "ratio_half_to_highest"), 0.95, True, ratio=True),
    Goal("bind, journal on / off", ("journal", "bind", "ratio_on_to_off"), 0.95, True, ratio=True),
    Goal("memory of an entry of the journal", ("journal", "memory", "bytes_per_entry"), 4096, False, "bytes"),
    Goal("size, ring full / a million requests", ("journal", "memory", "ratio_full_to_end"), 0.95, True, ratio=True),
    Goal("control message, 1 world / 1,000", ("beside", "ratio_one_to_many"), 1 / 1.2, True, ratio=True),
    Goal("AXB machine / with empty rules", ("machine", "ratio_to_emptied"), 0.5, True, ratio=True),
    Goal("AXB machine / Hypothesis alone", ("machine", "ratio_to_hollow"), 0.5, True, ratio=True),
    Goal("call with all pushes, in process", ("flows", "call_ms"), 0.5, False, "ms"),
    Goal("SMS with its push, in process", ("flows", "sms_ms"), 0.5, False, "ms"),
    Goal("pushes of a call alone / call", ("flows", "call_ratio"), 0.1, True, ratio=True),
    Goal("push of an SMS alone / SMS", ("flows", "sms_ratio"), 0.1, True, ratio=True),
    Goal("snapshot of 100,000 bindings, CPU", ("snapshots", "snapshot_seconds"), 2, False, "s"),
    Goal("restore of 100,000 bindings, CPU", ("snapshots", "restore_seconds"), 2, False, "s"),
    Goal("bind, without a state file / with", ("state", "bind", "ratio_without_to_with"), 0.5, True, ratio=True),
    Goal("a million bindings back from a file", ("state", "restore", "restore_seconds"), 10, False, "s"),
    Goal("bind through nginx, 2 nodes / 1 node", ("nodes", "spread", "two", "ratio"), 1.5, True),
    Goal("2 nodes / 1 node by their CPU time", ("nodes", "spread", "two", "by_cpu"), 1.5, True, ratio=True),
    Goal("start of a node with 10,000 worlds", ("nodes", "scale", "start_seconds"), 5, False, "s"),
    Goal("memory of a node with 10,000 worlds", ("nodes", "scale", "start_mb"), 1000, False, "MB"),
    Goal("first of 5,000 worlds of a killed node", ("nodes", "take_over", "first_seconds"), 5, False, "s"),
    Goal("thirty days, 10,000 bindings", ("thirty_days", "seconds"), 3, False, "s"),
)

VERSIONS = ("uvicorn", "httptools", "uvloop", "orjson", "jsonschema-rs", "hypothesis")


def main(argv: Sequence[str] | None = None) -> int:
    """Run the sections that were asked for."""
    parser = argparse.ArgumentParser(prog="python -m tests.bench", description=__doc__)
    parser.add_argument("sections", nargs="*", help=f"any of: {' '.join(SECTIONS)}; default: all but peers")
    parser.add_argument("--rounds", type=int, default=3, help="interleaved rounds; the median counts")
    parser.add_argument("--seconds", type=float, default=4.0, help="length of each load run")
    parser.add_argument("--bindings", type=int, default=1_000_000)
    parser.add_argument("--record", action="store_true", help="record this run's ratios as the ones to hold")
    options = parser.parse_args(argv)
    unknown = set(options.sections) - set(SECTIONS)
    if unknown:
        parser.error(f"unknown section {min(unknown)!r}; there are: {' '.join(SECTIONS)}")
    result: dict[str, Any] = {"versions": versions()}
    for name in options.sections or [name for name in SECTIONS if name != "peers"]:
        print(f"… {name}", file=sys.stderr, flush=True)
        try:
            result[name] = SECTIONS[name](options)
        except (RuntimeError, OSError) as error:  # so that what the others have measured is not lost
            result[name] = {"failed": str(error)}
        OUT.parent.mkdir(parents=True, exist_ok=True)
        OUT.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    faults = report(result)
    if options.record:
        record(result)
    return 1 if faults else 0


def versions() -> dict[str, str]:
    """What was measured, and on what."""
    found = {
        "python": platform.python_version(),
        "machine": platform.machine(),
        "privnum": importlib.metadata.version("privnum"),
    }
    found |= {name: importlib.metadata.version(name) for name in VERSIONS}
    if wrk.available():
        shown = subprocess.run(["wrk", "-v"], capture_output=True, text=True, check=False).stdout.split()
        found["wrk"] = shown[1] if len(shown) > 1 else "?"
    return found


def _measure_load(measure: Callable[[], dict[str, Any]]) -> dict[str, Any]:
    return measure() if wrk.available() else {"skipped": "wrk is not installed"}


SECTIONS: dict[str, Callable[[argparse.Namespace], dict[str, Any]]] = {
    "start": lambda options: starting.first_answer(options.rounds * 3) | {"heavy_imports": starting.heavy_imports()},
    "worlds": lambda _: starting.worlds(200),
    "plugin": lambda options: plugin_cost.unused_cost(options.rounds * 3) | plugin_cost.used(),
    "calls": lambda _: keeping.calls(100_000),
    "ten_hours": lambda _: keeping.ten_hours(1_000_000),
    "journal": lambda options: {
        "bind": _measure_load(lambda: journal_cost.bind_ratio(options.rounds * 2 + 1, options.seconds)),
        "memory": journal_cost.memory(1_000_000),
    },
    "beside": lambda options: keeping.beside_worlds(1000, options.rounds * 3),
    "machine": lambda options: machine_speed.measure(options.rounds),
    "flows": lambda options: flow_speed.measure(options.rounds * 3, 1000),
    "state": lambda options: {
        "bind": _measure_load(lambda: state_cost.bind_ratio(options.rounds, options.seconds)),
        "restore": state_cost.restore(1_000_000),
    },
    "nodes": lambda options: nodes_cost.measure(options.rounds, options.seconds, 10_000),
    "snapshots": lambda _: snapshots.snapshots(100_000),
    "thirty_days": lambda _: core_speed.thirty_days(10_000),
    "capacity": lambda options: _measure_load(lambda: http_load.capacity(options.rounds, options.seconds)),
    "million": lambda options: _measure_load(lambda: http_load.million(options.bindings, options.seconds)),
    "ax_capacity": lambda options: _measure_load(lambda: ax_load.capacity(options.rounds, options.seconds)),
    "ax_million": lambda options: _measure_load(lambda: ax_load.million(options.bindings, options.seconds)),
    "axyb_capacity": lambda options: _measure_load(lambda: axyb_load.capacity(options.rounds, options.seconds)),
    "peers": lambda options: peers.measure(options.rounds, options.seconds),
}


def report(result: dict[str, Any]) -> list[str]:
    """Print the table and which goals are not reached; return what fell."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    faults, short = [], []
    print("  ".join(f"{name} {version}" for name, version in result["versions"].items()))
    print(f"{'figure':40} {'measured':>12} {'goal':>12} {'recorded':>10}")
    for goal in GOALS:
        value = goal.value(result)
        if value is None:
            continue
        sign = ">=" if goal.at_least else "<="
        held = recorded.get(goal.name) if goal.ratio else None
        print(
            f"{goal.name:40} {value:9.3g} {goal.unit:5} {sign} {goal.bound:<9.3g} "
            f"{'' if held is None else f'{held:.3f}':>10}"
        )
        if not goal.is_met(value):
            short.append(f"{goal.name}: {value:.3g} {goal.unit}, the goal is {sign} {goal.bound:.3g}")
        if held is not None and value < held * (1 - SLACK):
            faults.append(f"{goal.name}: {value:.3f} fell more than 10 % below the recorded {held:.3f}")
    heavy = result.get("start", {}).get("heavy_imports")
    if heavy:
        faults.append(f"the core imports {', '.join(heavy)}")
    for name, section in result.items():
        if isinstance(section, dict) and "skipped" in section:
            print(f"{name}: skipped, {section['skipped']}")
        if isinstance(section, dict) and "failed" in section:
            faults.append(f"{name} was not measured: {section['failed']}")
    print(nodes_cost.limit(result.get("nodes", {})), end="")
    for row in result.get("peers", {}).get("rows", []):
        print(f"{row['name']:40} {row['per_second']:9.0f} /s  {row['ratio_to_static']:.3f} of the static reply")
    for goal_text in short:
        print("NOT REACHED", goal_text)
    for fault in faults:
        print("FELL", fault)
    return faults


def record(result: dict[str, Any]) -> None:
    """Keep this run's ratios; a later run may not fall more than 10 % below them."""
    recorded = json.loads(RECORDED.read_text(encoding="utf-8")) if RECORDED.exists() else {}
    recorded |= {
        goal.name: round(value, 3) for goal in GOALS if goal.ratio and (value := goal.value(result)) is not None
    }
    RECORDED.write_text(json.dumps(recorded, indent=2) + "\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(main())
