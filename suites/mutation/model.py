"""Seeded bugs: what is wrong, which rule it breaks, and the edit.

The edit puts it into the server.

A bug of a family is written once and becomes a mutant of every mode whose contract has the rule: "CDR-006" is
AXB-CDR-006 and AXE-CDR-006.
"""

from __future__ import annotations

from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from functools import partial, wraps
from operator import attrgetter
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Concatenate, Literal, ParamSpec, cast
from unittest.mock import patch

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
    from types import ModuleType

    from privnum.contracts import Requirement
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import XNumber
    from privnum.mockserver.core.bindings import Binding
    from privnum.mockserver.core.modes import Handler, Params
    from privnum.mockserver.worlds.world import World

__all__ = ["Bug", "Fields", "Mutant", "Operator", "Patch", "ServerMode", "ServerPart", "mode_operator", "operator"]

P = ParamSpec("P")

Fields = dict[str, Any]

Patch = AbstractContextManager[object]
"""Has the bug in the server of this process for as long as it is entered."""


# ── where bugs are put in ────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, kw_only=True)
class ServerPart:
    """A part of the server that serves operations.

    Attributes:
        name: begins the ids of its mutants.
        checks: the mode whose checks must notice its bugs.
        handlers: how it serves its operations.

    """

    name: str
    checks: str
    handlers: dict[str, Handler]

    def operation(self, name: str) -> str:
        """The id of one of its operations: "bind" is axb.bind."""
        return f"{self.name}.{name}"

    def serves(self, operation: str) -> bool:
        """Whether it has that operation."""
        return self.operation(operation) in self.handlers

    def handler(self, operation: str) -> Handler:
        """How it serves an operation."""
        return self.handlers[self.operation(operation)]

    def with_handler(self, operation: str, **changes: Any) -> Patch:
        """Serve an operation in another way."""
        return patch.dict(self.handlers, {self.operation(operation): self.handler(operation)._replace(**changes)})

    def rule_id(self, rule: str) -> str | None:
        """The id of a rule in this mode; None where the contract has none.

        "COM-…" is of all modes.
        """
        return rule if rule in contracts.requirements() else None


@dataclass(frozen=True, kw_only=True)
class ServerMode(ServerPart):
    """A mode of the server: all that a bug of every mode has to know of it.

    Attributes:
        calls: its class of routing decisions.
        routing: the module in which `calls` looks up CALL_TABLE.
        binding: its class of bindings.
        x_selection: the module in which a bind looks up `tiers`, or `free_tiers`.
        users: the parameters that name the users of a binding.
        x_name: the parameter that names X.
        selector: the parameters that name a binding without its id.
        people: the attributes of a binding, and of a wish for one, that hold its users.
        lifetime: the parameter that sets how long a binding lasts.
        nothing_found: the code of a binding that is not there; `foreign_nothing` is that of other modes.
        bind_answer: the fields of a bind's answer, by the rule that is broken where they lack.
        shown_fields: the fields of a binding in the answer of a query, likewise.
        shown: the bindings in the answer of a query.
        empty_query: the answer of a query that finds nothing and is not refused.
        settings: what a modify may carry, and where a binding keeps it.
        modified_in_calls: what a modify may carry while a call runs, and the call must not notice.
        flags: the parameters that are flags.
        clipped: texts of which this many characters could count where they are too long.
        left_out: texts that could count as absent where they are longer than this many characters.
        bind_faults: what may stand against a bind.
        fault_names: the name in `bind_faults` of a fault that several modes have.
        event_kinds: the events of an answered call.
        foreign_service_type: serviceType of another mode.
        fixed_line_rows: the rules of CALL_TABLE that refuse a fixed line which calls.
        given_up_rules: why a call ends whose caller hangs up: the rule, by how far the call has come.
        wrongs: the suites' table of wrong requests, and `good_bind` a bind in which one thing is made wrong.
        bindings_on: the bindings on an X, in the order in which they were made.
        selected: the bindings that a request names, whosever they are.
        heir_of_call: the binding that would serve the caller of a call now.
        heir_of: the binding that now has the place of one that is gone.
        bound_anew: a new binding like one that is gone.
        is_call_back: whether the caller is one who is not to be put through to A.
        open_cause: the outcome in CALL_TABLE of calls that are refused with a cause which is a choice.
        narrower: texts whose length is limited by the application, more narrowly than by a schema.
        said_by: rules of the family whose law another rule of the mode says.
        noticed_by: bugs of families that another rule of the mode must notice, with that rule.
        cannot_have: bugs of families that the mode cannot have, or not noticeably, with the reason.

    """

    calls: type
    routing: ModuleType
    binding: type[Binding]
    x_selection: ModuleType
    users: tuple[str, ...]
    x_name: str
    selector: tuple[str, ...]
    people: tuple[str, ...]
    lifetime: str
    nothing_found: str
    foreign_nothing: str
    bind_answer: Mapping[str, tuple[str, ...]]
    shown_fields: Mapping[str, tuple[str, ...]]
    shown: Callable[[Fields], list[Fields]]
    empty_query: Fields
    settings: Mapping[str, str]
    modified_in_calls: tuple[str, ...]
    flags: tuple[str, ...]
    clipped: Mapping[str, int]
    left_out: Mapping[str, int]
    bind_faults: dict[str, Any]
    fault_names: Mapping[str, str]
    event_kinds: tuple[str, ...]
    foreign_service_type: str
    fixed_line_rows: tuple[str, ...]
    given_up_rules: Mapping[str, str]
    wrongs: Sequence[Any]
    good_bind: Mapping[str, Any]
    bindings_on: Callable[[XNumber], list[Any]]
    selected: Callable[[World, Params], list[Any]]
    heir_of_call: Callable[[Call], Binding | None]
    heir_of: Callable[[Any], Binding | None]
    bound_anew: Callable[[World, Any], Binding]
    is_call_back: Callable[[Call], bool]
    open_cause: str | None = None
    narrower: frozenset[str] = frozenset()
    said_by: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    noticed_by: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    cannot_have: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def rule_id(self, rule: str) -> str | None:
        """The id of a rule of this mode: "CDR-006" is AXB-CDR-006."""
        own = f"{self.checks}-{self.said_by.get(rule, rule)}"
        return own if own in contracts.requirements() else super().rule_id(rule)

    def binding_now(self, call: Call) -> Any:
        """The binding of a call as it is now, None where it is gone."""
        wanted = None if call.terms is None else call.terms.subscription_id
        return next((found for found in self.bindings_on(call.x) if found.subscription_id == wanted), None)

    def is_gone(self, call: Call) -> bool:
        """Whether the binding of a call that was put through is gone."""
        return call.forwarded_to is not None and call.terms is not None and self.binding_now(call) is None

    def users_of(self, binding: Any) -> tuple[str, ...]:
        """The users of a binding, or of a wish for one."""
        found = attrgetter(*self.people)(binding)
        return found if len(self.people) > 1 else (found,)


