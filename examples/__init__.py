"""Implementations that the suites judge. Nothing here imports privnum."""
