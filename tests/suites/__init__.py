"""Tests of the framework of the suites: what it makes of targets that lie."""

from __future__ import annotations

from privnum.suites.probes import PROBES

__all__ = ["PROBES"]  # sessions of the tests have the probes, as those of a run have
