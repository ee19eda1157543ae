"""Options of a command line, and how a wrong one is reported."""

from __future__ import annotations

import argparse
import sys
from itertools import zip_longest
from typing import TYPE_CHECKING, Any, Final, NoReturn

from privnum.ends import NO_RESULT, report_problem
from privnum.words import LANGUAGES, language, retell, say, set_language

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

__all__ = ["BAD_USAGE", "OptionParser", "add_language", "nearest_word"]

#: Exit status of a command that was called in a way that it does not understand.
BAD_USAGE: Final = NO_RESULT


def nearest_word(word: str, words: Iterable[str]) -> str | None:
    """Return the word that was probably meant; never the one that was given."""
    from privnum import contracts  # most commands end well, and some need nothing of it

    return contracts.nearest(word, words)


class OptionParser(argparse.ArgumentParser):
    """Reports what is wrong with an option in one line.

    Args:
        examples: calls of the command, which stand at the end of its help.
        verbs: words that may stand first; one that is nearly a verb is answered with that.
    """

    def __init__(self, *args: Any, examples: Sequence[str] = (), verbs: Iterable[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._examples = examples
        self._verbs = tuple(verbs)
        self._first: str | None = None

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> Any:
        """See ArgumentParser: the first word is noted, it may be meant for a verb.

        The language is spoken from the beginning, wherever the option stands.
        """
        if self._first is None:
            self._first = next(iter(args or ()), "")
        if any(isinstance(action, _Speak) for action in self._actions):
            _speak_as_asked(args or ())
        return super().parse_known_args(args, namespace)

    def format_help(self) -> str:
        """See ArgumentParser: in the language that is spoken, and with examples."""
        shown = super().format_help() if language() == "en" else self._retold_help()
        if self._examples:
            title = say("example:" if len(self._examples) == 1 else "examples:")
            shown += "".join(f"{line}\n" for line in ("", title, *(f"  {each}" for each in self._examples)))
        return shown

    def _retold_help(self) -> str:
        self.description = retell(self.description or "")
        self.epilog = "\n".join(map(_retold_line, (self.epilog or "").split("\n")))
        for group in self._action_groups:
            group.title = retell(group.title or "")
        for action in self._actions:
            action.help = action.help if action.help == argparse.SUPPRESS else retell(action.help or "")
        raw = self.formatter_class in (argparse.RawDescriptionHelpFormatter, _WideRawFormatter)
        self.formatter_class = _WideRawFormatter if raw else _WideFormatter
        return super().format_help().replace("usage: ", say("usage: "), 1)

    def _check_value(self, action: argparse.Action, value: Any) -> None:
        """See ArgumentParser: of a wrong word the nearest right one is named."""
        if action.choices is None or value in action.choices:
            return
        words = [str(each) for each in action.choices]
        near = nearest_word(str(value), words)
        hint = f"did you mean {near}? " if near else ""
        raise argparse.ArgumentError(action, f"there is no {str(value)[:64]!r}; {hint}there are {', '.join(words)}")

    def error(self, message: str) -> NoReturn:
        """See ArgumentParser: without the list of all options before it."""
        first = self._first or ""
        near = None if first.startswith("-") else nearest_word(first, self._verbs)
        hint = f"; did you mean {self.prog} {near}?" if near else ""
        report_problem(self.prog, f"{message}{hint}; see {self.prog} --help")
        sys.exit(BAD_USAGE)


def _retold_line(line: str) -> str:
    """A line in the language that is spoken, indented as it was."""
    text = line.lstrip()
    return line[: len(line) - len(text)] + retell(text)


class _WideFormatter(argparse.HelpFormatter):
    """Breaks lines where Chinese may be broken; a sign takes two columns."""

    def _split_lines(self, text: str, width: int) -> list[str]:
        """See HelpFormatter."""
        from privnum.words.layout import wrapped_lines

        return wrapped_lines(text, width)

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """See HelpFormatter."""
        from privnum.words.layout import wrapped_lines

        return "\n".join(wrapped_lines(text, width, first=indent, rest=indent))


class _WideRawFormatter(_WideFormatter, argparse.RawDescriptionHelpFormatter):
    """The same, and leaves the lines of description and epilog as they are."""

    def _fill_text(self, text: str, width: int, indent: str) -> str:
        """See RawDescriptionHelpFormatter."""
        return argparse.RawDescriptionHelpFormatter._fill_text(self, text, width, indent)


class _Speak(argparse.Action):
    """Notes the language, and speaks it where the option is cut short."""

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


def _speak_as_asked(args: Sequence[str]) -> None:
    """Speak the language of --lang, wherever it stands."""
    for word, following in zip_longest(args, args[1:]):
        asked = following if word == "--lang" else word.removeprefix("--lang=")
        if word.startswith("--lang") and asked in LANGUAGES:
            set_language(asked)


def add_language(parser: argparse.ArgumentParser) -> None:
    """Add --lang, which says in which language is printed."""
    parser.add_argument(
        "--lang",
        action=_Speak,
        choices=LANGUAGES,
        help="print in this language (default: $PRIVNUM_LANG, or that of the system; else en)",
    )
