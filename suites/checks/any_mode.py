"""What rules of all modes are tried on: a plain binding and its calls, of AXB or, where that is not checked, of AXE."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.assertions import claim_success, completed_call, set_up_succeeds
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.runner.mode_context import ModeContext
    from privnum.suites.target.config import App

__all__ = ["AnyBinding", "AnyMode", "any_mode", "served"]


@dataclass(frozen=True, slots=True)
class AnyBinding:
    """A binding: `body` brought it, `there` selects it by its X, calls of `caller` are put through by `plan`."""

    x: str
    sub: str
    users: tuple[str, ...]
    body: Mapping[str, Any]
    there: Mapping[str, str]
    caller: str
    answer: Answer
    plan: Mapping[str, Any] = field(default_factory=dict)


class AnyMode(ABC):
    """The operations of one mode, with fresh users wherever somebody is bound or calls; `sign` is that of a request."""

    mode: str
    users: tuple[str, ...]
    """Fields of a bind that hold users."""
    x_field: str
    optional: tuple[str, ...]
    """Fields that a bind and a modify may have."""
    at_bind: tuple[str, ...]
    """Fields that a bind alone may have."""
    modifiable_users: tuple[str, ...] = ()
    narrowing: tuple[str, ...] = ()
    """Parameters that a query may have besides selectors."""
    misfits: tuple[Mapping[str, Any], ...]
    """Fields of a bind with values that there are not."""
    lifetime: str
    """The field of a bind that holds the lifetime."""
    unknown: str
    """The code for a binding that there is not."""

    def __init__(self, context: CheckContext) -> None:
        self.context = context

    @property
    def side(self) -> ModeContext:
        """The mode's side of the context."""
        return self.context.of(self.mode)

    @property
    def app(self) -> App:
        """The application that is tried. Raises NotExercised without one."""
        return self.side.app

    @property
    def one_cdr(self) -> str:
        """The rule that a call has a CDR."""
        return f"{self.mode}-CDR-001"

    @property
    def path(self) -> str:
        """A path of the API."""
        return OPERATIONS[self.side.mode.operation("query")].path

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def ask(self, operation: str, *, app: App | None = None, **more: Any) -> Answer:
        """CheckContext.request with the operation and the application of this mode."""
        return self.context.request(self.side.mode.operation(operation), app=app or self.app, **more)

    def body(self, app: App | None = None, **fields: Any) -> dict[str, Any]:
        """A bind of fresh users on the first X."""
        users = {name: self.context.user() for name in self.users if name not in fields}
        return users | {self.x_field: (app or self.app).numbers[0].number} | fields

    # `app` is not typed in these, so that fields can be given as **mapping.

    def bind(self, *, app: Any = None, sign: Any = None, **fields: Any) -> Answer:
        """Bind fresh users on the first X."""
        return self.ask("bind", body=self.body(app, **fields), app=app, sign=sign)

    def again(self, tie: AnyBinding, *, app: App | None = None) -> Answer:
        """The bind of that binding once more."""
        return self.ask("bind", body=tie.body, app=app)

    def query(self, *, app: Any = None, sign: Any = None, **query: Any) -> Answer:
        """Query with these parameters."""
        return self.ask("query", query=query, app=app, sign=sign)

    def modify(self, sub: str, *, app: App | None = None, sign: Any = None, **fields: Any) -> Answer:
        """Modify that binding: something harmless, unless `fields` say what."""
        return self.ask("modify", body={"subscriptionId": sub} | (fields or self.change()), app=app, sign=sign)

    def unbind(self, *, app: Any = None, sign: Any = None, **query: Any) -> Answer:
        """Unbind with these parameters."""
        return self.ask("unbind", query=query, app=app, sign=sign)

    @abstractmethod
    def change(self) -> dict[str, Any]:
        """A harmless change, that a query shows."""

    def there(self, x: str) -> dict[str, str]:
        """What selects something on `x`, whatever it be."""
        return {self.x_field: x}

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def tie(self, *, app: App | None = None, by: str | None = None, **fields: Any) -> AnyBinding:
        """Bind fresh users. A refusal breaks the rule `by`, if given.

        Raises SetUpFailed where the check is not about that, NotExercised where a refusal fails nobody.
        """
        body = self.body(app, **fields)
        answer = self.ask("bind", body=body, app=app)
        if not set_up_succeeds(self.context, by, f"{self.mode}-BIND-001", answer, f"bind on {body[self.x_field]}"):
            raise NotExercised(f"the bind that the check stands on was answered with {answer.key}")
        return self.tied(body, answer)

    @abstractmethod
    def tied(self, body: Mapping[str, Any], answer: Answer) -> AnyBinding:
        """What a bind brought that succeeded."""

    @abstractmethod
    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        """The bindings that a query shows."""

    def shown(self, answer: Answer) -> list[str]:
        """Their ids."""
        return [str(info.get("subscriptionId")) for info in self.infos(answer)]

    def left(self, tie: AnyBinding) -> dict[str, dict[str, Any]]:
        """What a query by X shows now, by subscriptionId: all that is on X, or in AXE the one of the extension."""
        return {str(info.get("subscriptionId")): info for info in self.infos(self.query(**tie.there))}

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def through(self, tie: AnyBinding, **plan: Any) -> CallView:
        """A finished call that was put through."""
        return completed_call(self.context, tie.caller, tie.x, **{**tie.plan, **plan})

    def begun(self, tie: AnyBinding) -> CallView:
        """A call that is answered 7 seconds later at the latest."""
        return self.context.call(tie.caller, tie.x, **tie.plan)

    def refused_call(self) -> CallView:
        """A stranger's call, which reaches nobody; where he is asked for something he gives up. It has ended."""
        call = self.context.call(self.context.user(), self.app.numbers[0].number)
        return call if call.state == "ended" else self.context.hang_up(call)


