"""Limits of a run, and the clean-up after it."""
