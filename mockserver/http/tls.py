"""The certificate by which the server listens for HTTPS.

One of its own making, or yours.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

__all__ = ["Tls", "TlsError", "names_of", "tls_of_files", "tls_of_own_making"]

_BEGIN: Final = "-----BEGIN CERTIFICATE-----"
#: What this machine's programs call it.
_LOCAL: Final = ("localhost", "127.0.0.1", "::1")
#: Every address: no name of a server.
_WILDCARDS: Final = frozenset({"0.0.0.0", "::"})  # noqa: S104 - they are asked about, not bound


class TlsError(Exception):
    """There is no certificate to listen by. The text is one line."""


@dataclass(frozen=True, slots=True)
class Tls:
    """How to listen for HTTPS.

    `ca_file` is what clients are to trust; None: the certificate is yours, and you know.
    """

    context: ssl.SSLContext
    ca_file: str | None


def names_of(host: str, *more: str | None) -> list[str]:
    """Return by what names and addresses clients ask such a server.

    Args:
        host: where it listens.
        more: other names, if there are.
    """
    own = socket.gethostname() if host in _WILDCARDS else host
    return list(dict.fromkeys(name for name in (*_LOCAL, own, *more) if name))


def tls_of_files(cert: str, key: str | None) -> Tls:
    """Return that of a certificate and its key.

    Raises:
        TlsError: they cannot be read, are none, or are not of each other.
    """
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    for option, path in (("--tls-cert", cert), ("--tls-key", key)):
        if path is not None and not Path(path).is_file():
            raise TlsError(f"cannot use {option} {path}: there is no such file")
    try:
        context.load_cert_chain(cert, key, password=lambda: b"")
    except OSError as error:
        files = f"--tls-cert {cert}" + ("" if key is None else f" and --tls-key {key}")
        raise TlsError(f"cannot use {files}: {_words(error)}; name a certificate and its key in PEM") from None
    return Tls(context, None)


def _words(error: OSError) -> str:
    if not isinstance(error, ssl.SSLError):
        return error.strerror or str(error)
    if error.reason == "KEY_VALUES_MISMATCH":
        return "the key is that of another certificate"
    return (error.reason or "no certificate is in it").replace("_", " ").lower()


@contextlib.contextmanager
def tls_of_own_making(names: Iterable[str], ca_file: str | None) -> Iterator[Tls]:
    """Make a certificate authority, and by it a certificate for these names.

    What clients are to trust is written into `ca_file`, by default in a new folder, which is gone at the end. The keys
    are in memory alone.

    Raises:
        TlsError: trustme is not installed, a name cannot be certified, or the file cannot be written.
    """
    if find_spec("trustme") is None:
        raise TlsError("--tls needs trustme; pip install '.[tls]' in privnum's checkout, or name a --tls-cert")
    import trustme

    authority = trustme.CA(organization_name="privnum, a stand-in for tests")
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    try:
        authority.issue_cert(*names).configure_cert(context)
    except ValueError as error:
        raise TlsError(f"no certificate can be made for {', '.join(names)}: {error}") from None
    with contextlib.ExitStack() as left:
        path = ca_file or str(Path(left.enter_context(tempfile.TemporaryDirectory(prefix="privnum-")), "ca.pem"))
        _write(Path(path), authority.cert_pem.bytes().decode())
        yield Tls(context, path)


def _write(path: Path, certificate: str) -> None:
    """Write over nothing but what is a certificate too, of an earlier start."""
    try:
        if path.exists() and not path.read_text(encoding="latin-1").startswith(_BEGIN):
            raise TlsError(f"--tls-ca-file {path} is there already and no certificate; name another file")
        path.write_text(certificate, encoding="ascii")
    except OSError as error:
        raise TlsError(f"--tls-ca-file {path} cannot be written: {error.strerror}") from None
