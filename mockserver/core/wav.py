"""The sound of a made-up recording, as a .wav file.

A soft tone at the begin of each second, in one channel at 8 kHz.
"""

from __future__ import annotations

import math
import struct
from functools import cache
from typing import Final

__all__ = ["recorded_sound"]

#: So much of a longer talk is in the file, 4.8 MB of A-law; a comment in the file says what is missing.
LONGEST_SECONDS: Final = 600

_RATE: Final = 8000
_TONE_HERTZ: Final = 400
#: Samples of each second that sound.
_SOUNDING: Final = _RATE // 5
#: A tenth of the greatest volume: enough to be seen and heard, and nobody is startled.
_VOLUME: Final = 3276
#: Format tags of a .wav file, and bits of a sample.
_CODINGS: Final = {"pcm": (1, 16), "alaw": (6, 8)}
_PCM: Final = "pcm"


def recorded_sound(talk_ms: int, coding: str) -> bytes:
    """Return the file of a talk, in the coding "alaw" or "pcm"."""
    kept_ms = min(talk_ms, LONGEST_SECONDS * 1000)
    samples = kept_ms * _RATE // 1000
    tag, bits = _CODINGS[coding]
    width = bits // 8
    second = _second(coding)
    data = (second * (samples // _RATE + 1))[: samples * width]
    form = struct.pack("<HHIIHH", tag, 1, _RATE, _RATE * width, width, bits)
    # A form that is not PCM says that it has no extension, and in a chunk of its own how many samples there are.
    parts = [_chunk(b"fmt ", form if coding == _PCM else form + b"\0\0")]
    if coding != _PCM:
        parts.append(_chunk(b"fact", struct.pack("<I", samples)))
    parts.append(_chunk(b"data", data))
    if kept_ms < talk_ms:
        text = f"privnum keeps the first {LONGEST_SECONDS} s of a talk; this one lasted {talk_ms // 1000} s"
        parts.append(_chunk(b"LIST", b"INFO" + _chunk(b"ICMT", text.encode() + b"\0")))
    return _chunk(b"RIFF", b"WAVE" + b"".join(parts))


def _chunk(name: bytes, content: bytes) -> bytes:
    """Return a chunk.

    One of odd length is filled up to an even one, which its length does not count.
    """
    return b"".join((name, struct.pack("<I", len(content)), content, b"\0" * (len(content) % 2)))


@cache
def _second(coding: str) -> bytes:
    """Return the sound of a second."""
    wave = [round(_VOLUME * math.sin(math.tau * _TONE_HERTZ * n / _RATE)) for n in range(_SOUNDING)]
    levels = wave + [0] * (_RATE - _SOUNDING)
    return struct.pack(f"<{_RATE}h", *levels) if coding == _PCM else bytes(map(_alaw, levels))


def _alaw(level: int) -> int:
    """Return the A-law octet of a level of 16 bits (ITU-T G.711)."""
    mask = 0xD5 if level >= 0 else 0x55
    size = level >> 3 if level >= 0 else -(level >> 3) - 1
    segment = max(size.bit_length() - 5, 0)
    step = size >> max(segment, 1) & 0xF
    return (segment << 4 | step) ^ mask
