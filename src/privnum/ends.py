"""How a command ends.

With a status that means something, whatever happens, and with one line where it went wrong.
"""

from __future__ import annotations

import io
import os
import re
import signal
import sys
import threading
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

from privnum.words import retell

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from types import FrameType, TracebackType

__all__ = [
    "NO_RESULT",
    "STOPS",
    "fault_of",
    "handled_signals",
    "in_order",
    "printed_to_anybody",
    "report_problem",
    "shorten_words",
    "stopped_by_signals",
]

NO_RESULT: Final = 2
"""The status of every end that is none of those which a command means by its own statuses."""
_FORESEEN: Final = (None, 0, NO_RESULT)
"""Statuses with which an option parser ends the command, for --help and for bad usage."""
STOPS: Final = ("SIGINT", "SIGTERM", "SIGHUP")
"""Signals by which somebody asks for an end."""
_TRACEBACK: Final = "PRIVNUM_TRACEBACK"
_SHOWN: Final = 100
"""Signs that are shown of a word that is too long."""
_LONG_WORD: Final = re.compile(r"\S{300,}")


def in_order(name: str, run: Callable[[], int]) -> int:
    """Run a command and return its status.

    NO_RESULT and one line on stderr where it ends in no way of its own.

    A reader of its output who goes away gets no message: nobody reads any more.
    """
    if sys.stderr is None:
        sys.stderr = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115  # for the whole life of the process
    if sys.stdout is None:
        return _say(name, "standard output is closed; send it to /dev/null if nobody is to read it")
    _print_any_text()
    try:
        status = run()
        sys.stdout.flush()
    except BrokenPipeError:
        _close_output()
        return NO_RESULT
    except KeyboardInterrupt as end:
        return _say(name, f"interrupted by {str(end) or 'SIGINT'}" if type(end) is KeyboardInterrupt else str(end))
    except SystemExit as end:
        if end.code in _FORESEEN:
            raise
        return _say(name, f"something ended it with SystemExit({end.code!r:.200})")
    except OSError as error:
        _close_output()
        return _say(name, _of_system(error), error)
    except Exception as error:
        return _say(name, fault_of(error), error)
    return status


@contextmanager
def stopped_by_signals(names: Sequence[str] = STOPS) -> Iterator[None]:
    """Heed SIGTERM and SIGHUP as Ctrl-C.

    CI cancels a job by the first, a terminal that closes sends the second.

    They raise KeyboardInterrupt with their name. One that the process's parent had ignored stays so (nohup).
    """
    with handled_signals(_stop, names):
        yield


@contextmanager
def handled_signals(handler: Callable[[int, FrameType | None], None], names: Sequence[str] = STOPS) -> Iterator[None]:
    """Have the signals that ask for an end go to this handler.

    Nothing is changed off the main thread.
    """
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {
        number: signal.signal(number, handler)
        for number in (getattr(signal, name) for name in names if hasattr(signal, name))
        if signal.getsignal(number) not in (signal.SIG_IGN, None)
    }
    try:
        yield
    finally:
        for number, old in before.items():
            signal.signal(number, old)


def _stop(number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt(signal.Signals(number).name)


@contextmanager
def printed_to_anybody() -> Iterator[None]:
    """Print what a command has found out.

    A reader of its output who goes away takes nothing from its status, and gets no message.
    """
    try:
        yield
        sys.stdout.flush()
    except BrokenPipeError:
        _close_output()


def report_problem(name: str, problem: str) -> None:
    """Print why a command cannot be carried out, or what else is wrong.

    In one line behind its name, in the language that is spoken.
    """
    sys.stderr.write(f"{name}: {shorten_words(_in_words(problem))}\n")


def _in_words(problem: str) -> str:
    """A problem in the language that is spoken.

    Where nothing fits the whole, what stands behind the place.
    """
    told = retell(problem)
    place, sign, rest = problem.partition(": ")
    return f"{place}{sign}{_in_words(rest)}" if told == problem and sign else told


def shorten_words(text: str) -> str:
    """A message without the rest of a word that nobody reads to its end."""
    return _LONG_WORD.sub(lambda found: f"{found[0][:_SHOWN]}…", text)


def fault_of(error: BaseException) -> str:
    """A fault of ours in a line: what, and where."""
    return f"a fault of privnum: {type(error).__name__}: {error}{_place(error.__traceback__)}"


def _say(name: str, what: str, error: BaseException | None = None) -> int:
    if error is not None and os.environ.get(_TRACEBACK):
        import traceback

        traceback.print_exception(error)
    from privnum.suites.base.printing import printable

    line = shorten_words(printable(retell(" ".join(what.split()))))[:500]
    try:
        sys.stderr.write(f"{name}: {line}\n")
        sys.stderr.flush()
    except (OSError, ValueError):
        pass  # nobody listens
    return NO_RESULT


def _of_system(error: OSError) -> str:
    where = f"{error.filename}: " if error.filename else ""
    return f"{where}{error.strerror or error}{'' if where else _place(error.__traceback__)}"


def _place(at: TracebackType | None) -> str:
    """Where it was raised: the innermost place of our own code."""
    found = ""
    home = Path(__file__).resolve().parent.parent
    while at is not None:
        path = Path(at.tb_frame.f_code.co_filename)
        if path.resolve().is_relative_to(home) or "privnum" in path.parts or not found:
            found = f" ({path.name}, line {at.tb_lineno}; {_TRACEBACK}=1 shows more)"
        at = at.tb_next
    return found


def _print_any_text() -> None:
    """Write out what the encoding of the terminal or the file does not have."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")


def _close_output() -> None:
    """Stop the interpreter from writing again what it could not write.

    It tries so at its end.
    """
    try:
        nowhere = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nowhere, sys.stdout.fileno())
        os.close(nowhere)
    except (OSError, ValueError):
        pass  # it is no file
