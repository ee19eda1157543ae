"""Seeded bugs of what all modes share."""

from __future__ import annotations

import hmac
from unittest.mock import patch

from privnum.mockserver import outbox
from privnum.suites.mutants.model import Mutant

__all__ = ["MUTANTS"]

MUTANTS = (
    Mutant(
        "common-any-digest",
        "COM-AUTH-022",
        "The digest is not compared.",
        lambda: patch.object(hmac, "compare_digest", lambda *_: True),
    ),
    Mutant(
        "common-tireless-repeats",
        "COM-PUSH-004",
        "A failed push is repeated a seventh time.",
        lambda: patch.object(outbox, "RETRY_MINUTES", (*outbox.RETRY_MINUTES, 397)),
    ),
)
