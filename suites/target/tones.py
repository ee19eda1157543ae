"""Tones in the settings of a bind.

Only names that the platform is known to have are sent to it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["HINT", "WAIT", "with_known_tones"]

WAIT, HINT = "wait.wav", "hint.wav"
"""The names by which strategies ask for a first and for a second tone."""
_RECORDING = ("recordFlag", "recordHintTone")


def with_known_tones(fields: Mapping[str, Any], tones: Sequence[str] | None) -> dict[str, Any]:
    """The settings with tones that were uploaded, by the names in `tones`.

    None: none is known.

    What has no tone left is left out, and with its hint tone the recording that it goes with.
    """
    named = dict(zip((WAIT, HINT), tones or (), strict=False))
    kept = {name: _with_tones(value, named) for name, value in fields.items()}
    if kept.get("recordHintTone", "") is None:
        kept = {name: value for name, value in kept.items() if name not in _RECORDING}
    return {name: value for name, value in kept.items() if value is not None and value != {}}


def _with_tones(value: Any, named: Mapping[str, str]) -> Any:
    if isinstance(value, dict):
        known = {name: _with_tones(part, named) for name, part in value.items()}
        return {name: part for name, part in known.items() if part is not None}
    if value in (WAIT, HINT):
        return named.get(value, named.get(WAIT))
    return value
