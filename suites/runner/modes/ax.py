"""The AX side of a check's context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.runner.mode_context import ModeContext

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.target.config import App

__all__ = ["AxContext"]


class AxContext(ModeContext):
    """The AX applications and requests of a check. An X carries one binding.

    A check has X numbers for itself.
    """

    name = "AX"
    answer_rules: ClassVar = {
        "ax.bind": ((r"origNum", "AX-BIND-101"), (r".*", "AX-BIND-001")),
        "ax.query": (
            (r"privateNumList\[\d+\]\.(origNum|privateNum)", "AX-QUERY-107"),
            (r"privateNumList\[\d+\]\.subscribeTime", "AX-QUERY-002"),
            (r"privateNumList\[\d+\]\.subscriptionId", "AX-QUERY-001"),
            (r"privateNumList\[\d+\]\..*", "AX-QUERY-003"),
            (r".*", "AX-QUERY-001"),
        ),
    }

    def x(self, index: int = 0, app: App | None = None) -> str:
        """See ModeContext; of the X numbers that this check has for itself."""
        return self._context.environment.own_numbers.at(app or self.app, index)

    def free_x(self, app: App | None = None) -> str:
        """See ModeContext."""
        return self._context.environment.own_numbers.following(app or self.app)

    def bind(self, a: str, x: str | None = None, **fields: Any) -> Answer:
        """Bind with origNum and, unless None, privateNum.

        `fields` are further fields of the body.
        """
        number: dict[str, Any] = {} if x is None else {"privateNum": x}
        return self.request("bind", origNum=a, **number, **fields)

    def set_callee(self, sub: str | None, callee: str, **fields: Any) -> Answer:
        """Set the temporary callee of the binding that `fields` select.

        They may be a subscriptionId alone.
        """
        selector: dict[str, Any] = {} if sub is None else {"subscriptionId": sub}
        return self.request("set_callee", **selector, calleeNum=callee, **fields)
