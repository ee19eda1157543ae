"""What a recorded query shows of bindings, against those that are known."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.oracle.times import seconds

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings
    from privnum.suites.log.replay import Replay
    from privnum.suites.oracle.types import Claim

__all__ = ["compare_rows", "is_whole_list", "new_rows"]


def is_whole_list(exchange: Exchange, rows: Sequence[object], query: Mapping[str, str], page: int) -> bool:
    """Whether a list shows everything, and not a page of it."""
    total = exchange.answer["totalCount"]
    if isinstance(total, int):
        return total == len(rows)
    return not {"pageIndex", "pageSize"} & query.keys() and len(rows) < page


def compare_rows(
    replay: Replay,
    exchange: Exchange,
    findings: Findings,
    expected: Any,
    rows: Sequence[Mapping[str, Any]],
    compare: Callable[[Any, Mapping[str, Any]], Iterable[Claim]],
    *,
    whole: bool,
) -> None:
    """Claim that bindings which are known are shown as they are.

    One that is known to be gone is not shown. Of others that are shown nothing is known.
    """
    shown = {str(row.get("subscriptionId")): row for row in rows}
    for sub, whole_row in shown.items():
        if sub in replay.oracle.dissolved:
            by, lines = replay.oracle.dissolved[sub], [v.gone_line or v.line for v in replay.versions.get(sub, ())[-1:]]
            findings.claim(by, False, f"the query shows {sub}, which was gone", exchange.line, *lines)
        elif sub not in replay.oracle.bindings:
            continue
        else:
            binding = replay.oracle.bindings[sub]
            times = [
                getattr(binding, "changed_at", getattr(binding, "bound_at", 0)),
                *getattr(binding, "stale_times", ()),
            ]
            lines = replay.versions.lines_of(sub)
            row = _known_part(binding, whole_row) if replay.versions[sub][-1].shown else whole_row
            for rule, ok, text in replay.timely(compare(binding, row), row, exchange, times):
                findings.claim(rule, ok, text, exchange.line, *lines)
    for binding in expected.bindings if whole else ():
        if binding.subscription_id not in shown:
            text = f"the query does not show {binding.subscription_id}, which is bound"
            lines = replay.versions.lines_of(binding.subscription_id)
            findings.claim(expected.requirement, False, text, exchange.line, *lines)


def new_rows(
    replay: Replay, exchange: Exchange, name: str, numbers: Sequence[str]
) -> Iterator[tuple[str, int, dict[str, Any]]]:
    """The rows of a query that show a binding which is new to the log.

    Each with its id and its subscribeTime.
    Only those that show all these numbers, and the time.
    """
    for row in exchange.answer.items(name):
        sub, at = str(row.get("subscriptionId") or ""), seconds(row.get("subscribeTime"))
        shown = all(isinstance(row.get(number), str) and row[number] for number in numbers)
        if replay.is_new(sub) and at is not None and shown:
            yield sub, at, {field: value for field, value in row.items() if field != "subscribeTime"}


def _known_part(binding: Any, row: Mapping[str, Any]) -> dict[str, Any]:
    """What a query shows of settings that are known.

    The first query that showed the binding need not have shown all of them.
    """
    known = {*binding.fields, *binding.carried}
    kept = {name: value for name, value in row.items() if name in known or name.endswith(("Num", "Id", "Time"))}
    voice = row.get("preVoice")
    if isinstance(voice, dict):
        kept["preVoice"] = {tone: value for tone, value in voice.items() if tone in known}
    if "recordFlag" not in known:
        kept.pop("recordHintTone", None)
    return kept
