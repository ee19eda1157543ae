"""What bindings are checked with in a mode.

Fields, selectors, who is reached, and the requests of a check.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from privnum import contracts
from privnum.suites.checks.assertions import (
    cdr_of,
    claim_put_through,
    claim_refusal,
    claim_success,
    completed_call,
    known_fields,
    set_up_succeeds,
)
from privnum.suites.checks.bindings.binding import differences
from privnum.suites.checks.bindings.options import BindingOptions
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.runner.call_timing import collection_seconds, wait_for_state
from privnum.suites.runner.check import NotExercised
from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.binding import AnyBinding, Route, Shown
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.mode_context import ModeContext
    from privnum.suites.target.config import App

__all__ = ["BindingProfile"]

PROMPTS = 11
"""As often as any application asks for digits."""
ENVELOPE = ("resultcode", "resultdesc")


class BindingProfile(BindingOptions):
    """Bindings of one mode.

    Checks of bindings/ and common/ know the mode by this alone.

    To what the mode says come its requests, and the claims that they were served.
    """

    # ── the mode ─────────────────────────────────────────────────────────────────────────────────────────────────────

    @property
    def side(self) -> ModeContext:
        """The mode's side of the context."""
        return self.context.of(self.mode)

    @property
    def app(self) -> App:
        """The application that is tried. Raises NotExercised without one."""
        return self.side.app

    @property
    def users(self) -> tuple[str, ...]:
        """Fields that hold users."""
        return self.user_fields()

    @classmethod
    def has(cls, operation: str) -> bool:
        """Return whether the mode has that operation, such as modify."""
        return MODES[cls.mode].operation(operation) in OPERATIONS

    @property
    def x_field(self) -> str:
        """The field of a bind that holds X."""
        return self.side.mode.x_field

    @property
    def path(self) -> str:
        """A path of the API."""
        return OPERATIONS[self.side.mode.operation("query")].path

    @classmethod
    def rule(cls, family: str) -> str:
        """Return the id of a rule in this mode; a whole id is given back as it is."""
        return family if family in contracts.requirements() else f"{cls.mode}-{family}"

    @classmethod
    def has_rule(cls, family: str) -> bool:
        """Return whether the mode has that rule."""
        return f"{cls.mode}-{family}" in contracts.requirements()

    def x_of(self, answer: Answer) -> Any:
        """Return the X that the answer to a bind names."""
        return answer[self.x_field]

    def is_entered(self, answer: Answer) -> bool:
        """Return whether a query shows the binding of a bind that succeeded."""
        return answer["subscriptionId"] in self.shown_keys(self.query(subscriptionId=answer["subscriptionId"]))

    def there(self, x: str) -> dict[str, str]:
        """Return what selects something on `x`, whatever it be."""
        return {self.x_field: x}

    def fixed_fields(self, binding: AnyBinding) -> dict[str, str]:
        """Return what no modify changes, as a query shows it."""
        return {"subscriptionId": binding.sub, self.x_field: binding.x}

    def in_the_way(self, body: Mapping[str, Any]) -> Sequence[str]:
        """Return the private numbers without which the bind of that body has none."""
        return (str(body[self.x_field]),)

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    # `app` is not typed in these, so that fields can be given as **mapping.

    def ask(self, operation: str, *, app: App | None = None, **more: Any) -> Answer:
        """CheckContext.request for an operation and application of this mode."""
        return self.context.request(self.side.mode.operation(operation), app=app or self.app, **more)

    def body(self, app: Any = None, **fields: Any) -> dict[str, Any]:
        """Return a bind of fresh users, on an X that can carry one more."""
        users = {name: self.context.user() for name in self.users if name not in fields}
        return users | {self.x_field: self.side.free_x(app)} | fields

    def users_as_fields(self, users: Sequence[str]) -> dict[str, str]:
        """Return these users as fields of a bind."""
        return dict(zip(self.users, users, strict=True))

    def bind(self, *, app: Any = None, sign: Any = None, **fields: Any) -> Answer:
        """Bind fresh users, on an X that can carry one more."""
        return self.ask("bind", body=self.body(app, **fields), app=app, sign=sign)

    def bind_by_area(self, **fields: Any) -> Answer:
        """Bind fresh users without X."""
        body = self.body(**self.beside_area, **fields)
        del body[self.x_field]
        return self.ask("bind", body=body)

    def again(self, binding: AnyBinding, *, app: Any = None, **fields: Any) -> Answer:
        """The bind of that binding once more."""
        return self.ask("bind", body={**binding.body, **fields}, app=app)

    def query(self, *, app: Any = None, sign: Any = None, **query: Any) -> Answer:
        """Query with these parameters."""
        return self.ask("query", query=query, app=app, sign=sign)

    def modify(self, sub: str, *, app: Any = None, sign: Any = None, **fields: Any) -> Answer:
        """Modify that binding: something harmless, unless `fields` say what."""
        return self.ask("modify", body={"subscriptionId": sub} | (fields or self.change()), app=app, sign=sign)

    def unbind(self, *, app: Any = None, sign: Any = None, **query: Any) -> Answer:
        """Unbind with these parameters."""
        return self.ask("unbind", query=query, app=app, sign=sign)

    # ── bindings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def bind_users(self, *, app: Any = None, by: str | None = None, **fields: Any) -> AnyBinding:
        """Bind fresh users. A refusal breaks the rule `by`, if given.

        Raises SetUpFailed where the check is not about that, NotExercised where a refusal fails nobody.
        """
        answer, binding = self.try_bind(app=app, **fields)
        self.stands(None if by is None else self.rule(by), answer, f"bind with {sorted(fields) or 'nothing special'}")
        assert binding is not None
        return binding

    def try_bind(self, *, app: Any = None, **fields: Any) -> tuple[Answer, AnyBinding | None]:
        """Bind fresh users.

        Return the answer, and what it brought where it is a success.
        """
        body = self.body(app, **fields)
        answer = self.ask("bind", body=body, app=app)
        return answer, self.read(body, answer) if answer.ok else None

    def stands(self, rule: str | None, answer: Answer, what: str) -> None:
        """Claim that a bind succeeded that a check stands on.

        Raises SetUpFailed and NotExercised as `bind_users`.
        """
        if not set_up_succeeds(self.context, rule, f"{self.mode}-{self.plain_bind}", answer, what):
            raise NotExercised(f"the bind that the check stands on was answered with {answer.key}")

    def shown_keys(self, answer: Answer) -> list[str]:
        """Return by what the bindings are known that a query shows."""
        return [self.key_shown(info) for info in self.infos(answer)]

    def left(self, binding: AnyBinding) -> Shown:
        """Return what a query by X shows now.

        All that is on X, or the one binding that its selector means.
        """
        return self._shown_bindings(binding.there, None)

    def _shown_bindings(self, query: Mapping[str, str], app: App | None) -> Shown:
        """What a query shows, but for fields that no document names.

        They may change at will.
        """
        known = known_fields(self.side.mode.operation("query"), self.query(app=app, **query))
        return {self.key_shown(info): _without_envelope(info) for info in self.infos(known)}

    def info(self, rule: str, binding: AnyBinding, **query: str) -> dict[str, Any]:
        """Return what a query shows of a binding that must be there.

        By its id unless `query` says how.
        """
        answer = known_fields(
            self.side.mode.operation("query"), self.query(**(query or {"subscriptionId": binding.sub}))
        )
        found = [info for info in self.infos(answer) if self.key_shown(info) == self.key(binding)]
        message = f"query by {sorted(query) or 'its id'}: expected {binding.sub}, came {answer.key} {answer.desc}"
        self.context.expect(self.rule(rule), len(found) == 1, message)
        return _without_envelope(found[0]) if found else {}

    # ── claims ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def claim(self, rule: str, ok: bool, message: str) -> None:
        """Say whether a rule of the mode was kept."""
        self.context.claim(self.rule(rule), ok, message)

    def succeeds(self, rule: str, answer: Answer, what: str) -> bool:
        """Claim that a request succeeded; return whether it did."""
        return claim_success(self.context, self.rule(rule), answer, what)

    def claim_refused(self, rule: str, answer: Answer, what: str) -> None:
        """Claim that a request was refused, with the rule's code if it has one."""
        claim_refusal(self.context, self.rule(rule), answer, what, self.codes.get(rule))

    def claim_not_found(self, rule: str, answer: Answer, what: str) -> None:
        """Claim that a request was refused as there is no such binding."""
        claim_refusal(self.context, self.rule(rule), answer, what, self.not_found)

    def is_there(self, rule: str, binding: AnyBinding, when: str) -> None:
        """Claim that the binding is there, for a query by id and by X."""
        for query in ({"subscriptionId": binding.sub}, binding.there):
            answer = self.query(**query)
            ok = self.key(binding) in self.shown_keys(answer)
            self.claim(rule, ok, f"{when}: expected {binding.sub}, a query by {sorted(query)} gives {answer.key}")

    def is_gone(self, rule: str, binding: AnyBinding, when: str) -> None:
        """Claim that the binding is gone, for a query by id and by X."""
        for query in ({"subscriptionId": binding.sub}, binding.there):
            ok = self.key(binding) not in self.shown_keys(self.query(**query))
            self.claim(rule, ok, f"{when}: a query by {sorted(query)} still shows {binding.sub}")

    def is_shown(self, info: Mapping[str, Any], name: str) -> bool:
        """Claim that a query shows a field that it need not show.

        Return whether it does.
        """
        there = info.get(name) not in (None, "")
        self.claim(self.unshown.get(name, "QUERY-008"), there, f"the answer to a query does not show {name}")
        return there

    def shows(self, rule: str, binding: AnyBinding, before: Mapping[str, Any] | None = None, /, **fields: Any) -> None:
        """Claim that a query shows these values.

        Flags count as text or boolean, None and "" as absent.

        A field that need not be shown, and is not, breaks the rule that says so alone, unless it stood there `before`.
        """
        info = self.info(rule, binding)
        for name, value in fields.items():
            stays = name in self.known_by or (before or {}).get(name) not in (None, "")
            if value in (None, "") or stays or self.is_shown(info, name):
                came = info.get(name)
                ok = _same(came, value)
                self.claim(rule, ok, f"query shows {name}: expected {value!r}, came {came!r}")

    @contextmanager
    def claim_unchanged(self, rule: str, *bindings: AnyBinding, app: App | None = None) -> Iterator[None]:
        """Claim that what is bound is the same before and after.

        These bindings, and whatever else a query shows.
        """
        before = self.snapshot(*bindings, app=app)
        yield
        self.same(rule, before, self.snapshot(*bindings, app=app))

    def snapshot(self, *bindings: AnyBinding, app: App | None = None) -> list[Shown]:
        """Return what queries show of these bindings and of all else bound."""
        queries: list[Mapping[str, str]] = [{"subscriptionId": binding.sub} for binding in bindings]
        queries += [binding.there for binding in bindings]
        queries = [query for place, query in enumerate(queries) if query not in queries[:place]]
        queries += () if app else [query for query in self.everywhere() if query not in queries]
        return [self._shown_bindings(query, app) for query in queries]

    def same(self, rule: str, before: Sequence[Shown], after: Sequence[Shown]) -> None:
        """Claim that nothing changed between two snapshots."""
        self.claim(rule, before == after, f"bindings changed: {differences(before, after)}")

    # ── calls ────────────────────────────────────────────────────────────────────────────────────────────────────────

    def place(self, route: Route, **plan: Any) -> CallView:
        """Place a call of that route; the caller enters what he is asked for."""
        call = self.context.call(route.caller, route.dialled, **{**route.plan, **plan})
        if call.state != "collecting":
            return call
        return wait_for_state(self.context, call, "forwarded", collection_seconds(self.context) * PROMPTS + 1)

    def entering(self, route: Route) -> int:
        """Return the seconds that a caller of that route needs to enter digits."""
        return collection_seconds(self.context) * PROMPTS + 1 if route.plan.get("digits") else 0

    def reaches(self, rule: str, route: Route) -> None:
        """Place a call of that route.

        Claim that it reaches its callee, and hang up.
        """
        call = self.place(route)
        claim_put_through(self.context, self.rule(rule), call, route.callee)
        self.context.hang_up(call)

    def reaches_nobody(self, rule: str, route: Route) -> None:
        """Place a call by a binding that there is not.

        Claim that it is released with the cause for that.
        """
        digits = route.plan.get("digits", ())
        call = self.place(route, **({"digits": [*digits] * PROMPTS} if digits else {}))
        came = f"reached {call.forwarded_to}, {call.state} {call.release_cause}"
        ok = call.forwarded_to is None and call.release_cause == self.not_bound_cause
        self.context.expect(
            self.rule(rule), ok, f"{route.caller} calls X: expected nobody, {self.not_bound_cause}; {came}"
        )

    def through(self, binding: AnyBinding, **plan: Any) -> CallView:
        """A finished call that was put through."""
        route = self.routes(binding)[0]
        return completed_call(self.context, route.caller, route.dialled, **{**route.plan, **plan})

    def cdr(self, call: CallView) -> dict[str, Any]:
        """The CDR of an ended call, which must come."""
        return cdr_of(self.context, call, self.rule("CDR-001"))

    def begin_call(self, binding: AnyBinding) -> CallView:
        """A call that is answered 7 seconds later at the latest."""
        route = self.routes(binding)[0]
        return self.context.call(route.caller, route.dialled, **route.plan)

    def refused_call(self) -> CallView:
        """A stranger's call, which reaches nobody.

        Where he is asked for something he gives up. It has ended.
        """
        call = self.context.call(self.context.user(), self.side.free_x())
        return call if call.state == "ended" else self.context.hang_up(call)


def _without_envelope(info: Mapping[str, Any]) -> dict[str, Any]:
    """What a flat answer shows of its binding.

    The text of the answer may be another each time.
    """
    return {name: value for name, value in info.items() if name not in ENVELOPE}


def _same(came: Any, value: Any) -> bool:
    if isinstance(value, bool):
        return str(came).lower() == str(value).lower()
    return (came or None) == (value or None) and (not value or type(came) is type(value))
