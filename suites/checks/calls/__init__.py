"""Checks of calls, events and CDRs that all modes share, by the profile of each."""
