"""Probes of AXE."""
