"""Faults that a world is told to make (contracts/faults.toml).

Which request or push one strikes is decided here, from the seed alone; the shells carry it out.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.core.errors import ControlError, full_key

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from random import Random

__all__ = ["Fault", "Faults"]

#: Every operation, or every kind of push.
ANY: Final = "any"
#: Faults that a world may have: each is tried for every request.
MOST: Final = 1_000
#: What a word may need or take.
_OPTIONS: Final = ("code", "status", "delay_ms", "delay_seconds", "carried_out")


class Fault:
    """One fault: where it strikes, what it does, and how often it has.

    `carried_out`: whether a request that it strikes is carried out, though its answer does not come or comes late.

    Args:
        id_: by which it is ended; none comes twice in the world.
        message: as it was asked for (driver/fault.create).
        where: path of the message, for errors.
        draws: makes a generator of random numbers of its own.

    Raises:
        ControlError: an unknown word, operation, kind of push or code (it names the nearest), or fields that do not
            go together.
    """

    __slots__ = ("_asked", "_draws", "_text", "carried_out", "hits", "id", "kind", "operation", "push", "times")

    def __init__(self, id_: int, message: Mapping[str, Any], where: str, draws: Callable[[str], Random]) -> None:
        self.kind = _kind(message, where)
        self.id = id_
        self.operation: str | None = message.get("operation", None if self.befalls == "push" else ANY)
        self.push: str | None = message.get("push")
        self.times: int | None = message.get("times")
        self.carried_out: bool = message.get("carried_out", self.kind.carried_out)
        self.hits = 0
        self._asked = {"fault": self.kind.word, **message}
        if "code" in message:
            self._asked["code"] = _code(message["code"], where)
        self._text: str = message.get("number", "").lstrip("+ ")
        self._draws = draws(f"fault {id_}")

    @property
    def befalls(self) -> str:
        """What it strikes: "request" or "push"."""
        return self.kind.befalls

    @property
    def word(self) -> str:
        """The word of the table."""
        return self.kind.word

    @property
    def active(self) -> bool:
        """Whether it can still strike."""
        return self.times is None or self.hits < self.times

    @property
    def label(self) -> str:
        """What it does, as the journal has it: "code 403/1012010"."""
        asked = self._asked
        units = {"code": "", "status": "", "delay_ms": " ms", "delay_seconds": " s"}
        given = [f"{asked[name]}{unit}" for name, unit in units.items() if name in asked]
        return " ".join((self.word, *given))

    def get(self, name: str) -> Any:
        """Return a field of the message, None where it is not there."""
        return self._asked.get(name)

    def code_for(self, operation: str) -> str:
        """Return the result code with which an operation is refused.

        Or the assumption that holds it. Nothing where the fault refuses none.
        """
        codes = self.kind.codes
        return str(self._asked.get("code") or codes.get(operation) or codes.get(ANY, ""))

    def strikes_request(self, operation: str, query: str, body: bytes) -> bool:
        """Return whether it strikes a request; it counts then."""
        if self.befalls != "request" or self.operation not in (ANY, operation) or not self.active:
            return False
        if self.kind.codes and not self.code_for(operation):
            return False
        if self._text and self._text not in query and self._text.encode() not in body:
            return False
        return self._strikes()

    def strikes_push(self, kind: str, body: bytes) -> bool:
        """Return whether it strikes a push, or an attempt; it counts then."""
        if self.befalls != "push" or self.push not in (ANY, kind) or not self.active:
            return False
        return (not self._text or self._text.encode() in body) and self._strikes()

    def _strikes(self) -> bool:
        probability = self._asked.get("probability")
        if probability is not None and self._draws.random() >= probability:
            return False
        self.hits += 1
        return True

    def view(self) -> dict[str, Any]:
        """Return the fault as the control plane shows it (driver/fault)."""
        left = None if self.times is None else self.times - self.hits
        return {"id": self.id, **self._asked, "hits": self.hits, "left": left}


class Faults:
    """The faults of a world, in the order in which they are tried.

    Args:
        draws: makes a generator of random numbers by a name.
    """

    __slots__ = ("_active", "_draws", "_faults", "_made", "changed")

    def __init__(self, draws: Callable[[str], Random]) -> None:
        self._draws = draws
        self._faults: list[Fault] = []
        self._active: list[Fault] = []
        self._made = 0
        #: Called when there are others, or one of them cannot strike any more.
        self.changed: list[Callable[[], None]] = []

    def __len__(self) -> int:
        return len(self._faults)

    @property
    def active(self) -> list[Fault]:
        """Those that can still strike."""
        return self._active

    def befall(self, what: str) -> bool:
        """Return whether any of them can still strike requests, or pushes."""
        return any(fault.befalls == what for fault in self._active)

    def replace(self, messages: Iterable[Mapping[str, Any]], where: str = "faults") -> None:
        """Make these faults and no others.

        Raises:
            ControlError: one of them cannot be; nothing has changed then.
        """
        numbered = enumerate(messages)
        made = [Fault(self._made + i + 1, each, f"{where}[{i}].", self._draws) for i, each in numbered]
        self._made += len(made)
        self._faults = made
        self._tell()

    def add(self, message: Mapping[str, Any]) -> Fault:
        """Make one fault more.

        Raises:
            ControlError: it cannot be, or there are too many.
        """
        if len(self._faults) >= MOST:
            raise ControlError(409, f"there are {MOST} faults; end some first", "faults")
        fault = Fault(self._made + 1, message, "", self._draws)
        self._made += 1
        self._faults.append(fault)
        self._tell()
        return fault

    def remove(self, id_: int) -> None:
        """End a fault.

        Raises:
            ControlError: there is none of that id.
        """
        found = [fault for fault in self._faults if fault.id != id_]
        if len(found) == len(self._faults):
            there = ", ".join(str(fault.id) for fault in self._faults[:20]) or "none"
            raise ControlError(404, f"there is no fault {id_}; there are: {there}", "id")
        self._faults = found
        self._tell()

    def clear(self) -> None:
        """End every fault."""
        if self._faults:
            self._faults = []
            self._tell()

    def _tell(self) -> None:
        self._active = [fault for fault in self._faults if fault.active]
        for told in self.changed:
            told()

    def of_request(self, operation: str, query: str, body: bytes) -> Fault | None:
        """Return the fault that strikes a request."""
        struck = (each for each in self._active if each.strikes_request(operation, query, body))
        return self._after_strike(next(struck, None))

    def of_push(self, kind: str, body: bytes, words: frozenset[str]) -> Fault | None:
        """Return the fault with one of these words that strikes a push."""
        fitting = (each for each in self._active if each.word in words)
        return self._after_strike(next((each for each in fitting if each.strikes_push(kind, body)), None))

    def _after_strike(self, fault: Fault | None) -> Fault | None:
        """Return a fault that has struck, or none.

        One that is used up is in nobody's way any more.
        """
        if fault is not None and not fault.active:
            self._tell()
        return fault

    def view(self) -> dict[str, Any]:
        """Return them as the control plane shows them (driver/faults)."""
        return {"faults": [fault.view() for fault in self._faults]}


# ── what a message asks for ──────────────────────────────────────────────────────────────────────────────────────────


def _kind(message: Mapping[str, Any], where: str) -> contracts.Fault:
    """Return the word of the table that a message means.

    Raises:
        ControlError: there is none, or the message does not go with it.
    """
    befalls = _befalls(message, where)
    words = {kind.word: kind for kind in contracts.faults().values() if kind.befalls == befalls}
    word = message.get("fault")
    if word is None:
        word = next((kind.word for kind in words.values() if any(need in message for need in kind.needs)), None)
        if word is None:
            raise ControlError(400, f"fault is missing; it must be one of {', '.join(words)}", f"{where}fault")
    if word not in words:
        raise _unknown_word("fault", word, words, f"{where}fault")
    kind = words[word]
    for name in _OPTIONS:
        if name in kind.needs and name not in message:
            raise ControlError(400, f"{name} is missing; the fault {word} needs it", f"{where}{name}")
        if name in message and name not in (*kind.needs, *kind.takes):
            takes = ", ".join((*kind.needs, *kind.takes)) or "neither code nor delay"
            raise ControlError(400, f"the fault {word} of a {befalls} takes no {name}; it takes {takes}", where + name)
    operation = message.get("operation", ANY)
    if kind.codes and ANY not in (operation, *kind.codes) and operation not in kind.codes:
        right = ", ".join(kind.codes)
        raise ControlError(400, f"{operation} cannot fail by {word}; {right} can", f"{where}operation")
    return kind


def _befalls(message: Mapping[str, Any], where: str) -> str:
    """Return what a message is about: requests or pushes."""
    if "operation" in message and "push" in message:
        text = "a fault is of requests (operation) or of pushes (push), not of both; write two faults"
        raise ControlError(400, text, f"{where}push")
    if not message.keys() & {"operation", "push", "number"}:
        text = "operation, number or push is missing: one of them must say where it strikes; any is all of them"
        raise ControlError(400, text, f"{where}operation")
    kinds = {callback.kind for callback in contracts.callbacks().values()}
    for name, what, known in (
        ("operation", "operation", contracts.operations().keys()),
        ("push", "kind of push", kinds),
    ):
        if message.get(name, ANY) not in (ANY, *known):
            raise _unknown_word(what, message[name], (*sorted(known), ANY), where + name)
    return "push" if "push" in message else "request"


def _code(given: str, where: str) -> str:
    """Return a result code with its HTTP status."""
    codes = contracts.result_codes()
    try:
        key = full_key(given)
    except KeyError:
        key = given
    if key not in codes:
        names = codes if "/" in given else [code.code for code in codes.values()]
        raise _unknown_word("result code", given, names, f"{where}code")
    return key


def _unknown_word(what: str, given: str, known: Iterable[str], where: str) -> ControlError:
    return ControlError(400, str(contracts.UnknownName(what, given, known)), where)
