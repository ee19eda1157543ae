"""Pages of rules: by mode, open points, and what no check can decide."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum.reference.markdown import anchor, code, contract, page, plain, rule_link, rule_page, source_links, table
from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum import contracts

__all__ = ["open_points_page", "rule_pages", "untested_page"]

_TITLES: Final = {"common": "Rules of all modes", "receiver": "Rules of the customer's receiver"}


def rule_pages() -> dict[str, str]:
    """Return a page of rules for each mode, and for the customer's side."""
    groups: dict[str, list[contracts.Requirement]] = {}
    for rule in contract().every_rule().values():
        if rule.assumption is None:  # open points have a page of their own, and a line here
            groups.setdefault(rule_page(rule.id), []).append(rule)
    return {name: _rule_page(rules) for name, rules in groups.items()}


def _rule_page(rules: list[contracts.Requirement]) -> str:
    mode = rules[0].mode
    opened = [each for each in contract().requirements().values() if each.assumption and each.mode == mode]
    return page(
        say(_TITLES[mode]) if mode in _TITLES else say("Rules of {mode}", mode=mode),
        say(
            "`documented`: an official page says so, and who breaks it fails. `observed`: real clients rely on it. "
            "`assumed`: the record is open, and nobody fails."
        ),
        *map(_rule, rules),
        _open_list(opened),
    )


def _rule(rule: contracts.Requirement) -> str:
    about = [f"{say(rule.level)}, {say(rule.basis)}"]
    asked = ", ".join(f"[{id_}](operations.md#{anchor(id_)})" for id_ in rule.operations)
    about += [say("operations: {names}", names=asked)] * bool(rule.operations)
    about += [say("codes: {names}", names=", ".join(map(code, rule.codes)))] * bool(rule.codes)
    about += [say("causes: {names}", names=", ".join(map(code, rule.causes)))] * bool(rule.causes)
    about += [say("source: {names}", names=source_links(rule.source))]
    return (
        f"### {rule.id}: {plain(rule.title)} {{#{anchor(rule.id)}}}\n\n{plain(rule.text)}\n\n<small>"
        + " · ".join(about)
        + "</small>"
    )


def _open_list(rules: Iterable[contracts.Requirement]) -> str:
    lines = [
        f'- <a id="{anchor(rule.id)}"></a>{rule.id}: [{code(rule.assumption or "")}]'
        f"(open-points.md#{anchor(rule.assumption or '')})"
        for rule in rules
    ]
    return f"## {say('Open points')}\n\n" + "\n".join(lines) if lines else ""


def open_points_page() -> str:
    """Return the page of every choice that the public record leaves open."""
    assumptions = contract().assumptions()
    return page(
        say("Open points: {count} questions to the vendor", count=len(assumptions)),
        say(
            "Where the public record is silent or disagrees with itself. The stand-in takes the first choice, "
            "`privnum serve --assume ID=VALUE` another; the suites find out what a target does, and fail nobody for it."
        ),
        *(_open_point(id_, each) for id_, each in assumptions.items()),
    )


def _open_point(id_: str, each: contracts.Assumption) -> str:
    choices = ", ".join(map(code, each.choices)) or say("none known")
    source = say("source: {names}", names=source_links(each.source))
    return (
        f"### {code(id_)} {{#{anchor(id_)}}}\n\n{plain(each.text)}\n\n"
        + table(("ours", "also legitimate", "how a run settles it"), [[code(each.value), choices, each.settled]])
        + say("Why ours: {why}", why=plain(each.why))
        + f"\n\n<small>{rule_link(each.requirement)} · {source}</small>"
    )


def untested_page() -> str:
    """Return the page of facts that sources state and no check can decide."""
    grouped: dict[str, list[contracts.Untested]] = {}
    for each in contract().untested().values():
        grouped.setdefault(each.reason, []).append(each)
    parts = []
    for reason, facts in grouped.items():
        rows = [[f'<a id="{anchor(each.id)}"></a>{each.id}', plain(each.text), plain(each.why)] for each in facts]
        parts.append(f"## {say(reason.capitalize())}\n\n" + table(("fact", "what the source says", "why not"), rows))
    return page(say("What no check can decide"), *parts)
