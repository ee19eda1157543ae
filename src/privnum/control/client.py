"""Control messages to a running server, with the standard library alone."""

from __future__ import annotations

import http.client
import os
import ssl
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote, urlencode, urlsplit

import orjson

from privnum.control.state import add_option as add_state_option
from privnum.control.state import read as read_state

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping

__all__ = ["Client", "CommandError", "add_target_options", "is_text"]

SERVER, WORLD, TOKEN = "PRIVNUM_SERVER", "PRIVNUM_WORLD", "PRIVNUM_TOKEN"
#: The variable of privnum serve --control-token; who sets it for the server means these commands too.
OF_SERVE: Final = "PRIVNUM_CONTROL_TOKEN"
USUAL_SERVER: Final = "http://localhost:8080"
USUAL_WORLD: Final = "default"
#: Seconds that an answer may take: an advance waits for the receivers of all pushes that it makes due.
PATIENCE: Final = 600
_PLANE: Final = "/_privnum"
#: Headers hold signs below this one.
_LATIN_1: Final = 256


class CommandError(Exception):
    """The command cannot be carried out; `status` is how it ends."""

    def __init__(self, text: str, status: int = 1) -> None:
        super().__init__(text)
        self.status = status


def is_text(text: str) -> bool:
    """Whether a text can be sent: an argument that is no UTF-8 cannot."""
    return not any("\ud800" <= sign <= "\udfff" for sign in text)


def _parts_of(server: str) -> tuple[bool, str, int | None]:
    """Return whether an address is of https, its host and its port.

    Raises:
        CommandError: it is no address, or more than one.
    """
    try:
        parts = urlsplit(server)
        host, port = parts.hostname, parts.port
    except ValueError:  # a port out of range, half a bracket
        parts, host, port = urlsplit(""), None, None
    if parts.scheme not in ("http", "https") or not host:
        raise CommandError(f"{server!r} is no address of a server; write http://HOST:PORT", 2)
    if parts.path.strip("/") or parts.query or parts.fragment:
        plain = f"{parts.scheme}://{parts.netloc.rpartition('@')[2]}"
        raise CommandError(f"--server is the address without a path; write {plain}, and the world by --world", 2)
    return parts.scheme == "https", host, port


def _check_ca(file: str) -> None:
    from privnum.suites.transport.tls import ca_fault

    problem = ca_fault(file)
    if problem is not None:
        raise CommandError(f"--ca: {problem}", 2)


def add_target_options(parser: argparse.ArgumentParser) -> None:
    """Which server and world a command is about; the same for all."""
    group = parser.add_argument_group("target")
    group.add_argument(
        "--server",
        metavar="URL",
        help=f"address of the server (default: ${SERVER}, else the one of the state folder, else {USUAL_SERVER})",
    )
    group.add_argument("--world", metavar="ID", help=f"id of the world (default: ${WORLD}, else {USUAL_WORLD})")
    group.add_argument(
        "--token",
        metavar="TOKEN",
        help=f"control token (default: ${TOKEN}, else the one of the state folder, else ${OF_SERVE})",
    )
    group.add_argument(
        "--ca", metavar="FILE", help="certificates to trust for https, in PEM, besides those of the system"
    )
    add_state_option(group)


