"""Undoes what a cleanup journal has open.

By the binding's id, or where no answer named it, by looking for its users.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from privnum import contracts
from privnum.suites.base.claims import Stopped
from privnum.suites.driver.protocol import DriverError
from privnum.suites.safety.modes import SEARCHES
from privnum.suites.safety.search import NOT_THERE, OK, Ask, CannotTell, same_number
from privnum.suites.target.modes import MODES
from privnum.suites.transport.client import JSON_TYPE, encode_query, sign

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import Driver
    from privnum.suites.safety.cleanup_journal import Book, Entry
    from privnum.suites.safety.search import Found
    from privnum.suites.target.config import App
    from privnum.suites.transport.api import Transport

__all__ = [
    "Ask",
    "Bound",
    "CannotTell",
    "Undone",
    "asker",
    "bindings_on",
    "dissolve",
    "drop_worlds",
    "put_back",
    "undo",
    "undo_all",
]

REFUSALS = range(400, 500)
OVER = (404, 409, 410)
"""Statuses by which a driver says that there is nothing, or nothing any more, that it could change."""

Undone = Literal["dissolved", "not there"]


@dataclass(frozen=True, slots=True)
class Bound:
    """A binding that a query of the platform shows.

    `users` are the numbers in it, its X aside.
    """

    app: App
    x: str
    subscription_id: str
    users: tuple[str, ...]
    extension: str | None = None

    def __str__(self) -> str:
        place = contracts.mask(self.x) + (f" extension {self.extension}" if self.extension else "")
        who = contracts.mask(" and ".join(self.users)) or "somebody"
        return f"{who} on {place} (subscriptionId {self.subscription_id[:80]})"


def bindings_on(x: str, app: App, ask: Ask) -> Iterator[Bound]:
    """Every binding that the platform shows on an X of an application.

    Raises CannotTell, NoAnswer.
    """
    for found in SEARCHES[app.mode.lower()].on_x(x, app, ask):
        mode = MODES[app.mode]
        sub = found.get(mode.shown_as("subscriptionId"))
        shown = found.get(mode.shown_as(mode.x_field)) or x
        if isinstance(sub, str) and sub and same_number(x, shown):
            users = (found.get(mode.shown_as(name)) for name in mode.users)
            extension = found.get("extendNum")
            yield Bound(app, x, sub, tuple(filter(None, map(_text, users))), _text(extension))


def dissolve(bound: Bound, ask: Ask) -> str | None:
    """Dissolve a binding that a query shows.

    The answer to the unbind where it is refused. Raises NoAnswer.
    """
    answer = ask(f"{bound.app.mode.lower()}.unbind", bound.app, {"subscriptionId": bound.subscription_id})
    code = str(answer["resultcode"])
    return None if (answer.status == OK and code == "0") or code in NOT_THERE else answer.key


def asker(transport: Transport, prefix: str) -> Ask:
    """Asks over a transport; `prefix` stands before every path."""

    def ask(operation: str, app: App, query: dict[str, Any]) -> Answer:
        entry = contracts.operations()[operation]
        asked = encode_query(MODES[app.mode].query(app, query) if app.mode in MODES else query)
        return transport.request(entry.method, prefix + entry.path, asked, [*sign(app), JSON_TYPE], b"")

    return ask


def undo_all(book: Book, entries: Iterable[Entry], apps: Sequence[App], ask: Ask) -> None:
    """Undo those entries that are open.

    What cannot be undone stays open in the book. Raises NoAnswer at the first.
    """
    for entry in entries:
        app = next((app for app in apps if app.key == entry.app_key), None)
        if app is not None and entry.state != "closed":
            undo(book, entry, app, ask)


def drop_worlds(worlds: Iterable[str], driver: Driver) -> None:
    """Drop worlds that a run has not come to drop.

    The first that gets no answer is the last.
    """
    for world in sorted(worlds):
        try:
            driver.send("worlds.delete", world=world)
        except DriverError:  # it is gone, or was never made
            continue
        except Stopped:
            return


def put_back(book: Book, driver: Driver) -> None:
    """Put back what the driver has changed. Raises NoAnswer.

    What the driver refuses stays in the book.

    A call that has ended, or what is no longer there, needs no putting back.
    """
    for debt in book.debts():
        try:
            driver.send(debt.operation, debt.body, **debt.places)
        except DriverError as error:
            if error.status not in OVER:
                continue
        book.close_debt(debt)


def undo(book: Book, entry: Entry, app: App, ask: Ask, *, late: bool = False) -> Undone | str:
    """Dissolve the binding and close its entry.

    A text that is neither "dissolved" nor "not there" says why it is open.

    A binding whose id is not known is dissolved only if its users are those of the entry. Where a bind was never
    answered and nothing is found, the entry stays open, unless it is so `late` that the platform cannot be at it any
    more. Raises NoAnswer.
    """
    mode = entry.operation.partition(".")[0]
    if entry.subscription_id is not None:
        return _dissolve(book, entry, app, ask, entry.subscription_id)
    taken = {other.subscription_id for other in book.open() if other is not entry}
    try:
        for found in _search(mode, entry, app, ask):
            sub = found.get(MODES[app.mode].shown_as("subscriptionId"))
            if SEARCHES[mode].is_that(entry, found) and isinstance(sub, str) and sub not in taken:
                return _dissolve(book, entry, app, ask, sub)
    except CannotTell as error:
        return str(error)
    if entry.state == "asked" and entry.numbers and not late:
        return "the bind was never answered, and no such binding is there yet"
    book.close_entry(entry, "not there")
    return "not there"


def _dissolve(book: Book, entry: Entry, app: App, ask: Ask, subscription_id: str) -> Undone | str:
    mode = entry.operation.partition(".")[0]
    answer = ask(f"{mode}.unbind", app, {"subscriptionId": subscription_id})
    code = str(answer["resultcode"])
    if answer.status == OK and code == "0":
        book.close_entry(entry, "dissolved")
        return "dissolved"
    if code in NOT_THERE or (answer.status in REFUSALS and _is_gone(mode, entry, app, ask, subscription_id)):
        book.close_entry(entry, "not there")
        return "not there"
    return f"the unbind was answered with {answer.key}"


def _is_gone(mode: str, entry: Entry, app: App, ask: Ask, subscription_id: str) -> bool:
    """Whether the lists of the platform show that there is no such binding.

    Its codes may be its own.
    """
    if not entry.numbers:
        return False
    try:
        name = MODES[app.mode].shown_as("subscriptionId")
        return all(found.get(name) != subscription_id for found in _search(mode, entry, app, ask))
    except CannotTell:
        return False


def _search(mode: str, entry: Entry, app: App, ask: Ask) -> Iterator[Found]:
    """Bindings among which that of the entry may be.

    On its X, or on any of the application's.
    """
    search = SEARCHES[mode]
    if entry.numbers:
        known = entry.x and search.x_finds
        for x in [str(entry.x)] if known else [number.number for number in app.numbers]:
            yield from search.of_entry(entry, x, app, ask)


def _text(value: Any) -> str | None:
    return value if isinstance(value, str) and value else None
