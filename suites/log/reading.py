"""A log read from its file: JSON lines, our journal, or HAR 1.2.

A file of lines is read line by line, as often as it is looked through: none of it is kept.
"""

from __future__ import annotations

import stat
from codecs import BOM_UTF8
from dataclasses import dataclass, field, replace
from io import BytesIO
from typing import IO, TYPE_CHECKING, Any, Final, Literal

import orjson

from privnum.suites.base.answer import DEEPEST, is_deep
from privnum.suites.log.entries import EntryError, of_har, of_line
from privnum.suites.log.versions import NEVER
from privnum.words import count_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from privnum.suites.log.exchange import Exchange

__all__ = ["LONGEST_FILE", "LONGEST_LINE", "Log", "LogError", "Source", "lines_of", "read_log", "source_of"]

LONGEST_FILE: Final = 256 << 20
"""Bytes of a document that are read, which is held in memory as a whole; a file of lines has no bound."""
LONGEST_LINE: Final = 8 << 20
"""Bytes of one line of a file of JSON lines."""
Form = Literal["lines", "journal", "har"]
_TOO_LONG: Final = "is longer than {size} MiB; cut it into parts"


class LogError(Exception):
    """A file is no log. The text is one line."""


@dataclass(frozen=True, slots=True)
class Source:
    """A file, its form, and its entries where it is one document.

    None: it has lines.
    """

    open: Callable[[], IO[bytes]]
    form: Form
    entries: list[Any] | None


@dataclass(slots=True)
class Log:
    """What a file holds.

    `form` says how it is written. `unread` are lines that cannot be read, each with the reason; `requests`, `pushes`
    and `others` count the entries, the last those that are about something else than the platform. `torn`: entries
    are missing somewhere.
    """

    source: Source
    unread: list[tuple[int, str]] = field(default_factory=list)
    requests: int = 0
    pushes: int = 0
    others: int = 0
    torn: bool = False
    since: float = NEVER
    """The time of the first entry; before all times where it is the first of a journal."""
    last: float = 0.0
    """The time of the last entry."""

    @property
    def form(self) -> Form:
        """How it is written."""
        return self.source.form

    @property
    def unit(self) -> str:
        """What a number of an exchange counts."""
        return "line" if self.form == "lines" else "entry"

    @property
    def told_unread(self) -> str:
        """How many cannot be read, in words."""
        count = len(self.unread)
        return count_of(count, "line", "lines") if self.unit == "line" else count_of(count, "entry", "entries")

    def exchanges(self) -> Iterator[Exchange]:
        """Every exchange, in the order of the log; each time anew."""
        return _in_order(self.source, lambda _number, _why: None, lambda: None)


def read_log(path: Path) -> Log:
    """Read a log once, and count what is in it.

    Raises LogError where the file is none.
    """
    try:
        source = source_of(path)
        log = Log(source)
        for exchange in _in_order(source, lambda number, why: log.unread.append((number, why)), lambda: _count(log)):
            log.requests += exchange.kind == "request"
            log.pushes += exchange.kind == "push"
            log.torn = log.torn or exchange.gap
            if log.since == NEVER:
                log.since = -NEVER if exchange.number == 1 else exchange.when or 0.0
            log.last = max(log.last, exchange.when or 0.0)
    except OSError as error:
        raise LogError(f"{path}: cannot be read: {error.strerror}") from None
    except LogError as error:
        raise LogError(f"{path}: {error}") from None
    if not (log.requests or log.pushes or log.unread or log.others):
        raise LogError(f"{path}: holds no entry; docs/check-log.md shows what is read")
    log.torn = log.torn or bool(log.unread)
    return log


def _count(log: Log) -> None:
    log.others += 1


# ── files ────────────────────────────────────────────────────────────────────────────────────────────────────────────


def source_of(path: Path) -> Source:
    """The form of a file, and its entries where it is one document.

    Raises LogError for a document that is neither HAR nor our journal, OSError for what is no file.
    """
    if stat.S_ISREG(path.stat().st_mode):
        return _source_of(lambda: path.open("rb"))
    with path.open("rb") as pipe:  # it can be read once
        content = pipe.read(LONGEST_FILE + 1)
    if len(content) > LONGEST_FILE:
        raise LogError(_TOO_LONG.format(size=LONGEST_FILE >> 20))
    return _source_of(lambda: BytesIO(content))


