"""The rig with an AX application: `bind`, `modify`, `unbind`, `query` are those of AX, `set_callee` is AX's alone."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from tests.mockserver.rig import A, B, Reply, Rig, X

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application

AX_PATH = "/rest/provision/caas/privatenumber/v1.0"
CALLEE_PATH = "/rest/caas/privatenumber/calleenumber/v1.0"
XS = [f"+861700000010{n}" for n in range(1, 8)]
FOREIGN_AX_X = "+8617000000199"
#: An X that no application owns.
NOBODYS_X = "+8617011112222"


class AxRig(Rig):
    """A world whose application is of mode AX, with the X numbers XS and X; `ax_other` is another one of that mode."""

    path = AX_PATH

    def __init__(self, *, assumptions: dict[str, str | int] | None = None, seed: int = 7, **app: Any) -> None:
        super().__init__(assumptions=assumptions, seed=seed, **{"mode": "AX", "numbers": [X, *XS], **app})
        spec = {"mode": "AX", "app_key": "ax-other", "numbers": [FOREIGN_AX_X]}
        self.ax_other: Application = self.platform.add_application(self.world, spec)

    def bind(self, a: str | None = A, x: str | None = X, *, app: Application | None = None, **more: Any) -> Reply:
        fields = {"origNum": a, "privateNum": x, **more}
        body = {name: value for name, value in fields.items() if value is not None}
        return self.request("POST", body=body, app=app)

    def new_binding_id(self, a: str = A, x: str | None = X, **more: Any) -> str:
        reply = self.bind(a, x, **more)
        assert reply.key == "200/0", reply
        return str(reply.body["subscriptionId"])

    def modify(self, subscription_id: str | None = None, *, app: Application | None = None, **fields: Any) -> Reply:
        selector = {} if subscription_id is None else {"subscriptionId": subscription_id}
        return self.request("PUT", body={**selector, **fields}, app=app)

    def unbind(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("DELETE", query=query, app=app)

    def query(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("GET", query=query, app=app)

    def shown_binding(self, subscription_id: str) -> dict[str, Any]:
        reply = self.query(subscriptionId=subscription_id)
        assert reply.key == "200/0", reply
        (binding,) = reply.body["privateNumList"]
        return dict(binding)

    def x_of(self, a: str = A) -> list[str]:
        """The X of an A, as a query shows them."""
        reply = self.query(origNum=a)
        return [one["privateNum"] for one in reply.body["privateNumList"]] if reply.key == "200/0" else []

    def set_callee(
        self, callee: str | None = B, x: str | None = X, *, app: Application | None = None, **more: Any
    ) -> Reply:
        fields = {"privateNum": x, "calleeNum": callee, **more}
        body = {name: value for name, value in fields.items() if value is not None}
        return self.request("PUT", path=CALLEE_PATH, body=body, app=app)

    def call_result(self, caller: str, x: str = X) -> str | int:
        """Let somebody dial X and hang up at once; return whom that reached, or the release cause."""
        call = self.look(self.call(caller, x))
        to: str | None = call["forwarded_to"]
        if call["state"] != "ended":
            self.world.hang_up(call["id"], "caller")
            self.deliver()
        return call["release_cause"] if to is None else to
