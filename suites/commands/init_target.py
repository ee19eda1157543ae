"""`privnum init-target`: writes a target.toml to fill in."""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from privnum.suites.commands.parsers import init_target_parser
from privnum.suites.commands.refusing import refuse
from privnum.suites.target.template import TEMPLATE

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["init_target_main"]


def init_target_main(argv: Sequence[str]) -> int:
    """Write a target.toml with every setting explained.

    Status 2 where there is one already.
    """
    given = init_target_parser().parse_args(argv)
    path = Path(given.file)
    try:
        with open(path, "w" if given.force else "x", encoding="utf-8", opener=_private) as file:
            file.write(TEMPLATE)
    except FileExistsError:
        return refuse("init-target", f"{path} is there already; --force writes over it")
    except OSError as error:
        return refuse("init-target", f"{path} cannot be written: {error.strerror}")
    sys.stdout.write(f"{path} is written; fill it in and run: privnum check --target {path}\n")
    return 0


def _private(path: str, flags: int) -> int:
    """Open a file that only its owner may read.

    Keys and secrets will stand in it.
    """
    file = os.open(path, flags, 0o600)
    if hasattr(os, "fchmod"):
        os.fchmod(file, 0o600)  # where it was there already
    return file
