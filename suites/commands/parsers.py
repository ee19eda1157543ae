"""The options of the shorter commands.

Their help can be read where only the contract is installed: nothing of a run is imported here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.options import OptionParser, add_language
from privnum.suites.commands.option_values import whole_seconds
from privnum.suites.safety.permission import PERMISSION

if TYPE_CHECKING:
    import argparse

__all__ = [
    "check_driver_parser",
    "clean_parser",
    "coverage_parser",
    "init_target_parser",
    "replay_parser",
    "report_parser",
]

_EVENTS: Final = "build/conformance/events.jsonl"


def clean_parser() -> argparse.ArgumentParser:
    """Every option of `privnum clean`."""
    parser = OptionParser(
        prog="privnum clean",
        description="Dissolve what an interrupted privnum check has left bound, and put back what it has changed.",
        epilog="status: 0 nothing is left; 1 something is; 2 bad usage",
        examples=("privnum clean --target target.toml",),
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--target", metavar="FILE", required=True, help="target.toml of the run")
    add("--bindings-file", metavar="FILE", help="where its binds were entered (default: in .privnum beside that file)")
    add(
        "--all-bindings",
        action="store_true",
        help="dissolve also every other binding on the X numbers of target.toml, no matter who bound it",
    )
    add("--dry-run", action="store_true", help="say what is open and send nothing")
    add(PERMISSION, dest="permitted", action="store_true", help="send to a target that is not on this machine")
    add_language(parser)
    return parser


def init_target_parser() -> argparse.ArgumentParser:
    """Every option of `privnum init-target`."""
    parser = OptionParser(
        prog="privnum init-target",
        description="Write a target.toml to fill in: how to reach a server of yours, and what it can do.",
        epilog="status: 0 it is written; 2 it is not: there is one already, or it cannot be",
        examples=("privnum init-target target.toml",),
        allow_abbrev=False,
    )
    parser.add_argument(
        "file", nargs="?", default="target.toml", metavar="FILE", help="the file to write (default: %(default)s)"
    )
    parser.add_argument("--force", action="store_true", help="write over a file that is there")
    add_language(parser)
    return parser


def report_parser() -> argparse.ArgumentParser:
    """Every option of `privnum report`."""
    parser = OptionParser(
        prog="privnum report",
        description="Make report.json, report.html and junit.xml again from the events of a run, also of one that was "
        "cut off.",
        epilog="status: 0 the reports are written, whatever the verdict; 2 bad usage, or a file that holds no run",
        examples=(f"privnum report {_EVENTS}",),
        allow_abbrev=False,
    )
    parser.add_argument(
        "events",
        nargs="+",
        metavar="EVENTS",
        help="events.jsonl of a run, or the folder of its reports; of one in parts (--shard) that of every part",
    )
    parser.add_argument(
        "--out", metavar="DIR", help="where to write them (default: beside the events; parts have no default)"
    )
    parser.add_argument("--quiet", action="store_true", help="print only what failed, and the counts")
    add_language(parser)
    return parser


def replay_parser() -> argparse.ArgumentParser:
    """Every option of `privnum replay`."""
    parser = OptionParser(
        prog="privnum replay",
        description="Run the script of a failure again: it does what the counterexample says, prints a verdict, and "
        "undoes what it did. A script is a program: replay reports of your own runs only. It needs bash, curl, jq and "
        "openssl.",
        epilog="status: 0 what broke the rule does not come any more; 1 it still fails; 2 nothing can be said: bad "
        "usage, no answer, a step before it came otherwise, or somebody has to look at what came",
        examples=(
            "privnum replay build/conformance AXB-BIND-005",
            "privnum replay build/conformance AXB-BIND-005 --target target.toml",
        ),
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("report", metavar="REPORT", help="a report.json, an events.jsonl, or the folder that has them")
    add("rule", metavar="RULE", help="the rule that failed: AXB-BIND-005")
    add(
        "--target",
        metavar="FILE",
        help="target.toml of another server to run it on (default: the host of the report and no other; the embedded "
        "server where that was checked). Without it secrets are the variables SECRET1, SECRET2 of the environment",
    )
    add("--timeout", type=whole_seconds, default=300, metavar="SECONDS", help="end after so long (default: 300)")
    add("--print", dest="printed", action="store_true", help="print the script and run nothing")
    add(PERMISSION, dest="permitted", action="store_true", help="send to a target that is not on this machine")
    add_language(parser)
    return parser


def coverage_parser() -> argparse.ArgumentParser:
    """Every option of `privnum coverage`."""
    parser = OptionParser(
        prog="privnum coverage",
        description="Count what of the contract a run of privnum check has exercised: operations, pushes, their fields "
        "and enumerated values, result codes, release causes. An item is covered when it was seen in an exchange that "
        "a check asserted on; what nobody can see is listed with the reason (contracts/reserved.toml).",
        epilog="status: 0 all is covered or reserved; 1 something is uncovered, or a reserved item was seen after all; "
        "2 no verdict (no run, or one that did not come to its end), or bad usage",
        examples=("privnum coverage build/conformance",),
        allow_abbrev=False,
    )
    add = parser.add_argument
    add(
        "events",
        nargs="?",
        default=_EVENTS,
        metavar="EVENTS",
        help="events.jsonl of a run, or the folder of its reports (default: %(default)s)",
    )
    add("--all", action="store_true", help="print what is covered, too, with the rule and the check")
    add("--json", action="store_true", help="print one line of JSON instead (contracts/schemas/report/coverage)")
    add_language(parser)
    return parser


def check_driver_parser() -> argparse.ArgumentParser:
    """Every option of `privnum check-driver`."""
    parser = OptionParser(
        prog="privnum check-driver",
        description="Try the driver of a target: what it lacks, and what misbehaves (docs/driver.md).",
        epilog="status: 0 what the driver claims is right; 1 something misbehaves; 2 bad usage, no driver, no answer, "
        "or something that is claimed could not be tried",
        examples=("privnum check-driver --target target.toml",),
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("--target", metavar="FILE", help="target.toml of what is under test (default: the embedded server)")
    add(
        "--max-wait", type=whole_seconds, default=10, metavar="SECONDS", help="most to wait for one thing (default: 10)"
    )
    add("--timeout", type=whole_seconds, default=300, metavar="SECONDS", help="end after so long (default: 300)")
    add(PERMISSION, dest="permitted", action="store_true", help="send to a target that is not on this machine")
    add("--json", action="store_true", help="print one line of JSON instead (contracts/schemas/report/driver)")
    add_language(parser)
    return parser
