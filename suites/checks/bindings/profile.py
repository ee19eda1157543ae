"""What bindings are checked with in a mode.

Fields, selectors, who is reached, and the requests of a check.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any, ClassVar

from privnum import contracts
from privnum.suites.checks.assertions import (
    claim_put_through,
    claim_refusal,
    claim_success,
    completed_call,
    known_fields,
    set_up_succeeds,
)
from privnum.suites.checks.bindings.binding import differences
from privnum.suites.printed.operations import OPERATIONS
from privnum.suites.runner.call_timing import collection_seconds, wait_for_state
from privnum.suites.runner.check import NotExercised

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.binding import AnyBinding, Route, Shown
    from privnum.suites.checks.bindings.invalid_requests import Wrong
    from privnum.suites.driver.protocol import CallView
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.runner.mode_context import ModeContext
    from privnum.suites.target.config import App

__all__ = ["BindingProfile"]

PROMPTS = 11
"""As often as any application asks for digits."""
ENVELOPE = ("resultcode", "resultdesc")


class BindingProfile(ABC):
    """Bindings of one mode.

    Checks of bindings/ and common/ know the mode by this alone.

    A mode says what fields its requests have, what a bind brings (`read`) and what a query shows (`infos`).
    """

    mode: ClassVar[str]
    optional: ClassVar[tuple[str, ...]]
    """Fields that a bind and a modify may have."""
    at_bind: ClassVar[tuple[str, ...]]
    """Fields that a bind alone may have."""
    modifiable_users: ClassVar[tuple[str, ...]] = ()
    narrowing: ClassVar[tuple[str, ...]] = ()
    """Parameters that a query may have besides selectors."""
    misfits: ClassVar[tuple[Mapping[str, Any], ...]]
    """Fields of a bind with values that there are not."""
    wrongs: ClassVar[Sequence[Wrong]]
    """Every wrong request."""
    paging: ClassVar[tuple[tuple[str, tuple[tuple[str, str], ...]], ...]] = ()
    """Operations with paging, with parameters and values of it that make no sense."""
    lifetime: ClassVar[str | None] = None
    """The field of a bind that holds the lifetime."""
    not_found: ClassVar[str]
    """The code for a binding that there is not."""
    codes: ClassVar[Mapping[str, str]] = {}
    """Codes of other refusals, by family; without one any refusal will do."""
    unshown: ClassVar[Mapping[str, str]] = {}
    """Fields of a query that need not be shown, and another rule than QUERY-008 that says that they are."""
    tones: ClassVar[tuple[str, ...]] = ()
    """Fields with the name of a tone file."""
    beside_tones: ClassVar[Mapping[str, Any]] = {}
    """Fields beside which every tone is of effect."""
    known_by: ClassVar[tuple[str, ...]] = ("subscriptionId",)
    """Fields of a query by which a binding is known: they are always shown."""
    counted_down: ClassVar[tuple[str, ...]] = ()
    """Fields of which a query may show what is left."""
    modify_by_x: ClassVar[bool] = False
    """Whether a modify may select a binding by its X, as an unbind does."""
    not_bound_cause: ClassVar[int]
    """The release cause of a call by a binding that there is not."""

    def __init__(self, context: CheckContext) -> None:
        self.context = context

    # ── what a mode says ─────────────────────────────────────────────────────────────────────────────────────────────

    @abstractmethod
    def read(self, body: Mapping[str, Any], answer: Answer) -> AnyBinding:
        """Return what a bind brought that succeeded."""

    @abstractmethod
    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        """Return the bindings that a query shows."""

    @abstractmethod
    def routes(self, binding: AnyBinding) -> Sequence[Route]:
        """Return the calls that the binding puts through."""

    @abstractmethod
    def change(self) -> dict[str, Any]:
        """Return a harmless change, which a query shows."""

    @abstractmethod
    def settings(self) -> dict[str, Any]:
        """Return fields of a bind without defaults, tones and recording."""

    @abstractmethod
    def recorded(self) -> dict[str, Any]:
        """Return fields of a bind with tones and recording.

        Raises NotExercised where no tones are known.
        """

    @abstractmethod
    def changes(self) -> Sequence[Mapping[str, Any]]:
        """Return what a modify can change in a binding with these `settings`."""

    @abstractmethod
    def other_settings(self, binding: AnyBinding) -> dict[str, Any]:
        """Return fields that make a second bind of the same users another one."""

    @abstractmethod
    def incomplete(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """Return selectors that select nothing, being empty or parts of one."""

    def incomplete_for_modify(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """Return the same for a modify."""
        return self.incomplete(binding)

    def fixed(self, binding: AnyBinding) -> dict[str, str]:
        """Return what no modify changes, as a query shows it."""
        return {"subscriptionId": binding.sub, self.x_field: binding.x}

    def there(self, x: str) -> dict[str, str]:
        """Return what selects something on `x`, whatever it be."""
        return {self.x_field: x}

    def everywhere(self) -> Sequence[Mapping[str, str]]:
        """Return queries that show all that is bound, if there are such."""
        return ()

    def selected_by(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Return what selects the binding of this body; None: the answer does."""
        del body
        return None

    def faults_of_answer(self, binding: AnyBinding) -> Sequence[str]:
        """Return what is wrong with the answer to a bind, besides id and X."""
        del binding
        return ()

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
        """Fields of a bind that hold users."""
        return self.side.mode.users

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

    # ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────

    # `app` is not typed in these, so that fields can be given as **mapping.

    def ask(self, operation: str, *, app: App | None = None, **more: Any) -> Answer:
        """CheckContext.request for an operation and application of this mode."""
        return self.context.request(self.side.mode.operation(operation), app=app or self.app, **more)

    def body(self, app: Any = None, **fields: Any) -> dict[str, Any]:
        """Return a bind of fresh users on the first X."""
        users = {name: self.context.user() for name in self.users if name not in fields}
        return users | {self.x_field: (app or self.app).numbers[0].number} | fields

    def named(self, users: Sequence[str]) -> dict[str, str]:
        """Return these users as fields of a bind."""
        return dict(zip(self.users, users, strict=True))

    def bind(self, *, app: Any = None, sign: Any = None, **fields: Any) -> Answer:
        """Bind fresh users on the first X."""
        return self.ask("bind", body=self.body(app, **fields), app=app, sign=sign)

    def bind_by_area(self, **fields: Any) -> Answer:
        """Bind fresh users without X."""
        body = self.body(**fields)
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

    def bound(self, *, app: Any = None, by: str | None = None, **fields: Any) -> AnyBinding:
        """Bind fresh users. A refusal breaks the rule `by`, if given.

        Raises SetUpFailed where the check is not about that, NotExercised where a refusal fails nobody.
        """
        body = self.body(app, **fields)
        answer = self.ask("bind", body=body, app=app)
        rule = None if by is None else self.rule(by)
        if not set_up_succeeds(self.context, rule, f"{self.mode}-BIND-001", answer, f"bind on {body[self.x_field]}"):
            raise NotExercised(f"the bind that the check stands on was answered with {answer.key}")
        return self.read(body, answer)

    def shown(self, answer: Answer) -> list[str]:
        """Return the ids of what a query shows."""
        return [str(info.get("subscriptionId")) for info in self.infos(answer)]

    def left(self, binding: AnyBinding) -> Shown:
        """Return what a query by X shows: all on X, or what its selector means."""
        return self._shown(binding.there, None)

    def _shown(self, query: Mapping[str, str], app: App | None) -> Shown:
        """What a query shows, but for undocumented fields, which may change."""
        known = known_fields(self.side.mode.operation("query"), self.query(app=app, **query))
        return {str(info.get("subscriptionId")): _without_envelope(info) for info in self.infos(known)}

    def info(self, rule: str, binding: AnyBinding, **query: str) -> dict[str, Any]:
        """Return what a query shows of a binding that must be there.

        By its id unless `query` says how.
        """
        answer = known_fields(
            self.side.mode.operation("query"), self.query(**(query or {"subscriptionId": binding.sub}))
        )
        found = [info for info in self.infos(answer) if info.get("subscriptionId") == binding.sub]
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

    def refused(self, rule: str, answer: Answer, what: str) -> None:
        """Claim that a request was refused, with the rule's code if it has one."""
        claim_refusal(self.context, self.rule(rule), answer, what, self.codes.get(rule))

    def unknown(self, rule: str, answer: Answer, what: str) -> None:
        """Claim that a request was refused as there is no such binding."""
        claim_refusal(self.context, self.rule(rule), answer, what, self.not_found)

    def is_there(self, rule: str, binding: AnyBinding, when: str) -> None:
        """Claim that the binding is there, for a query by id and by X."""
        for query in ({"subscriptionId": binding.sub}, binding.there):
            answer = self.query(**query)
            ok = binding.sub in self.shown(answer)
            self.claim(rule, ok, f"{when}: expected {binding.sub}, a query by {sorted(query)} gives {answer.key}")

    def is_gone(self, rule: str, binding: AnyBinding, when: str) -> None:
        """Claim that the binding is gone, for a query by id and by X."""
        for query in ({"subscriptionId": binding.sub}, binding.there):
            ok = binding.sub not in self.shown(self.query(**query))
            self.claim(rule, ok, f"{when}: a query by {sorted(query)} still shows {binding.sub}")

    def is_shown(self, info: Mapping[str, Any], name: str) -> bool:
        """Claim a field that a query need not show; return whether it does."""
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
    def unchanged(self, rule: str, *bindings: AnyBinding, app: App | None = None) -> Iterator[None]:
        """Claim that these bindings, and all else that is bound, stay the same."""
        before = self.snapshot(*bindings, app=app)
        yield
        self.same(rule, before, self.snapshot(*bindings, app=app))

    def snapshot(self, *bindings: AnyBinding, app: App | None = None) -> list[Shown]:
        """Return what queries show of these bindings and of all else bound."""
        queries: list[Mapping[str, str]] = [{"subscriptionId": binding.sub} for binding in bindings]
        queries += [binding.there for binding in bindings]
        queries = [query for place, query in enumerate(queries) if query not in queries[:place]]
        queries += () if app else [query for query in self.everywhere() if query not in queries]
        return [self._shown(query, app) for query in queries]

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

    def reaches(self, rule: str, route: Route) -> None:
        """Place a call of that route, claim its callee, and hang up."""
        call = self.place(route)
        claim_put_through(self.context, self.rule(rule), call, route.callee)
        self.context.hang_up(call)

    def reaches_nobody(self, rule: str, route: Route) -> None:
        """Place a call without a binding; claim the cause for that."""
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

    def begun(self, binding: AnyBinding) -> CallView:
        """A call that is answered 7 seconds later at the latest."""
        route = self.routes(binding)[0]
        return self.context.call(route.caller, route.dialled, **route.plan)

    def refused_call(self) -> CallView:
        """A stranger's call, which reaches nobody.

        Where he is asked for something he gives up. It has ended.
        """
        call = self.context.call(self.context.user(), self.app.numbers[0].number)
        return call if call.state == "ended" else self.context.hang_up(call)


def _without_envelope(info: Mapping[str, Any]) -> dict[str, Any]:
    """What a flat answer shows of its binding, without the answer's text."""
    return {name: value for name, value in info.items() if name not in ENVELOPE}


def _same(came: Any, value: Any) -> bool:
    if isinstance(value, bool):
        return str(came).lower() == str(value).lower()
    return (came or None) == (value or None) and (not value or type(came) is type(value))
