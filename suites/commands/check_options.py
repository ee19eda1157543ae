"""The options of `privnum check`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.options import OptionParser, add_language
from privnum.suites.commands.option_values import count, folder, jobs, rate, seconds, seed, wait
from privnum.suites.runner.shard import shard_option
from privnum.suites.safety.permission import PERMISSION

if TYPE_CHECKING:
    import argparse

__all__ = ["check_parser"]


def check_parser() -> argparse.ArgumentParser:
    """Every option of `privnum check`."""
    parser = OptionParser(
        prog="privnum check",
        description="Check an implementation by the rules of the contract.",
        epilog="status: 0 every documented rule that could be tried is kept; 1 one is broken; 2 no verdict: bad "
        "usage, no answer, an error, a run that was interrupted or whose time was over (its report says what was "
        "checked so far), nothing to try",
        examples=("privnum check", "privnum check --target target.toml --mode AXB", "privnum check AXB-BIND-005"),
        allow_abbrev=False,
    )
    add = parser.add_argument
    _add_selection(parser)
    add("--target", metavar="FILE", help="target.toml of what is under test (default: the embedded server)")
    add("--ca", metavar="FILE", help="trust the certificates of this file too where the target is https (its ca_file)")
    add(
        "--profile", choices=("quick", "ci", "thorough"), default="quick", help="how hard to try (default: %(default)s)"
    )
    add("--seed", type=seed(15), metavar="N", help="seed of the run (default: one fixed for each profile)")
    add(
        "--assume",
        action="append",
        default=[],
        metavar="ID=VALUE",
        help="make worlds with this choice of an assumption (privnum rules --list assumptions); may be repeated",
    )
    add(
        "--vary",
        action="append",
        default=[],
        metavar="ID",
        help="make worlds that do otherwise within the contract (privnum rules --list variations); may be repeated",
    )
    _add_bounds(parser)
    _add_verdict(parser)
    add_language(parser)
    return parser


def _add_selection(parser: argparse.ArgumentParser) -> None:
    """Which checks are run, and which come first."""
    add = parser.add_argument
    add(
        "rules",
        nargs="*",
        metavar="RULE",
        help="check these rules only: an id (AXB-BIND-003), a part of ids (AXB-BIND, CDR-006), a code, an operation, "
        'or words of their titles ("call-back record"); default: all',
    )
    add("--rule", metavar="ID", action="append", default=[], help="the same as RULE; may be repeated")
    add("--mode", metavar="MODE", action="append", default=[], help="check this mode only; may be repeated")
    add(
        "--shard",
        type=shard_option,
        metavar="I/N",
        help="check the I-th of N parts only, as machines of a CI do; privnum report joins their events.jsonl",
    )
    add(
        "--failed",
        action="store_true",
        help="check first what failed in the run whose report is in --report-dir, then the rest",
    )


def _add_verdict(parser: argparse.ArgumentParser) -> None:
    """What the verdict is held against, and where it goes."""
    add = parser.add_argument
    add(
        "--report-dir",
        type=folder,
        default="build/conformance",
        metavar="DIR",
        help="where reports go (default: %(default)s)",
    )
    add(
        "--baseline",
        metavar="FILE",
        help="accept the failures that this file lists, each with a reason, and end with 1 for any change, better or "
        "worse",
    )
    add(
        "--update-baseline",
        action="store_true",
        help="write what fails now into the file of --baseline; new ones wait there for their reasons",
    )
    add("--quiet", action="store_true", help="print only what failed, and the counts")


def _add_bounds(parser: argparse.ArgumentParser) -> None:
    """What the run may take and touch, and where it writes."""
    add = parser.add_argument
    add(
        "--timeout",
        type=seconds(7),
        metavar="SECONDS",
        help="end the run after so long; what was not tried until then is not exercised, and the status 2 or 1 "
        "(default: an hour; profile ci 4 hours, thorough 24)",
    )
    add(
        "--max-wait",
        type=wait,
        default=10.0,
        metavar="SECONDS",
        help="where no clock can be advanced, wait so long for what a rule needs; all such checks wait at once "
        "(default: %(default)g)",
    )
    add(
        "--jobs",
        type=jobs,
        default=1,
        metavar="N",
        help="check the embedded server in N processes, each with a server of its own; auto: as many as there "
        "are cores; needs pytest-xdist where the system is not Linux (default: %(default)s)",
    )
    add("--disruptive", action="store_true", help="run checks that lock out or flood also off this machine")
    add("--concurrency", action="store_true", help="run checks that send many requests at once, too")
    add(PERMISSION, dest="permitted", action="store_true", help="send to a target that is not on this machine")
    add(
        "--bindings-file",
        metavar="FILE",
        help="where binds are entered (default: in .privnum beside the target's file)",
    )
    add("--dry-run", action="store_true", help="print what would be sent, by an estimate, and send nothing")
    add("--max-requests", type=count, metavar="N", help="send at most N API requests")
    add("--max-calls", type=count, metavar="N", help="place at most N calls")
    add("--rate", type=rate, metavar="N", help="send at most N API requests and calls in a second")
