"""Tests of what judges AXB: the oracle and its pools."""
