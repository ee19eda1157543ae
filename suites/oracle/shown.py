"""Compare what a query shows with what must be, whatever the mode.

That is a value, a flag, a time.
"""

from __future__ import annotations

from datetime import UTC, datetime
from typing import TYPE_CHECKING

from privnum.suites.oracle.times import CHINA, seconds
from privnum.suites.oracle.types import Claim

if TYPE_CHECKING:
    from collections.abc import Collection

__all__ = ["claim_shown", "claim_time", "flag_of"]


def claim_shown(requirement: str, name: str, value: object, shown: object) -> Claim:
    """A claim that a query answer shows `value` for `name`.

    It must be of the same type.
    """
    same = value == shown and type(value) is type(shown)
    return Claim(requirement, same, "" if same else f"query shows {name}: expected {value!r}, came {shown!r}")


def claim_time(requirement: str, times: Collection[int], shown: object) -> Claim:
    """A claim that subscribeTime is one of `times`.

    They are in UTC or in the time of China.
    """
    at = seconds(shown)
    ok = at is not None and not {*times}.isdisjoint({at, at - CHINA})
    if ok:
        return Claim(requirement, True, "")
    wanted = " or ".join(str(datetime.fromtimestamp(t, UTC)) for t in sorted(times))
    return Claim(requirement, False, f"subscribeTime: expected {wanted}, came {shown}")


def flag_of(shown: object) -> object:
    """A flag in a query answer as bool.

    It may be text or a JSON boolean; what is no flag stays as it came.
    """
    return {"true": True, "false": False}.get(str(shown).lower(), shown)
