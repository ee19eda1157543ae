"""What a recording is: a .wav file with sound in it."""

from __future__ import annotations

import struct

__all__ = ["ALAW", "DAYS", "PCM", "wav_format"]

DAYS = 7
"""How long a recording is there after the push of its CDR (COM-RECORD-003)."""
PCM, ALAW = 1, 6
"""Formats of sound in a .wav file."""
_CHUNK = struct.Struct("<4sI")


def wav_format(content: bytes) -> int | None:
    """The format of the sound in a .wav file.

    None where it is no such file, or there is no sound in it.
    """
    if content[:4] != b"RIFF" or content[8:12] != b"WAVE":
        return None
    form: int | None = None
    at = 12
    while at + _CHUNK.size <= len(content):
        name, length = _CHUNK.unpack_from(content, at)
        at += _CHUNK.size
        if name == b"fmt " and at + 2 <= len(content):
            form = int.from_bytes(content[at : at + 2], "little")
        elif name == b"data":
            return form if content[at : at + 1] and length else None
        at += length + length % 2
    return None
