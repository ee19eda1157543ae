"""Probes of what all modes share."""
