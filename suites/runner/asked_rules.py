"""The rules that a run is asked for: by ids, codes, and words."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["asked_rules", "topics"]

_SHORTEST_WORD: Final = 3


def asked_rules(asked: Iterable[str]) -> frozenset[str]:
    """The ids of all rules that the words ask for, each of them alone.

    A word is an id (AXB-BIND-003), a part of ids (AXB-BIND, CDR-006, CDR), an operation or a push (axb.bind), a result
    code, a release cause, an assumption, or words of titles, or else of texts ("call-back record"), in any case.
    Raises ContractError for one that no rule has, with the nearest that there are.
    """
    return frozenset().union(*map(_rules_of, asked))


def topics() -> dict[str, frozenset[str]]:
    """Every word that stands for several rules, with their ids."""
    found: dict[str, set[str]] = {}
    for rule in contracts.requirements().values():
        for word in _words_of(rule):
            found.setdefault(word.upper(), set()).add(rule.id)
    return {word: frozenset(ids) for word, ids in found.items()}


def _rules_of(asked: str) -> frozenset[str]:
    word = " ".join(asked.upper().split()).removesuffix("*").removesuffix("-")
    known = contracts.requirements()
    if word in known:
        return frozenset((word,))
    by_word = topics()
    found = by_word.get(word) or _rules_saying(word, known)
    if not found:
        raise contracts.UnknownName("rule", asked.upper(), [*known, *by_word])
    return found


def _words_of(rule: contracts.Requirement) -> Iterable[str]:
    """Every word that stands for a rule, and for others too."""
    mode, area, number = rule.id.split("-")
    yield from (mode, f"{mode}-{area}", area, f"{area}-{number}")
    yield from rule.operations
    yield from rule.codes
    yield from map(str, rule.causes)
    if rule.assumption is not None:
        yield rule.assumption


def _rules_saying(words: str, rules: Mapping[str, contracts.Requirement]) -> frozenset[str]:
    """Rules that have the words in their titles, or else in their texts."""
    if len(words) < _SHORTEST_WORD or re.fullmatch(r"[A-Z]+(-[A-Z]+)*-\d+", words):
        return frozenset()
    sought = re.compile(rf"(?<!\w){re.escape(words)}")
    titled = frozenset(rule.id for rule in rules.values() if sought.search(rule.title.upper()))
    return titled or frozenset(rule.id for rule in rules.values() if sought.search(rule.text.upper()))
