"""`privnum clean`: undoes what an interrupted run has left.

Bindings are dissolved, settings of the driver put back.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from privnum import contracts
from privnum.ends import report_problem
from privnum.suites.base.claims import NoAnswer
from privnum.suites.base.printing import plural, printable
from privnum.suites.commands.parsers import clean_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.driver.protocol import Driver, DriverError
from privnum.suites.runner.connect import connect_driver
from privnum.suites.safety.cleanup import (
    Ask,
    CannotTell,
    asker,
    bindings_on,
    dissolve,
    undo,
)
from privnum.suites.safety.cleanup_journal import (
    Book,
    BookError,
    Debt,
    Entry,
    book_path,
)
from privnum.suites.safety.limits import refusal
from privnum.suites.target.config import TargetError, load_target
from privnum.suites.target.modes import BINDING_MODES
from privnum.suites.transport.api import HttpTransport

if TYPE_CHECKING:
    from collections.abc import Sequence

    from privnum.suites.target.config import Target

__all__ = ["clean_main", "report_what_is_left"]

LEFT = 1


def clean_main(argv: Sequence[str]) -> int:
    """Dissolve what a target's cleanup journal has open; restore settings.

    Those that the driver has changed.

    Status 0: nothing is left (or `--dry-run`). 1: something is. 2: bad usage, no permission, a book in use.
    """
    given = clean_parser().parse_args(argv)
    try:
        target = load_target(Path(given.target))
        problem = None if given.dry_run else refusal(target, permitted=given.permitted)
        if problem is not None:
            return refuse("clean", problem)
        path = _path(given.target, given.bindings_file, target)
        if not path.exists() and not given.all_bindings:
            _say(f"nothing is left: there is no {path}")
            return 0
        book = Book(path if path.exists() else None, target.base_url or "")
    except (TargetError, BookError) as error:
        return refuse("clean", str(error))
    try:
        if given.dry_run:
            return _report(book, target, others=given.all_bindings)
        return _clean(book, target, others=given.all_bindings)
    finally:
        book.close()


def _clean(book: Book, target: Target, *, others: bool) -> int:
    """Undo what the book has open.

    With `others`, dissolve whatever else is bound on the X numbers of the file.
    """
    if book.debts():  # first, as a blocked X may keep its bindings
        _put_back(book, target)
    transport = HttpTransport(target.base_url or "", keeps=False, ca_file=target.ca_file)
    try:
        ask = asker(transport, urlsplit(target.base_url or "").path.rstrip("/"))
        for entry in book.open():
            _say(f"{entry}: {_undo(book, entry, target, ask)}")
        kept = _dissolve_others(target, ask) if others else 0
    finally:
        transport.close()
    left = [f"{book.left} left ({book.path})"] * bool(book.left) + [f"{kept} of others left"] * bool(kept)
    _say("; ".join(left) or "nothing is left")
    return LEFT if left else 0


def _dissolve_others(target: Target, ask: Ask) -> int:
    """Dissolve what is bound on the X numbers of the file.

    How many could not be, or X that could not be looked at.
    """
    left = 0
    for app in target.applications:
        for x in app.numbers if app.mode in BINDING_MODES else ():
            try:
                for bound in list(bindings_on(x.number, app, ask)):
                    answered = dissolve(bound, ask)
                    left += answered is not None
                    done = "dissolved" if answered is None else f"left: the unbind was answered with {answered}"
                    _say(f"{app.mode} {bound}: {done}")
            except (CannotTell, NoAnswer) as error:
                left += 1
                _say(f"{app.mode} {contracts.mask(x.number)}: left: {contracts.mask(str(error))}")
    return left


def _put_back(book: Book, target: Target) -> None:
    driver = connect_driver(target, keeps=False)
    for debt in book.debts():
        _say(f"{debt}: {_pay(book, debt, driver)}")
    if driver is not None:
        driver.close()


def _pay(book: Book, debt: Debt, driver: Driver | None) -> str:
    if driver is None:
        return "left: the file names no driver any more"
    try:
        driver.send(debt.operation, debt.body, **debt.places)
    except NoAnswer as error:
        return f"left: {contracts.mask(str(error))}"
    except DriverError as error:  # a call has ended, a world is gone; asking again would not help
        book.close_debt(debt)
        return f"refused: {error}"
    book.close_debt(debt)
    return "put back"


def _undo(book: Book, entry: Entry, target: Target, ask: Ask) -> str:
    app = next((app for app in target.applications if app.key == entry.app_key), None)
    if entry.target != target.base_url:
        return f"left: it was bound at {entry.target}"
    if app is None:
        return "left: its application is not in the file any more"
    try:
        done = undo(book, entry, app, ask, late=True)
    except NoAnswer as error:
        return f"left: {contracts.mask(str(error))}"
    return done if entry.state == "closed" else f"left: {done}"


def _report(book: Book, target: Target, *, others: bool) -> int:
    """Say what is open; what else is bound cannot be known without asking."""
    for entry in book.open():
        how = "by its subscriptionId" if entry.subscription_id else "if it is found by its numbers"
        _say(f"{entry}: would be dissolved {how}")
    for debt in book.debts():
        _say(f"{debt}: would be put back by the driver")
    if others:
        count = sum(len(app.numbers) for app in target.applications if app.mode in BINDING_MODES)
        _say(f"whatever else is bound on {count} X numbers of target.toml would be dissolved")
    _say(f"{book.left} open; nothing was sent")
    return 0


def report_what_is_left(command: str, target_file: str, bindings_file: str | None) -> None:
    """After a run: one line where its book has something open."""
    try:
        path = _path(target_file, bindings_file, load_target(Path(target_file)))
        if path.exists():
            book = Book(path)
            left = book.left
            book.close()
            if left:
                report_problem(
                    command,
                    f"{plural(left, 'thing')} could not be undone on the target ({path}); "
                    f"undo them: privnum clean --target {target_file}",
                )
    except (TargetError, BookError):
        return


def _path(target_file: str, bindings_file: str | None, target: Target) -> Path:
    return book_path(Path(target_file), target.name) if bindings_file is None else Path(bindings_file)


def _say(line: str) -> None:
    sys.stdout.write(f"{printable(line)}\n")
