"""Runs checks against a target and records the outcome."""
