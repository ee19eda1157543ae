"""`privnum reference`: the contract as pages of Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from privnum.options import BAD_USAGE, OptionParser
from privnum.reference import write_pages

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["reference_main"]


def reference_main(args: Sequence[str]) -> int:
    """Write the pages; return the status."""
    parser = OptionParser(
        prog="privnum reference",
        description="Write the contract as pages of Markdown: messages, codes, rules, open points, commands, settings.",
        epilog="status: 0 the pages are written; 2 they are not, or bad usage",
        examples=("privnum reference build/reference",),
        allow_abbrev=False,
    )
    parser.add_argument("folder", metavar="FOLDER", help="where the pages go; it is made")
    given = parser.parse_args(args)
    if not given.folder:
        parser.error("FOLDER is empty; name one")
    try:
        written = write_pages(Path(given.folder))
    except OSError as error:
        sys.stderr.write(f"privnum reference: {error.filename} cannot be written: {error.strerror}\n")
        return BAD_USAGE
    sys.stdout.write(f"{len(written)} pages are in {given.folder}; begin with index.md\n")
    return 0
