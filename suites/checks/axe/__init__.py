"""Checks of AXE: binding, lifetime, calls, call-backs, events and CDRs."""
