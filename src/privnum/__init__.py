"""Huawei Cloud PrivateNumber.

The contract as data, a stand-in server that keeps it, suites that check by it.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from privnum.mockserver.embed.errors import PushNotAccepted, RequestRefused

__all__ = ["PushNotAccepted", "RequestRefused", "__version__"]

__version__ = "0.1.0"


def _need_links() -> None:
    """Say which symbolic links a checkout lacks.

    Git has written them as text files, as on Windows.

    Raises:
        ImportError: with what to do.
    """
    rooms = [room for room in ("contracts", "mockserver", "suites") if Path(__file__).with_name(room).is_file()]
    if rooms:
        raise ImportError(
            f"this checkout has text files in place of the symbolic links src/privnum/{{{','.join(rooms)}}}: let git "
            "make them (git config core.symlinks true; git checkout -- src/privnum; on Windows switch the developer "
            "mode on before), or install a copy, which needs none (pip install . without --editable)"
        )


_need_links()


def __getattr__(name: str) -> object:
    """Import what is seldom needed when it is asked for."""
    if name in ("PushNotAccepted", "RequestRefused"):
        from privnum.mockserver.embed import errors

        return getattr(errors, name)
    raise AttributeError(f"module 'privnum' has no attribute {name!r}")
