"""The `privnum` command. Each subcommand is imported when it is called."""

from __future__ import annotations

import argparse
import os
import sys
from typing import TYPE_CHECKING, Final

from privnum import __version__
from privnum.ends import in_order, stopped_by_signals
from privnum.options import BAD_USAGE, OptionParser

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_COMMANDS: Final = (
    "serve",
    "check",
    "clean",
    "init-target",
    "check-driver",
    "check-receiver",
    "report",
    "coverage",
    "rules",
    "openapi",
)
_LAST_PORT: Final = 65535
_LONGEST_TIMEOUT: Final = 3600
_LARGEST_JOURNAL: Final = 1_000_000

_HELP: Final = """\
usage: privnum COMMAND [options]

  serve        run the stand-in server
  check        check a server by the rules of the contract: the embedded one, or --target FILE
  clean        undo what an interrupted check has left on a target
  init-target  write a target.toml for a server of yours
  check-driver try its driver: what it lacks, and what misbehaves
  check-receiver  check a receiver of yours: send it every kind of push, in every form, and wrong signatures
  report       make the reports of a run again from its events
  coverage     count what of the contract a run has exercised, and what not
  rules        find a rule by its id or by words: what it says, and its source
  openapi      write the API as an OpenAPI 3.1 document with webhooks, or its flows as an Arazzo document

privnum COMMAND --help says more; privnum --version prints the version.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Return its exit status (0 good, 2 bad usage or an end that is no result; others are its own).
    """
    args = list(sys.argv[1:] if argv is None else argv)
    name = f"privnum {args[0]}" if args and args[0] in _COMMANDS else "privnum"
    if args[:1] == ["serve"]:  # it has its own ways to end by a signal
        return in_order(name, lambda: _run(args))
    with stopped_by_signals():
        return in_order(name, lambda: _run(args))


def _run(args: list[str]) -> int:
    name = args[0] if args else "--help"
    if name in ("-h", "--help", "help"):
        sys.stdout.write(_HELP)
        return 0
    if name in ("-V", "--version"):
        sys.stdout.write(f"privnum {__version__}\n")
        return 0
    if name == "serve":
        return _serve(args[1:])
    if name == "rules":
        return _rules(args[1:])
    if name == "openapi":
        return _openapi(args[1:])
    if name in _COMMANDS:
        return _suites(name, args[1:])
    there_are = f"{', '.join(_COMMANDS[:-1])} and {_COMMANDS[-1]}"
    sys.stderr.write(f"privnum: there is no command {name!r}; there are {there_are}\n")
    return BAD_USAGE


def _serve(args: Sequence[str]) -> int:
    parser = OptionParser(prog="privnum serve", description="Run the stand-in server.", allow_abbrev=False)
    _add_server_options(parser)
    _add_world_options(parser)
    _add_push_options(parser)
    _add_log_options(parser)
    given = parser.parse_args(args)
    from privnum.mockserver.http.command import Options, serve

    return serve(
        Options(
            host=given.host,
            port=given.port,
            as_json=given.json,
            edition=given.edition,
            assumptions=dict(given.assume),
            variations=given.vary,
            seed=given.seed,
            event_url=given.event_url,
            fee_url=given.fee_url,
            clock=given.clock,
            keep=given.keep,
            journal=given.journal,
            strict=given.strict,
            log=given.log,
            log_format=given.log_format,
            public_url=given.public_url,
            control_token=given.control_token or None,
            push_timeout=given.push_timeout,
            push_ca=given.push_ca,
            push_to=given.push_to,
        )
    )


def _add_server_options(parser: argparse.ArgumentParser) -> None:
    """Where the server listens, and who may use its control plane."""
    add = parser.add_argument
    add(
        "--host",
        default="localhost",
        help="name or address to listen on, with every address of a name; :: is every address of this machine "
        "(default: %(default)s)",
    )
    add("--port", type=_port, default=8080, help="port to listen on, 0 for a free one (default: %(default)s)")
    add("--json", action="store_true", help="print one line of JSON instead of the overview")
    add(
        "--public-url",
        type=_web_url,
        metavar="URL",
        help="address under which others reach the server, for instance that of a proxy (default: the Host asked)",
    )
    add(
        "--control-token",
        default=os.environ.get("PRIVNUM_CONTROL_TOKEN"),
        type=_token,
        metavar="TOKEN",
        help="control messages must carry it (default: $PRIVNUM_CONTROL_TOKEN, else one is drawn and printed where "
        "other machines can reach the server)",
    )


