"""A mode's bindings: what every mode must say of them.

What is said of the bindings of a mode, without which no check of all modes can be made.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.target.modes import MODES

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer
    from privnum.suites.checks.bindings.binding import AnyBinding, Route
    from privnum.suites.checks.bindings.invalid_requests import Wrong
    from privnum.suites.runner.context import CheckContext

__all__ = ["BindingOptions"]


class BindingOptions(ABC):
    """What a mode says of its bindings.

    Fields and rules, what a bind brings (`read`), what a query shows (`infos`).
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
    lifetimes: ClassVar[tuple[int, int]]
    """The shortest and the longest lifetime of a binding, in seconds."""
    endless: ClassVar[tuple[Mapping[str, Any], ...]]
    """Fields of binds that do not end."""
    not_found: ClassVar[str | None]
    """The code for a binding that there is not; None: it is a choice."""
    plain_bind: ClassVar[str] = "BIND-001"
    """The rule by which a bind with nothing special succeeds."""
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
    flags: ClassVar[tuple[str, ...]] = ()
    """Flags of a bind that are taken as JSON booleans too."""
    numbers_as_text: ClassVar[Mapping[str, str]] = {}
    """Numbers of a bind, as decimal text."""
    settings_shown: ClassVar[Sequence[Mapping[str, Any]]] = ()
    """Settings of a bind that a query shows, alone and together."""
    ends_at_modify: ClassVar[Sequence[Mapping[str, Any]]] = ()
    """The ends of each range at modify."""
    beside_area: ClassVar[Mapping[str, Any]] = {}
    """What a bind must have beside areaCode."""
    may_ignore_recording: ClassVar[bool] = False
    """Whether recordFlag may be taken, and record nothing, where the application has no recording."""
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

    def lasting(self, seconds: int) -> tuple[dict[str, Any], int]:
        """Return fields of a bind that lasts at least that long, and how long."""
        raise LookupError(f"no binding of {self.mode} ends after {seconds} seconds")

    @abstractmethod
    def routes(self, binding: AnyBinding) -> Sequence[Route]:
        """Return the calls that the binding puts through."""

    def change(self) -> dict[str, Any]:
        """Return a harmless change, which a query shows."""
        return {}

    def settings(self) -> dict[str, Any]:
        """Return fields of a bind, each with a value that is no default.

        But for tones and recording.
        """
        return {}

    def recording_fields(self) -> dict[str, Any]:
        """Return fields of a bind with tones and recording.

        Raises NotExercised where no tones are known.
        """
        return {}

    def changes(self) -> Sequence[Mapping[str, Any]]:
        """Return what a modify can change in a binding with these `settings`."""
        return ()

    def other_settings(self, binding: AnyBinding) -> dict[str, Any]:
        """Return fields that make a second bind of the same users another one."""
        del binding
        return {}

    @abstractmethod
    def incomplete(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """Return selectors that select nothing, being empty or parts of one."""

    def incomplete_for_modify(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """Return the same for a modify."""
        return self.incomplete(binding)

    def everywhere(self) -> Sequence[Mapping[str, str]]:
        """Return queries that show whatever is bound.

        None where a query shows one binding only.
        """
        return ()

    def selected_by(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """Return what would select the binding of this body alone.

        None where that is known from the answer only.
        """
        del body
        return None

    def faults_of_answer(self, binding: AnyBinding) -> Sequence[str]:
        """Return what is wrong with the answer to a bind, besides id and X."""
        del binding
        return ()

    # ── what most modes have in common ───────────────────────────────────────────────────────────────────────────────

    @classmethod
    def user_fields(cls) -> tuple[str, ...]:
        """Return the fields that hold the users of a binding.

        Of a bind, and of what a query shows.
        """
        return MODES[cls.mode].users

    def key(self, binding: AnyBinding) -> str:
        """Return by what a query shows that binding and no other."""
        return binding.sub

    def key_shown(self, info: Mapping[str, Any]) -> str:
        """Return the same of what a query shows."""
        return str(info.get("subscriptionId"))

    def let_go(self, answer: Answer) -> None:
        """Dissolve the binding of a bind, where it takes an X from others."""
        del answer

    def dissolving(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """Return the selectors by which an unbind dissolves the binding."""
        return ({"subscriptionId": binding.sub}, binding.there)

    def unbind_by_number(self, binding: AnyBinding) -> Mapping[str, str]:
        """Return the selector of an unbind that names a private number."""
        return binding.there

    def with_empty(self, binding: AnyBinding) -> Mapping[str, str]:
        """Return the selector of an unbind with an empty parameter.

        An empty parameter counts as absent.
        """
        return {"subscriptionId": "", **binding.there}

    def anew(self, binding: AnyBinding) -> Mapping[str, Any]:
        """Return fields that bind the same users once more.

        It is the same X where a bind can name it.
        """
        return {**binding.body, **binding.there}

    def raw_query(self, query: str) -> str:
        """Return that query string with what every one of the mode must have."""
        return query
