"""Options of a command line, and how a wrong one is reported."""

from __future__ import annotations

import argparse
import sys
from typing import Final, NoReturn

from privnum.ends import NO_RESULT

__all__ = ["BAD_USAGE", "OptionParser"]

#: Exit status of a command that was called in a way that it does not understand.
BAD_USAGE: Final = NO_RESULT


class OptionParser(argparse.ArgumentParser):
    """Reports what is wrong with an option in one line."""

    def error(self, message: str) -> NoReturn:
        """See ArgumentParser: without the list of all options before it."""
        sys.stderr.write(f"{self.prog}: {message}; see {self.prog} --help\n")
        sys.exit(BAD_USAGE)
