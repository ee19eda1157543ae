"""The AXE side of a check's context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.base.claims import NotExercised
from privnum.suites.runner.mode_context import NOT_PUBLIC, ModeContext

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.target.config import App

__all__ = ["AxeContext"]


class AxeContext(ModeContext):
    """The AXE applications and requests of a check."""

    name = "AXE"
    answer_rules: ClassVar = {
        "axe.bind": ((r"bindExpiredTime|callbackExpiredTime", "AXE-BIND-002"), (r".*", "AXE-BIND-001")),
        "axe.query": (
            (r"bindExpiredTime|callbackExpiredTime|timeUnit", "AXE-QUERY-104"),
            (r"displayNumMode|recordFlag|recordHintTone|callbackTone|callbackNum|userData", "AXE-QUERY-003"),
            (r".*", "AXE-QUERY-001"),
        ),
        "axe.query_v2": ((r"nextCusor", "AXE-QUERY-102"), (r"result(code|desc)", "COM-ENV-001"), (r".*", NOT_PUBLIC)),
        "axe.query_count": ((r"result(code|desc)", "COM-ENV-001"), (r".*", NOT_PUBLIC)),
    }
    may_be_empty = frozenset({"axe.query"})

    @property
    def one_digit_app(self) -> App:
        """An application with the extensions 1 to 9.

        Raises NotExercised where there is none.
        """
        found = next((app for app in self.apps if app.extension_digits == 1), None)
        if found is None:
            raise NotExercised("there is no AXE application with extensions of one digit", "one_digit_extensions")
        return found

    def bind(self, a: str, x: str | None = None, extension: str | None = None, **fields: Any) -> Answer:
        """Bind with bindNum and, unless None, virtualNum and extendNum.

        `fields` are further fields of the body.
        """
        numbers: dict[str, Any] = {} if x is None else {"virtualNum": x}
        numbers |= {} if extension is None else {"extendNum": extension}
        return self.request("bind", bindNum=a, **numbers, **fields)

    def query_v2(self, **query: Any) -> Answer:
        """Query by version 2 with these query parameters."""
        return self.request("query_v2", **query)

    def query_count(self, **query: Any) -> Answer:
        """Ask for the number of bindings with these query parameters."""
        return self.request("query_count", **query)
