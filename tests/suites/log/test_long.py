"""A long log is read line by line, and what is over is not kept."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

import pytest

from privnum.suites.log.applications import Applications
from privnum.suites.log.calls import Calls
from privnum.suites.log.examine import examine
from privnum.suites.log.reading import read_log
from privnum.suites.log.repeats import Repeats
from privnum.suites.log.waiting import HOLD
from tests.suites.log.seeds import SEEDS, Seed
from tests.suites.log.session import findings_of, places_of_breaches, plain_session, write_lines

if TYPE_CHECKING:
    from pathlib import Path

DAY = 86400


def _later(entry: dict[str, Any], days: int, number: int) -> dict[str, Any]:
    """An entry some days later."""
    moved = {name: datetime.fromisoformat(entry[name]) + timedelta(days=days) for name in ("at", "world_time")}
    body = entry["body"].replace("1200_1777", f"1200_{2000 + days}")
    return {**entry, "number": number, "body": body, **{name: f"{at:%Y-%m-%dT%H:%M:%S}Z" for name, at in moved.items()}}


@pytest.mark.parametrize("seed", SEEDS[::3], ids=lambda seed: seed.name)
def test_what_is_over_is_claimed_as_at_the_end(seed: Seed, tmp_path: Path) -> None:
    """A request two days later, before which every call is over, changes nothing of what was found."""
    text, secrets = plain_session()
    entries = json.loads(text)
    seed.edit(entries, secrets)
    before = findings_of(write_lines(tmp_path / "log.jsonl", entries), secrets)
    answer = json.dumps({"resultcode": "1012007", "resultdesc": "No."})
    last = {**entries[0], "method": "GET", "path": "/rest/caas/relationnumber/partners/v1.0", "headers": []}
    last |= {"query": "subscriptionId=nobody", "body": "", "body_bytes": 0, "answer": answer, "status": 403}
    entries.append(
        _later({**last, "at": entries[-1]["at"], "world_time": entries[-1]["world_time"]}, 2, len(entries) + 1)
    )
    after = findings_of(write_lines(tmp_path / "log.jsonl", entries), secrets)
    assert places_of_breaches(after) == places_of_breaches(before)


def test_calls_and_pushes_that_are_over_are_not_kept(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """However long the log is."""
    text, secrets = plain_session()
    session = json.loads(text)
    days = [_later(entry, day, 0) for day in range(6) for entry in session]
    entries = [{**entry, "number": number} for number, entry in enumerate(days, start=1)]
    kept: list[tuple[int, int]] = []
    take = Calls.take

    def count_calls(self: Calls, *given: Any) -> None:
        take(self, *given)
        kept.append((len(self.sessions), 0))

    monkeypatch.setattr(Calls, "take", count_calls)
    claim = Repeats.claim_over

    def counted_pushes(self: Repeats, *given: Any) -> None:
        claim(self, *given)
        kept.append((0, len(self._pushes)))

    monkeypatch.setattr(Repeats, "claim_over", counted_pushes)
    log = read_log(write_lines(tmp_path / "log.jsonl", entries))
    examine(log, Applications(secrets), {})
    pushes = sum(entry["kind"] != "request" for entry in session)
    assert DAY > HOLD
    assert 0 < max(calls for calls, _ in kept) <= pushes
    assert 0 < max(each for _, each in kept) <= pushes
