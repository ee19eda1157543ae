"""One POST over a connection of its own, and how it ended.

asyncio's streams and httptools, nothing else: libraries for HTTP are what tests patch in the whole process, and a push
that a test's mock swallows or answers is no push. "Short connections" is what the platform's page asks of the customer;
so no connection is used again that the other side may have closed meanwhile.
"""

from __future__ import annotations

import asyncio
import ipaddress
import math
import socket
import ssl
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final
from urllib.parse import SplitResult, urlsplit

import httptools

from privnum.mockserver.pushes.addresses import PushTargets, is_control, is_localhost
from privnum.mockserver.pushes.outcomes import AttemptError, Outcome, answered_outcome

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = ["HURRY_SECONDS", "LONGEST_ANSWER", "Poster", "PushRules"]

#: Seconds of real time that are left to customers when the server is stopped.
HURRY_SECONDS: Final = 0.5
#: Bytes of an answer's body that are read; nothing but a short result is expected in it.
LONGEST_ANSWER: Final = 1 << 16
#: Bytes before the body of an answer, interim answers included.
_LONGEST_HEAD: Final = 1 << 15
_CHUNK: Final = 1 << 14
_FINAL: Final = 200
#: Numbers of OpenSSL (X509_V_ERR_…): not yet valid, expired, another host, another address.
_NOT_YET: Final = 9
_EXPIRED: Final = 10
_OTHER_NAME: Final = frozenset({62, 64})


@dataclass(frozen=True, slots=True)
class PushRules:
    """How pushes are sent.

    `timeout_seconds` of real time end an attempt; None: what the push's world says (COM-OPEN-048). `ca_file` has
    certificates that are trusted besides the system's.
    """

    timeout_seconds: float | None = None
    ca_file: str | None = None
    targets: PushTargets = field(default_factory=PushTargets)

    def tls(self) -> ssl.SSLContext:
        """Return by what certificates are verified.

        Raises:
            OSError: the CA file cannot be read, or has no certificates.
        """
        context = ssl.create_default_context()
        if self.ca_file is not None:
            context.load_verify_locations(self.ca_file)
        return context


def _attempt_error(result: str, detail: str) -> AttemptError:
    return AttemptError(Outcome(result, b"", detail))


class Poster:
    """Sends POSTs without redirects and without proxies of the environment."""

    def __init__(self, rules: PushRules) -> None:
        self._rules = rules
        self._most_seconds = math.inf
        self._tls: ssl.SSLContext | None = None
        self._attempts: set[asyncio.Timeout] = set()
        #: One look-up of a host at a time: the threads that make them are few, and a slow name must not take all.
        self._lookups: dict[tuple[str, int], asyncio.Task[list[str]]] = {}

    async def post(self, url: str, headers: Sequence[tuple[str, str]], body: bytes, seconds: float) -> Outcome:
        """Make one attempt within a number of seconds; return how it ended."""
        why = self._rules.targets.fault(url)
        if why is not None:
            return Outcome("refused", b"", f"not sent: {why}")
        seconds = min(seconds, self._most_seconds)
        attempt = asyncio.timeout(seconds)
        self._attempts.add(attempt)
        try:
            async with attempt:
                return await self._exchange(urlsplit(url), headers, body)
        except TimeoutError:
            return Outcome("timeout", b"", f"no whole answer within {seconds:g} s")
        except AttemptError as end:
            return end.outcome
        finally:
            self._attempts.discard(attempt)

    def hurry(self, seconds: float) -> None:
        """Wait for no customer longer than that: the end is near."""
        self._most_seconds = seconds
        latest = asyncio.get_running_loop().time() + seconds
        for attempt in self._attempts:
            when = attempt.when()
            if when is not None and when > latest:
                attempt.reschedule(latest)

    async def _exchange(self, url: SplitResult, headers: Sequence[tuple[str, str]], body: bytes) -> Outcome:
        reader, writer = await self._connect(url)
        over = False
        try:
            if url.scheme == "https":
                await self._secure(writer, url.hostname or "")
            answer = await _talk(reader, writer, _request(url, headers, body))
            over = url.scheme == "http"  # TLS would wait for the other side's farewell
            return answer
        except (AttemptError, TimeoutError):
            raise
        except ssl.SSLError as error:
            raise _attempt_error("tls", f"TLS failed: {_reason(error)}") from error
        except OSError as error:
            raise _attempt_error("reset", f"the connection broke: {_reason(error)}") from error
        finally:
            if over:
                writer.close()
            else:
                writer.transport.abort()

    # ── connection ───────────────────────────────────────────────────────────────────────────────────────────────────

    async def _connect(self, url: SplitResult) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        host, port = url.hostname or "", url.port or (443 if url.scheme == "https" else 80)
        failure = OSError(f"no address is known for {host}")
        for address in await self._addresses(host, port):
            try:
                reader, writer = await asyncio.open_connection(address, port)
            except OSError as error:
                if not isinstance(failure, ConnectionRefusedError):
                    failure = error
                continue
            if is_control(url.path) and self._is_own(writer):
                writer.transport.abort()
                raise _attempt_error("refused", "not sent: it is this server's own control plane")
            return reader, writer
        nobody = isinstance(failure, ConnectionRefusedError)
        why = f"nobody listens at {host} port {port}" if nobody else f"no connection to {host}: {_reason(failure)}"
        raise _attempt_error("refused", why) from failure

    def _is_own(self, writer: asyncio.StreamWriter) -> bool:
        """Whether the other end is a port of ours, by whatever name."""
        peer, here = writer.get_extra_info("peername"), writer.get_extra_info("sockname")
        return peer[0] == here[0] and peer[1] in self._rules.targets.own_ports

    async def _addresses(self, host: str, port: int) -> list[str]:
        if is_localhost(host):
            return ["127.0.0.1", "::1"]
        try:
            return [str(ipaddress.ip_address(host))]
        except ValueError:
            pass
        lookup = self._lookups.get((host, port))
        if lookup is None:
            lookup = self._lookups[host, port] = asyncio.ensure_future(_look_up(host, port))
            lookup.add_done_callback(lambda _: self._lookups.pop((host, port), None))
        return await asyncio.shield(lookup)

    async def _secure(self, writer: asyncio.StreamWriter, host: str) -> None:
        try:
            if self._tls is None:
                self._tls = self._rules.tls()
            await writer.start_tls(self._tls, server_hostname=host)
        except ssl.SSLCertVerificationError as error:
            raise _attempt_error("certificate", f"certificate: {error.verify_message}; {_help(error, host)}") from error
        except ssl.SSLError as error:
            raise _attempt_error("tls", f"TLS failed: {_reason(error)}") from error
        except OSError as error:
            raise _attempt_error("tls", f"the connection broke while TLS began: {_reason(error)}") from error


