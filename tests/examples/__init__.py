"""Tests of the examples."""

from __future__ import annotations

from privnum.suites.probes import PROBES

__all__ = ["PROBES"]  # sessions of the tests have the probes, as those of a run have
