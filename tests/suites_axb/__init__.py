"""Tests of what checks AXB: the oracle and its pools."""