class _AXB(AnyMode):
    mode, unknown = "AXB", "1012007"
    users = modifiable_users = ("callerNum", "calleeNum")
    x_field = "relationNum"
    optional = (
        "callDirection",
        "duration",
        "recordFlag",
        "maxDuration",
        "lastMinVoice",
        "privateSms",
        "preVoice",
        "userData",
    )
    at_bind = ("areaCode", "areaMatchMode", "recordHintTone")
    narrowing = ("callerNum", "calleeNum", "pageIndex", "pageSize")
    misfits = ({"callDirection": 7}, {"duration": -1})
    lifetime = "duration"

    def change(self) -> dict[str, Any]:
        return {"callDirection": 1}

    def tied(self, body: Mapping[str, Any], answer: Answer) -> AnyBinding:
        users = (str(body["callerNum"]), str(body["calleeNum"]))
        x = str(body[self.x_field])
        return AnyBinding(x, str(answer["subscriptionId"]), users, body, self.there(x), users[0], answer)

    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        return answer.items("relationNumList")


class _AXE(AnyMode):
    mode, unknown = "AXE", "1016001"
    users = ("bindNum",)
    x_field = "virtualNum"
    optional = (
        "displayNumMode",
        "recordFlag",
        "recordHintTone",
        "callbackTone",
        "callbackNum",
        "timeUnit",
        "bindExpiredTime",
        "callbackExpiredTime",
    )
    at_bind = ("areaCode", "areaMatchMode", "extendNum", "userData")
    misfits = ({"timeUnit": "7"}, {"bindExpiredTime": -1})
    lifetime = "bindExpiredTime"

    def change(self) -> dict[str, Any]:
        return {"callbackNum": self.context.user()}

    def tied(self, body: Mapping[str, Any], answer: Answer) -> AnyBinding:
        a, x, extension = str(body["bindNum"]), str(body[self.x_field]), str(answer["extendNum"])
        there = {self.x_field: x, "extendNum": extension}
        sub, plan = str(answer["subscriptionId"]), {"digits": [extension]}
        return AnyBinding(x, sub, (a,), body, there, self.context.user(), answer, plan)

    def there(self, x: str) -> dict[str, str]:
        return {self.x_field: x, "extendNum": "1" * self.app.extension_digits}

    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        return [dict(answer.body or {})] if answer.ok else []


_OF_MODE: Mapping[str, type[AnyMode]] = {"AXB": _AXB, "AXE": _AXE}

OF_KEYS = ("1010003", "1010004", "1010008", "1010010", "1010013", "1010029", "1020166", "1020176")
"""Codes, beside those that begin with 1023, by which a request is refused for how it is signed, or by whom."""


def served(context: CheckContext, requirement: str, bind: Answer, what: str) -> None:
    """Claim that a bind is served in the form that it has, as a plain one is.

    Raises SetUpFailed where it is refused for another reason than its form, and so is a plain one.
    """
    of_form = bind.status == 401 or (bind.code or "").startswith("1023") or bind.code in OF_KEYS
    if not bind.ok and not of_form:
        any_mode(context).tie()
    claim_success(context, requirement, bind, what)


def any_mode(context: CheckContext) -> AnyMode:
    """The mode of the target in which rules of all modes are tried."""
    return _OF_MODE[context.session.plain_mode](context)
