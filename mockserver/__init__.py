"""A stateful stand-in for the PrivateNumber platform.

A pure core and the shells that put it on the wire.
"""

from __future__ import annotations
