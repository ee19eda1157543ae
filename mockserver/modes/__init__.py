"""The modes that the server has.

A mode knows nothing of HTTP, events or CDRs.
"""
