"""`python -m examples.receiver`: the receiver, on a port of this machine, until it is stopped.

The secret of its application is $PRIVNUM_APP_SECRET, else demo-secret.
"""

from __future__ import annotations

import argparse
import os
import sys

from examples.receiver.faults import FAULTS
from examples.receiver.receiver import Receiver
from examples.receiver.server import Server

VARIABLE = "PRIVNUM_APP_SECRET"


def main() -> None:
    """Serve."""
    parser = argparse.ArgumentParser(prog="python -m examples.receiver", description=__doc__)
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--app-key", default="demo-key")
    parser.add_argument("--fault", choices=sorted(FAULTS), help="one fault, see faults.py")
    given = parser.parse_args()
    secret = os.environ.get(VARIABLE)
    kind = FAULTS[given.fault][0] if given.fault else Receiver
    server = Server(kind(given.app_key, secret or "demo-secret"), given.port)
    taken = f"that of ${VARIABLE}" if secret else f"demo-secret, as ${VARIABLE} is not set"
    sys.stdout.write(f"receiver: {server.url}\napplication: {given.app_key}, secret: {taken}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
