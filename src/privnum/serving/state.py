"""`privnum state`: look at a state file, export it, import one."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from privnum.ends import report_problem
from privnum.mockserver.database.address import is_database, shown_address
from privnum.options import OptionParser, add_language
from privnum.words import count_of, say

if TYPE_CHECKING:
    import argparse
    from collections.abc import Callable, Mapping, Sequence

    from privnum.mockserver.worlds.platform import Platform

__all__ = ["state_main"]

#: Status where the file, or the lines, cannot be used.
_UNUSABLE: Final = 1


def state_main(args: Sequence[str]) -> int:
    """Do what was asked for; return the status."""
    from privnum.mockserver.statefile.file import StateError

    given = _parser().parse_args(args)
    if is_database(given.file):
        return _refuse(f"{shown_address(given.file)} is a database, and no file; its worlds are shown by its servers")
    try:
        _VERBS[given.verb](given)
    except StateError as error:
        return _refuse(str(error))
    except OSError as error:
        return _refuse(f"{error.filename or given.lines}: {error.strerror or error}")
    return 0


def _parser() -> OptionParser:
    parser = OptionParser(
        prog="privnum state",
        description="Look at the state file of a server that does not run, write it as lines of JSON, or make one of "
        "such lines.",
        epilog="status: 0 it is done; 1 the file or the lines cannot be used; 2 bad usage",
        examples=(
            "privnum state check lab.state",
            "privnum state export lab.state --lines lab.jsonl",
            "privnum state import other.state --lines lab.jsonl",
        ),
        allow_abbrev=False,
    )
    parser.add_argument(
        "verb",
        choices=tuple(_VERBS),
        help="check: read all of it and carry its inputs out again; export: write it as lines; "
        "import: make it of lines",
    )
    parser.add_argument("file", metavar="FILE", help="the state file, as --state of privnum serve names it")
    parser.add_argument(
        "--lines", metavar="FILE", help="the lines of an export (default: standard output, and standard input)"
    )
    add_language(parser)
    return parser


def _check(given: argparse.Namespace) -> None:
    from privnum.mockserver.statefile.file import reading
    from privnum.mockserver.statefile.opening import restore

    path = Path(given.file)
    with reading(path) as reader:
        reader.check_pages()
        restored = restore(reader, path, _platform_of)
    behind = count_of(restored.behind_image, "input")
    worlds = restored.edge.platform.worlds
    sys.stdout.write(say("{file} is whole: an image and {inputs} behind it", file=given.file, inputs=behind) + "\n")
    for world in worlds.values():
        bindings = count_of(len(world.bindings), "binding")
        line = say("world {world}: {bindings}, clock at {now}", world=world.id, bindings=bindings, now=_now_of(world))
        sys.stdout.write(f"  {line}\n")


def _now_of(world: Any) -> str:
    now: str = world.clock_view()["now"]
    return now


def _platform_of(settings: Mapping[str, Any]) -> Platform:
    """Return a platform without worlds by the settings of a file."""
    from privnum.mockserver.worlds.platform import Platform

    given = {name: settings[name] for name in ("edition", "assumptions", "seed", "variations", "strict")}
    return Platform(**given, **{name: settings[name] for name in ("keep", "journal") if settings[name] is not None})


def _export(given: argparse.Namespace) -> None:
    from privnum.mockserver.statefile.exchange import export_lines
    from privnum.mockserver.statefile.file import reading

    with reading(Path(given.file)) as reader:
        if given.lines is None:
            sys.stdout.writelines(export_lines(reader))
            return
        with Path(given.lines).open("x", encoding="ascii") as file:
            Path(given.lines).chmod(0o600)
            file.writelines(export_lines(reader))


def _import(given: argparse.Namespace) -> None:
    from privnum.mockserver.statefile.exchange import import_lines

    if given.lines is None:
        import_lines(sys.stdin.buffer, Path(given.file))
        return
    with Path(given.lines).open("rb") as file:
        import_lines(file, Path(given.file))


def _refuse(why: str) -> int:
    report_problem("privnum state", why)
    return _UNUSABLE


_VERBS: Final[Mapping[str, Callable[[argparse.Namespace], None]]] = {
    "check": _check,
    "export": _export,
    "import": _import,
}