# ── how bugs are put in ──────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Operator:
    """An edit of the server, not yet made.

    A mutation operator with its arguments.
    """

    make: Callable[..., Patch]
    arguments: tuple[Any, ...] = ()
    named: Mapping[str, Any] = field(default_factory=dict)
    needs_part: bool = False

    def apply(self, part: ServerPart | None = None) -> Patch:
        """Edit the server, in that part of it if the operator asks for one."""
        where = (part,) if self.needs_part else ()
        return self.make(*where, *self.arguments, **self.named)

    __call__ = apply

    def within(self, part: ServerPart) -> Callable[[], Patch]:
        """Make the edit in that part."""
        return partial(self.apply, part)


def operator(make: Callable[P, Patch]) -> Callable[P, Operator]:
    """Let a function that edits the server be an operator.

    Called, it keeps its arguments and edits nothing yet.
    """

    @wraps(make)
    def with_arguments(*arguments: P.args, **named: P.kwargs) -> Operator:
        return Operator(make, arguments, named)

    return with_arguments


def mode_operator(make: Callable[Concatenate[Any, P], Patch]) -> Callable[P, Operator]:
    """The same for a function whose first parameter is what is edited.

    A part of the server.
    """

    @wraps(make)
    def with_arguments(*arguments: P.args, **named: P.kwargs) -> Operator:
        return Operator(make, arguments, named, needs_part=True)

    return cast("Callable[P, Operator]", with_arguments)


# ── bugs ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


@dataclass(frozen=True, slots=True)
class Mutant:
    """One plausible mistake in one mode.

    Attributes:
        id: its name, mode first.
        rule_id: the requirement that must notice it.
        description: the mistake, in one sentence, as its author would describe it.
        edit: makes the mistake.
        part: where it is made.
        made: by hand, or from a row of one of the server's tables.
        at_once: whether only requests at once can show it.

    """

    id: str
    rule_id: str
    description: str
    edit: Operator
    part: ServerPart
    made: Literal["hand", "table"] = "hand"
    at_once: bool = False

    @property
    def mode(self) -> str:
        """The mode whose checks are run."""
        return self.part.checks

    @property
    def rule(self) -> Requirement:
        """The requirement that it breaks."""
        return contracts.requirements()[self.rule_id]

    @property
    def must_die(self) -> bool:
        """Whether a source names the rule.

        If nobody notices, the suites have a hole.
        """
        return self.rule.basis == "documented"

    def apply(self) -> Patch:
        """Have the bug in the server of this process for as long as it is entered."""
        return self.edit.apply(self.part)


@dataclass(frozen=True, slots=True)
class Bug:
    """One plausible mistake, in the words of every mode.

    `rule` is "CDR-006", or the id of a rule of all modes. The rest is as in Mutant.
    """

    name: str
    rule: str
    description: str
    edit: Operator
    made: Literal["hand", "table"] = "hand"
    at_once: bool = False

    def of(self, part: ServerPart) -> Mutant | None:
        """The mutant of a mode.

        None where its contract has no such rule, or it cannot have the bug.
        """
        rule = self.rule
        if isinstance(part, ServerMode):
            if self.name in part.cannot_have:
                return None
            rule = part.noticed_by.get(self.name, rule)
        rule_id = part.rule_id(rule)
        if rule_id is None:
            return None
        return Mutant(f"{part.name}-{self.name}", rule_id, self.description, self.edit, part, self.made, self.at_once)

    @staticmethod
    def all_of(part: ServerPart, bugs: Iterable[Bug]) -> Iterator[Mutant]:
        """The mutants of a mode."""
        return (mutant for bug in bugs if (mutant := bug.of(part)) is not None)
