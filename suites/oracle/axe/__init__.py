"""The AXE oracle."""
