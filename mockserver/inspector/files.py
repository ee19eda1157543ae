"""The files of the inspector, as they are answered to a browser.

They hold no data of a world: what the page shows it asks of the control plane, as any program does.
"""

from __future__ import annotations

from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import orjson

from privnum.contracts.i18n import LANGUAGES
from privnum.mockserver.core.answers import Answer
from privnum.mockserver.inspector.contract import contract_view, rules_view

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["FOLDER", "LONGEST_PATH", "file_of", "page_of"]

#: Where the files of the page are; the page itself is at "/".
FOLDER: Final = "/_privnum/inspector/"

_PAGE: Final = "index.html"
#: What programs that read look for first (llmstxt.org).
_FOR_PROGRAMS: Final = "/llms.txt"
#: No page of its own has a longer path.
LONGEST_PATH: Final = len(_FOR_PROGRAMS)
_PLACE: Final = Path(__file__).parent / "page"
#: What is made of the contract, and is no file.
_MADE: Final = {
    f"{name}.{language}.json": partial(view, language)
    for name, view in (("contract", contract_view), ("rules", rules_view))
    for language in LANGUAGES
}
_TYPES: Final = {
    ".html": b"text/html;charset=utf-8",
    ".css": b"text/css;charset=utf-8",
    ".js": b"text/javascript;charset=utf-8",
    ".json": b"application/json",
    ".md": b"text/markdown;charset=utf-8",
    ".svg": b"image/svg+xml",
    ".txt": b"text/plain;charset=utf-8",
}
#: Scripts and styles from this server alone, nothing inline, no frame around it, no text that becomes markup.
_POLICY: Final = (
    b"default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; "
    b"form-action 'none'; frame-ancestors 'none'; require-trusted-types-for 'script'"
)
_HEADERS: Final = (
    (b"content-security-policy", _POLICY),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"cache-control", b"no-cache"),
)


def page_of(method: str, path: str, headers: Iterable[tuple[bytes, bytes]]) -> Answer | None:
    """Return the page where a browser asks for it at "/", and /llms.txt.

    None for anything else: the address is none of the platform's, and other programs get its answer to such a one.
    """
    if method != "GET" or path not in ("/", _FOR_PROGRAMS):
        return None
    if path == _FOR_PROGRAMS:
        return _files()[path[1:]]
    asks = any(name == b"accept" and b"text/html" in value.lower() for name, value in headers)
    return _files()[_PAGE] if asks else None


def file_of(path: str) -> Answer | None:
    """Return a file of the page; None: there is none of this name."""
    name = path.removeprefix(FOLDER)
    return _made_file(name) if name in _MADE else _files().get(name)


@cache
def _files() -> dict[str, Answer]:
    """Return every file of the page by name, read when one is asked for."""
    return {path.name: _answer(path.name, path.read_bytes()) for path in _PLACE.iterdir()}


@cache
def _made_file(name: str) -> Answer:
    return _answer(name, orjson.dumps(_MADE[name]()))


def _answer(name: str, body: bytes) -> Answer:
    return Answer(200, body, ((b"content-type", _TYPES[name[name.rindex(".") :]]), *_HEADERS))
