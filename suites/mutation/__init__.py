"""Seeded bugs, which prove that the suites notice: each is killed by the requirement that it breaks.

This is the one place of `suites` that knows the server from inside. No check imports it.
"""
