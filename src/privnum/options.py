"""Options of a command line, and how a wrong one is reported."""

from __future__ import annotations

import argparse
import difflib
import sys
from typing import TYPE_CHECKING, Any, Final, NoReturn

from privnum.ends import NO_RESULT
from privnum.words import LANGUAGES, set_language

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["BAD_USAGE", "OptionParser", "add_language"]

#: Exit status of a command that was called in a way that it does not understand.
BAD_USAGE: Final = NO_RESULT


class OptionParser(argparse.ArgumentParser):
    """Reports what is wrong with an option in one line."""

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """See ArgumentParser: a wrong word is told with the nearest right one."""
        if action.choices is None or value in action.choices:
            return
        words = [str(each) for each in action.choices]
        near = difflib.get_close_matches(str(value), words, n=1)
        hint = f"did you mean {near[0]}? " if near else ""
        raise argparse.ArgumentError(action, f"there is no {str(value)[:64]!r}; {hint}there are {', '.join(words)}")

    def error(self, message: str) -> NoReturn:
        """See ArgumentParser: without the list of all options before it."""
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        sys.exit(BAD_USAGE)


class _Speak(argparse.Action):
    """Speaks the language from where the option stands.

    So --lang zh --help is Chinese.
    """

    def __call__(
        self,
        parser: argparse.ArgumentParser,  # noqa: ARG002
        namespace: argparse.Namespace,
        values: str | Sequence[Any] | None,
        option_string: str | None = None,  # noqa: ARG002
    ) -> None:
        """See argparse.Action."""
        set_language(str(values))
        setattr(namespace, self.dest, values)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add --lang, which says in which language is printed."""
    parser.add_argument(
        "--lang",
        action=_Speak,
        choices=LANGUAGES,
        help="print in this language (default: $PRIVNUM_LANG, or that of the system; else en)",
    )
