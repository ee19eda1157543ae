"""Seeded bugs of how pushes are sent: addresses, signatures, repeats."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from privnum.mockserver.core.applications import Application
from privnum.mockserver.core.ids import Ids
from privnum.mockserver.core.timestamps import iso
from privnum.mockserver.pushes import outbox
from privnum.mockserver.pushes.outbox import Outbox, Push
from privnum.suites.mutation.model import Bug, operator
from privnum.suites.mutation.operators.code import replace, wrap

if TYPE_CHECKING:
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


def _send_all_to(name: str) -> Operator:
    """Send events and CDRs to one address."""

    def send(right: Any, box: Outbox, app: Application, kind: str, url: str, body: bytes, **where: Any) -> None:
        right(box, app, kind, getattr(app, name) or url, body, **where)

    return wrap(Outbox, "send", send)


def _repeat_after(*minutes: int) -> Operator:
    return replace(outbox, "RETRY_MINUTES", minutes)


def _ignore_late_success(record: Any, box: Outbox, push: Push, *given: Any) -> None:
    """Do not notice a success after a failure."""
    succeeded, late = Outbox._succeeded, bool(push.attempts)
    with patch.object(Outbox, "_succeeded", lambda *asked: not late and succeeded(*asked)):
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
        replace(outbox, "iso", _in_china),
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
        "token-order",
        "COM-PUSH-007",
        "Created stands before Nonce.",
        _replace_in_headers('(Nonce="[^"]*")(, ?)(Created="[^"]*")', r"\3\2\1"),
    ),
)
