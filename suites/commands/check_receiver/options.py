"""The options of `privnum check-receiver`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, Literal

from privnum.options import OptionParser, add_language
from privnum.suites.commands.option_values import folder, seconds, seed
from privnum.suites.safety.permission import PERMISSION

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

__all__ = ["OPTIONS", "VARIABLE", "Kind", "receiver_parser"]

Kind = Literal["call_event", "cdr", "number_status", "sms_notify", "sms_block"]
OPTIONS: Final[Mapping[Kind, str]] = {
    "call_event": "--status-url",
    "cdr": "--fee-url",
    "number_status": "--number-status-url",
    "sms_notify": "--sms-notify-url",
    "sms_block": "--sms-control-url",
}
"""The option that names the address of each kind of push."""
_WHAT: Final[Mapping[Kind, str]] = {
    "call_event": "where it takes call events, and number status where that has no address",
    "cdr": "where it takes CDRs",
    "number_status": "where it takes the status of X numbers",
    "sms_notify": "where it takes notices of SMS (Notify)",
    "sms_block": "where it is asked about an SMS (Block)",
}
VARIABLE: Final = "PRIVNUM_APP_SECRET"
"""The environment variable in which the secret may be: a command line is seen by other users of the machine."""


def receiver_parser() -> argparse.ArgumentParser:
    """Every option of `privnum check-receiver`."""
    parser = OptionParser(
        prog="privnum check-receiver",
        description="Check a receiver of pushes: send it every kind of push, in every form that a push may have, and "
        "with wrong signatures (docs/receiver.md).",
        epilog="status: 0 every documented rule that could be tried is kept; 1 one is broken, with --strict also one "
        "of what no document asks for; 2 no verdict: bad usage, nobody answers, a run that was interrupted or whose "
        "time was over, nothing to try",
        examples=("privnum check-receiver --fee-url http://127.0.0.1:8000/fee --app-key demo-key",),
        allow_abbrev=False,
    )
    add = parser.add_argument
    for kind, option in OPTIONS.items():
        add(option, dest=kind, metavar="URL", help=_WHAT[kind])
    add("--app-key", metavar="KEY", help="app_key by which pushes are signed")
    add("--app-secret", metavar="SECRET", help=f"its secret; better in ${VARIABLE}, which other users do not see")
    add("--ca", metavar="FILE", help="trust the certificates of this file too where an address is https; in PEM")
    add("--mode", metavar="MODE", action="append", default=[], help="pushes of this mode only; may be repeated")
    add("--rule", metavar="ID", action="append", default=[], help="check this rule only; may be repeated")
    _add_bounds(parser)
    return parser


def _add_bounds(parser: argparse.ArgumentParser) -> None:
    add = parser.add_argument
    add("--strict", action="store_true", help="status 1 also where a rule is broken that no document asks for")
    add(
        "--answer-within",
        type=seconds(5),
        metavar="SECONDS",
        help="time for an answer (default: the choices of push.timeout_seconds and x.answer_seconds, 5)",
    )
    add("--timeout", type=seconds(5), default=600.0, metavar="SECONDS", help="end after so long (default: %(default)g)")
    add("--seed", type=seed(12), metavar="N", help="seed of all ids in the pushes (default: a new one, in the report)")
    add(
        "--report-dir",
        type=folder,
        default="build/receiver",
        metavar="DIR",
        help="where reports go (default: %(default)s)",
    )
    add(PERMISSION, dest="permitted", action="store_true", help="send to a receiver that is not on this machine")
    add("--quiet", action="store_true", help="print only what failed, and the counts")
    add_language(parser)
