"""The AXE side of a context: its applications and their requests."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.base.claims import NotExercised
from privnum.suites.target.capabilities import main_application

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["AxeContext"]


class AxeContext:
    """The AXE requests of a check. `app` and `sign` are as in CheckContext.request; the application is `app` here."""

    def __init__(self, context: CheckContext) -> None:
        self._context = context

    # ── what is there ────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def apps(self) -> list[App]:
        """Every AXE application."""
        return [app for app in self._context.environment.apps if app.mode == "AXE"]

    @property
    def app(self) -> App:
        """An AXE application, one with more than nine extensions if there is any. Raises NotExercised without one."""
        found = main_application(self._context.environment.apps, "AXE")
        if found is None:
            raise NotExercised("there is no AXE application", "application")
        return found

    @property
    def second_app(self) -> App:
        """Another AXE application. Raises NotExercised where there is none."""
        found = next((app for app in self.apps if app is not self.app), None)
        if found is None:
            raise NotExercised("there is one AXE application only", "second_application")
        return found

    @property
    def one_digit_app(self) -> App:
        """An AXE application with the extensions 1 to 9. Raises NotExercised where there is none."""
        found = next((app for app in self.apps if app.extension_digits == 1), None)
        if found is None:
            raise NotExercised("there is no AXE application with extensions of one digit", "one_digit_extensions")
        return found

    @property
    def other_mode_app(self) -> App | None:
        """An application of another mode."""
        return next((app for app in self._context.environment.apps if app.mode != "AXE"), None)

    def x(self, index: int = 0, app: App | None = None) -> str:
        """An X of `app`. Raises NotExercised where it has fewer."""
        numbers = (app or self.app).numbers
        if index >= len(numbers):
            raise NotExercised(f"the application has {len(numbers)} X numbers; number {index + 1} is needed", "two_x")
        return numbers[index].number

    def tone(self, index: int = 0) -> str:
        """The name of an uploaded tone. Raises NotExercised where none is known."""
        tones = self.app.tones or ()
        if index >= len(tones):
            raise NotExercised(f"{len(tones)} uploaded tones are known; {index + 1} are needed", "tones")
        return tones[index]

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, a: str, x: str | None = None, extension: str | None = None, **fields: Any) -> Answer:
        """axe.bind with bindNum and, unless None, virtualNum and extendNum; `fields` are further fields of the body."""
        numbers: dict[str, Any] = {} if x is None else {"virtualNum": x}
        numbers |= {} if extension is None else {"extendNum": extension}
        return self.request("axe.bind", bindNum=a, **numbers, **fields)

    def modify(self, sub: str | None = None, **fields: Any) -> Answer:
        """axe.modify of that subscriptionId, or of what `fields` select."""
        selector: dict[str, Any] = {} if sub is None else {"subscriptionId": sub}
        return self.request("axe.modify", **selector, **fields)

    def unbind(self, **query: Any) -> Answer:
        """axe.unbind with these query parameters."""
        return self.request("axe.unbind", **query)

    def query(self, **query: Any) -> Answer:
        """axe.query (v1) with these query parameters."""
        return self.request("axe.query", **query)

    def query_v2(self, **query: Any) -> Answer:
        """axe.query_v2 with these query parameters."""
        return self.request("axe.query_v2", **query)

    def query_count(self, **query: Any) -> Answer:
        """axe.query_count with these query parameters."""
        return self.request("axe.query_count", **query)

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
        """A request of the operation; `fields` are its body or its query, as it has one or the other."""
        part: dict[str, Any] = {"query": fields}
        if operation in {"axe.bind", "axe.modify"}:
            part = {"body": fields if content is None else content}
        return self._context.request(operation, app=app or self.app, sign=sign, raw_query=raw_query, **part)
