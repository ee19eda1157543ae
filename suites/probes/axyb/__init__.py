"""Probes of AXYB."""
