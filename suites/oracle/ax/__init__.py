"""The AX oracle."""
