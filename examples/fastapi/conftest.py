"""The service as its tests have it: served on a free port, with a world of privnum as its platform."""

from __future__ import annotations

import socket
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import httpx
import pytest
import uvicorn

from examples.fastapi.app import Rides, create_app
from examples.fastapi.platform_client import Credentials

if TYPE_CHECKING:
    from collections.abc import Iterator

    from privnum.mockserver.embed.applications import AppHandle
    from privnum.mockserver.embed.handle import WorldHandle


@dataclass(frozen=True, slots=True)
class Service:
    """The running service: what it knows, and a client of its own API."""

    rides: Rides
    client: httpx.Client


@pytest.fixture
def service(private_number: WorldHandle) -> Iterator[Service]:
    """Serve in a thread, so that pushes reach it while the test waits for a call."""
    rides = Rides()
    app = create_app(private_number.url, _keys(private_number.axb), _keys(private_number.x), rides)
    with socket.create_server(("127.0.0.1", 0)) as listener:  # who connects from now on is answered in a moment
        server = uvicorn.Server(uvicorn.Config(app, log_level="warning"))
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listener]})
        thread.start()
        url = f"http://127.0.0.1:{listener.getsockname()[1]}"
        try:
            with httpx.Client(base_url=url, timeout=30) as client:
                private_number.send_pushes_to(f"{url}/pushes")
                yield Service(rides, client)
        finally:
            server.should_exit = True
            thread.join()


def _keys(app: AppHandle) -> Credentials:
    return Credentials(app.app_key, app.app_secret)
