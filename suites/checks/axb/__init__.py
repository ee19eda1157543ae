"""Checks of AXB: binding, lifetime, calls, events and CDRs."""
