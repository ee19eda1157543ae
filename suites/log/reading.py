"""A log read from its file: JSON lines, our journal, or HAR 1.2."""

from __future__ import annotations

from codecs import BOM_UTF8
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, Final, Literal

import orjson

from privnum.suites.base.answer import DEEPEST, is_deep
from privnum.suites.log.entries import EntryError, of_har, of_line
from privnum.words import count_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from privnum.suites.log.exchange import Exchange

__all__ = ["LONGEST_FILE", "LONGEST_LINE", "Log", "LogError", "document_of", "read_log"]

LONGEST_FILE: Final = 256 << 20
"""Bytes of a file that are read; a HAR file is held in memory as a whole."""
LONGEST_LINE: Final = 8 << 20
"""Bytes of one line of a file of JSON lines."""
Form = Literal["lines", "journal", "har"]


class LogError(Exception):
    """A file is no log. The text is one line."""


@dataclass(slots=True)
class Log:
    """What a file holds.

    `form` says how it is written. `unread` are lines that cannot be read, each with the reason; `others` counts
    entries that are about something else than the platform.
    """

    form: Form
    exchanges: list[Exchange] = field(default_factory=list)
    unread: list[tuple[int, str]] = field(default_factory=list)
    others: int = 0

    @property
    def unit(self) -> str:
        """What a number of an exchange counts."""
        return "line" if self.form == "lines" else "entry"

    @property
    def told_unread(self) -> str:
        """How many cannot be read, in words."""
        count = len(self.unread)
        return count_of(count, "line", "lines") if self.unit == "line" else count_of(count, "entry", "entries")


def read_log(path: Path) -> Log:
    """Read a log. Raises LogError where the file is none."""
    try:
        if path.stat().st_size > LONGEST_FILE:
            raise LogError(f"{path}: is longer than {LONGEST_FILE >> 20} MiB; cut it into parts")
        form, document = document_of(path.read_bytes())
    except OSError as error:
        raise LogError(f"{path}: cannot be read: {error.strerror}") from None
    except LogError as error:
        raise LogError(f"{path}: {error}") from None
    log = Log(form)
    entries = document if isinstance(document, list) else _lines(document, log)
    _take(log, entries)
    if not log.exchanges and not log.unread and not log.others:
        raise LogError(f"{path}: holds no entry; docs/check-log.md shows what is read")
    _order(log)
    return log


def document_of(content: bytes) -> tuple[Form, list[tuple[int, Any]] | bytes]:
    """The form of a file, and its numbered entries, or its lines as they are.

    Raises LogError for a document that is neither HAR nor our journal.
    """
    plain = content.removeprefix(BOM_UTF8)
    if b"\n" in plain.strip() and _is_json(plain.split(b"\n", 1)[0]):
        return "lines", plain
    try:
        whole = orjson.loads(plain)
    except orjson.JSONDecodeError:
        return "lines", plain
    if is_deep(plain, whole):
        raise LogError(f"is nested deeper than {DEEPEST} levels, which no log is")
    found = whole.get("log") if isinstance(whole, dict) else None
    if isinstance(found, dict) and isinstance(found.get("entries"), list):
        return "har", list(enumerate(found["entries"], start=1))
    if isinstance(whole, dict) and isinstance(whole.get("entries"), list):
        return "journal", list(enumerate(whole["entries"], start=1))
    return "lines", plain


def _is_json(line: bytes) -> bool:
    try:
        return isinstance(orjson.loads(line), dict)
    except orjson.JSONDecodeError:
        return False


def _lines(content: bytes, log: Log) -> Iterator[tuple[int, Any]]:
    """The entries of JSON lines, each with the number of its line."""
    for number, line in enumerate(content.split(b"\n"), start=1):
        if not line.strip():
            continue
        if len(line) > LONGEST_LINE:
            log.unread.append((number, f"is longer than {LONGEST_LINE >> 20} MiB"))
            continue
        try:
            entry = orjson.loads(line)
        except orjson.JSONDecodeError:
            log.unread.append((number, "no JSON; an entry is one JSON object on a line"))
            continue
        if is_deep(line, entry):
            log.unread.append((number, f"nested deeper than {DEEPEST} levels"))
            continue
        yield number, entry


def _take(log: Log, entries: Iterable[tuple[int, Any]]) -> None:
    """Make exchanges of entries, and note those that cannot be read."""
    make = of_har if log.form == "har" else of_line
    before: int | None = None
    for number, entry in entries:
        try:
            exchange = make(entry, number)
        except EntryError as error:
            log.unread.append((number, str(error)))
            continue
        if exchange.kind == "other":
            log.others += 1
            continue
        count = entry.get("number") if exchange.exact else None
        missed = isinstance(count, int) and before is not None and count != before + 1
        before = count if isinstance(count, int) else before
        torn = bool(log.unread) and (not log.exchanges or log.exchanges[-1].line < log.unread[-1][0])
        log.exchanges.append(replace(exchange, gap=True) if missed or torn else exchange)


def _order(log: Log) -> None:
    """Put the entries of a HAR file in the order of time.

    Mark requests that were under way together.
    """
    if log.form == "har":
        log.exchanges.sort(key=lambda each: each.at or 0)
    open_until = float("-inf")
    for place, exchange in enumerate(log.exchanges):
        if exchange.exact or exchange.at is None or exchange.kind != "request":
            continue
        if exchange.at < open_until:
            log.exchanges[place] = replace(exchange, overlaps=True)
        open_until = max(open_until, exchange.at + exchange.seconds)
