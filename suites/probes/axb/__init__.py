"""Probes of AXB."""
