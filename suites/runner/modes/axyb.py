"""The AXYB side of a check's context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.runner.mode_context import ModeContext

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.target.config import App

__all__ = ["AxybContext"]


class AxybContext(ModeContext):
    """The AXYB applications and requests of a check.

    The platform picks every X and Y, so that other checks must not bind meanwhile.
    """

    name = "AXYB"
    answer_rules: ClassVar = {
        "axyb.bind": ((r".*", "AXYB-BIND-101"),),
        "axyb.query": (
            (r"xyRelationNumList\[\d+\]\.subscribeTime", "AXYB-QUERY-002"),
            (r"xyRelationNumList\[\d+\]\.(callDirection|duration|ybDuration)", "AXYB-QUERY-104"),
            (r"xyRelationNumList\[\d+\]\.(bindId|num[AXYB])", "AXYB-QUERY-001"),
            (r"xyRelationNumList\[\d+\]\..*", "AXYB-QUERY-003"),
            (r".*", "AXYB-QUERY-001"),
        ),
    }
    may_be_empty = frozenset({"axyb.query"})

    def bind_a(self, a: str, **fields: Any) -> Answer:
        """Bind A to an X of any area.

        `fields` are further fields of the body, and None leaves one out.
        """
        body = {**self.mode.body(self.app.numbers[0], a), **fields}
        return self._bind({name: value for name, value in body.items() if value is not None})

    def bind_b(self, b: str, sub: str, **fields: Any) -> Answer:
        """Bind B to a Y of any area in that binding.

        `fields` are further fields of the body; None leaves one out.
        """
        body = {**self.body_of_b(b, sub, self.app), **fields}
        return self._bind({name: value for name, value in body.items() if value is not None})

    def body_of_b(self, b: str, sub: str, app: App) -> dict[str, Any]:
        """Return the body of a bind of B.

        Where no area is named there, which count is a choice (axyb.y_area).
        """
        return {**self.mode.body(app.numbers[0], b), "subscriptionId": sub}

    def _bind(self, body: dict[str, Any]) -> Answer:
        self._context.require_exclusive()
        return self._context.request(self.mode.operation("bind"), body=body, app=self.app)
