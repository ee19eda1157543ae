"""Checks of AXYB's own rules, and its profiles."""
