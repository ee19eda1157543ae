"""Checks of calls, events and CDRs that all modes share.

By the profile of each.
"""
