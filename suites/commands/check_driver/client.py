"""Sends messages to a driver; compares answers with schemas and rules.

It takes any answer.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from privnum import contracts
from privnum.suites.base.claims import NoAnswer, NotExercised, TimeOver
from privnum.suites.driver.protocol import DriverError
from privnum.suites.transport.deadline import Deadline

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.commands.check_driver.report import Sheet
    from privnum.suites.driver.protocol import Driver

__all__ = ["Asker", "Silence", "as_json"]

PATIENCE = 2
"""Messages in a row without an answer, after which no other is sent."""
_LONG = 240
_NOT_FOUND = ("unknown", "worlds.gone")
_ABSENT = frozenset({404, 405, 501})


class _Places(dict[str, str]):
    """Fills a path; what is not given stays as it stands in driver.toml."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


class Silence(Exception):
    """The driver does not answer any more, or there is no time left.

    The text says which.
    """


class Asker:
    """Sends each message as one that must succeed, or must be refused.

    The sheet gets what is wrong.
    """

    def __init__(
        self, driver: Driver, sheet: Sheet, *, over_http: bool = True, deadline: Deadline | None = None
    ) -> None:
        self._driver = driver
        self._deadline = deadline or Deadline()
        self._over_http = over_http
        self._silent = 0
        self.sheet = sheet

    def ask(
        self, operation: str, body: Any = None, *, query: str = "", may_refuse: bool = False, **places: str
    ) -> dict[str, Any] | None:
        """The reply, {} where there is none to be.

        None where it is not right, or is a refusal that is allowed.
        """
        wanted = contracts.control_operations()[operation]
        sent = self.as_sent(operation, body, query, places)
        answer = self._exchange(operation, sent, body, query, places)
        if answer is None:
            return None
        if may_refuse and 400 <= answer.status < 500:
            self._check_failure(operation, sent, answer)
            return None
        self.sheet.rows[operation].tried = True
        if answer.status != wanted.status:
            claimed = wanted.capability is not None and answer.status in _ABSENT
            basis = f"the capability {wanted.capability} is claimed" if claimed else "the message is right"
            right = f"{basis}; the status must be {wanted.status}"
            self.sheet.wrong(operation, sent, _came(answer), right, f"rule {'claimed' if claimed else 'reply'}")
            return None
        if wanted.response is None:
            return {}
        problem = _problem(wanted.response, answer)
        if problem is not None:
            self.sheet.wrong(operation, sent, _came(answer), problem, f"schema {wanted.response}")
            return None
        return answer.body

    def refuses(self, operation: str, rule: str, body: Any = None, *, query: str = "", **places: str) -> bool:
        """The message must be refused, by that rule.

        Unknown things with 404, others with any 4xx. Whether it was.
        """
        sent = self.as_sent(operation, body, query, places)
        answer = self._exchange(operation, sent, body, query, places)
        if answer is None:
            return False
        right = answer.status == 404 if rule in _NOT_FOUND else 400 <= answer.status < 500
        if not right:
            self.sheet.wrong(operation, sent, _came(answer), contracts.control_rules()[rule], f"rule {rule}")
            return not 200 <= answer.status < 300
        self._check_failure(operation, sent, answer)
        return True

    def _check_failure(self, operation: str, sent: str, answer: Answer) -> None:
        problem = _problem("driver/error", answer)
        if problem is not None:
            right = f"{contracts.control_rules()['failure']} Here: {problem}"
            self.sheet.wrong(operation, sent, _came(answer), right, "rule failure, schema driver/error")

    def breaks(self, operation: str, rule: str, sent: str, came: str, why: str = "") -> None:
        """The reply fits its schema, but not a rule."""
        right = contracts.control_rules()[rule] + (f" Here: {why}" if why else "")
        self.sheet.wrong(operation, sent, came, right, f"rule {rule}")

    def as_sent(self, operation: str, body: Any = None, query: str = "", places: dict[str, str] | None = None) -> str:
        """A message as reports show it.

        A request line and body, or the arguments of a Python driver's `perform`.
        """
        wanted = contracts.control_operations()[operation]
        text = "" if body is None else f" {body.decode() if isinstance(body, bytes) else as_json(body)}"
        if self._over_http:
            path = wanted.path.format_map(_Places(places or {}))
            return _cut(f"{wanted.method} {path}{f'?{query}' if query else ''}{text}")
        return _cut(f"{operation} {as_json(places or {})}{f' {query}' if query else ''}{text}")

    def attempt(self, operation: str, body: Any = None, **places: str) -> dict[str, Any] | None:
        """The reply to a message by which something is undone.

        None, and without a message, where it is not right.
        """
        answer = self._exchange(operation, self.as_sent(operation, body, "", places), body, "", places)
        wanted = contracts.control_operations()[operation]
        if answer is None or answer.status != wanted.status or wanted.response is None:
            return None
        return answer.body if _problem(wanted.response, answer) is None else None

    def _exchange(self, operation: str, sent: str, body: Any, query: str, places: dict[str, str]) -> Answer | None:
        try:
            self._deadline.check()
            answer = self._driver.exchange(operation, body, query=query, **places)
        except TimeOver as over:
            raise Silence(str(over)) from over
        except NotExercised as reason:
            self.sheet.skip(str(reason), operation)
            return None
        except DriverError as error:
            self.sheet.wrong(operation, sent, _cut(str(error)), contracts.control_rules()["reply"], "rule reply")
            return None
        except NoAnswer as error:
            self._silent += 1
            self.sheet.wrong(operation, sent, _cut(str(error)), contracts.control_rules()["reply"], "rule reply")
            if self._silent >= PATIENCE:
                raise Silence(f"the driver answered {PATIENCE} messages in a row with nothing") from error
            return None
        self._silent = 0
        return answer


def _problem(schema: str, answer: Answer) -> str | None:
    if answer.body is None:
        return "the body must be a JSON object."
    validator = contracts.validator(schema)
    try:
        if validator.is_valid(answer.body):
            return None
        found = validator.problems(answer.body)
    except (ValueError, RecursionError):
        found = []
    return found[0].message if found else f"it must fit schema {schema}."


def _came(answer: Answer) -> str:
    return _cut(f"{answer.status} {answer.text or 'without a body'}")


def as_json(value: Any) -> str:
    """A value as JSON on one line."""
    return _cut(orjson.dumps(value).decode())


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONG else line[:_LONG] + " …"
