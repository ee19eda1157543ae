"""The options of `privnum serve`, made from the schema of privnum.toml."""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING, Any, Final

from privnum.options import OptionParser, add_language
from privnum.serving.forms import FormError, read, settings

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

__all__ = ["CONFIG", "add_options", "parser"]

#: Names the file, where --config does not.
CONFIG: Final = "PRIVNUM_CONFIG"
_METAVARS: Final = {
    "host": "HOST",
    "port": "PORT",
    "public_url": "URL",
    "control_token": "TOKEN",
    "tls_port": "PORT",
    "tls_cert": "FILE",
    "tls_key": "FILE",
    "tls_ca_file": "FILE",
    "edition": "EDITION",
    "event_url": "URL",
    "fee_url": "URL",
    "push_timeout": "SECONDS",
    "push_ca": "FILE",
    "push_to": "HOST",
    "assumptions": "ID=VALUE",
    "variations": "ID",
    "state": "FILE/URL",
    "advertise": "ADDRESS",
}


def parser() -> argparse.ArgumentParser:
    """Return the parser; what is not given is not in its result."""
    made = OptionParser(
        prog="privnum serve",
        description="Run the stand-in server. An option counts before its variable of the environment, that before "
        "the file, that before the default. docs/configuration.md says more.",
        epilog="status: 0 it was stopped; 2 it did not start",
        examples=("privnum serve --port 0 --clock frozen", "privnum serve --config privnum.toml --tls"),
        allow_abbrev=False,
        argument_default=argparse.SUPPRESS,
    )
    add_options(made)
    return made


def add_options(made: argparse.ArgumentParser) -> None:
    """Add every option of the server, to which `privnum start` adds its own."""
    made.add_argument(
        "--config", metavar="FILE", help=f"read settings from this file; privnum init writes one ({CONFIG})"
    )
    add_language(made)
    made.add_argument(
        "--print-config", action="store_true", help="print every setting and where it comes from, and do not serve"
    )
    for name, part in settings().items():
        if name == "log":
            _add_log(made, part)
        else:
            _add(made, name, part)


def _add(made: argparse.ArgumentParser, name: str, part: Mapping[str, Any]) -> None:
    kind = part.get("type")
    if kind == "boolean":
        made.add_argument(part["x-option"], dest=name, action=argparse.BooleanOptionalAction, help=_help(part))
        return
    many = kind in ("array", "object")
    metavar = _METAVARS.get(name, "N")
    made.add_argument(
        part["x-option"],
        dest=name,
        type=_type(name),
        action="append" if many else "store",
        metavar="{" + ",".join(part["enum"]) + "}" if "enum" in part else metavar,
        help=_help(part, "; may be repeated" if many else ""),
    )


def _add_log(made: argparse.ArgumentParser, part: Mapping[str, Any]) -> None:
    several = made.add_mutually_exclusive_group()
    several.add_argument(
        "--quiet",
        dest="log",
        action="store_const",
        const="quiet",
        help="log warnings alone, not a line for each request and push (a push that was not accepted is a warning); "
        f"{part['x-environment']}=quiet",
    )
    several.add_argument(
        *("-v", "--verbose"),
        dest="log",
        action="store_const",
        const="verbose",
        help=f"log bodies and answers too; {part['x-environment']}=verbose",
    )


def _help(part: Mapping[str, Any], more: str = "") -> str:
    """Return the description as options have it, with the default behind it."""
    text, _, absent = part["description"].removesuffix(".").partition(". Absent: ")
    default = part.get("default")
    usual = str(default) if isinstance(default, str | int) and not isinstance(default, bool) else absent
    head = f"default: {usual}; " if usual else ""
    return f"{text[0].lower()}{text[1:]} ({head}{part['x-environment']}{more})".replace("%", "%%")


def _type(name: str) -> Callable[[str], Any]:
    def value(text: str) -> Any:
        try:
            return read(name, text)
        except FormError as error:
            raise argparse.ArgumentTypeError(str(error)) from None

    return value
