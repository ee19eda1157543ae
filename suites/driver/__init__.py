"""The driver protocol, from the suites' side."""
