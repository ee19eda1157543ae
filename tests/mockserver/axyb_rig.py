"""The rig with an AXYB application: `bind_a`, `bind_b`, `unbind`, `query` are those of AXYB."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from tests.mockserver.rig import A, B, Reply, Rig

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application

AXYB_PATH = "/rest/omp/xyrelationnumber/v1.0"
SHENZHEN = "0755"
NUMBERS = tuple(f"+861700000070{i}" for i in range(1, 5))
FOREIGN_AXYB_X = "+8617000000709"


def areas(*numbers: str, code: str = SHENZHEN) -> list[dict[str, str]]:
    """Return numbers of one area, as a control message has them."""
    return [{"number": number, "area_code": code} for number in numbers]


class Bound(NamedTuple):
    """What a bind answered."""

    id: str
    number: str


class AxybRig(Rig):
    """A world whose application is of mode AXYB, with four numbers; `axyb_other` is another one of that mode."""

    path = AXYB_PATH

    def __init__(self, *, assumptions: dict[str, str | int] | None = None, seed: int = 7, **app: Any) -> None:
        numbers = {"mode": "AXYB", "app_key": "axyb-key", "numbers": areas(*NUMBERS)}
        super().__init__(assumptions=assumptions, seed=seed, **{**numbers, **app})
        spec = {"mode": "AXYB", "app_key": "axyb-other", "numbers": areas(FOREIGN_AXYB_X)}
        self.axyb_other: Application = self.platform.add_application(self.world, spec)

    def send_bind(self, body: dict[str, Any], *, app: Application | None = None) -> Reply:
        key = (app or self.app).app_key
        return self.request("POST", query={"app_key": key}, body=body, app=app)

    def bind_a(self, a: str = A, *, app: Application | None = None, **more: Any) -> Reply:
        return self.send_bind({"origNum": a, "areaCode": SHENZHEN, **more}, app=app)

    def bind_b(self, binding: str, b: str = B, *, app: Application | None = None, **more: Any) -> Reply:
        return self.send_bind({"origNum": b, "subscriptionId": binding, **more}, app=app)

    def ax(self, a: str = A, **more: Any) -> Bound:
        return read_bound(self.bind_a(a, **more))

    def yb(self, binding: Bound, b: str = B, **more: Any) -> Bound:
        return read_bound(self.bind_b(binding.id, b, **more))

    def pair(self, a: str = A, b: str = B, **more: Any) -> tuple[Bound, Bound]:
        """Bind A, `more` being further fields, then a B."""
        binding = self.ax(a, **more)
        return binding, self.yb(binding, b)

    def unbind(self, *, app: Application | None = None, **query: Any) -> Reply:
        key = {"app_key": (app or self.app).app_key}
        return self.request("DELETE", query={**key, **query}, app=app)

    def query(self, *, app: Application | None = None, **query: Any) -> Reply:
        key = {"app_key": (app or self.app).app_key}
        return self.request("GET", query={**key, **query}, app=app)

    def relations(self, **query: Any) -> list[dict[str, Any]]:
        reply = self.query(**query)
        assert reply.key == "200/0", reply
        listed: list[dict[str, Any]] = reply.body["xyRelationNumList"]
        return listed

    def shown_relations(self, binding: Bound) -> set[tuple[str | None, str | None]]:
        """Return Y and B of each relation of a binding, as a query shows them."""
        return {(each.get("numY"), each.get("numB")) for each in self.relations(subscriptionId=binding.id)}

    def call_result(self, caller: str, number: str) -> tuple[str, str] | int:
        """Return whom a call reaches and what he sees, or the release cause; it is answered and hung up."""
        call_id = self.call(caller, number)
        self.advance(20)
        if self.look(call_id)["state"] != "ended":
            self.world.hang_up(call_id, "caller")
            self.deliver()
        seen = self.look(call_id)
        if seen["forwarded_to"] is None:
            cause: int = seen["release_cause"]
            return cause
        return seen["forwarded_to"], seen["displayed"]

    def person_reached(self, caller: str, number: str) -> tuple[str, str]:
        """Return whom a call reaches and what he sees; a call that reaches nobody fails the test."""
        result = self.call_result(caller, number)
        assert isinstance(result, tuple), result
        return result


def read_bound(reply: Reply) -> Bound:
    """Return id and number of a bind that succeeded."""
    assert reply.key == "200/0", reply
    return Bound(reply.body["subscriptionId"], reply.body["relationNumber"])
