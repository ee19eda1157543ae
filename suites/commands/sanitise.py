"""`privnum sanitise`: a log that others may see."""

from __future__ import annotations

import json
import os
import secrets
import sys
from pathlib import Path
from shutil import copyfileobj
from tempfile import TemporaryFile
from typing import IO, TYPE_CHECKING, Any

import orjson

from privnum import contracts
from privnum.ends import printed_to_anybody
from privnum.suites.base.answer import is_deep
from privnum.suites.base.printing import printable
from privnum.suites.commands.check_log import given_secrets
from privnum.suites.commands.log_options import KEY_VARIABLE, sanitise_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.log.entries import EntryError, of_har, of_line
from privnum.suites.log.reading import LogError, lines_of, read_log
from privnum.suites.log.sanitising import Sanitiser
from privnum.words import count_of, figure, join_words, say

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from privnum.suites.log.reading import Log, Source

__all__ = ["sanitise_file", "sanitise_main"]

_UNREADABLE = '"unreadable"'
"""In the place of a line that cannot be read: it cannot be read either, and says nothing."""
_FEW = 2


def sanitise_main(argv: Sequence[str]) -> int:
    """Write a log with other values, and print what was replaced.

    Status 0: it is written; 2: it is not.
    """
    given = sanitise_parser().parse_args(argv)
    source, out = Path(given.file), Path(given.out)
    key = given.key or os.environ.get(KEY_VARIABLE) or secrets.token_hex(32)
    try:
        if out.exists() and (not given.force or out.samefile(source)):
            return refuse("sanitise", f"{out}: is there already; name another file, or write over it with --force")
        sanitiser = Sanitiser(key.encode(), given_secrets(given.app_secret))
        log = read_log(source)
        if log.unread and not (log.requests or log.pushes or log.others):
            return refuse(
                "sanitise", say("{file}: no line of it can be read: {why}", file=source, why=log.unread[0][1])
            )
        _write(log.source, out, sanitiser)
    except (contracts.ContractError, LogError) as error:
        return refuse("sanitise", str(error))
    except OSError as error:
        return refuse("sanitise", f"{error.filename or out} cannot be written: {error.strerror or error}")
    with printed_to_anybody():
        for line in _summary_lines(sanitiser, out, log):
            sys.stdout.write(f"{line}\n")
    return 0


def _write(source: Source, out: Path, sanitiser: Sanitiser) -> None:
    """Write the new log once the whole of it is made."""
    with TemporaryFile("w+", encoding="utf-8", errors="surrogatepass", newline="") as whole:
        sanitise_file(source, sanitiser, whole)
        whole.seek(0)
        with out.open("w", encoding="utf-8", errors="surrogatepass", newline="") as file:
            copyfileobj(whole, file)


def sanitise_file(source: Source, sanitiser: Sanitiser, out: IO[str]) -> None:
    """Write the new log, line by line.

    Raises ContractError where something would be left unreplaced.
    """
    parts = _lines(source, sanitiser) if source.entries is None else _document(source.form, source.entries, sanitiser)
    for part in parts:
        sanitiser.require_nothing_left(part)
        out.write(part)


def _lines(found: Source, sanitiser: Sanitiser) -> Iterator[str]:
    for line in lines_of(found):
        if line is not None:
            sanitiser.note(_without_escapes(line.decode("utf-8", "replace")))
    sign = ""
    for line in lines_of(found):
        yield sign + (_UNREADABLE if line is None else _line(line, sanitiser))
        sign = "\n"


def _without_escapes(line: str) -> str:
    """A line without escapes, in which a number can be seen."""
    try:
        return json.dumps(json.loads(line), ensure_ascii=False)
    except (ValueError, RecursionError):
        return line


def _line(line: bytes, sanitiser: Sanitiser) -> str:
    """A line; one that check-log does not read stays unreadable."""
    if not line.strip():
        return ""
    try:
        entry = orjson.loads(line)
    except orjson.JSONDecodeError:
        return _UNREADABLE
    if is_deep(line, entry):
        return _UNREADABLE
    return json.dumps(_own_entry(entry, sanitiser), ensure_ascii=False)


def _own_entry(entry: Any, sanitiser: Sanitiser) -> Any:
    """An entry of our journal or the short form; what cannot be read stays so."""
    try:
        of_line(entry, 0)
    except EntryError:
        return "unreadable"
    return sanitiser.entry(entry)


def _document(form: str, entries: Sequence[Any], sanitiser: Sanitiser) -> Iterator[str]:
    for entry in entries:
        sanitiser.note(json.dumps(entry, ensure_ascii=False))
    creator = {"name": "privnum sanitise", "version": "1"}
    head = f'{{"log": {{"version": "1.2", "creator": {json.dumps(creator)}, ' if form == "har" else "{"
    yield f'{head}"entries": ['
    for number, entry in enumerate(entries, start=1):
        found = _har_entry(entry, number, sanitiser) if form == "har" else _own_entry(entry, sanitiser)
        yield ", " * (number > 1) + json.dumps(found, ensure_ascii=False)
    yield "]}}" if form == "har" else "]}"


def _har_entry(entry: Any, number: int, sanitiser: Sanitiser) -> Any:
    try:
        exchange = of_har(entry, number)
    except EntryError:
        return {"unreadable": True}
    return Sanitiser.har_other(entry) if exchange.kind == "other" else sanitiser.har_entry(entry)


# ── what is printed ──────────────────────────────────────────────────────────────────────────────────────────────────


def _summary_lines(sanitiser: Sanitiser, out: Path, log: Log) -> Iterator[str]:
    replacer = sanitiser.replacer
    total = sum(replacer.replaced.values())
    yield say("{file}: {values} replaced", file=out, values=count_of(total, "value is", "values are"))
    if log.unread:
        yield say("{lines} cannot be read; nothing of it is written", lines=log.told_unread)
    for kind, count in sorted(replacer.replaced.items()):
        was, now = replacer.examples[kind]
        yield printable(f"  {say(kind):8} {figure(count):>6}  {_masked_value(was)} -> {_masked_value(now)}")
    if sanitiser.left_out:
        yield say("left out: {names}", names=join_words(sorted(sanitiser.left_out)))
    if sanitiser.new_secrets:
        yield say("the digests fit other secrets; check it with")
        for key, secret in sanitiser.new_secrets.items():
            yield f"  --app-secret {key}={secret}"


def _masked_value(value: str) -> str:
    """The begin of a value; the rest is masked."""
    flat = " ".join(value.split())
    return f"{flat[:_FEW]}****" if len(flat) > _FEW else "****"
