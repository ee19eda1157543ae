"""Worlds: each an isolated platform.

The way of an API request through them.
"""
