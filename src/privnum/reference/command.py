"""`privnum reference`: the contract as pages of Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from privnum.ends import report_problem
from privnum.options import BAD_USAGE, OptionParser, add_language
from privnum.reference import write_pages
from privnum.words import say

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
    add_language(parser)
    given = parser.parse_args(args)
    if not given.folder:
        parser.error("FOLDER is empty; name one")
    try:
        written = write_pages(Path(given.folder))
    except OSError as error:
        report_problem("privnum reference", f"{error.filename} cannot be written: {error.strerror}")
        return BAD_USAGE
    sys.stdout.write(
        say("{count} pages are in {folder}; begin with index.md", count=len(written), folder=given.folder) + "\n"
    )
    return 0
