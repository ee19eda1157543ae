"""Probes of X."""
