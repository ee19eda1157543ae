"""Settings of the server: which there are, and how each is read from text.

The schema of privnum.toml says what they are; options and environment are read by it too.
"""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.toml_files import is_secret

if TYPE_CHECKING:
    from collections.abc import Mapping

__all__ = ["PATHS", "FormError", "check", "read", "settings"]

#: Settings that name a file.
PATHS: Final = ("tls_cert", "tls_key", "tls_ca_file", "push_ca", "state")
_ADDRESSES: Final = frozenset({"public_url", "event_url", "fee_url"})
_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"0", "false", "no", "off"})
_WHOLE: Final = re.compile(r"[0-9]{1,16}")
_NUMBER: Final = re.compile(r"[0-9]{1,9}(?:[.][0-9]{1,9})?")


class FormError(Exception):
    """A value is none of its setting. The text says what would be right."""


@cache
def settings() -> Mapping[str, Mapping[str, Any]]:
    """Return the settings that are options, each with its part of the schema."""
    schema = contracts.schema("server/config")["properties"]
    return {name: part for name, part in schema.items() if "x-option" in part}


def read(name: str, text: str) -> Any:
    """Return the value that a text of an option or a variable stands for.

    Of a setting that is a list: one item; of assumptions: one of them.

    Raises:
        FormError: it stands for none.
    """
    part = settings()[name]
    if name == "assumptions":
        try:
            id_, choice = contracts.split_choice(text)
        except contracts.ContractError as error:
            raise FormError(str(error)) from None
        value: Any = {id_: choice}
    elif part.get("type") == "array":
        value = [text]
    else:
        value = _plain(part, text)
        if name in _ADDRESSES:
            check(name, text)  # it says more of an address than its form does
        if value is None or not _fits(part, value):
            got = "what is given" if is_secret(name) else repr(text)
            raise FormError(f"{got} is not {contracts.describe(part)}")
    check(name, value)
    return value


def _plain(part: Mapping[str, Any], text: str) -> Any:
    """Return the value of a type that a text has, None where it has none."""
    kind = part.get("type", "string")
    if kind == "boolean":
        low = text.lower()
        return low in _YES if low in _YES | _NO else None
    if kind == "integer":
        return int(text) if _WHOLE.fullmatch(text) else None
    if kind == "number":
        return float(text) if _NUMBER.fullmatch(text) else None
    return text


def _fits(part: Mapping[str, Any], value: Any) -> bool:
    """Return whether a value is in the bounds of its schema.

    Without its engine, which a server without a file need not load.
    """
    if "enum" in part:
        return value in part["enum"]
    if isinstance(value, str):
        whole = re.fullmatch(part.get("pattern", ".*").removesuffix("$"), value)
        return whole is not None and part["minLength"] <= len(value) <= part["maxLength"]
    return isinstance(value, bool) or bool(part["minimum"] <= value <= part["maximum"])


def check(name: str, value: Any) -> None:
    """See whether a value of the right form can be.

    Raises:
        FormError: it cannot.
    """
    if name in ("event_url", "fee_url"):
        _check_push_address(value)
    elif name == "public_url":
        _check_server_address(value)
    elif name in ("assumptions", "variations", "edition"):
        try:
            _check_words(name, value)
        except contracts.ContractError as error:
            raise FormError(str(error)) from None


def _check_words(name: str, value: Any) -> None:
    if name == "assumptions":
        contracts.assumption_values(overrides=value)
    elif name == "variations":
        contracts.chosen_variations(value)
    else:
        contracts.limits(value)


def _check_push_address(url: str) -> None:
    from privnum.mockserver.pushes.addresses import fault_of, masked_address

    why = fault_of(url)
    if why is not None:
        raise FormError(f"{masked_address(url)!r} is no address: {why}; write http://…, https://… or inbox:")


def _check_server_address(url: str) -> None:
    from privnum.mockserver.pushes.addresses import INBOX, fault_of, masked_address

    why = f"{INBOX} is for pushes" if url == INBOX else fault_of(url)
    if why is None and ("?" in url or "#" in url):
        why = "it has a query or a fragment"
    if why is not None:
        raise FormError(f"{masked_address(url)!r} is no address of a server: {why}; write http://… or https://…")
