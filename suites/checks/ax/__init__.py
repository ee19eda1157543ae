"""Checks of AX: binding, temporary callee, calls, events and CDRs."""
