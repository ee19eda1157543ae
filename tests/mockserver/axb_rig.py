"""The rig with an AXB application: `bind`, `modify`, `unbind`, `query` are those of AXB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.mockserver.rig import A, B, Reply, Rig, X

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application

AXB_PATH = "/rest/caas/relationnumber/partners/v1.0"


class AxbRig(Rig):
    """A world whose application is of mode AXB; `other_app` is another one of that mode."""

    path = AXB_PATH

    def __init__(self, **more: Any) -> None:
        super().__init__(**{"mode": "AXB", **more})

    def bind(self, a: str = A, b: str = B, x: str | None = X, *, app: Application | None = None, **more: Any) -> Reply:
        fields = {"callerNum": a, "calleeNum": b, **more}
        return self.request("POST", body=fields if x is None else {**fields, "relationNum": x}, app=app)

    def new_binding_id(self, a: str = A, b: str = B, x: str | None = X, **more: Any) -> str:
        reply = self.bind(a, b, x, **more)
        assert reply.key == "200/0", reply
        return str(reply.body["subscriptionId"])

    def modify(self, subscription_id: str, *, app: Application | None = None, **fields: Any) -> Reply:
        return self.request("PUT", body={"subscriptionId": subscription_id, **fields}, app=app)

    def unbind(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("DELETE", query=query, app=app)

    def query(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("GET", query=query, app=app)

    def shown_binding(self, subscription_id: str) -> dict[str, Any]:
        reply = self.query(subscriptionId=subscription_id)
        assert reply.key == "200/0", reply
        binding: dict[str, Any] = reply.body["relationNumList"][0]
        return binding
