"""The `privnum` command. Each subcommand is imported when it is called."""

from __future__ import annotations

import difflib
import os
import re
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from privnum import __version__
from privnum.control import HELP, MODULES
from privnum.ends import in_order, stopped_by_signals
from privnum.options import BAD_USAGE, OptionParser, add_language
from privnum.words import LanguageError, language_of, retell, speak

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["main"]

_COMMANDS: Final = (
    "serve",
    "init",
    "schema",
    "check",
    "clean",
    "init-target",
    "check-driver",
    "check-receiver",
    "report",
    "compare",
    "diff",
    "badge",
    "coverage",
    "rules",
    "openapi",
    "reference",
    *MODULES,
)

_HELP: Final = """\
usage: privnum COMMAND [options]

  serve        run the stand-in server
  init         write a privnum.toml: how the server runs
  schema       write the JSON Schema of privnum.toml or target.toml, for editors
  check        check a server by the rules of the contract: the embedded one, or --target FILE
  clean        undo what an interrupted check has left on a target
  init-target  write a target.toml for a server of yours
  check-driver try its driver: what it lacks, and what misbehaves
  check-receiver
               check a receiver of yours: send it every kind of push, in every form, and wrong signatures
  report       make the reports of a run again from its events, or join those of its parts
  compare      print reports side by side
  diff         print what changed from one report to the next
  badge        write a badge of a report, an SVG picture
  coverage     count what of the contract a run has exercised, and what not
  rules        find a rule by its id or by words: what it says, and its source
  openapi      write the API as an OpenAPI 3.1 document with webhooks, or its flows as an Arazzo document
  reference    write the contract as pages of Markdown: messages, codes, causes, rules, open points
{control}
privnum COMMAND --help says more; privnum --version prints the version.
"""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Return its exit status (0 good, 2 bad usage or an end that is no result; others are its own).
    """
    args = list(sys.argv[1:] if argv is None else argv)
    name = f"privnum {args[0]}" if args and args[0] in _COMMANDS else "privnum"
    try:
        asked = language_of(os.environ)
    except LanguageError as error:
        sys.stderr.write(f"{name}: {error}\n")
        return BAD_USAGE
    with speak(asked):
        if args[:1] == ["serve"]:  # it has its own ways to end by a signal
            return in_order(name, lambda: _run(args))
        with stopped_by_signals():
            return in_order(name, lambda: _run(args))


def _run(args: list[str]) -> int:
    name = args[0] if args else "--help"
    if name in ("-h", "--help", "help"):
        sys.stdout.write("".join(map(_help_line, _HELP.format(control=HELP).splitlines())))
        return 0
    if name in ("-V", "--version"):
        sys.stdout.write(f"privnum {__version__}\n")
        return 0
    if name == "serve":
        from privnum.serving.command import serve_main

        return serve_main(args[1:])
    if name in ("init", "schema"):
        from privnum.serving import files

        return files.init_main(args[1:]) if name == "init" else files.schema_main(args[1:])
    if name == "rules":
        return _rules(args[1:])
    if name == "openapi":
        return _openapi(args[1:])
    if name == "reference":
        return _reference(args[1:])
    if name in MODULES:
        from privnum.control.verbs import run

        return run(name, args[1:])
    if name in _COMMANDS:
        return _suites(name, args[1:])
    there_are = f"{', '.join(_COMMANDS[:-1])} and {_COMMANDS[-1]}"
    near = difflib.get_close_matches(name, _COMMANDS, n=1)
    hint = f"did you mean {near[0]}? " if near else ""
    sys.stderr.write(f"privnum: there is no command {name!r}; {hint}there are {there_are}\n")
    return BAD_USAGE


def _help_line(line: str) -> str:
    """A line of the help in the language that is spoken, behind its command."""
    found = re.fullmatch(r"(  [a-z-]+ +|  +)?(.*)", line)
    return f"{found[1] or ''}{retell(found[2])}\n" if found else f"{line}\n"


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
    from privnum.rules import LISTS, print_list, show

    parser.add_argument("--list", choices=LISTS, help="print every one of these, one a line, and what it is")
    add_language(parser)
    given = parser.parse_args(args)
    return show(given.words, everything=given.all) if given.list is None else print_list(given.list)


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


def _reference(args: list[str]) -> int:
    parser = OptionParser(
        prog="privnum reference",
        description="Write the contract as pages of Markdown: operations, pushes, codes, causes, rules, open points.",
        epilog="status: 0 the pages are written; 2 they are not, or bad usage",
        allow_abbrev=False,
    )
    parser.add_argument("folder", metavar="FOLDER", help="where the pages go; it is made")
    given = parser.parse_args(args)
    from privnum.reference import write_pages

    try:
        written = write_pages(Path(given.folder))
    except OSError as error:
        sys.stderr.write(f"privnum reference: {error.filename} cannot be written: {error.strerror}\n")
        return BAD_USAGE
    sys.stdout.write(f"{len(written)} pages are in {given.folder}; begin with index.md\n")
    return 0


def _suites(name: str, args: list[str]) -> int:
    try:
        from privnum.suites.commands import check as cli
        from privnum.suites.commands.check_driver.command import check_driver_main
        from privnum.suites.commands.check_receiver.command import check_receiver_main
        from privnum.suites.commands.compare import badge_main, compare_main, diff_main
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
        "compare": compare_main,
        "diff": diff_main,
        "badge": badge_main,
        "coverage": coverage_main,
    }
    return commands[name](args)


if __name__ == "__main__":
    sys.exit(main())
