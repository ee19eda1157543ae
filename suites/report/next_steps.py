"""What would let more rules be checked.

The words that checks lacked, as steps to take, the cheapest first.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from privnum import contracts
from privnum.suites.target.capabilities import FEW, MANY, NO_LOCKOUT, PLENTY, SOME
from privnum.suites.target.modes import MODES

__all__ = ["WAIT", "closer", "next_steps", "wait_of"]

WAIT = "max_wait:"
"""How the lack of a wait of this many seconds begins."""

LONG = 3600
"""Seconds that somebody may want to wait."""
OPTION, LINE, APPLICATION, DRIVER = range(4)
"""What a step costs: an option of the command, a line of target.toml, an application there, a driver."""

_REMEDIES: Mapping[str, tuple[int, str]] = {
    "disruptive": (OPTION, "ask for disruptive checks with --disruptive"),
    "concurrency": (OPTION, "ask for requests at once with --concurrency"),
    "lockout_count": (LINE, "declare auth.lockout_failures"),
    "mobile": (LINE, f"name {FEW} mobiles in [users]"),
    "some_users": (LINE, f"name {SOME} mobiles in [users]"),
    "many_users": (LINE, f"name {MANY} mobiles in [users]"),
    "fixed_line": (LINE, "name 4 fixed lines in [users]"),
    "fixed_line_users": (LINE, "name 4 fixed lines in [users]"),
    "service": (LINE, "name a service number in [users]"),
    "tones": (LINE, "name 2 uploaded tones of the {mode} application"),
    "receiver": (LINE, "say in [receiver] where the target pushes already"),
    "two_x": (LINE, "name a second X number of the {mode} application"),
    "three_x": (LINE, "name 3 X numbers of the {mode} application"),
    "six_x": (LINE, "name 6 X numbers of the {mode} application"),
    "many_x": (LINE, f"name {PLENTY} X numbers of the {{mode}} application"),
    "area_x": (LINE, "name every X of the {mode} application with its area, one in 0755, and say more_numbers = false"),
    "any_x": (LINE, "name every X of the {mode} application, and say more_numbers = false"),
    "push_addresses": (DRIVER, "use a driver that sets where the target pushes, and no event_path or fee_path"),
    "recording": (APPLICATION, "open recording for the {mode} application"),
    "application": (APPLICATION, "name an {mode} application"),
    "second_application": (APPLICATION, "name a second {mode} application"),
    "other_mode_application": (APPLICATION, "name an application of another mode than {mode}"),
    "one_digit_extensions": (APPLICATION, "name an AXE application with extension_digits = 1"),
    "wire": (APPLICATION, "reach the target by an http:// address"),
}
_ALIKE = {"fixed_line": "fixed_line_users"}
_NEEDS = {**_ALIKE, NO_LOCKOUT: "lockout_count"}
"""Lacks that are called otherwise than the need; NO_LOCKOUT has no remedy, as the target has declared it."""

Rule = Mapping[str, Any]
Lack = tuple[str, str]
"""A word, and the mode of the application that it is about; no mode where it is about none."""


def wait_of(word: str) -> int | None:
    """The seconds of a lack that is a wait."""
    return int(word.removeprefix(WAIT)) if word.startswith(WAIT) else None


def closer(lacks: Iterable[str], needs: Iterable[str]) -> bool:
    """Whether a check that lacked these words only looks closer.

    Not all of them are what the rule itself needs.

    A longer wait is such a thing, where a shorter one has shown the rule already.
    """
    return not {_NEEDS.get(word, word) for word in lacks} <= set(needs)


def next_steps(rules: Iterable[Rule]) -> list[dict[str, Any]]:
    """Steps for the rules that were not exercised.

    Each says how many rules all of its parts together would open.
    """
    wanted: dict[str, frozenset[Lack]] = {}
    rules = list(rules)
    plain = next((mode for mode in MODES if any(rule["mode"] == mode for rule in rules)), next(iter(MODES)))
    for rule in rules:
        if rule["verdict"] == "not_exercised":
            lacks = [word for check in rule["checks"] for word in check.get("lacks", ())]
            blind = any(check["verdict"] == "not_exercised" and not check.get("lacks") for check in rule["checks"])
            if lacks and not blind:
                wanted[rule["id"]] = _lacks(lacks, plain if rule["mode"] == "common" else rule["mode"])
    steps = []
    for parts in dict.fromkeys(wanted.values()):
        opened = [id_ for id_, lacks in wanted.items() if _covers(parts, lacks)]
        steps.append((max(_cost(word) for word, _ in parts), -len(opened), parts, opened))
    steps.sort(key=lambda step: (step[0], len(step[2]), step[1], sorted(step[2])))
    return [
        {"needs": sorted({word for word, _ in parts}), "text": _text(parts), "requirements": opened}
        for _, _, parts, opened in steps
        if all(word in contracts.capabilities() or _remedy(word) is not None for word, _ in parts)
    ]


def _lacks(words: Iterable[str], mode: str) -> frozenset[Lack]:
    """The lacks, of several waits the longest.

    Nobody waits for hours, that is for a clock.
    """
    waits = [seconds for word in words if (seconds := wait_of(word)) is not None]
    plain = {_lack(word, mode) for word in words if wait_of(word) is None}
    if waits:
        plain.add((f"{WAIT}{max(waits)}", "") if max(waits) <= LONG else ("clock", ""))
    return frozenset(plain)


def _lack(word: str, mode: str) -> Lack:
    word = _ALIKE.get(word, word)
    remedy = _remedy(word)
    about = remedy is not None and "{mode}" in remedy[1]
    return word, mode if about else ""


def _remedy(word: str) -> tuple[int, str] | None:
    seconds = wait_of(word)
    return _REMEDIES.get(word) if seconds is None else (OPTION, f"wait longer with --max-wait {seconds}")


def _cost(word: str) -> int:
    remedy = _remedy(word)
    return DRIVER if remedy is None else remedy[0]


def _covers(parts: frozenset[Lack], lacks: frozenset[Lack]) -> bool:
    longest = max((wait_of(word) or 0 for word, _ in parts), default=0)
    return all((wait_of(word) or longest + 1) <= longest or (word, mode) in parts for word, mode in lacks)


def _text(parts: frozenset[Lack]) -> str:
    offers = contracts.capabilities()
    plain = sorted((lack for lack in parts if lack[0] not in offers), key=lambda lack: (_cost(lack[0]), lack))
    texts = [remedy[1].format(mode=mode) for word, mode in plain if (remedy := _remedy(word)) is not None]
    capable = [word for word, _ in sorted(parts) if word in offers]
    texts += [f"use a driver that offers {_listed_words(capable)}"] if capable else []
    return "; ".join(texts)


def _listed_words(words: list[str]) -> str:
    return " and ".join(part for part in (", ".join(words[:-1]), words[-1]) if part)
