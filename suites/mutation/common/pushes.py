"""Seeded bugs of how pushes are sent: addresses, signatures, repeats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.applications import Application
from privnum.mockserver.core.ids import Ids
from privnum.mockserver.core.timestamps import iso
from privnum.mockserver.pushes import outbox
from privnum.mockserver.pushes import push as one_push
from privnum.mockserver.pushes.outbox import Outbox
from privnum.mockserver.pushes.push import Push
from privnum.suites.mutation.model import Bug, operator
from privnum.suites.mutation.operators.code import replace, wrap

if TYPE_CHECKING:
    from collections.abc import Callable

    from privnum.suites.mutation.model import Operator, Patch

__all__ = ["BUGS"]

Headers = list[tuple[str, str]]


def _replace_in_headers(old: str, new: str) -> Operator:
    def headers(right: Any, push: Push, edge_now_ms: int) -> Headers:
        return [(name, re.sub(old, new, value)) for name, value in right(push, edge_now_ms)]

    return wrap(Push, "headers", headers)


def _sign_by_first() -> Operator:
    """Sign pushes with the secret of the server's first application."""
    first: list[Application] = []

    def headers(right: Any, push: Push, edge_now_ms: int) -> Headers:
        first.append(push._app)
        own, push._app = push._app, first[0]
        try:
            signed: Headers = right(push, edge_now_ms)
        finally:
            push._app = own
        return signed

    return wrap(Push, "headers", headers)


def _sign_by(scheme_of: Callable[[Push], str | None]) -> Operator:
    """Sign pushes by another scheme than their application's."""

    def headers(right: Any, push: Push, edge_now_ms: int) -> Headers:
        own, push._app.push_scheme = push._app.push_scheme, scheme_of(push)
        try:
            signed: Headers = right(push, edge_now_ms)
        finally:
            push._app.push_scheme = own
        return signed

    return wrap(Push, "headers", headers)


@operator
def _scheme_for_all() -> Patch:
    """Have the scheme that was set last for every application."""
    last: list[str | None] = [None]

    def put(_: Application, scheme: str | None) -> None:
        last[0] = scheme

    return patch.object(Application, "push_scheme", property(lambda _: last[0], put))


def _send_all_to(name: str) -> Operator:
    """Send events and CDRs to one address."""

    def send(right: Any, box: Outbox, app: Application, kind: str, url: str, body: bytes, **where: Any) -> None:
        right(box, app, kind, getattr(app, name) or url, body, **where)

    return wrap(Outbox, "send", send)


def _repeat_after(*minutes: int) -> Operator:
    return replace(outbox, "RETRY_MINUTES", minutes)


def _take_for_success(outcome: str) -> Operator:
    """Take one more outcome of an attempt for a success."""
    return wrap(outbox, "is_success", lambda right, result, choice: result == outcome or right(result, choice))


def _put_off(*outcomes: str) -> Operator:
    """Let a push wait ten minutes while another application's is failing so."""

    def begin(right: Any, box: Outbox, push: Push) -> None:
        pending = [other for other in box._pushes.values() if other.attempts and other.state == "pending"]
        failing = (other for other in pending if other.attempts[-1].outcome in outcomes)
        if any(other.app_key != push.app_key for other in failing):
            box._timers.add(push.first_ms + 600_000, outbox.RANK, push)
        else:
            right(box, push)

    return wrap(Outbox, "begin", begin)


def _address_of_callin(app: Application, event_type: str) -> str | None:
    """Send no disconnect where callin has an address for itself."""
    if app.callin_url is None:
        return app.event_url
    return app.callin_url if event_type == "callin" else None if event_type == "disconnect" else app.event_url


def _ignore_late_success(record: Any, box: Outbox, push: Push, *given: Any) -> None:
    """Do not notice a success after a failure."""
    succeeded, late = Outbox.has_succeeded, bool(push.attempts)
    with patch.object(Outbox, "has_succeeded", lambda *asked: not late and succeeded(*asked)):
        record(box, push, *given)


@operator
def _keep_address(name: str) -> Patch:
    """Let nobody take an address away."""
    slot = vars(Application)[name]
    held: set[Application] = set()

    def put(app: Application, address: str | None) -> None:
        if address is not None or app not in held:
            held.add(app)
            slot.__set__(app, address)

    return patch.object(Application, name, property(slot.__get__, put))


def _put_dash(nonce: Any, *given: Any) -> str:
    return "-".join((nonce(*given)[:8], nonce(*given)[8:]))


