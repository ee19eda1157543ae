"""A command and its verbs: options in, a table or JSON out."""

from __future__ import annotations

import argparse
import sys
from importlib import import_module
from typing import TYPE_CHECKING, Any, NamedTuple

import orjson

from privnum.control import COMMANDS
from privnum.control.client import Client, CommandError, add_target_options, is_text
from privnum.ends import report_problem
from privnum.options import OptionParser, add_language

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

__all__ = ["Verb", "run"]


class Verb(NamedTuple):
    """What one verb of a command does.

    `usage` is what stands behind the command, `options` adds its own options, `ask` sends its messages and returns what
    the server says, `show` makes of that a text for people, `example` is what somebody may write.
    """

    title: str
    ask: Callable[[Client, argparse.Namespace], Any]
    show: Callable[[Any], str]
    options: Callable[[argparse.ArgumentParser], object] = lambda _: None
    example: str = ""


def run(command: str, args: Sequence[str]) -> int:
    """Carry out a command.

    Its status: 0 done, 1 the server refused, 2 bad usage or no server.
    """
    module = import_module(f"privnum.control.{COMMANDS[command].module}")
    if hasattr(module, "COMMANDS"):
        status: int = module.COMMANDS[command](args)
        return status
    verbs: Mapping[str, Verb] = module.VERBS
    word = args[0] if args and args[0] in verbs else ""
    parser = _parser(command, word, verbs)
    # Options may stand among fields, but argparse forgets there what `--` means.
    parse = parser.parse_args if "--" in args else parser.parse_intermixed_args
    given = parse(args[1:] if word else args)
    try:
        _check_texts(given)
        said, text = _said_and_shown(verbs[word], Client.of(given), given)
    except CommandError as error:
        report_problem(f"privnum {command}", str(error))
        return error.status
    if not given.json:
        sys.stdout.write(text + "\n")
    elif isinstance(said, str):
        sys.stdout.write(said)
    else:
        sys.stdout.write(orjson.dumps(said, option=orjson.OPT_INDENT_2).decode() + "\n")
    return 0


def _check_texts(given: argparse.Namespace) -> None:
    """Refuse an argument that is no text.

    A path may be any bytes, and a token is looked at (and not shown) by the client.
    """
    for name, value in vars(given).items():
        if name not in ("state_dir", "token", "ca") and not all(map(is_text, _texts(value))):
            raise CommandError(f"{name.replace('_', '-')}: {value!r} is no text in UTF-8", 2)


def _texts(value: object) -> Iterator[str]:
    if isinstance(value, str):
        yield value
    elif isinstance(value, list | tuple):
        for each in value:
            yield from _texts(each)


def _said_and_shown(verb: Verb, client: Client, given: argparse.Namespace) -> tuple[Any, str]:
    """Return what the server says, and that as a text.

    Where it cannot be read the server is asked whether it is privnum at all: only if it is the fault is ours.
    """
    try:
        said = verb.ask(client, given)
        return said, "" if getattr(given, "format", None) else verb.show(said)
    except (LookupError, TypeError, AttributeError, ValueError):
        client.health()
        raise


def _parser(command: str, word: str, verbs: Mapping[str, Verb]) -> argparse.ArgumentParser:
    others = [f"  privnum {command} {other}".rstrip() + f": {verb.title}" for other, verb in verbs.items()]
    parser = OptionParser(
        prog=f"privnum {command} {word}".rstrip(),
        description=verbs[word].title[:1].upper() + verbs[word].title[1:] + ".",
        epilog="\n".join(["its verbs:", *others, "", "status: 0 done; 1 the server refused; 2 bad usage or no server"]),
        examples=(verbs[word].example,),
        verbs=() if word else filter(None, verbs),
        formatter_class=argparse.RawDescriptionHelpFormatter,
        allow_abbrev=False,
    )
    verbs[word].options(parser)
    parser.add_argument("--json", action="store_true", help="print what the server says, as JSON")
    add_target_options(parser)
    add_language(parser)
    return parser
