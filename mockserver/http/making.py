"""The settings that make worlds: a state goes with no others."""

from __future__ import annotations

import json
from hashlib import blake2b
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.statefile.file import StateError

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.mockserver.http.command import Options

__all__ = ["check_settings", "settings_of"]

#: Settings of which no message has the value.
_UNSAID: Final = frozenset({"applications", "event_url", "fee_url", "home_areas"})


def settings_of(options: Options, seed: int) -> dict[str, Any]:
    """Return the settings that make worlds."""
    return {
        "seed": seed,
        "edition": options.edition or contracts.DEFAULT_EDITION,
        "assumptions": {id_: str(choice) for id_, choice in sorted(options.assumptions.items())},
        "variations": sorted(options.variations),
        "keep": options.keep,
        "journal": options.journal,
        "strict": options.strict,
        "clock": options.clock,
        "event_url": _digest(options.event_url),
        "fee_url": _digest(options.fee_url),
        "applications": _digest(options.applications),
        "home_areas": _digest(dict(options.home_areas)),
    }


def check_settings(
    given: Mapping[str, Any], made: Mapping[str, Any], *, seed_is_given: bool, where: object, other: str
) -> None:
    """See whether given settings are those that a state was made with.

    `where` names the state; `other` says what to name in its place, "name a new file".

    Raises:
        StateError: one is another.
    """
    for name, now in given.items():
        was = made.get(name)
        if was == now or (name == "seed" and not seed_is_given):
            continue
        what = f"another {name}" if name in _UNSAID else f"{name} = {json.dumps(was)}, not {json.dumps(now)}"
        raise StateError(f"{where} was made with {what}; start it with the settings that it was made with, or {other}")


def _digest(value: Any) -> str:
    """Return what is kept of a value in which a secret may be."""
    return blake2b(json.dumps(value, default=dict, sort_keys=True).encode(), digest_size=16).hexdigest()
