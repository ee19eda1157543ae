"""What is AXYB's own in a binding.

A on an X, and a B of his on a Y, each by a bind.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.axyb.invalid_requests import RECORDED, TONES, WRONGS
from privnum.suites.checks.bindings.binding import AnyBinding, Route
from privnum.suites.checks.bindings.profile import BindingProfile
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["AxybBindings", "Relation"]

OF_B = ("numB", "preVoiceY")
"""Of the fields that a check may give, those that the bind of B has."""


@dataclass(frozen=True, slots=True)
class Relation(AnyBinding):
    """A binding with one B; `y` is his, `body` that of his bind."""

    y: str


class AxybBindings(BindingProfile):
    """Bindings of AXYB. A check gives its users as a query shows them.

    numA and numB.
    """

    mode, not_found, not_bound_cause = "AXYB", None, 8030
    plain_bind = "BIND-101"
    optional = ()
    at_bind = (
        *("callDirection", "duration", "ybDuration", "recordFlag", "recordHintTone"),
        *("preVoiceX", "preVoiceY", "userData"),
    )
    misfits = ({"callDirection": 7}, {"duration": -1})
    wrongs = WRONGS
    lifetime = "duration"
    lifetimes, endless = (60, 7776000), ({"duration": 0},)
    codes: ClassVar[Mapping[str, str]] = {"BIND-015": "1010002", "BIND-030": "1010002"}
    tones = TONES
    known_by = ()
    beside_tones = RECORDED

    def __init__(self, context: CheckContext) -> None:
        super().__init__(context)
        self._held: dict[str, tuple[str, str]] = {}
        """A and X by the id of a binding that is there."""

    @classmethod
    def user_fields(cls) -> tuple[str, ...]:
        """See BindingProfile."""
        return ("numA", "numB")

    # ── binding ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def body(self, app: Any = None, **fields: Any) -> dict[str, Any]:
        """Return the bind of an A, or with fields of B that of a B.

        A is bound first, where it is that of a B.
        """
        fields.pop(self.x_field, None)
        if any(fields.get(name) is not None for name in OF_B):
            first = self._bind_a(app or self.app)
            if not first.ok:
                raise NotExercised(f"the bind of A was answered with {first.key}")
            b = fields.pop("numB", None) or self.context.user()
            own = {name: value for name, value in fields.items() if name not in RECORDED}
            return {**self._body_of_b(b, str(first["subscriptionId"]), app), **own}
        a = fields.pop("numA", None) or fields.pop("origNum", None) or self.context.user()
        return {**self.side.mode.body((app or self.app).numbers[0], a), **fields}

    def bind_by_area(self, **fields: Any) -> Answer:
        """See BindingProfile."""
        self.context.require_exclusive()
        return self.ask("bind", body={"origNum": self.context.user(), **fields})

    def try_bind(self, *, app: Any = None, **fields: Any) -> tuple[Answer, AnyBinding | None]:
        """See BindingProfile; with subscriptionId it is the bind of a B."""
        if "subscriptionId" not in fields:
            of_b = {name: fields.pop(name) for name in OF_B if name in fields}
            first = self._bind_a(app or self.app, **fields)
            if not first.ok:
                return first, None
            b = of_b.pop("numB", None) or self.context.user()
            fields = {**self._body_of_b(b, str(first["subscriptionId"]), app), **of_b}
        fields = {name: value for name, value in fields.items() if name not in RECORDED}
        answer = self.ask("bind", body=fields, app=app)
        return answer, self.read(fields, answer) if answer.ok else None

    def _body_of_b(self, b: str, sub: str, app: App | None = None) -> dict[str, Any]:
        return self.context.axyb.body_of_b(b, sub, app or self.app)

    def _bind_a(self, app: App, **fields: Any) -> Answer:
        """Bind an A. Raises NotExercised where no private number is left."""
        self.context.require_exclusive()
        body = self.body(app, **fields)
        answer = self.ask("bind", body=body, app=app)
        if answer.ok:
            self._held[str(answer["subscriptionId"])] = (body["origNum"], str(answer["relationNumber"]))
        else:
            self.side.require_numbers(len(self._held) + 2, app)
        return answer

    def read(self, body: Mapping[str, Any], answer: Answer) -> Relation:
        """See BindingProfile; the bind of an A goes on with that of a B."""
        if "subscriptionId" not in body:
            sub = str(answer["subscriptionId"])
            self._held[sub] = (str(body["origNum"]), str(answer["relationNumber"]))
            body = self._body_of_b(self.context.user(), sub)
            answer = self.ask("bind", body=body)
            self.stands(None, answer, "bind of a B")
        sub, y = str(body["subscriptionId"]), str(answer["relationNumber"])
        a, x = self._held[sub]
        return Relation(x, sub, (a, str(body["origNum"])), body, self.there(x), answer, y)

    def unbind(self, *, app: Any = None, sign: Any = None, **query: Any) -> Answer:
        """Unbind with these parameters."""
        answer = super().unbind(app=app, sign=sign, **query)
        if answer.ok and query.keys() == {"subscriptionId"}:
            self._held.pop(query["subscriptionId"], None)
        return answer

    def x_of(self, answer: Answer) -> Any:
        """See BindingProfile."""
        return answer["relationNumber"]

    def is_entered(self, answer: Answer) -> bool:
        """See BindingProfile; it need not be shown before a B has a Y."""
        second = self.ask("bind", body=self._body_of_b(self.context.user(), str(answer["subscriptionId"])))
        return second.ok and self.query(**self.there(self.x_of(answer))).ok

    def let_go(self, answer: Answer) -> None:
        """See BindingProfile."""
        self.unbind(subscriptionId=answer["subscriptionId"])

    def dissolving(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        return ({"subscriptionId": binding.sub},)

    def unbind_by_number(self, binding: AnyBinding) -> Mapping[str, str]:
        """See BindingProfile."""
        return {"subscriptionId": binding.sub, "yNum": self.y_of(binding)}

    def with_empty(self, binding: AnyBinding) -> Mapping[str, str]:
        """See BindingProfile."""
        return {"subscriptionId": binding.sub, "yNum": "", "bNum": ""}

    def anew(self, binding: AnyBinding) -> Mapping[str, Any]:
        """See BindingProfile."""
        return self.users_as_fields(binding.users)

    def in_the_way(self, body: Mapping[str, Any]) -> Sequence[str]:
        """See BindingProfile; the platform takes any."""
        del body
        return [x.number for x in self.app.numbers]

    # ── looking ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        """See BindingProfile."""
        return answer.items("xyRelationNumList")

    def key(self, binding: AnyBinding) -> str:
        """See BindingProfile; what bindId is no page says."""
        return f"{binding.x} {self.y_of(binding)}"

    def key_shown(self, info: Mapping[str, Any]) -> str:
        """See BindingProfile. Raises NotExercised where a query shows no X.

        No source says that a query must show it.
        """
        if not self.is_shown(info, "numX"):
            raise NotExercised("a query does not show the X of a binding, by which it would be known")
        return f"{info['numX']} {info.get('numY')}"

    def fixed_fields(self, binding: AnyBinding) -> dict[str, str]:
        """See BindingProfile."""
        return {"numX": binding.x, "numY": self.y_of(binding)}

    def incomplete(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        y, b = self.y_of(binding), binding.users[1]
        return ({}, {"subscriptionId": ""}, {"yNum": y}, {"bNum": b}, {"subscriptionId": "", "yNum": y, "bNum": b})

    def raw_query(self, query: str) -> str:
        """See BindingProfile."""
        return f"app_key={self.app.key}&{query}"

    # ── calling ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def lasting(self, seconds: int) -> tuple[dict[str, Any], int]:
        """See BindingProfile."""
        return {"duration": max(seconds, self.lifetimes[0])}, max(seconds, self.lifetimes[0])

    def routes(self, binding: AnyBinding) -> Sequence[Route]:
        """See BindingProfile."""
        a, b = binding.users
        return (Route(b, binding.x, a, {}), Route(a, self.y_of(binding), b, {}))

    def refused_call(self) -> CallView:
        """See BindingProfile; the stranger calls a number bound to nobody.

        See BindingProfile; X would take a stranger, so he calls a number that is bound to nobody.
        """
        taken = {x for _, x in self._held.values()}
        free = [x.number for x in self.app.numbers if x.number not in taken]
        return self.context.call(self.context.user(), free[-1])

    @staticmethod
    def y_of(binding: AnyBinding) -> str:
        """Return the Y of the binding's B."""
        assert isinstance(binding, Relation)
        return binding.y
