"""The open points of a run: questions to the vendor.

Each says what the target does. An open point is where the documents are silent or disagree with themselves; no target
fails because of one.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

__all__ = ["open_points", "pages_to_name"]


def open_points(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """Each open point of the rules in scope, in the order of the contract.

    `settled` says how it is known what the target does: "probe", "target.toml", or "unknown" with the reason.
    """
    scope = {rule["id"]: rule for rule in report["requirements"]}
    probed = {probe["assumption"]: probe for probe in report["choices"]}
    declared = report["target"].get("declared")
    by_hand = dict(declared) if isinstance(declared, dict) else {}
    return [
        {
            "id": point.id,
            "requirement": point.requirement,
            "mode": scope[point.requirement]["mode"],
            "question": point.text,
            "choices": list(point.values),
            "ours": point.value,
            "why": point.why,
            "source": list(point.source),
            "ask": pages_to_name(point, scope[point.requirement]["mode"]),
            **_how_settled(point, probed.get(point.id), by_hand, scope[point.requirement]),
        }
        for point in contracts.assumptions().values()
        if point.requirement in scope
    ]


def _how_settled(
    point: contracts.Assumption,
    probe: Mapping[str, Any] | None,
    by_hand: Mapping[str, Any],
    rule: Mapping[str, Any],
) -> dict[str, Any]:
    if point.id in by_hand:
        return {"target": by_hand[point.id], "settled": "target.toml", "reason": None}
    if probe is not None and probe["observed"] is not None:
        return {"target": probe["observed"], "settled": "probe", "reason": probe.get("reason")}
    reason = (probe or {}).get("reason") or rule["reason"]
    return {"target": None, "settled": "unknown", "reason": reason}


def pages_to_name(point: contracts.Assumption, mode: str) -> list[str]:
    """Addresses of the vendor's pages to name in the question.

    Those that are silent; where none is known, that of an API of the mode, or of any for what is common.
    """
    own = _addresses(point.source)
    if own:
        return own
    every: tuple[contracts.Operation | contracts.Callback, ...] = (
        *contracts.operations().values(),
        *contracts.callbacks().values(),
    )
    of_mode = [each for each in every if each.mode == mode and mode != "common"]
    return next((found for each in (*of_mode, *every) if (found := _addresses(each.source))), [])


def _addresses(keys: Iterable[str]) -> list[str]:
    known = contracts.sources()
    found = (known.get(key.partition("@")[0]) for key in keys)
    return list(dict.fromkeys(each.url for each in found if each is not None and each.url is not None))
