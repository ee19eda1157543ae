"""Implementations that the suites check. Nothing here imports privnum."""