class Client:
    """Sends control messages.

    Args:
        server: address of the server.
        world: id of the world that commands are about.
        token: control token, "" for none.
        ca: file of certificates to trust for https.

    Raises:
        CommandError: the address is none, or id or token cannot be sent, or the file is none.
    """

    def __init__(self, server: str, world: str = USUAL_WORLD, token: str = "", ca: str | None = None) -> None:
        self._secure, self._host, self._port = _parts_of(server)
        if not is_text(world):
            raise CommandError(f"--world: {world!r} is no text in UTF-8", 2)
        if not (token.isprintable() and all(ord(sign) < _LATIN_1 for sign in token)):
            raise CommandError(
                f"the control token (--token, {TOKEN}) has a sign or a line break that no header holds", 2
            )
        self.server = server.rstrip("/")
        self.world = world
        self._token = token
        self._ca = ca
        if ca is not None:
            _check_ca(ca)

    @classmethod
    def of(cls, given: argparse.Namespace) -> Client:
        """Return the client for a command's options.

        What an option does not say, its variable says; then what `privnum start` has left. Raises CommandError for an
        empty option: it was meant to say something.
        """
        if given.server == "":
            raise CommandError(f"--server is empty; write http://HOST:PORT, or leave it out for ${SERVER}", 2)
        if given.world == "":
            raise CommandError(f"--world is empty; write the id of a world, or leave it out for ${WORLD}", 2)
        started = read_state(Path(given.state_dir)) or {}
        server = given.server or os.environ.get(SERVER)
        token = given.token or os.environ.get(TOKEN)
        if server is None and started:
            token = token or started.get("control_token")
        token = token or os.environ.get(OF_SERVE)
        server = server or started.get("local_url") or started.get("url") or USUAL_SERVER
        return cls(server, given.world or os.environ.get(WORLD) or USUAL_WORLD, token or "", given.ca)

    def of_world(self, method: str, path: str, body: object = None, query: Mapping[str, object] | None = None) -> Any:
        """Send a message about the world; `path` is what stands behind its id."""
        return self.send(method, f"/worlds/{quote(self.world, safe='')}{path}", body, query)

    def send(self, method: str, path: str, body: object = None, query: Mapping[str, object] | None = None) -> Any:
        """Send a message; return what the answer says, text where it is no JSON.

        Raises:
            CommandError: it was refused, or nobody answers.
        """
        asked = {name: str(value) for name, value in (query or {}).items() if value is not None}
        target = f"{_PLANE}{path}{f'?{urlencode(asked)}' if asked else ''}"
        status, kind, content = self._exchange(method, target, b"" if body is None else orjson.dumps(body))
        if not kind.startswith("application/json"):
            if status >= 300:
                raise self._strange(f"{status} to {method} {target}")
            return content.decode(errors="replace") or None
        try:
            reply = orjson.loads(content)
        except ValueError:
            raise self._strange(f"{status} to {method} {target}, with no JSON") from None
        if status < 300:
            return reply
        if not isinstance(reply, dict):
            raise self._strange(f"{status} to {method} {target}, with no error of the driver protocol")
        raise CommandError(self._refusal(status, reply))

    def health(self) -> Mapping[str, Any]:
        """Return what the server says of itself.

        Raises:
            CommandError: it refused, nobody answers, or it is no privnum.
        """
        said = self.send("GET", "/health")
        if not (isinstance(said, dict) and isinstance(said.get("version"), str)):
            raise self._strange(f"200 to GET {_PLANE}/health, without its version")
        return said

    def _strange(self, answer: str) -> CommandError:
        return CommandError(f"{self.server} answered {answer}: is it privnum?", 2)

    @staticmethod
    def _refusal(status: int, reply: Mapping[str, Any]) -> str:
        hint = f"; give --token or {TOKEN}" if status in (401, 403) else ""
        return f"{reply.get('error', reply)} ({reply.get('where', '?')}, HTTP {status}){hint}"

    def _connection(self) -> http.client.HTTPConnection:
        if not self._secure:
            return http.client.HTTPConnection(self._host, self._port, timeout=PATIENCE)
        context = ssl.create_default_context()
        if self._ca is not None:
            context.load_verify_locations(self._ca)
        return http.client.HTTPSConnection(self._host, self._port, timeout=PATIENCE, context=context)

    def _exchange(self, method: str, target: str, body: bytes) -> tuple[int, str, bytes]:
        connection = self._connection()
        headers = {"Content-Type": "application/json", "Content-Length": str(len(body))}
        if self._token:
            headers["Authorization"] = f"Bearer {self._token}"
        try:
            connection.request(method, target, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type") or "", answer.read()
        except ssl.SSLCertVerificationError as error:
            raise CommandError(
                f"the certificate of {self.server} is not trusted ({error.verify_message}); --ca FILE names the one to "
                "trust, which privnum serve --tls prints",
                2,
            ) from None
        except (OSError, http.client.HTTPException, UnicodeError) as error:
            why = getattr(error, "strerror", None) or str(error) or type(error).__name__
            raise CommandError(
                f"no answer from {self.server}: {why}; privnum start --detach starts a server, --server or {SERVER} "
                "names another",
                2,
            ) from None
        finally:
            connection.close()
