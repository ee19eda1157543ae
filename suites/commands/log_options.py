"""The options of `privnum check-log` and `privnum sanitise`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.options import OptionParser, add_language
from privnum.suites.commands.option_values import folder

if TYPE_CHECKING:
    import argparse

__all__ = ["KEY_VARIABLE", "SECRETS_VARIABLE", "check_log_parser", "sanitise_parser"]

SECRETS_VARIABLE: Final = "PRIVNUM_APP_SECRETS"
"""Secrets, KEY=SECRET each, with blanks between them: a command line is seen by other users of the machine."""
KEY_VARIABLE: Final = "PRIVNUM_SANITISE_KEY"


def check_log_parser() -> argparse.ArgumentParser:
    """Every option of `privnum check-log`."""
    parser = OptionParser(
        prog="privnum check-log",
        description="Hold recorded requests, answers and pushes against the contract. Nothing is sent "
        "(docs/check-log.md).",
        epilog="status: 0 no documented rule is broken by what the log shows; 1 one is; 2 no verdict: bad usage, "
        "a file that is no log, lines that cannot be read, or nothing in it that a rule is about",
        examples=(
            "privnum check-log traffic.jsonl",
            "privnum check-log browser.har --mode AXB --report-dir build/log",
        ),
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", metavar="FILE", help="JSON lines, the answer of privnum journal --format json, or HAR 1.2")
    add(
        "--app-secret",
        metavar="KEY=SECRET",
        action="append",
        default=[],
        help="the secret of an app_key: with it digests are worked out; may be repeated; better in "
        f"${SECRETS_VARIABLE}, with blanks between several",
    )
    add("--mode", metavar="MODE", help="mode of applications of which the log does not say it")
    add("--rule", metavar="ID", action="append", default=[], help="this rule only; may be repeated")
    add(
        "--assume",
        metavar="NAME=VALUE",
        action="append",
        default=[],
        help="a choice of the platform at an open point; of all others every choice is allowed; may be repeated",
    )
    add(
        "--incomplete",
        action="store_true",
        help="requests are missing in the log: nothing is concluded from one about another",
    )
    add("--report-dir", type=folder, metavar="DIR", help="write report.html, report.json, junit.xml and events there")
    add("--quiet", action="store_true", help="print the verdict alone, in one line")
    add_language(parser)
    return parser


def sanitise_parser() -> argparse.ArgumentParser:
    """Every option of `privnum sanitise`."""
    parser = OptionParser(
        prog="privnum sanitise",
        description="Write a log with other numbers, keys, names and ids of the same shape, so that privnum "
        "check-log says the same of it (docs/check-log.md).",
        epilog="status: 0 it is written; 2 it is not: bad usage, a file that is no log, or something is left "
        "that looks like a number",
        examples=("privnum sanitise traffic.jsonl for-others.jsonl",),
        allow_abbrev=False,
    )
    add = parser.add_argument
    add("file", metavar="IN", help="a log, as privnum check-log reads it")
    add("out", metavar="OUT", help="where to write it")
    add(
        "--key",
        metavar="TEXT",
        help="the same text gives the same replacements in every run; who knows it can find out what was replaced "
        f"(better in ${KEY_VARIABLE}; default: another one for each run)",
    )
    add(
        "--app-secret",
        metavar="KEY=SECRET",
        action="append",
        default=[],
        help=f"the secret of an app_key: wrong digests stay wrong; may be repeated; better in ${SECRETS_VARIABLE}",
    )
    add("--force", action="store_true", help="write over a file that is there")
    add_language(parser)
    return parser
