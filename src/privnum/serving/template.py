"""The privnum.toml that `privnum init` writes."""

from __future__ import annotations

import json
import textwrap
from typing import TYPE_CHECKING, Any, Final

from privnum.serving.forms import settings

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

__all__ = ["template"]

_HEAD: Final = """\
#:schema privnum.schema.json
# How `privnum serve --config privnum.toml` runs. All of it: docs/configuration.md
# An option (--port 9000) or a variable (PRIVNUM_PORT=9000) counts before what stands here.
# For the completion of editors that know #:schema: privnum schema config --output privnum.schema.json

"""

#: What stands behind # where a setting has no default.
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

# Applications of the default world, one of each mode; keep those that you use. Keys, secrets and numbers are yours to
# choose, and made up: a secret "$NAME" is the environment variable of that name. Every application may also have:
#   event_url, fee_url, callin_url, number_status_url, sms_notify_url, sms_control_url   where its pushes go
#   recording, sms, sms_content (true or false), tones = ["wait.wav"], allow_list = ["127.0.0.1"], requests_per_minute
[[applications]]
mode = "AX"
app_key = "my-ax-key"
app_secret = "my-ax-secret"
numbers = ["+8617000000021", "+8617000000022"]

[[applications]]
mode = "AXB"
app_key = "my-axb-key"
app_secret = "my-axb-secret"
numbers = [
  { number = "+8617000000001", area_code = "0755" },
  { number = "+8617000000002", area_code = "0755" },
]

[[applications]]
mode = "AXE"
app_key = "my-axe-key"
app_secret = "my-axe-secret"
numbers = [{ number = "+8617000000011", area_code = "0755" }]
extension_digits = 4
repeat_collections = 0

[[applications]]
mode = "AXYB"
app_key = "my-axyb-key"
app_secret = "my-axyb-secret"
numbers = [
  { number = "+8617000000031", area_code = "0755" },
  { number = "+8617000000032", area_code = "0755" },
  { number = "+8617000000033", area_code = "0755" },
  { number = "+8617000000034", area_code = "0755" },
]

[[applications]]
mode = "X"
app_key = "my-x-key"
app_secret = "my-x-secret"
numbers = ["+8617000000041", "+8617000000042"]
"""


def template() -> str:
    """Return the file.

    Every setting behind #, with its default or an example, and an application of each mode.
    """
    return _HEAD + "".join(f"{line}\n" for line in _settings()) + _REST


def _settings() -> Iterator[str]:
    for name, part in settings().items():
        if name != "assumptions":
            value = _EXAMPLES.get(name, part.get("default"))
            yield from (f"# {line}" for line in textwrap.wrap(part["description"], 110))
            yield f"# {name} = {json.dumps(value)}"
            yield ""
