"""Probes of AX."""
