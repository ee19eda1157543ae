"""The oracle of a mode as the sequential model of a history.

One operation after another: does the oracle answer as the target did, and what is bound then?
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from copy import deepcopy
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar

from privnum.suites.checks.ax.model_based import AxPair
from privnum.suites.checks.axb.model_based import AxbPair
from privnum.suites.checks.axe.model_based import AxePair
from privnum.suites.history.operations import Seen
from privnum.suites.oracle import AxbOracle, AxeOracle, AxOracle

if TYPE_CHECKING:
    from collections.abc import Hashable, Iterable, Mapping

    from privnum.suites.base.answer import Answer
    from privnum.suites.history.operations import Operation, Request
    from privnum.suites.oracle.types import Binding, Expected
    from privnum.suites.runner.context import CheckContext
    from privnum.suites.target.config import App

__all__ = ["MODELS", "AxModel", "AxbModel", "AxeModel", "OracleModel"]

OracleT = TypeVar("OracleT", AxbOracle, AxeOracle, AxOracle)


class OracleModel(ABC, Generic[OracleT]):
    """An oracle that can be asked again from each state.

    Ids and extensions that the target draws are taken from its answers. Undecided passes: what the contract leaves open
    cannot be decided.
    """

    x_field: ClassVar[str]
    watched: ClassVar[frozenset[str]]
    """Fields of a binding that requests of a history set, and queries show."""

    def __init__(self, oracle: OracleT) -> None:
        self._first: OracleT = oracle

    @classmethod
    @abstractmethod
    def of(cls, context: CheckContext, app: App, others: Iterable[App]) -> OracleModel[Any]:
        """The model of an application on which nothing is bound."""

    @classmethod
    @abstractmethod
    def rows(cls, answer: Answer) -> list[dict[str, Any]]:
        """The bindings in the answer of a query."""

    @classmethod
    def read(cls, request: Request, answer: Answer) -> Seen:
        """What a client sees of an answer."""
        if not answer.ok:
            return Seen(False, answer.key)
        if request.verb == "bind":
            sub, x, extension = (str(answer[name] or "") for name in ("subscriptionId", cls.x_field, "extendNum"))
            return Seen(True, answer.key, sub, x, extension)
        rows = cls.rows(answer) if request.verb == "query" else []
        asked = str(request.fields.get("subscriptionId", ""))
        shown = {str(row.get("subscriptionId") or asked): cls._watched_part(row) for row in rows}
        return Seen(True, answer.key, rows=shown)

    @classmethod
    def _watched_part(cls, row: Mapping[str, Any]) -> dict[str, Any]:
        return {name: row[name] for name in sorted(cls.watched) if row.get(name) is not None}

    # ── see Model ────────────────────────────────────────────────────────────────────────────────────────────────────

    def start(self) -> OracleT:
        """See Model."""
        return self._first

    def step(self, state: OracleT, operation: Operation) -> OracleT | None:
        """See Model."""
        request, seen = operation.request, operation.seen
        expected: Any = getattr(state, f"expect_{request.verb}")(request.fields)
        claims = expected.claims(seen.ok, seen.key, request.verb)
        if not all(claim.ok for claim in claims) or (seen.ok and not self._agrees(state, expected, operation)):
            return None
        if not operation.changes:
            return state
        behind = self._copy(state)
        getattr(self, f"_{request.verb}")(behind, operation)
        return behind

    def digest(self, state: OracleT) -> Hashable:
        """See Model; what was dissolved shows only in which id may not come again."""
        return (*sorted(map(repr, state.bindings.values())), *sorted(state.dissolved))

    def _copy(self, state: OracleT) -> OracleT:
        """A copy that can be changed; what does not change is shared."""
        shared = (state.around, state.assumptions)
        copied: OracleT = deepcopy(state, {id(each): each for each in shared})
        return copied

    def _agrees(self, state: OracleT, expected: Expected, operation: Operation) -> bool:
        """Whether what a success shows is as expected."""
        seen = operation.seen
        if operation.request.verb == "bind":
            fresh = seen.sub not in state.bindings and seen.sub not in state.dissolved
            return bool(seen.sub) and fresh and seen.x in expected.x
        if operation.request.verb != "query":
            return True
        wanted = {binding.subscription_id: binding for binding in self.selection(expected)}
        return wanted.keys() == seen.rows.keys() and all(_shows(wanted[sub], row) for sub, row in seen.rows.items())

    @abstractmethod
    def selection(self, expected: Any) -> tuple[Binding, ...]:
        """The bindings that a request shows, changes or dissolves."""

    @abstractmethod
    def _bind(self, state: OracleT, operation: Operation) -> None: ...

    @abstractmethod
    def _modify(self, state: OracleT, operation: Operation) -> None: ...

    @abstractmethod
    def _unbind(self, state: OracleT, operation: Operation) -> None: ...


def _shows(binding: Binding, row: Mapping[str, Any]) -> bool:
    """Whether a query shows what was set, as far as it shows it."""
    return all(name not in binding.fields or str(binding.fields[name]) == str(value) for name, value in row.items())


class _OfLists(OracleModel[OracleT]):
    """A mode whose queries answer with a list.

    Its unbind may name several bindings.
    """

    def selection(self, expected: Any) -> tuple[Binding, ...]:
        """See OracleModel."""
        return tuple(expected.bindings)

    def _bind(self, state: OracleT, operation: Operation) -> None:
        record: Any = state.record_bind
        record(operation.request.fields, operation.seen.sub, operation.seen.x)

    def _unbind(self, state: OracleT, operation: Operation) -> None:
        expected: Any = state.expect_unbind(operation.request.fields)
        record: Any = state.record_unbind
        record(expected.bindings, expected.requirement)


class AxbModel(_OfLists[AxbOracle]):
    """AXB."""

    x_field = "relationNum"
    watched = frozenset({"callDirection", "maxDuration"})

    @classmethod
    def of(cls, context: CheckContext, app: App, others: Iterable[App]) -> AxbModel:
        """See OracleModel."""
        return cls(AxbPair(context, app, others).oracle)

    @classmethod
    def rows(cls, answer: Answer) -> list[dict[str, Any]]:
        """See OracleModel."""
        return answer.items("relationNumList")

    def _modify(self, state: AxbOracle, operation: Operation) -> None:
        state.record_modify(operation.request.fields)


class AxModel(_OfLists[AxOracle]):
    """AX."""

    x_field = "privateNum"
    watched = frozenset({"callDirection", "maxDuration"})

    @classmethod
    def of(cls, context: CheckContext, app: App, others: Iterable[App]) -> AxModel:
        """See OracleModel."""
        return cls(AxPair(context, app, others, ()).oracle)

    @classmethod
    def rows(cls, answer: Answer) -> list[dict[str, Any]]:
        """See OracleModel."""
        return answer.items("privateNumList")

    def _modify(self, state: AxOracle, operation: Operation) -> None:
        (binding,) = state.expect_modify(operation.request.fields).bindings
        state.record_modify(binding, operation.request.fields)


class AxeModel(OracleModel[AxeOracle]):
    """AXE."""

    x_field = "virtualNum"
    watched = frozenset({"callbackNum"})

    @classmethod
    def of(cls, context: CheckContext, app: App, others: Iterable[App]) -> AxeModel:
        """See OracleModel."""
        return cls(AxePair(context, app, others, ()).oracle)

    @classmethod
    def rows(cls, answer: Answer) -> list[dict[str, Any]]:
        """See OracleModel."""
        return [dict(answer.body or {})]

    def selection(self, expected: Any) -> tuple[Binding, ...]:
        """See OracleModel."""
        return () if expected.binding is None else (expected.binding,)

    def _agrees(self, state: AxeOracle, expected: Any, operation: Operation) -> bool:
        seen = operation.seen
        if operation.request.verb == "bind":
            free = seen.extension.strip("0") and state.by_extension(seen.x, seen.extension) is None
            if not free or expected.extension not in (None, seen.extension):
                return False
        return super()._agrees(state, expected, operation)

    def _bind(self, state: AxeOracle, operation: Operation) -> None:
        seen = operation.seen
        state.record_bind(operation.request.fields, seen.sub, seen.x, seen.extension)

    def _modify(self, state: AxeOracle, operation: Operation) -> None:
        state.record_modify(operation.request.fields)

    def _unbind(self, state: AxeOracle, operation: Operation) -> None:
        expected = state.expect_unbind(operation.request.fields)
        assert expected.binding is not None
        state.record_unbind(expected.binding, expected.requirement)


MODELS: dict[str, type[OracleModel[Any]]] = {"AXB": AxbModel, "AXE": AxeModel, "AX": AxModel}
"""By mode."""