def _add_world_options(parser: argparse.ArgumentParser) -> None:
    """What the worlds of the server are like."""
    add = parser.add_argument
    add("--edition", help="edition of the contract (default: the newest)")
    add(
        "--assume",
        type=_assumption,
        action="append",
        default=[],
        metavar="ID=VALUE",
        help="another choice of an assumption (privnum rules --list assumptions); may be repeated",
    )
    add(
        "--vary",
        action="append",
        default=[],
        metavar="ID",
        help="do otherwise within the contract (privnum rules --list variations); may be repeated",
    )
    add("--seed", type=_seed, help="seed of all ids: the same one makes the same ids (default: a new one, printed)")
    add(
        "--keep",
        type=_count,
        metavar="N",
        help="keep the last N ended calls and the last N settled pushes of each world, 0 for all (default: 10000)",
    )
    add(
        "--journal",
        type=_journal_size,
        metavar="N",
        help="keep the last N requests and attempts to push of each world, 0 for none (default: 1000)",
    )
    add(
        "--strict",
        action="store_true",
        help="refuse forms that the real platform may not take: unknown fields, numbers as text and others",
    )
    add("--clock", choices=("running", "frozen"), default="running", help="of the default world (default: %(default)s)")


def _add_push_options(parser: argparse.ArgumentParser) -> None:
    """Where pushes go."""
    add = parser.add_argument
    add("--event-url", type=_url, default="inbox:", metavar="URL", help="where call events go (default: %(default)s)")
    add("--fee-url", type=_url, default="inbox:", metavar="URL", help="where CDRs go (default: %(default)s)")
    add(
        "--push-timeout",
        type=_seconds,
        metavar="SECONDS",
        help="time that a receiver of pushes has to answer (default: the choice of push.timeout_seconds)",
    )
    add("--push-ca", metavar="FILE", help="trust these certificates too where pushes go to https; in PEM")
    add(
        "--push-to",
        action="append",
        default=[],
        metavar="HOST",
        help="let pushes go to this host too; any: to all (default: this machine, and the hosts of --event-url and "
        "--fee-url); may be repeated",
    )


def _add_log_options(parser: argparse.ArgumentParser) -> None:
    """What is written to stderr."""
    many = parser.add_mutually_exclusive_group()
    many.add_argument(
        "--quiet",
        dest="log",
        action="store_const",
        const="quiet",
        default="usual",
        help="log warnings alone, not a line for each request and push (a push that was not accepted is a warning)",
    )
    many.add_argument(
        "-v", "--verbose", dest="log", action="store_const", const="verbose", help="log bodies and answers too"
    )
    parser.add_argument(
        "--log-format", choices=("text", "json"), default="text", help="form of these lines (default: %(default)s)"
    )


def _rules(args: Sequence[str]) -> int:
    parser = OptionParser(
        prog="privnum rules",
        description="Find rules by words, the fittest first: an id, a result code, a release cause, an operation, an "
        "assumption, a variation, or what they are about. Without a word: every rule, one a line.",
        epilog="status: 0 rules are printed; 1 none has such words; 2 bad usage",
        allow_abbrev=False,
    )
    parser.add_argument("words", nargs="*", metavar="WORD", help="as in: call-back record expired")
    parser.add_argument("--all", action="store_true", help="print every rule that fits, not the first few")
    from privnum.rules import LISTS, listed, show

    parser.add_argument("--list", choices=LISTS, help="print every one of these, one a line, and what it is")
    given = parser.parse_args(args)
    return show(given.words, everything=given.all) if given.list is None else listed(given.list)


