"""The AXB side of a check's context."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.runner.mode_context import ModeContext

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer

__all__ = ["AxbContext"]


class AxbContext(ModeContext):
    """The AXB applications and requests of a check."""

    name = "AXB"
    answer_rules: ClassVar = {
        "axb.bind": ((r"callDirection|duration|maxDuration", "AXB-BIND-002"), (r".*", "AXB-BIND-001")),
        "axb.query": (
            (r"totalCount|pageIndex|pageSize", "AXB-QUERY-103"),
            (r"relationNumList\[\d+\]\.subscribeTime", "AXB-QUERY-002"),
            (r"relationNumList\[\d+\]\.(relationNum|callerNum|calleeNum)", "AXB-QUERY-108"),
            (r"relationNumList\[\d+\]\.subscriptionId", "AXB-QUERY-001"),
            (r"relationNumList\[\d+\]\..*", "AXB-QUERY-003"),
            (r".*", "AXB-QUERY-001"),
        ),
    }

    def bind(self, a: str, b: str, x: str | None = None, **fields: Any) -> Answer:
        """Bind with callerNum, calleeNum and, unless None, relationNum.

        `fields` are further fields of the body.
        """
        number: dict[str, Any] = {} if x is None else {"relationNum": x}
        return self.request("bind", callerNum=a, calleeNum=b, **number, **fields)
