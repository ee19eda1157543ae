"""One mode's side of a check's context: its applications and its requests."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.base.claims import NotExercised
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.target.capabilities import main_application
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App
    from privnum.suites.target.modes import Mode

__all__ = ["NOT_PUBLIC", "ModeContext"]

NOT_PUBLIC = ""
"""In place of a requirement: what the field holds is not checked."""

_WORDS = {2: "two_x", 3: "three_x", 6: "six_x"}
"""What an application lacks that has fewer X."""


class ModeContext:
    """What the modes share.

    `runner/modes` has a class for each, with what is its own.
    """

    name: ClassVar[str]
    answer_rules: ClassVar[Mapping[str, tuple[tuple[str, str], ...]]] = {}
    """Whose rule it is that a field of a successful answer has its type, by operation: the first pattern that fits."""
    may_be_empty: ClassVar[frozenset[str]] = frozenset()
    """Operations of which a success with nothing in it breaks one rule where the binding is there, and another where it
    is not: the checks know which."""

    def __init__(self, context: CheckContext) -> None:
        self._context = context

    @property
    def mode(self) -> Mode:
        """What is known of the mode."""
        return MODES[self.name]

    @classmethod
    def rule_of_field(cls, operation: str, field: str) -> str:
        """Return the rule that gives a field of a successful answer its type.

        NOT_PUBLIC where nothing is known of it.
        """
        rules = cls.answer_rules.get(operation, ())
        return next((id_ for pattern, id_ in rules if re.fullmatch(pattern, field)), "COM-ENV-001")

    # ── applications ─────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def apps(self) -> list[App]:
        """Every application of the mode."""
        return [app for app in self._context.environment.apps if app.mode == self.name]

    @property
    def app(self) -> App:
        """The application that checks use.

        Raises NotExercised without one, and where the mode is not checked.
        """
        found = main_application(self._context.environment.apps, self.name)
        if found is None or self.name not in self._context.session.scope:
            raise NotExercised(f"there is no {self.name} application", "application")
        return found

    @property
    def second_app(self) -> App:
        """Another application of the mode.

        Raises NotExercised where there is none.
        """
        found = next((app for app in self.apps if app is not self.app), None)
        if found is None:
            raise NotExercised(f"there is one {self.name} application only", "second_application")
        return found

    @property
    def other_mode_app(self) -> App:
        """An application of another mode. Raises NotExercised where there is none."""
        found = next((app for app in self._context.environment.apps if app.mode != self.name), None)
        if found is None:
            raise NotExercised("there is no application of another mode", "other_mode_application")
        return found

    def x(self, index: int = 0, app: App | None = None) -> str:
        """An X of `app`. Raises NotExercised where it has fewer."""
        numbers = (app or self.app).numbers
        if index >= len(numbers):
            raise NotExercised(f"the application has {len(numbers)} X numbers; number {index + 1} is needed", "two_x")
        return numbers[index].number

    def require_numbers(self, count: int, app: App | None = None) -> None:
        """Raise NotExercised where the application has fewer private numbers."""
        there = len((app or self.app).numbers)
        if there < count:
            word = next((word for least, word in _WORDS.items() if count <= least), "many_x")
            raise NotExercised(f"the application has {there} private numbers; {count} are needed", word)

    def free_x(self, app: App | None = None) -> str:
        """An X of `app` on which one more can be bound.

        The first, where an X carries many bindings.
        """
        return self.x(0, app)

    def tone(self, index: int = 0) -> str:
        """The name of an uploaded tone. Raises NotExercised where none is known."""
        tones = self.app.tones or ()
        if index >= len(tones):
            raise NotExercised(
                f"the application has {len(tones)} uploaded tones that are known; {index + 1} are needed", "tones"
            )
        return tones[index]

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def request(
        self,
        operation: str,
        *,
        app: App | None = None,
        sign: Any = None,
        content: bytes | None = None,
        raw_query: str | None = None,
        **fields: Any,
    ) -> Answer:
        """Send a request of the mode's operation, e.g. "bind".

        `fields` are its body or its query, as it has one.

        `sign` and `raw_query` are as in CheckContext.request; `content` is a body as it stands.
        """
        id_ = self.mode.operation(operation)
        part: dict[str, Any] = {"query": fields}
        if OPERATIONS[id_].place == "body":
            part = {"body": fields if content is None else content}
        return self._context.request(id_, app=app or self.app, sign=sign, raw_query=raw_query, **part)

    def modify(self, sub: str | None = None, **fields: Any) -> Answer:
        """Modify the binding of that subscriptionId, or that of `fields`."""
        selector: dict[str, Any] = {} if sub is None else {"subscriptionId": sub}
        return self.request("modify", **selector, **fields)

    def unbind(self, **query: Any) -> Answer:
        """Unbind with these query parameters."""
        return self.request("unbind", **query)

    def query(self, **query: Any) -> Answer:
        """Query with these query parameters."""
        return self.request("query", **query)
