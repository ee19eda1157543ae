"""Ways to have the stand-in server at hand in a program or a test.

direct       a function call: both planes in process, a Python function as the customer's server
transport    an httpx transport, sync or async, on top of it
respx_router, httpserver   the same, mounted in a respx router or in pytest-httpserver
live         a real server on loopback in a background thread
handle       a world of its own on a live server, as a friendly object; the pytest fixture `private_number`
"""

from __future__ import annotations
