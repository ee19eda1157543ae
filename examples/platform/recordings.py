"""Recorded files: silence as long as the talk, for a week."""

from __future__ import annotations

import io
import wave
from typing import TYPE_CHECKING, Any

from examples.platform.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["DOMAIN", "FILES", "Recordings"]

DOMAIN = "records"
FILES = "/files/"
WEEK = 7 * 24 * 3600
RATE = 8000


class Recordings:
    """The files by name.

    A file is asked for by the application whose call it is; who has its address may have it.
    """

    def __init__(self) -> None:
        self._files: dict[str, tuple[str, int, int]] = {}

    def keep(self, name: str, app: Mapping[str, Any], talk: int, now: int) -> None:
        """Keep a file of so many seconds."""
        self._files[name] = app["app_key"], talk, now + WEEK

    def where(self, app: Mapping[str, Any], query: Mapping[str, str], now: int) -> str:
        """The path of a file that a CDR named."""
        name, domain = query.get("fileName"), query.get("recordDomain")
        if not name or not domain:
            raise Refused("1010002", "fileName and recordDomain")
        if not app["recording"]:
            raise Refused("1012012")
        owner, _, until = self._files.get(name, ("", 0, 0))
        if owner != app["app_key"] or now >= until or domain != DOMAIN:
            raise Refused("1012007", "no such recording")
        return FILES + name

    def content(self, name: str, now: int) -> bytes | None:
        """The file, None if it is not there."""
        _, talk, until = self._files.get(name, ("", 0, 0))
        if now >= until:
            return None
        file = io.BytesIO()
        with wave.open(file, "wb") as sound:
            sound.setnchannels(1)
            sound.setsampwidth(2)
            sound.setframerate(RATE)
            sound.writeframes(bytes(2 * RATE * talk))
        return file.getvalue()
