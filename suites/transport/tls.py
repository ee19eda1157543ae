"""By whom an https target is trusted: public authorities, and your file."""

from __future__ import annotations

import ssl

__all__ = ["CERTIFICATE_FAILED", "ca_fault", "tls_context"]

#: How OpenSSL's error begins where a certificate is not trusted.
CERTIFICATE_FAILED = "[SSL: CERTIFICATE_VERIFY_FAILED]"


def tls_context(ca_file: str | None) -> ssl.SSLContext:
    """Return by what certificates are verified.

    Raises:
        OSError: the file cannot be read, or no certificate is in it.
    """
    import httpcore

    context = httpcore.default_ssl_context()
    if ca_file is not None:
        context.load_verify_locations(ca_file)
    return context


def ca_fault(ca_file: str) -> str | None:
    """Return why a file of certificates cannot be used, None where it can."""
    try:
        ssl.create_default_context(cafile=ca_file)
    except ssl.SSLError:
        return f"{ca_file} has no certificate; name a file with certificates in PEM"
    except OSError as error:
        return f"{ca_file} cannot be read: {error.strerror or error}; name a file with certificates in PEM"
    return None
