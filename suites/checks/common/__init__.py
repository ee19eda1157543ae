"""Checks of what holds in every mode.

Envelope, authentication, pushes, stop call.
"""
