"""Control messages to a running server, with the standard library alone."""

from __future__ import annotations

import http.client
import os
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import orjson

from privnum.control.state import add_option as add_state_option
from privnum.control.state import read as read_state

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

__all__ = ["Client", "CommandError", "add_target_options"]

SERVER, WORLD, TOKEN = "PRIVNUM_SERVER", "PRIVNUM_WORLD", "PRIVNUM_TOKEN"
USUAL_SERVER: Final = "http://localhost:8080"
USUAL_WORLD: Final = "default"
#: Seconds that an answer may take: an advance waits for the receivers of all pushes that it makes due.
PATIENCE: Final = 600
_PLANE: Final = "/_privnum"


class CommandError(Exception):
    """The command cannot be carried out; `status` is how it ends."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def add_target_options(parser: argparse.ArgumentParser) -> None:
    """Which server and world a command is about; the same for all."""
    group = parser.add_argument_group("target")
    group.add_argument(
        "--server",
        metavar="URL",
        help=f"address of the server (default: ${SERVER}, else the one of the state folder, else {USUAL_SERVER})",
    )
    group.add_argument("--world", metavar="ID", help=f"id of the world (default: ${WORLD}, else {USUAL_WORLD})")
    group.add_argument("--token", help=f"control token (default: ${TOKEN}, else the one of the state folder)")
    add_state_option(group)


class Client:
    """Sends control messages.

    Args:
        server: address of the server.
        world: id of the world that commands are about.
        token: control token, "" for none.

    Raises:
        CommandError: the address is none.
    """

    def __init__(self, server: str, world: str = USUAL_WORLD, token: str = "") -> None:
        parts = urlsplit(server)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise CommandError(f"{server!r} is no address of a server; write http://HOST:PORT", 2)
        self.server = server.rstrip("/")
        self.world = world
        self._token = token
        self._secure = parts.scheme == "https"
        self._host, self._port = parts.hostname, parts.port
        self._prefix = parts.path.rstrip("/")

    @classmethod
    def of(cls, given: argparse.Namespace) -> Client:
        """Return the client for a command's options.

        What an option does not say, its variable says; then what `privnum start` has left.
        """
        started = read_state(Path(given.state_dir)) or {}
        server = given.server or os.environ.get(SERVER)
        token = given.token or os.environ.get(TOKEN)
        if server is None and started:
            token = token or started.get("control_token")
        server = server or started.get("url") or USUAL_SERVER
        return cls(server, given.world or os.environ.get(WORLD) or USUAL_WORLD, token or "")

    def of_world(self, method: str, path: str, body: object = None, query: Mapping[str, object] | None = None) -> Any:
        """Send a message about the world; `path` is what stands behind its id."""
        return self.send(method, f"/worlds/{quote(self.world, safe='')}{path}", body, query)

    def send(self, method: str, path: str, body: object = None, query: Mapping[str, object] | None = None) -> Any:
        """Send a message; return what the answer says, text where it is no JSON.

        Raises:
            CommandError: it was refused, or nobody answers.
        """
        asked = {name: str(value) for name, value in (query or {}).items() if value is not None}
        target = f"{self._prefix}{_PLANE}{path}{f'?{urlencode(asked)}' if asked else ''}"
        status, kind, content = self._exchange(method, target, b"" if body is None else orjson.dumps(body))
        if not kind.startswith("application/json"):
            if status >= 300:
                raise CommandError(f"{self.server} answered {status} to {method} {target}: is it privnum?", 2)
            return content.decode(errors="replace") or None
        reply = orjson.loads(content)
        if status >= 300:
            raise CommandError(self._refusal(status, reply))
        return reply

    @staticmethod
    def _refusal(status: int, reply: Mapping[str, Any]) -> str:
        hint = f"; give --token or {TOKEN}" if status in (401, 403) else ""
        return f"{reply.get('error', reply)} ({reply.get('where', '?')}, HTTP {status}){hint}"

    def _exchange(self, method: str, target: str, body: bytes) -> tuple[int, str, bytes]:
        kind = http.client.HTTPSConnection if self._secure else http.client.HTTPConnection
        connection = kind(self._host, self._port, timeout=PATIENCE)
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type") or "", answer.read()
        except (OSError, http.client.HTTPException) as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise CommandError(
                f"no answer from {self.server}: {why}; privnum start --detach starts a server, --server or {SERVER} "
                "names another",
                2,
            ) from None
        finally:
            connection.close()
