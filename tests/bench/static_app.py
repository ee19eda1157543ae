"""The yardstick: a bare ASGI function under uvicorn that reads the body and sends a bind answer it has ready."""

from __future__ import annotations

from typing import Any

REPLY = (
    b'{"resultcode":"0","resultdesc":"Success","subscriptionId":"7f0c5a1e-0000-4000-8000-000000000001",'
    b'"relationNum":"+8617000000001","callDirection":0,"duration":0,"maxDuration":60}'
)
HEADERS = [(b"content-type", b"application/json;charset=utf-8"), (b"content-length", str(len(REPLY)).encode())]


async def app(scope: dict[str, Any], receive: Any, send: Any) -> None:
    """Answer every request alike."""
    if scope["type"] == "lifespan":
        await receive()
        await send({"type": "lifespan.startup.complete"})
        await receive()
        await send({"type": "lifespan.shutdown.complete"})
        return
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": HEADERS})
    await send({"type": "http.response.body", "body": REPLY})
