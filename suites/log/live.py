"""The live bindings of a log, found by X or by user.

The oracle looks at every binding, which is plain and right, and takes an hour for a long log.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.oracle.state import OracleState

if TYPE_CHECKING:
    from privnum.suites.oracle.types import Assumptions, Surroundings

__all__ = ["Bindings", "IndexedState"]


class Bindings(dict[str, Any]):
    """Bindings by their id, and by X and user."""

    def __init__(self) -> None:
        super().__init__()
        self._of_x: dict[str, dict[str, None]] = {}
        self._of_key: dict[str, dict[str, None]] = {}
        self._keys: dict[str, set[str]] = {}

    def __setitem__(self, sub: str, binding: Any) -> None:
        if sub in self:
            del self[sub]
        super().__setitem__(sub, binding)
        self._of_x.setdefault(binding.x, {})[sub] = None
        self.note_users(binding)

    def __delitem__(self, sub: str) -> None:
        _take_out(self._of_x, self[sub].x, sub)
        for key in self._keys.pop(sub, ()):
            _take_out(self._of_key, key, sub)
        super().__delitem__(sub)

    def pop(self, sub: str, default: Any = None) -> Any:
        """The binding of an id, which is taken out."""
        found = self.get(sub, default)
        if sub in self:
            del self[sub]
        return found

    def clear(self) -> None:
        """Take out every one."""
        for sub in list(self):
            del self[sub]

    def note_users(self, binding: Any) -> None:
        """Let a binding be found by the users whom it has now."""
        sub = binding.subscription_id
        for key in {binding.a, *binding.keys}:
            self._of_key.setdefault(key, {})[sub] = None
            self._keys.setdefault(sub, set()).add(key)

    def on(self, x: str) -> list[Any]:
        """Those on an X."""
        return [self[sub] for sub in self._of_x.get(x, ())]

    def with_key(self, key: str) -> list[Any]:
        """Those in which somebody is A, or a key."""
        found = (self[sub] for sub in self._of_key.get(key, ()))
        return [binding for binding in found if key == binding.a or key in binding.keys]


def _take_out(index: dict[str, dict[str, None]], key: str, sub: str) -> None:
    row = index[key]
    row.pop(sub, None)
    if not row:
        del index[key]


class IndexedState(OracleState[Any, Any, Any]):
    """An oracle that finds its bindings by an index.

    The class of a mode stands behind it.
    """

    def __init__(self, surroundings: Surroundings, assumptions: Assumptions, now: int) -> None:
        super().__init__(surroundings, assumptions, now)
        self.bindings: Bindings = Bindings()

    def on(self, x: str) -> list[Any]:
        """See OracleState."""
        return self.bindings.on(x)

    def of(self, a: str) -> list[Any]:
        """The bindings of one A."""
        return [binding for binding in self.bindings.with_key(a) if binding.a == a]

    def binds_elsewhere(self, *users: str) -> bool:
        """See OracleState; a log has one application at a time."""
        return any(user in binding.keys for user in users for binding in self.bindings.with_key(user))
