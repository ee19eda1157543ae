"""`privnum openapi`: write a document to a file or to standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.ends import NO_RESULT
from privnum.openapi.arazzo import arazzo_document
from privnum.openapi.document import openapi_document
from privnum.openapi.driver import driver_document
from privnum.openapi.modes import known_modes

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["write_document"]


def write_document(kind: str, modes: Sequence[str] = (), output: str | None = None) -> int:
    """Write a document; return 0, or 2 where the modes have none.

    Args:
        kind: openapi, arazzo or driver.
        modes: those to describe; empty: all. The driver protocol has no modes.
        output: path of the file; None: standard output.
    """
    try:
        chosen = known_modes(modes)
        if kind == "driver":
            document = driver_document()
        else:
            document = arazzo_document(chosen) if kind == "arazzo" else openapi_document(chosen)
    except contracts.ContractError as error:
        sys.stderr.write(f"privnum openapi: {error}\n")
        return NO_RESULT
    # Only ASCII, so that any terminal and any encoding of a pipe can have it.
    text = json.dumps(document, indent=2) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        Path(output).write_text(text, encoding="ascii")
    return 0
