"""Tests of what judges AXE: the oracle and what it is held against."""
