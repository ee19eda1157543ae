"""`privnum openapi`: write a document to a file or to standard output."""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from privnum import contracts
from privnum.ends import NO_RESULT, report_problem
from privnum.openapi.arazzo import arazzo_document
from privnum.openapi.document import openapi_document
from privnum.openapi.driver import driver_document
from privnum.openapi.modes import known_modes
from privnum.options import OptionParser, add_language

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["openapi_main", "write_document"]


def openapi_main(args: Sequence[str]) -> int:
    """Write a document; return the status."""
    parser = OptionParser(
        prog="privnum openapi",
        description="Write the API with its pushes as an OpenAPI 3.1 document, generated from the contract, in JSON.",
        epilog="status: 0 the document is written; 2 it is not, or bad usage",
        examples=("privnum openapi --mode AXB --output openapi.json", "privnum openapi --arazzo --output flows.json"),
        allow_abbrev=False,
    )
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument(
        "--arazzo",
        dest="kind",
        action="store_const",
        const="arazzo",
        default="openapi",
        help="write the main flow of each mode as an Arazzo 1.1 document instead; its sources are ./openapi.json and "
        "./driver.json",
    )
    kind.add_argument(
        "--driver",
        dest="kind",
        action="store_const",
        const="driver",
        help="write the driver protocol (/_privnum) as an OpenAPI 3.1 document instead",
    )
    parser.add_argument(
        "--mode", action="append", default=[], metavar="MODE", help="only this mode (default: all); may be repeated"
    )
    parser.add_argument("--output", metavar="FILE", help="write into this file (default: standard output)")
    add_language(parser)
    given = parser.parse_args(args)
    return write_document(given.kind, given.mode, given.output)


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
        report_problem("privnum openapi", str(error))
        return NO_RESULT
    # Only ASCII, so that any terminal and any encoding of a pipe can have it.
    text = json.dumps(document, indent=2) + "\n"
    if output is None:
        sys.stdout.write(text)
    else:
        Path(output).write_text(text, encoding="ascii")
    return 0
