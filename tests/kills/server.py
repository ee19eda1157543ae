"""`privnum serve` that makes an image of its worlds every few inputs: python -m tests.kills.server EVERY OPTIONS…

And lets a world go where its requests come in behind few of them.
"""

from __future__ import annotations

import sys

from privnum.cli import main
from privnum.mockserver.database import log as database_log
from privnum.mockserver.http.nodes import arrivals
from privnum.mockserver.statefile import log

#: Requests behind which a world may go to another node.
_FEW = 30

if __name__ == "__main__":
    log.EVERY = database_log.EVERY = int(sys.argv[1])  # type: ignore[misc]
    arrivals.ENOUGH = _FEW  # type: ignore[misc]
    sys.exit(main(["serve", *sys.argv[2:]]))
