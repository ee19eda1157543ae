"""The page of the command line: what each command prints as its help."""

from __future__ import annotations

import os
from contextlib import contextmanager, redirect_stdout, suppress
from importlib import import_module
from io import StringIO
from typing import TYPE_CHECKING, Final

from privnum.control import COMMANDS as CONTROL
from privnum.reference.markdown import anchor, code, page
from privnum.words import language, retell, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["commands_page"]

#: The page is the same on every terminal.
_READER: Final = {"COLUMNS": "88", "LINES": "40"}


def commands_page() -> str:
    """Return the page of every command, with its verbs."""
    from privnum.cli import COMMANDS  # it is what calls us

    with _environment({**_READER, "PRIVNUM_LANG": language()}):
        parts = [_command(name, title) for name, title in COMMANDS.items()]
    about = say("What `privnum COMMAND --help` prints. On a terminal in Chinese it is Chinese.")
    return page(say("Commands"), about, *parts)


def _command(name: str, title: str) -> str:
    verbs = vars(import_module(f"privnum.control.{CONTROL[name].module}")).get("VERBS", ()) if name in CONTROL else ()
    ways = [name, *(f"{name} {verb}" for verb in verbs if verb)]
    helps = "".join(f"```text\n{_help(way)}```\n\n" for way in ways)
    return f"## {code('privnum ' + name)} {{#{anchor(name)}}}\n\n{_sentence(title)}\n\n{helps}"


def _sentence(title: str) -> str:
    told = retell(title)
    return f"{told[0].upper()}{told[1:]}{'.' if told == title else '。'}"


def _help(way: str) -> str:
    """Return what a command prints, asked for help."""
    from privnum.cli import main

    printed = StringIO()
    with redirect_stdout(printed), suppress(SystemExit):
        main([*way.split(), "--help"])
    return printed.getvalue()


@contextmanager
def _environment(values: Mapping[str, str]) -> Iterator[None]:
    """Let variables be these for a while."""
    before = {name: os.environ.get(name) for name in values}
    os.environ.update(values)
    try:
        yield
    finally:
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value
