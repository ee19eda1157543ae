"""What may stand in a field, and values that fit and do not.

The ends of each range, and the next beyond.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["Digits", "Field", "Group", "Only", "Rows", "Seconds", "Text", "Time", "Whole"]

_NO_TEXTS = (17, True, ["1"], {"x": 1})


class Field(Protocol):
    """What a page says of one field."""

    def fits(self) -> Iterator[Any]:
        """Values that the page allows, the ends of its range among them."""

    def unfit(self) -> Iterator[Any]:
        """Values that it does not allow, as near to the range as can be."""


@dataclass(frozen=True, slots=True)
class Text:
    """Text of `low` to `high` characters; None: no page gives a most."""

    low: int
    high: int | None = None

    def fits(self) -> Iterator[Any]:
        """The shortest and the longest.

        Digits, so that it is a number, an extension, a name alike.
        """
        yield "1" * self.low
        if self.high is not None:
            yield "1" * self.high

    def unfit(self) -> Iterator[Any]:
        """One too few, one too many, and what is no text."""
        if self.low > 0:
            yield "1" * (self.low - 1)
        if self.high is not None:
            yield "1" * (self.high + 1)
        yield from _NO_TEXTS


@dataclass(frozen=True, slots=True)
class Digits(Text):
    """Text of digits alone."""

    def unfit(self) -> Iterator[Any]:
        """Those of a text, and signs that are no digit."""
        yield from Text.unfit(self)
        size = max(self.low, 1)
        yield from ("x" * size, "-" + "1" * (size - 1), " " * size)


@dataclass(frozen=True, slots=True)
class Tone(Text):
    """Name of a tone: digits, letters and - _ . @."""

    def fits(self) -> Iterator[Any]:
        """Those of a text, and every kind of sign."""
        yield from Text.fits(self)
        yield "aZ9-_.@wav"

    def unfit(self) -> Iterator[Any]:
        """Those of a text, and other signs."""
        yield from Text.unfit(self)
        yield from ("a b.wav", "a/b.wav", "a+b.wav")


@dataclass(frozen=True, slots=True)
class Whole:
    """A whole number; `high` None: no page says where it ends."""

    low: int | None = None
    high: int | None = None

    def fits(self) -> Iterator[Any]:
        """The ends."""
        yield 0 if self.low is None else self.low
        yield 255 if self.high is None else self.high

    def unfit(self) -> Iterator[Any]:
        """One beyond each end, and what is no whole number."""
        if self.low is not None:
            yield self.low - 1
        if self.high is not None:
            yield self.high + 1
        yield from ("one", 1.5, True, [1])


@dataclass(frozen=True, slots=True)
class Seconds(Whole):
    """A whole number of a range, or 0."""

    def fits(self) -> Iterator[Any]:
        """0 and the ends."""
        yield 0
        yield from Whole.fits(self)

    def unfit(self) -> Iterator[Any]:
        """Those of a whole number, what is below 0, and the first behind it."""
        yield from Whole.unfit(self)
        yield from (-1, 1)


@dataclass(frozen=True, slots=True)
class Only:
    """One of a few texts; `wrong`: texts near to them that are none of them."""

    values: tuple[str, ...]
    wrong: tuple[str, ...] = ("2", "-1", "00", "TRUE", "yes", " ")

    def fits(self) -> Iterator[Any]:
        """Each of them."""
        yield from self.values

    def unfit(self) -> Iterator[Any]:
        """Others, and what is no text."""
        yield from self.wrong
        yield from (17, True, ["x"])


@dataclass(frozen=True, slots=True)
class Time:
    """A time as yyyy-MM-dd HH:mm:ss.

    Where it is `open` an empty text is no fault.
    """

    open: bool = False

    def fits(self) -> Iterator[Any]:
        """A time."""
        yield "2026-03-01 02:30:03"
        if self.open:
            yield ""

    def unfit(self) -> Iterator[Any]:
        """Other ways to write it."""
        yield from ("2026-03-01T02:30:03", "2026-03-01 02:30:03.5", "20260301023003", "2026-03-01", "1772332203")
        yield from ("2026-03-01 02:30:0", "2026-03-01 02:30:033", 1772332203)
        if not self.open:
            yield ""


@dataclass(frozen=True, slots=True)
class Group:
    """An object: its fields, and those that must be there."""

    must: Mapping[str, Field]
    may: Mapping[str, Field] = field(default_factory=dict)

    @property
    def all(self) -> dict[str, Field]:
        """All of its fields."""
        return {**self.must, **self.may}

    def least(self) -> dict[str, Any]:
        """One with nothing that may be left out."""
        return {name: next(kind.fits()) for name, kind in self.must.items()}

    def fits(self) -> Iterator[Any]:
        """The least one, and with each field each value that fits it."""
        yield self.least()
        for name, kind in self.all.items():
            for value in kind.fits():
                yield {**self.least(), name: value}

    def unfit(self) -> Iterator[Any]:
        """Wrong objects: a field missing, a wrong value, and no object at all."""
        for name in self.must:
            yield {key: value for key, value in self.least().items() if key != name}
        for name, kind in self.all.items():
            for value in kind.unfit():
                yield {**self.least(), name: value}
        yield from ("{}", 17, [self.least()])


@dataclass(frozen=True, slots=True)
class Rows:
    """A list of this many; `high` None: no page says how many at most."""

    of: Group
    low: int
    high: int | None

    def fits(self) -> Iterator[Any]:
        """The shortest and the longest, and each row that fits."""
        yield [self.of.least()] * self.low
        if self.high is not None:
            yield [self.of.least()] * self.high
        yield from ([row] for row in self.of.fits())

    def unfit(self) -> Iterator[Any]:
        """Wrong lists: too few, too many, a wrong row, and no list at all."""
        if self.low > 0:
            yield [self.of.least()] * (self.low - 1)
        if self.high is not None:
            yield [self.of.least()] * (self.high + 1)
        yield from ([row] for row in self.of.unfit())
        yield from ("[]", 17)