def _openapi(args: Sequence[str]) -> int:
    parser = OptionParser(
        prog="privnum openapi",
        description="Write the API with its pushes as an OpenAPI 3.1 document, generated from the contract, in JSON.",
        epilog="status: 0 the document is written; 2 it is not, or bad usage",
        allow_abbrev=False,
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--arazzo",
        dest="kind",
        action="store_const",
        const="arazzo",
        default="openapi",
        help="write the main flow of each mode as an Arazzo 1.1 document instead; its sources are ./openapi.json and "
        "./driver.json",
    )
    kind.add_argument(
        "--driver",
        dest="kind",
        action="store_const",
        const="driver",
        help="write the driver protocol (/_privnum) as an OpenAPI 3.1 document instead",
    )
    parser.add_argument(
        "--mode", action="append", default=[], metavar="MODE", help="only this mode (default: all); may be repeated"
    )
    parser.add_argument("--output", metavar="FILE", help="write into this file (default: standard output)")
    given = parser.parse_args(args)
    from privnum.openapi import write_document

    return write_document(given.kind, given.mode, given.output)


def _suites(name: str, args: list[str]) -> int:
    try:
        from privnum.suites.commands import check as cli
        from privnum.suites.commands.check_driver.command import check_driver_main
        from privnum.suites.commands.check_receiver.command import check_receiver_main
        from privnum.suites.commands.coverage import coverage_main
    except ModuleNotFoundError as error:
        if (error.name or "").partition(".")[0] == "privnum":
            raise
        sys.stderr.write(
            f"privnum {name}: {error.name} is not installed; pip install '.[suites]' in privnum's checkout\n"
        )
        return BAD_USAGE
    commands = {
        "check": cli.check_main,
        "clean": cli.clean_main,
        "init-target": cli.init_target_main,
        "check-driver": check_driver_main,
        "check-receiver": check_receiver_main,
        "report": cli.report_main,
        "coverage": coverage_main,
    }
    return commands[name](args)


def _port(text: str) -> int:
    if not (text.isascii() and text.isdigit() and int(text) <= _LAST_PORT):
        raise argparse.ArgumentTypeError(f"{text!r} is no port; write a number from 0 to {_LAST_PORT}")
    return int(text)


def _seed(text: str) -> int:
    if not (text.isascii() and text.isdigit()):
        raise argparse.ArgumentTypeError(f"{text!r} is no seed; write a whole number from 0")
    return int(text)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) < 10):
        raise argparse.ArgumentTypeError(f"{text!r} is no number; write a whole number from 0")
    return int(text)


def _journal_size(text: str) -> int:
    size = _count(text)
    if size > _LARGEST_JOURNAL:
        raise argparse.ArgumentTypeError(f"{text} entries are too many; write a number up to {_LARGEST_JOURNAL}")
    return size


def _assumption(text: str) -> tuple[str, str]:
    from privnum import contracts

    try:
        return contracts.split_choice(text)
    except contracts.ContractError as error:
        raise argparse.ArgumentTypeError(str(error)) from None


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= _LONGEST_TIMEOUT:
        raise argparse.ArgumentTypeError(f"{text!r} is no time; write seconds up to {_LONGEST_TIMEOUT}, e.g. 2.5")
    return seconds


def _url(text: str) -> str:
    from privnum.mockserver.pushes.addresses import fault_of, shown

    why = fault_of(text)
    if why is not None:
        raise argparse.ArgumentTypeError(f"{shown(text)!r} is no address: {why}; write http://…, https://… or inbox:")
    return text


def _web_url(text: str) -> str:
    from privnum.mockserver.pushes.addresses import INBOX, fault_of, shown

    why = f"{INBOX} is for pushes" if text == INBOX else fault_of(text)
    if why is None and ("?" in text or "#" in text):
        why = "it has a query or a fragment"
    if why is not None:
        raise argparse.ArgumentTypeError(
            f"{shown(text)!r} is no address of a server: {why}; write http://… or https://…"
        )
    return text.rstrip("/")


def _token(text: str) -> str:
    if not all("!" <= sign <= "~" for sign in text):
        raise argparse.ArgumentTypeError("a control token is printable ASCII without blanks")
    return text


if __name__ == "__main__":
    sys.exit(main())
