"""The AXB oracle."""
