"""Settings of all tests of our own code."""

from __future__ import annotations

from hypothesis import settings

# The first example of a property pays for reading schemas: no test asserts how long anything takes.
settings.register_profile("untimed", deadline=None)
settings.load_profile("untimed")
