"""Makes happen what the API cannot: worlds, calls, time.

The messages are those of contracts/driver.toml.
"""

from __future__ import annotations

from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, NamedTuple
from urllib.parse import quote

import orjson

from privnum import contracts
from privnum.suites.base.claims import Stopped

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.transport.api import Transport

__all__ = ["CallView", "Driver", "DriverError", "SmsView", "moment"]


class DriverError(Stopped):
    """The driver refused a message, or its answer does not fit the schema.

    `status` is that of the refusal, if it is one.
    """

    def __init__(self, text: str, status: int | None = None) -> None:
        self.status = status
        super().__init__(contracts.mask(text))


def moment(text: str) -> datetime:
    """A time of the protocol, "2026-03-01T00:00:00Z".

    Raises DriverError for one that there is not.
    """
    return _moment(text)


@lru_cache(maxsize=4096)
def _moment(text: str) -> datetime:
    """The same times come again and again."""
    try:
        return datetime.fromisoformat(text).astimezone(UTC)
    except (ValueError, OverflowError):
        raise DriverError(f"{text!r:.60} is no time; 2026-03-01T00:00:00Z would be one") from None


class CallView(NamedTuple):
    """A call as the driver sees it.

    Times are UTC, None where it has not come to that.

    AXE's: `extension` by which it was put through, `collected` what the caller entered, `played` what he heard;
    None where the driver does not say.
    """

    id: str
    session_id: str
    mode: str
    app_key: str
    x: str
    caller: str
    called: str
    state: str
    forwarded_to: str | None
    displayed: str | None
    subscription_id: str | None
    release_cause: int | None
    started_at: datetime
    forwarded_at: datetime | None
    alerting_at: datetime | None
    answered_at: datetime | None
    ended_at: datetime | None
    extension: str | None
    collected: tuple[str, ...] | None
    played: tuple[str, ...] | None

    @classmethod
    def read(cls, message: dict[str, Any], asked: CallView | None = None) -> CallView:
        """From the protocol's message.

        Raises DriverError where it is not of the call that was `asked` for.
        """
        if asked is not None and (asked.id, asked.session_id) != (message["id"], message["session_id"]):
            came = f"{message['id']}, session {message['session_id']}"
            raise DriverError(f"asked for the call {asked.id}, session {asked.session_id}, it reports {came}")
        get = message.get
        return cls._make([read(get(name)) if read else get(name) for name, read in _READ])


class SmsView(NamedTuple):
    """An SMS as the driver sees it.

    None where it reached nobody, or the driver does not say.
    """

    id: str
    identifier: str
    state: str
    delivered_to: str | None
    displayed: str | None
    delivered_text: str | None
    result: int | None

    @classmethod
    def read(cls, message: dict[str, Any]) -> SmsView:
        """From the protocol's message."""
        return cls._make([message.get(name) for name in cls._fields])


def _time(text: str | None) -> datetime | None:
    return None if text is None else _moment(text)


def _words(words: list[str] | None) -> tuple[str, ...] | None:
    return None if words is None else tuple(words)


_READS: Mapping[str, Callable[[Any], object]] = {
    **dict.fromkeys(("started_at", "forwarded_at", "alerting_at", "answered_at", "ended_at"), _time),
    **dict.fromkeys(("collected", "played"), _words),
}
_READ = [(name, _READS.get(name)) for name in CallView._fields]
"""How each field is read from the message; None: as it stands."""


class Driver:
    """The driver protocol over any transport.

    The same messages go over HTTP and into the embedded server.
    """

    def __init__(self, transport: Transport, prefix: str = "", token: str | None = None) -> None:
        self._transport = transport
        self._prefix = prefix
        self._login = [] if token is None else [("Authorization", f"Bearer {token}")]

    def exchange(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Answer:
        """Send a message, by its id in driver.toml; return the answer as it is.

        `places` fill the path.

        `body` is what JSON can say, or bytes as they are. Raises NoAnswer if nothing comes back.
        """
        message = contracts.control_operations()[operation]
        path = _path(message, places)
        content = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
        headers = [*self._login, *([("Content-Type", "application/json")] if content else [])]
        return self._transport.request(message.method, self._prefix + path, query, headers, content)

    def send(self, operation: str, body: Any = None, *, query: str = "", **places: str) -> Any:
        """Send one message, by its id in driver.toml, and return its reply.

        `places` fill the path.

        Raises DriverError for a refusal or a reply that does not fit its schema, NoAnswer if nothing comes back.
        """
        message = contracts.control_operations()[operation]
        answer = self.exchange(operation, body, query=query, **places)
        reply = answer.body
        if answer.status != message.status:
            reason = contracts.mask(str((reply or {}).get("error") or answer.text[:400]))[:200]
            raise DriverError(
                f"{message.method} {message.path} was answered with {answer.status}: {reason}", answer.status
            )
        if message.response is not None:
            validator = contracts.validator(message.response)
            if not validator.is_valid(reply):
                problem = validator.first_problem(reply)
                reason = problem.message if problem else f"it does not fit {message.response}"
                raise DriverError(f"{message.method} {message.path} was answered wrongly: {reason:.200}")
        return reply

    def close(self) -> None:
        """Let go of connections."""
        self._transport.close()


def _path(message: contracts.ControlOperation, places: dict[str, str]) -> str:
    return message.path.format_map({name: _quote_place(place) for name, place in places.items()})


@lru_cache(maxsize=4096)
def _quote_place(place: str) -> str:
    return quote(place, safe="")
