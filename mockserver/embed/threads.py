"""Threads that run by themselves: a server beside a test needs one."""

from __future__ import annotations

import _thread
from typing import Final

__all__ = ["need_threads"]

#: Packages whose monkey patches turn threads into tasks of the one thread that is there.
_PATCHING: Final = frozenset({"gevent", "eventlet"})


def need_threads(what: str) -> None:
    """Check that a thread runs while another waits.

    Raises:
        RuntimeError: a monkey patch has replaced threads; who waited for `what` would wait for ever.
    """
    package = str(getattr(_thread.start_new_thread, "__module__", "")).partition(".")[0]
    if package in _PATCHING:
        raise RuntimeError(
            f"{what} needs a thread of its own, and {package} has replaced threads here: start `privnum serve` "
            "as a process, and use privnum.mockserver.embed.handle.WorldHandle with its address"
        )
