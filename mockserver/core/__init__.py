"""Worlds, applications, bindings, authentication, the request pipeline.

No I/O.
"""
