"""The privnum.toml that `privnum init` writes."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.serving.forms import settings
from privnum.serving.printing import in_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

__all__ = ["template"]

_HEAD: Final = """\
#:schema privnum.schema.json
# How `privnum serve --config privnum.toml` runs. All of it: docs/configuration.md
# An option (--port 9000) or a variable (PRIVNUM_PORT=9000) counts before what stands here.
# For the completion of editors that know #:schema: privnum schema config --output privnum.schema.json

"""

#: Signs of a line of a comment.
_WIDTH: Final = 110
#: What is behind # where a setting has no default.
_EXAMPLES: Final[Mapping[str, Any]] = {
    "public_url": "https://privnum.lab.example",
    "control_token": "$PRIVNUM_CONTROL_TOKEN",
    "tls": True,
    "tls_cert": "server.pem",
    "tls_key": "server.key",
    "tls_ca_file": "privnum-ca.pem",
    "edition": "2026-01",
    "seed": 1,
    "keep": 10000,
    "journal": 1000,
    "state": "privnum.state",
    "advertise": "10.0.0.7:8080",
    "push_timeout": 5,
    "push_ca": "receivers-ca.pem",
    "push_to": ["app.lab.example"],
    "variations": ["pushes.duplicated"],
}

_REST: Final = """\
# Choices where the documents are silent: privnum rules --list assumptions
# [assumptions]
# "auth.lockout_failures" = 100

# The home area of mobile numbers, by prefix.
# [home_areas]
# "+86138" = "0755"

"""

_APPLICATIONS: Final = """\
# Applications of the default world, one of each mode; keep those that you use. Keys, secrets and numbers are yours to
# choose, and made up: a secret "$NAME" is the environment variable of that name. Every application may also have:
"""
#: What each application of the file has, or is written for it alone.
_SHOWN: Final = frozenset({"mode", "app_key", "app_secret", "numbers"})


def template() -> str:
    """Return the file.

    Every setting behind #, with its default or an example, and an application of each mode.
    """
    return "".join(
        (
            *(_HEAD, *_in_lines(_settings()), _REST),
            *(_APPLICATIONS, *_in_lines(_fields_of_applications()), *_in_lines(_applications())),
        )
    )


def _in_lines(lines: Iterable[str]) -> Iterator[str]:
    return (f"{line}\n" for line in lines)


def _settings() -> Iterator[str]:
    for name, part in settings().items():
        if name != "assumptions":
            value = _EXAMPLES.get(name, part.get("default"))
            yield from (f"# {line}" for line in textwrap.wrap(part["description"], _WIDTH))
            yield f"# {name} = {json.dumps(value)}"
            yield ""


def _fields_of_applications() -> Iterator[str]:
    """A comment for each field that an application may have."""
    for name, part in contracts.schema("driver/application.create")["properties"].items():
        if name not in _SHOWN:
            yield from textwrap.wrap(
                f"{name}: {part['description']}",
                _WIDTH,
                initial_indent="#   ",
                subsequent_indent="#     ",
                break_on_hyphens=False,
            )


def _applications() -> Iterator[str]:
    """An application of each mode, as the server has it without a file."""
    from privnum.mockserver.modes import registry

    for name, mode in sorted(registry.modes().items()):
        yield from ("", "[[applications]]")
        own = {"app_key": f"my-{name.lower()}-key", "app_secret": f"my-{name.lower()}-secret"}
        for key, value in {**mode.example.application, **own}.items():
            if key != "numbers":
                yield f"{key} = {json.dumps(value) if key in own else in_line(value)}"
                continue
            yield "numbers = ["
            yield from (f"  {in_line(number)}," for number in value)
            yield "]"
