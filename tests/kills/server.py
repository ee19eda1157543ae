"""`privnum serve` that makes an image of its worlds every few inputs: python -m tests.kills.server EVERY OPTIONS…"""

from __future__ import annotations

import sys

from privnum.cli import main
from privnum.mockserver.database import log as database_log
from privnum.mockserver.statefile import log

if __name__ == "__main__":
    log.EVERY = database_log.EVERY = int(sys.argv[1])  # type: ignore[misc]
    sys.exit(main(["serve", *sys.argv[2:]]))
