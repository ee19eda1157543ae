"""The files behind the addresses of recordings.

Who has the address gets the file, signed or not.
"""

from __future__ import annotations

import hmac
from typing import TYPE_CHECKING, Final

from privnum.mockserver.core.answers import Answer
from privnum.mockserver.core.recordings import FILES
from privnum.mockserver.core.wav import recorded_sound

if TYPE_CHECKING:
    from privnum.mockserver.worlds.world import World

__all__ = ["download"]

_TEXT: Final = ((b"content-type", b"text/plain;charset=utf-8"),)
_ALLOWED: Final = ("GET", "HEAD")


def download(world: World, method: str, path: str) -> Answer:
    """Return the file at a path behind that of its world.

    COM-RECORD-002, COM-RECORD-008.
    """
    if method not in _ALLOWED:
        return Answer(405, b"A recording can be got, and nothing else.\n", ((b"allow", b"GET, HEAD"), *_TEXT))
    token, _, name = path.removeprefix(FILES).partition("/")
    recording = world.notifier.recordings.find(name, world.now_ms)
    wanted = world.identity.recording_token(name)
    if recording is None or not hmac.compare_digest(token.encode(), wanted.encode()):
        return Answer(404, b"No recording is here; 7 days after the push of its CDR it is gone.\n", _TEXT)
    sound = recorded_sound(recording.talk_ms, world.assumptions.text("recording.coding"))
    attached = (b"content-disposition", b'attachment; filename="%b"' % name.encode())
    return Answer(200, sound, ((b"content-type", b"audio/x-wav"), attached))
