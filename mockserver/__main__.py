"""`python -m privnum.mockserver`: the same as `privnum serve`."""

from __future__ import annotations

import sys

from privnum.cli import main

if __name__ == "__main__":
    sys.exit(main(["serve", *sys.argv[1:]]))