def _in_china(ms: int) -> str:
    return iso(ms + 8 * 3_600_000)[:19] + "+08:00"


BUGS = (
    Bug("push-as-text", "COM-PUSH-001", "Pushes are text.", _replace_in_headers("^application/json", "text/plain")),
    Bug("events-to-fee", "COM-PUSH-001", "Events go to the CDR address.", _send_all_to("fee_url")),
    Bug("cdrs-to-event", "COM-PUSH-001", "CDRs go to the event address.", _send_all_to("event_url")),
    Bug(
        "push-digest",
        "COM-PUSH-002",
        "Pushes are signed wrongly.",
        _replace_in_headers('Digest="....', 'Digest="AAAA'),
    ),
    Bug("signed-by-first", "COM-PUSH-002", "All pushes are signed with one secret.", _sign_by_first()),
    Bug("dashed-nonce", "COM-PUSH-003", "The nonce of a push has a dash in it.", wrap(Ids, "nonce", _put_dash)),
    Bug(
        "created-in-china",
        "COM-PUSH-003",
        "Created of a push is the time of China.",
        replace(one_push, "iso", _in_china),
    ),
    Bug(
        "tireless-repeats",
        "COM-PUSH-004",
        "A failed push is repeated a seventh time.",
        _repeat_after(1, 4, 9, 106, 203, 300, 397),
    ),
    Bug(
        "tired-repeats",
        "COM-PUSH-004",
        "A failed push is repeated five times.",
        _repeat_after(1, 4, 9, 106, 203),
    ),
    Bug(
        "hasty-repeats",
        "COM-PUSH-004",
        "A failed push is repeated each minute.",
        _repeat_after(1, 2, 3, 4, 5, 6),
    ),
    *(
        Bug(f"content-with-{way}", "COM-PUSH-004", f"{what} counts as success.", _take_for_success(way))
        for way, what in (
            ("401", "An answer 401"),
            ("302", "A redirect"),
            ("404", "An answer 404"),
            ("reset", "A connection that ends before the answer"),
            ("timeout", "An answer that is too late"),
        )
    ),
    Bug(
        "never-content",
        "COM-PUSH-005",
        "A push that failed once is repeated whatever comes.",
        wrap(Outbox, "record", _ignore_late_success),
    ),
    Bug(
        "no-event-address",
        "COM-PUSH-006",
        "Events go to an address that was taken away.",
        _keep_address("event_url"),
    ),
    Bug(
        "no-fee-address",
        "COM-PUSH-006",
        "CDRs go to an address that was taken away.",
        _keep_address("fee_url"),
    ),
    Bug(
        "one-scheme",
        "COM-PUSH-008",
        "The scheme that is set for an application changes nothing.",
        _sign_by(lambda _: None),
    ),
    Bug(
        "last-scheme",
        "COM-PUSH-008",
        "The scheme that was set last is that of every application.",
        _scheme_for_all(),
    ),
    Bug(
        "scheme-of-first",
        "COM-PUSH-008",
        "The scheme of an application is that of first attempts alone.",
        _sign_by(lambda push: push._app.push_scheme if push.attempt == 1 else None),
    ),
    Bug(
        "callin-with-others",
        "COM-PUSH-009",
        "An address for callin alone changes nothing.",
        replace(Application, "address_of", lambda app, _: app.event_url),
    ),
    Bug(
        "no-disconnect-beside-callin",
        "COM-PUSH-009",
        "With an address for callin alone there is no disconnect.",
        replace(Application, "address_of", _address_of_callin),
    ),
    Bug(
        "all-as-callin",
        "COM-PUSH-009",
        "Every call event goes to the address for callin.",
        replace(Application, "address_of", lambda app, _: app.callin_url or app.event_url),
    ),
    Bug(
        "all-wait-for-one",
        "COM-PUSH-010",
        "While a push is to be repeated those of other applications wait.",
        _put_off("500"),
    ),
    Bug(
        "all-wait-for-closed",
        "COM-PUSH-010",
        "While a customer closes the connection pushes of other applications wait.",
        _put_off("reset"),
    ),
    Bug(
        "all-wait-for-slow",
        "COM-PUSH-010",
        "While a customer answers too late pushes of other applications wait.",
        _put_off("timeout"),
    ),
    Bug(
        "token-order",
        "COM-PUSH-007",
        "Created stands before Nonce.",
        _replace_in_headers('(Nonce="[^"]*")(, ?)(Created="[^"]*")', r"\3\2\1"),
    ),
)
