"""The rig with an AXE application: `bind`, `modify`, `unbind`, `query` are those of AXE, `dial` enters digits."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.mockserver.modes.axe.bindings import extensions_of
from tests.mockserver.rig import X2, A, Reply, Rig, X

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.modes.axe.bindings import Extensions

AXE_PATH = "/rest/caas/extendnumber/v1.0"
LIST_PATH = "/rest/caas/extendnumber/v2.0"
COUNT_PATH = "/rest/caas/virtualnumber/v1.0"
FOREIGN_AXE_X = "+8617000000019"


class AxeRig(Rig):
    """A world whose application is of mode AXE; `axe_other` is another one of that mode."""

    path = AXE_PATH

    def __init__(self, *, assumptions: dict[str, str | int] | None = None, seed: int = 7, **app: Any) -> None:
        super().__init__(assumptions=assumptions, seed=seed, **{"mode": "AXE", **app})
        spec = {"mode": "AXE", "app_key": "axe-other", "numbers": [FOREIGN_AXE_X]}
        self.axe_other: Application = self.platform.add_application(self.world, spec)

    def bind(self, a: str | None = A, x: str | None = X, *, app: Application | None = None, **more: Any) -> Reply:
        body = {"bindNum": a, **({} if x is None else {"virtualNum": x}), **more}
        return self.request("POST", body=body, app=app)

    def new_binding_id(self, a: str = A, x: str | None = X, **more: Any) -> str:
        return str(self.new_binding_fields(a, x, **more)["subscriptionId"])

    def new_binding_fields(self, a: str = A, x: str | None = X, **more: Any) -> dict[str, Any]:
        reply = self.bind(a, x, **more)
        assert reply.key == "200/0", reply
        return reply.body

    def modify(self, subscription_id: str | None = None, *, app: Application | None = None, **fields: Any) -> Reply:
        selector = {} if subscription_id is None else {"subscriptionId": subscription_id}
        return self.request("PUT", body={**selector, **fields}, app=app)

    def must_modify(self, subscription_id: str, **fields: Any) -> None:
        reply = self.modify(subscription_id, **fields)
        assert reply.key == "200/0", reply

    def unbind(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("DELETE", query=query, app=app)

    def query(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("GET", query=query, app=app)

    def list_bindings(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("GET", path=LIST_PATH, query=query, app=app)

    def count_bindings(self, *, app: Application | None = None, **query: Any) -> Reply:
        return self.request("GET", path=COUNT_PATH, query=query, app=app)

    def shown_binding(self, subscription_id: str) -> dict[str, Any]:
        reply = self.query(subscriptionId=subscription_id)
        assert reply.key == "200/0", reply
        return reply.body

    def alive(self, subscription_id: str) -> bool:
        return self.query(subscriptionId=subscription_id).key == "200/0"

    def held_extensions(self, x: str = X) -> Extensions:
        extensions = extensions_of(self.world.numbers[x])
        assert extensions is not None
        return extensions

    def dial(  # who dials X, and what he enters
        self, caller: str, digits: str | list[str] | None = None, x: str = X, *, wait: int = 0, **message: Any
    ) -> str:
        """Place a call and let `wait` seconds pass; return its id."""
        called = self.world.place_call({"caller": caller, "called": x, "digits": digits, **message})
        self.deliver()
        if wait:
            self.advance(wait)
        return called.id

    def call_result(self, caller: str, digits: str | list[str] | None = None, x: str = X) -> str | int | None:
        """Return whom a call reaches, or the release cause that it ends with; the callee answers and it ends."""
        call_id = self.dial(caller, digits, x, wait=20)
        seen = self.look(call_id)
        if seen["state"] != "ended":
            self.world.hang_up(call_id, "caller")
            self.deliver()
        to: str | None = seen["forwarded_to"]
        return to if to is not None else seen["release_cause"]


__all__ = ["AXE_PATH", "COUNT_PATH", "FOREIGN_AXE_X", "LIST_PATH", "X2", "AxeRig"]


def world(**more: Any) -> AxeRig:
    """Return a world in which A has extension 0042 on X."""
    rig = AxeRig(**more)
    rig.new_binding_id(A, extendNum="0042", bindExpiredTime=0)
    return rig
