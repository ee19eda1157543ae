"""Checks of requests that overlap.

Whatever their order was, the rules hold.

`privnum check --concurrency` asks for them.
"""
