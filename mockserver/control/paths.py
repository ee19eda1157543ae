"""The forms of the paths of control messages."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["operations_by_form"]


class _Template(NamedTuple):
    """The segments of a path.

    Which stand in it as they are, the last first, and which are parameters.
    """

    length: int
    literals: tuple[tuple[int, str], ...]
    names: tuple[tuple[int, str], ...]

    @classmethod
    def of(cls, path: str) -> _Template:
        """Return the form of a path in which parameters are named in braces."""
        segments = [*enumerate(path.split("/"))]
        literals = [(place, word) for place, word in reversed(segments) if not word.startswith("{")]
        names = [(place, word[1:-1]) for place, word in segments if word.startswith("{")]
        return cls(len(segments), tuple(literals), tuple(names))

    def fits(self, segments: list[str]) -> bool:
        """Whether a path of as many segments is of this form."""
        for place, word in self.literals:  # noqa: SIM110 - on the way of every message; all() costs twice as much
            if segments[place] != word:
                return False
        return True

    def parameters(self, segments: list[str]) -> dict[str, str]:
        """Return what stands in place of the names."""
        given = [(name, segments[place]) for place, name in self.names]
        return {name: unquote(text) if "%" in text else text for name, text in given}


@cache
def operations_by_form() -> Mapping[tuple[str, int], list[tuple[_Template, contracts.ControlOperation]]]:
    """Return the operations with the forms of their paths.

    By method and number of segments, so that few templates are held against a path.
    """
    found: dict[tuple[str, int], list[tuple[_Template, contracts.ControlOperation]]] = {}
    for operation in contracts.plane_operations().values():
        template = _Template.of(operation.path)
        found.setdefault((operation.method, template.length), []).append((template, operation))
    return found
