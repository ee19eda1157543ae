"""How often a recorded push was sent, and when again."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import accumulate
from typing import TYPE_CHECKING, Final

from privnum.suites.log.waiting import Waiting

if TYPE_CHECKING:
    from collections.abc import Iterable

    from privnum.suites.log.exchange import Exchange
    from privnum.suites.log.findings import Findings

__all__ = ["Repeats"]

_MINUTES: Final = (1, 4, 9, 106, 203, 300)
_SCHEDULES: Final = (tuple(60 * m for m in _MINUTES), tuple(60 * m for m in accumulate(_MINUTES)))
"""Seconds from the first attempt to each repeat: counted from it, or from the failure before."""
_GIVE: Final = 45
"""Seconds by which a repeat may miss its minute: those in which an answer is waited for, too."""
_TOGETHER: Final = 15
"""Seconds within which copies are of one attempt: the second was under way before the first was answered."""
_MOST: Final = len(_MINUTES) + 1
_REPEATED: Final = ("call_event", "cdr")
_NAMED: Final = (*_REPEATED, "sms_notify")
"""Kinds that have an id, so that one which says the same is a repeat."""
_FAILED: Final = 400


@dataclass(slots=True)
class _Push:
    kind: str
    attempts: list[Exchange] = field(default_factory=list)


class Repeats:
    """Every push of a log with its repeats."""

    def __init__(self) -> None:
        self._pushes: dict[tuple[str, str, bytes], _Push] = {}
        self._waiting = Waiting[tuple[str, str, bytes]]()

    def take(self, exchange: Exchange) -> None:
        """Keep an attempt."""
        if exchange.push in _NAMED and exchange.whole and exchange.when is not None:
            key = (exchange.app_key, exchange.push, exchange.content)
            self._pushes.setdefault(key, _Push(exchange.push)).attempts.append(exchange)
            self._waiting.touch(key, exchange.when)

    def claim_over(self, now: float, findings: Findings) -> None:
        """Claim what the attempts show of pushes that are sent no more."""
        self._claim_each([self._pushes.pop(key) for key in self._waiting.over(now)], findings)

    def claim_all(self, findings: Findings) -> None:
        """Claim what the attempts of all others show."""
        self._claim_each(self._pushes.values(), findings)

    def _claim_each(self, pushes: Iterable[_Push], findings: Findings) -> None:
        for push in pushes:
            self._claim_after_success(push, findings)
            if push.kind in _REPEATED:
                self._claim_schedule(push, findings)

    @staticmethod
    def _claim_after_success(push: _Push, findings: Findings) -> None:
        for place, attempt in enumerate(push.attempts):
            if not _is_success(attempt):
                continue
            later = [each for each in push.attempts[place + 1 :] if _when(each) - _when(attempt) > _TOGETHER]
            text = f"a {push.kind} push that was answered with 200 was sent {len(later)} more times"
            findings.claim("COM-PUSH-005", not later, text, attempt.line, *(each.line for each in later))
            return

    @staticmethod
    def _claim_schedule(push: _Push, findings: Findings) -> None:
        moments: list[Exchange] = []
        for attempt in push.attempts:
            if not moments or _when(attempt) - _when(moments[-1]) > _TOGETHER:
                moments.append(attempt)
        if len(moments) == 1 or not all(_has_failed(each) for each in moments[:-1]):
            return
        lines = [each.line for each in moments]
        text = f"a {push.kind} push that failed was sent {len(moments)} times; once and six times again is right"
        findings.claim("COM-PUSH-004", len(moments) <= _MOST, text, *lines)
        if moments[0].exact and not moments[0].gap and len(moments) <= _MOST:
            times = [_when(each) - _when(moments[0]) for each in moments[1:]]
            on_time = any(_fits(times, schedule) for schedule in _SCHEDULES)
            shown = ", ".join(f"{time:.0f}" for time in times)
            text = f"a {push.kind} push that failed was sent again after {shown} s; {_SCHEDULES[0]} s is right"
            findings.claim("COM-PUSH-004", on_time, text, *lines)


def _fits(times: list[float], schedule: tuple[int, ...]) -> bool:
    return all(
        abs(time - due) <= _GIVE + 10 * place for place, (time, due) in enumerate(zip(times, schedule, strict=False))
    )


def _when(exchange: Exchange) -> float:
    return exchange.when or 0.0


def _is_success(exchange: Exchange) -> bool:
    """Whether nobody could take an answer for a failure.

    It is 200 with no other code than 0.
    """
    code = exchange.answer["resultcode"]
    return exchange.status == 200 and exchange.answer_whole and code in (None, "0", 0) and exchange.seconds < 1


def _has_failed(exchange: Exchange) -> bool:
    """Whether nobody could take it for a success."""
    return exchange.status >= _FAILED or (exchange.exact and exchange.status == 0)
