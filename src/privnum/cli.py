"""The `privnum` command. Each subcommand is imported when it is called."""

from __future__ import annotations

import os
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, Final, NamedTuple

from privnum import __version__
from privnum.control import COMMANDS as CONTROL
from privnum.ends import STOPS, in_order, report_problem, shorten_words, stopped_by_signals
from privnum.options import BAD_USAGE, nearest_word
from privnum.words import LANGUAGES, LanguageError, language_of, retell, speak

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

__all__ = ["COMMANDS", "main"]


class Command(NamedTuple):
    """What a command does, for the overview, and the function that does it."""

    title: str
    function: str
    #: Of a command that needs the extra `suites`: what makes its parser, which does not.
    parser: str | None = None


_STOPS_OF_SERVE: Final = ("SIGINT", "SIGTERM")
_SUITES: Final = "privnum.suites.commands"

#: Commands that need no running server, in the order of the overview.
_OWN: Final[Mapping[str, Command]] = {
    "serve": Command("run the stand-in server", "privnum.serving.command:serve_main"),
    "state": Command(
        "look at the state file of a server, write it as lines, or make one of lines",
        "privnum.serving.state:state_main",
    ),
    "init": Command("write a privnum.toml: how the server runs", "privnum.serving.files:init_main"),
    "schema": Command(
        "write the JSON Schema of privnum.toml or target.toml, for editors", "privnum.serving.files:schema_main"
    ),
    "check": Command(
        "check a server by the rules of the contract: the embedded one, or --target FILE",
        f"{_SUITES}.check:check_main",
        f"{_SUITES}.check_options:check_parser",
    ),
    "clean": Command(
        "undo what an interrupted check has left on a target",
        f"{_SUITES}.clean:clean_main",
        f"{_SUITES}.parsers:clean_parser",
    ),
    "init-target": Command(
        "write a target.toml for a server of yours",
        f"{_SUITES}.init_target:init_target_main",
    ),
    "check-driver": Command(
        "try the driver of a target: what it lacks, and what misbehaves",
        f"{_SUITES}.check_driver.command:check_driver_main",
        f"{_SUITES}.parsers:check_driver_parser",
    ),
    "check-receiver": Command(
        "check a receiver of yours: send it every kind of push, in every form, and wrong signatures",
        f"{_SUITES}.check_receiver.command:check_receiver_main",
        f"{_SUITES}.check_receiver.options:receiver_parser",
    ),
    "check-log": Command(
        "hold recorded requests, answers and pushes against the contract, and send nothing",
        f"{_SUITES}.check_log:check_log_main",
        f"{_SUITES}.log_options:check_log_parser",
    ),
    "sanitise": Command(
        "write a log with other numbers, keys and names, for others to see",
        f"{_SUITES}.sanitise:sanitise_main",
        f"{_SUITES}.log_options:sanitise_parser",
    ),
    "report": Command(
        "make the reports of a run again from its events, or join those of its parts",
        f"{_SUITES}.report:report_main",
        f"{_SUITES}.parsers:report_parser",
    ),
    "compare": Command("print reports side by side", f"{_SUITES}.compare:compare_main"),
    "diff": Command("print what changed from one report to the next", f"{_SUITES}.compare:diff_main"),
    "replay": Command(
        "run the script of a failure again, and say whether it still fails",
        f"{_SUITES}.replay:replay_main",
        f"{_SUITES}.parsers:replay_parser",
    ),
    "badge": Command("write a badge of a report, an SVG picture", f"{_SUITES}.compare:badge_main"),
    "coverage": Command(
        "count what of the contract a run has exercised, and what not",
        f"{_SUITES}.coverage:coverage_main",
        f"{_SUITES}.parsers:coverage_parser",
    ),
    "rules": Command("find a rule by its id or by words: what it says, and its source", "privnum.rules:rules_main"),
    "openapi": Command(
        "write the API as an OpenAPI 3.1 document with webhooks, or its flows as an Arazzo document",
        "privnum.openapi.command:openapi_main",
    ),
    "reference": Command(
        "write the contract as pages of Markdown: messages, codes, rules, open points, commands, settings",
        "privnum.reference.command:reference_main",
    ),
    "mcp": Command("serve all of this as tools of a coding agent (MCP)", "privnum.mcp.command:mcp_main"),
}
#: Every command there is, with what it does.
COMMANDS: Final[Mapping[str, str]] = {name: each.title for name, each in _OWN.items()} | {
    name: each.title for name, each in CONTROL.items()
}
_WIDTH: Final = max(map(len, COMMANDS)) + 2


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command.

    Return its exit status (0 good, 2 bad usage or an end that is no result; others are its own).
    """
    args = list(sys.argv[1:] if argv is None else argv)
    name = f"privnum {args[0]}" if args and args[0] in COMMANDS else "privnum"
    try:
        asked = language_of(os.environ)
    except LanguageError as error:
        if not any(arg == "--lang" or arg.startswith("--lang=") for arg in args):  # the option says it then
            sys.stderr.write(f"{name}: {error}\n")
            return BAD_USAGE
        asked = LANGUAGES[0]
    # The server ends by these in its own way, once it has begun to start; a terminal that closes ends it at once.
    with speak(asked), stopped_by_signals(_STOPS_OF_SERVE if args[:1] == ["serve"] else STOPS):
        return in_order(name, lambda: _run(args))


def _run(args: list[str]) -> int:
    name = args[0] if args else "--help"
    if name in ("-h", "--help", "help"):
        sys.stdout.write(_overview())
        return 0
    if name in ("-V", "--version"):
        sys.stdout.write(f"privnum {__version__}\n")
        return 0
    if name in CONTROL:
        from privnum.control.verbs import run

        return run(name, args[1:])
    if name in _OWN:
        parser = _OWN[name].parser
        if parser is not None and not {"-h", "--help"}.isdisjoint(args):
            _import_of(parser)().parse_args(args[1:])
        function = _function_of(name)
        return BAD_USAGE if function is None else function(args[1:])
    near = nearest_word(name, COMMANDS)
    hint = f"did you mean {near}? " if near else ""
    *others, last = COMMANDS
    shown = shorten_words(repr(name))
    report_problem("privnum", f"there is no command {shown}; {hint}there are {', '.join(others)} and {last}")
    return BAD_USAGE


#: What stands between the commands in the overview.
_USAGE: Final = "usage: privnum COMMAND [options]"
_GOVERNING: Final = (
    "For a server that runs (--server, --world, --token, or PRIVNUM_SERVER, PRIVNUM_WORLD, PRIVNUM_TOKEN):"
)
_MORE: Final = "privnum COMMAND --help says more; privnum --version prints the version."


def _overview() -> str:
    """Return what `privnum --help` prints: a line for each command."""
    alone = {name: title for name, title in COMMANDS.items() if name in _OWN or CONTROL[name].keeps}
    governing = {name: title for name, title in COMMANDS.items() if name not in alone}
    return f"{retell(_USAGE)}\n\n{_lines(alone)}\n{retell(_GOVERNING)}\n\n{_lines(governing)}\n{retell(_MORE)}\n"


def _lines(commands: Mapping[str, str]) -> str:
    return "".join(f"  {name:{_WIDTH}}{retell(title)}\n" for name, title in commands.items())


def _function_of(name: str) -> Callable[[Sequence[str]], int] | None:
    """Return the function of a command.

    None, and a line, where its packages are not installed; its help needs none of them.
    """
    command = _OWN[name]
    try:
        found: Callable[[Sequence[str]], int] = _import_of(command.function)
    except ModuleNotFoundError as error:
        if command.parser is None or (error.name or "").partition(".")[0] == "privnum":
            raise
        missing = f"{error.name} is not installed; pip install '.[suites]' in privnum's checkout"
        report_problem(f"privnum {name}", missing)
        return None
    return found


def _import_of(place: str) -> Any:
    module, _, function = place.partition(":")
    return getattr(import_module(module), function)


if __name__ == "__main__":
    sys.exit(main())
