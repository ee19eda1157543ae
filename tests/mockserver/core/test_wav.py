"""The made-up sound of a recording."""

from __future__ import annotations

import io
import struct
import wave

import pytest

from privnum.mockserver.core import wav


def test_alaw_is_a_file_of_format_6_with_its_samples_counted() -> None:
    sound = wav.recorded_sound(4000, "alaw")
    assert sound[:4] == b"RIFF"
    assert struct.unpack("<I", sound[4:8]) == (len(sound) - 8,)
    assert sound[8:16] == b"WAVEfmt "
    assert struct.unpack("<IHHIIHHH", sound[16:38]) == (18, 6, 1, 8000, 8000, 1, 8, 0)
    assert sound[38:50] == b"fact" + struct.pack("<II", 4, 32_000)
    assert sound[50:58] == b"data" + struct.pack("<I", 32_000)
    assert len(sound) == 58 + 32_000


def test_pcm_is_read_by_the_standard_library() -> None:
    with wave.open(io.BytesIO(wav.recorded_sound(4500, "pcm"))) as sound:
        assert (sound.getnchannels(), sound.getsampwidth(), sound.getframerate()) == (1, 2, 8000)
        assert sound.getnframes() == 36_000
        levels = struct.unpack("<36000h", sound.readframes(36_000))
    assert levels[:6] == (0, 1012, 1926, 2650, 3116, 3276)
    assert set(levels[1600:8000]) == {0}
    assert levels[8000:16000] == levels[:8000]


@pytest.mark.parametrize(
    ("level", "octet"),
    [
        (0, 0xD5), (7, 0xD5), (16, 0xD4), (-1, 0x55), (-17, 0x54), (255, 0xDA), (256, 0xC5), (1000, 0xFA),
        (-1000, 0x7A), (3276, 0x9C), (32767, 0xAA), (-32768, 0x2A),
    ],
)  # fmt: skip
def test_alaw_octets(level: int, octet: int) -> None:
    """ITU-T G.711."""
    assert wav._alaw(level) == octet


@pytest.mark.parametrize("coding", ["alaw", "pcm"])
def test_a_long_talk_is_cut_and_the_file_says_so(coding: str) -> None:
    whole, cut = wav.recorded_sound(600_000, coding), wav.recorded_sound(86_400_000, coding)
    assert cut[:40] != whole[:40]
    assert cut[40:].startswith(whole[40:])
    assert cut[len(whole) :].startswith(b"LIST")
    assert b"keeps the first 600 s of a talk; this one lasted 86400 s\0" in cut[len(whole) :]
    assert len(cut) < 10_000_000


def test_chunks_have_even_lengths() -> None:
    sound = wav.recorded_sound(3001, "alaw")
    assert sound[50:58] == b"data" + struct.pack("<I", 24_008)
    assert len(wav.recorded_sound(601_000, "alaw")) % 2 == 0
