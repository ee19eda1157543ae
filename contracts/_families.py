"""Rules that modes share.

`requirements/bindings.toml`, `calls.toml` and `sms.toml` have each once, as a family.

A family such as CDR-006 says what all of its modes share, and under `modes` what is a mode's own: its sources, and its
words or limits where they differ. It is expanded to one rule per mode: AXB-CDR-006, AXE-CDR-006. So the same number is
the same rule everywhere, while reports, filters and citations go on by mode.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["FAMILY_FILES", "FIRST_OWN", "expand_family", "in_order"]

FAMILY_FILES = ("requirements/bindings.toml", "requirements/calls.toml", "requirements/sms.toml")

FIRST_OWN = 101
"""Numbers of a topic below are families; a rule that only its mode can have begins here."""

_TOPICS = ("BIND", "LIFE", "UNBIND", "MODIFY", "QUERY", "CALLEE", "CALL", "CALLBACK", "SMS", "EVENT", "CDR", "STATE")
"""The order in which rules of a mode are listed: the life of a binding, then its calls and their pushes."""


def expand_family(
    family: str, table: Mapping[str, Any], words: Mapping[str, Mapping[str, str]]
) -> dict[str, dict[str, Any]]:
    """Return the rules of a family by their ids, one per mode that it names.

    `words` is what each mode calls the things that a shared text names in braces, e.g. {X}: relationNum of AXB.
    """
    shared = {key: value for key, value in table.items() if key != "modes"}
    return {f"{mode}-{family}": _of_mode(mode, {**shared, **own}, words[mode]) for mode, own in table["modes"].items()}


def _of_mode(mode: str, table: dict[str, Any], words: Mapping[str, str]) -> dict[str, Any]:
    # Why a mode differs in level or basis is for readers of the table; the rule itself does not carry it.
    table.pop("reason", None)
    also = table.pop("also", None)
    for key in ("title", "text"):
        table[key] = table[key].format_map(words)
    if also:
        table["text"] = f"{table['text']} {also}"
    table["codes"] = [code.format_map(words) for code in table.get("codes", ())]
    table["operations"] = [f"{mode.lower()}.{operation}" for operation in table.get("operations", ())]
    return table


def in_order(ids: Iterable[str]) -> list[str]:
    """Return ids of modes by mode, topic and number.

    The families of a topic stand before the mode's own rules.
    """
    return sorted(ids, key=_place)


def _place(id_: str) -> tuple[str, int, str, str]:
    mode, topic, number = id_.split("-")
    return mode, _TOPICS.index(topic) if topic in _TOPICS else len(_TOPICS), topic, number