async def _look_up(host: str, port: int) -> list[str]:
    """Return the addresses of a host, none where it has no known ones."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError):
        return []
    return list(dict.fromkeys(str(sockaddr[0]) for *_, sockaddr in found))


def _request(url: SplitResult, headers: Sequence[tuple[str, str]], body: bytes) -> bytes:
    target = (url.path or "/") + (f"?{url.query}" if url.query else "")
    fixed = (
        ("Host", url.netloc),
        ("User-Agent", "privnum"),
        ("Accept", "*/*"),
        ("Accept-Encoding", "identity"),  # answers are read as they come
        ("Connection", "close"),
        ("Content-Length", str(len(body))),
    )
    lines = [f"POST {target} HTTP/1.1", *(f"{name}: {value}" for name, value in (*fixed, *headers)), "", ""]
    return "\r\n".join(lines).encode("latin-1") + body


async def _talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, request: bytes) -> Outcome:
    writer.write(request)
    reading = _Reading()
    seen = 0
    while not reading.over:
        data = await reader.read(_CHUNK)
        seen += len(data)
        if not reading.feed(data):
            began = "in the middle of its answer" if seen else "before it answered"
            raise _attempt_error("reset", f"the other side closed the connection {began}")
        if not reading.has_head and seen > _LONGEST_HEAD:
            raise _attempt_error("bad_answer", f"more than {_LONGEST_HEAD} bytes came before the answer's body")
    return answered_outcome(reading.status, bytes(reading.body[:LONGEST_ANSWER]))


class _Reading:
    """An answer as far as it has come; interim answers are passed over."""

    def __init__(self) -> None:
        self.status = 0
        self.body = bytearray()
        self.has_head = self._whole = self._is_sized = False
        self._parser = httptools.HttpResponseParser(self)

    @property
    def over(self) -> bool:
        """Whether no more is read: the answer is whole, or longer than is read."""
        return self._whole or len(self.body) >= LONGEST_ANSWER

    def feed(self, data: bytes) -> bool:
        """Take in what has come, b"" at the end of the connection.

        Return whether that is no premature end.
        """
        if not data:
            self._whole = self.has_head and not self._is_sized
            return self._whole
        try:
            self._parser.feed_data(data)
        except httptools.HttpParserUpgrade:
            raise _attempt_error("bad_answer", "the answer takes up another protocol, which nobody offered") from None
        except httptools.HttpParserError as error:
            raise _attempt_error("bad_answer", f"the answer is no HTTP/1.1: {error}"[:200]) from None
        return True

    # What the parser calls. Behind the answer, nothing counts.

    def on_header(self, name: bytes, _: bytes) -> None:
        """Note whether the answer states its length."""
        if not self._whole and name.lower() in (b"content-length", b"transfer-encoding"):
            self._is_sized = True

    def on_headers_complete(self) -> None:
        """Note the status."""
        if not self._whole:
            self.status = self._parser.get_status_code()
            self.has_head = self.status >= _FINAL
            self._is_sized = self._is_sized and self.has_head

    def on_body(self, body: bytes) -> None:
        """Keep a part of the body."""
        if not self._whole:
            self.body += body

    def on_message_complete(self) -> None:
        """Note that the answer is whole."""
        self._whole = self.has_head


def _help(error: ssl.SSLCertVerificationError, host: str) -> str:
    """Return what would make the certificate one that is trusted."""
    if error.verify_code == _EXPIRED:
        return "renew it; the date is that of this machine, not of a world"
    if error.verify_code == _NOT_YET:
        return "it counts later; the date is that of this machine, not of a world"
    if error.verify_code in _OTHER_NAME:
        return f"push to a name that it has, or have {host[:80]} put into it"
    return "name its CA with --push-ca FILE (--privnum-push-ca in pytest, push_ca in Python)"


def _reason(error: OSError) -> str:
    """Return what an error says, without number and place in OpenSSL's source."""
    if isinstance(error, ssl.SSLError) and error.reason:
        return error.reason.replace("_", " ").lower()
    return (error.strerror or str(error) or type(error).__name__)[:200]