def _source_of(open_file: Callable[[], IO[bytes]]) -> Source:
    with open_file() as file:
        first = file.readline(LONGEST_LINE + 1).removeprefix(BOM_UTF8)
        if len(first) <= LONGEST_LINE and _is_json(first) and any(line.strip() for line in file):
            return Source(open_file, "lines", None)
        file.seek(0)
        content = file.read(LONGEST_FILE + 1).removeprefix(BOM_UTF8)
    if len(content) > LONGEST_FILE:
        raise LogError(_TOO_LONG.format(size=LONGEST_FILE >> 20))
    try:
        whole = orjson.loads(content)
    except orjson.JSONDecodeError:
        return Source(open_file, "lines", None)
    if is_deep(content, whole):
        raise LogError(f"is nested deeper than {DEEPEST} levels, which no log is")
    found = whole.get("log") if isinstance(whole, dict) else None
    if isinstance(found, dict) and isinstance(found.get("entries"), list):
        return Source(open_file, "har", found["entries"])
    if isinstance(whole, dict) and isinstance(whole.get("entries"), list):
        return Source(open_file, "journal", whole["entries"])
    return Source(open_file, "lines", None)


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def lines_of(source: Source) -> Iterator[bytes | None]:
    """The lines of a file, one more behind its last line break.

    None stands in the place of one that is too long.
    """
    with source.open() as file:
        first = whole = True
        while line := file.readline(LONGEST_LINE + 2):
            whole = line.endswith(b"\n")
            line = line.removesuffix(b"\n").removeprefix(BOM_UTF8 if first else b"")
            first = False
            yield line if len(line) <= LONGEST_LINE else None
            while not whole and len(line) > LONGEST_LINE and (rest := file.readline(LONGEST_LINE)):
                whole = rest.endswith(b"\n")
        if whole:
            yield b""


# ── entries ──────────────────────────────────────────────────────────────────────────────────────────────────────────


def _entries(source: Source, unread: Callable[[int, str], None]) -> Iterator[tuple[int, Any]]:
    """The entries of a file, each with its number."""
    if source.entries is not None:
        yield from enumerate(source.entries, start=1)
        return
    for number, line in enumerate(lines_of(source), start=1):
        if line is None:
            unread(number, f"is longer than {LONGEST_LINE >> 20} MiB")
        elif line.strip():
            try:
                entry = orjson.loads(line)
            except orjson.JSONDecodeError:
                unread(number, "no JSON; an entry is one JSON object on a line")
                continue
            if is_deep(line, entry):
                unread(number, f"nested deeper than {DEEPEST} levels")
            else:
                yield number, entry


def _exchanges(source: Source, unread: Callable[[int, str], None], other: Callable[[], None]) -> Iterator[Exchange]:
    """Exchanges made of entries; those behind a gap are marked."""
    make = of_har if source.form == "har" else of_line
    before: int | None = None
    torn = False

    def note(number: int, why: str) -> None:
        nonlocal torn
        torn = True
        unread(number, why)

    for number, entry in _entries(source, note):
        try:
            exchange = make(entry, number)
        except EntryError as error:
            note(number, str(error))
            continue
        if exchange.kind == "other":
            other()
            continue
        count = exchange.number
        missed = count is not None and before is not None and count != before + 1
        before = before if count is None else count
        yield replace(exchange, gap=True) if missed or torn else exchange
        torn = False


def _in_order(source: Source, unread: Callable[[int, str], None], other: Callable[[], None]) -> Iterator[Exchange]:
    """The exchanges in the order of time.

    That of the entries of a HAR file need not be it.
    Requests that were under way together are marked.
    """
    found = _exchanges(source, unread, other)
    open_until = float("-inf")
    for exchange in sorted(found, key=lambda each: each.at or 0) if source.form == "har" else found:
        if exchange.exact or exchange.at is None or exchange.kind != "request":
            yield exchange
            continue
        yield replace(exchange, overlaps=True) if exchange.at < open_until else exchange
        open_until = max(open_until, exchange.at + exchange.seconds)
