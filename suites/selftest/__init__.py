"""Runs that test the suites themselves."""
