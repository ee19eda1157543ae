"""Checks of what holds in every mode: envelope, authentication, pushes, stop call."""
