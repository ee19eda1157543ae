"""The settled choices of one world.

Every choice of contracts/assumptions.toml with its value.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["Assumptions", "end_of"]


class Assumptions(dict[str, "str | int"]):
    """A world's value for every assumption id.

    Shared by all worlds that chose the same: never changed. What every request asks for is an attribute: to look an
    item up takes three times as long as in a plain dict.

    Args:
        values: the complete map, as `contracts.assumption_values` gives it.
    """

    __slots__ = (
        "created_window_ms",
        "lockout_failures",
        "needs_json_type",
        "notes_nonces",
        "parameters_first",
        "takes_decimals",
    )

    def __init__(self, values: Mapping[str, str | int]) -> None:
        super().__init__(values)
        self.created_window_ms = self.number("auth.created_window_seconds") * 1000
        self.lockout_failures = self.number("auth.lockout_failures")
        self.parameters_first = self["pipeline.order"] == "parameters"
        self.needs_json_type = self["http.content_type_missing"] != "accept"
        self.notes_nonces = self["auth.nonce_reuse"] != "accept"
        self.takes_decimals = self["http.integer_as_decimal"] == "accept"

    @classmethod
    def of(cls, edition: str, overrides: Mapping[str, str | int] | None = None) -> Assumptions:
        """Return the choices of an edition with some entries overridden.

        Raises:
            ContractError: an unknown id, or a value that is no choice of its entry.
        """
        if not overrides:
            return _edition(edition)
        return cls(contracts.assumption_values(edition, dict(overrides)))

    def text(self, assumption: str) -> str:
        """Return a choice as text (result codes, named choices)."""
        return str(self[assumption])

    def number(self, assumption: str) -> int:
        """Return a choice as a number (seconds, counts, release causes)."""
        return int(self[assumption])


def end_of(assumptions: Assumptions, start_ms: int, seconds: int) -> int:
    """Return the instant at which something of this lifetime is gone.

    binding.expiry_instant.
    """
    return start_ms + (seconds if assumptions["binding.expiry_instant"] == "gone" else seconds + 1) * 1000


@lru_cache(maxsize=8)
def _edition(edition: str) -> Assumptions:
    return Assumptions(contracts.assumption_values(edition))
