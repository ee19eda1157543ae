"""Checks of several modes in one world."""
