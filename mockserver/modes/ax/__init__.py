"""AX: anyone reaches A through X.

A calls out through X to a temporary callee.
"""
