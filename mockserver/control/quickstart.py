"""What `privnum serve` starts with.

A world with one made-up application per mode, and a first request to try.
"""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.modes import registry
from privnum.mockserver.pushes.addresses import masked_address
from privnum.words import say

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.mockserver.control.start import Start

__all__ = ["applications", "overview", "summary"]

_OVERVIEW: Final = """\
privnum stands in for PrivateNumber at {url}
{tls}
{applications}

{first}{others}Open {url} in a browser to see all of it as it happens, and to do it by forms.
The control plane is at {url}/_privnum; privnum rules --list messages shows what it takes.
Pushes go to {pushes}.
{keeping} --seed {seed} makes the same ids again.
More options: privnum serve --help. Ctrl+C stops.
"""

#: How to begin with an application of the first mode.
_FIRST: Final = """\
Bind two users to {x}:

{curl}

Let one of them call it, half a minute pass, and look at what was pushed:

  curl -s {world}/calls{headers} -d '{{"caller":"+8613800000001","called":"{x}"}}'
  curl -s {world}/clock{headers} -d '{{"advance_seconds":30}}'
  curl -s {world}/pushes{login}

"""

# A digest is good for some hours only, so the command makes its own.
_CURL: Final = """\
  N=$(openssl rand -hex 16) T=$(date -u +%Y-%m-%dT%H:%M:%SZ); \\
  D=$(printf %s "$N$T" | openssl dgst -sha256 -hmac {secret} -binary | openssl base64); \\
  curl -s {address} \\
    -H 'Content-Type: application/json;charset=UTF-8' \\
    -H 'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"' \\
    -H {user}"$D"'",Nonce="'"$N"'",Created="'"$T"'"' \\
    -d {body}"""

#: How to begin with the applications of the other modes.
_OTHER_MODE: Final = """\
With the {mode} application POST {body} to {url}{path};
{hint}

"""

#: How to begin with an application in which nothing is bound.
_CALLED_MODE: Final = """\
With the {mode} application nothing is bound: call {x};
{hint}

"""

_APPLICATION: Final = """\
  {mode:4} app_key     {app_key}
       app_secret  {app_secret}
       X numbers   {numbers}"""


def applications(
    event_url: str, fee_url: str, given: Sequence[Mapping[str, Any]] | None = None
) -> list[dict[str, Any]]:
    """Return the default world's applications, in the control plane's form.

    Args:
        event_url: where call events go of those that do not say it.
        fee_url: where their CDRs go.
        given: which there are; None: a made-up one of each mode.
    """
    addresses = {"event_url": event_url, "fee_url": fee_url, "sms_notify_url": "inbox:", "sms_control_url": "inbox:"}
    if given is None:
        given = [mode.example.application for mode in registry.modes().values()]
    return [{**addresses, **app} for app in given]


def summary(url: str, apps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a program needs to begin.

    Addresses, and each application's mode, key, secret and numbers.
    """
    return {
        "url": url,
        "control_url": f"{url}/_privnum",
        "applications": [
            {
                "mode": app["mode"],
                "app_key": app["app_key"],
                "app_secret": app["app_secret"],
                "numbers": [x if isinstance(x, str) else x["number"] for x in app["numbers"]],
            }
            for app in apps
        ],
    }


def _in_words(template: str) -> str:
    """Return a text in the language that is spoken; commands stay."""
    return "\n".join(map(say, template.split("\n")))


def _beginning(url: str, app: Mapping[str, Any]) -> str:
    """Return how to begin with an application of another mode than the first."""
    example = registry.modes()[app["mode"]].example
    if example.bind:
        return _in_words(_OTHER_MODE).format(url=url, mode=app["mode"], **_first_bind(url, app))
    x = app["numbers"][0]
    hint = say(example.hint).replace("{x}", x).replace("{url}", url)
    return _in_words(_CALLED_MODE).format(mode=app["mode"], x=x, hint=hint)


def _first_bind(url: str, app: Mapping[str, Any]) -> dict[str, str]:
    """Return path and body of an application's first bind, and the next step."""
    example = registry.modes()[app["mode"]].example
    x = app["numbers"][0]
    path = contracts.operations()[f"{app['mode'].lower()}.bind"].path
    if example.query:
        path += "?" + example.query.replace("{app_key}", app["app_key"])
    return {
        "path": path,
        "body": example.bind.replace("{x}", x),
        "hint": say(example.hint).replace("{x}", x).replace("{url}", url),
    }


def overview(url: str, apps: Sequence[Mapping[str, Any]], push_urls: tuple[str, str], start: Start) -> str:
    """Return what a newcomer needs to begin, with commands to copy.

    Args:
        url: of the server.
        apps: of the default world.
        push_urls: where call events and CDRs go.
        start: what else there is to tell.
    """
    running = summary(url, apps)["applications"]
    none, application = say("none"), _in_words(_APPLICATION)
    listed = "\n".join(application.format(**{**app, "numbers": " ".join(app["numbers"]) or none}) for app in running)
    login = "" if start.token is None else f" -H {shlex.quote(f'Authorization: Bearer {start.token}')}"
    first, others = _beginnings(url, running, login)
    places = say(" and ").join(dict.fromkeys(masked_address(url) for url in push_urls))
    pushes = say("a built-in inbox (see /_privnum/worlds/default/pushes)") if places == "inbox:" else places
    return _in_words(_OVERVIEW).format(
        url=url,
        tls=start.line(),
        applications=listed,
        first=first,
        others=others,
        pushes=pushes,
        keeping=start.keeping(),
        seed=start.seed,
    )


def _beginnings(url: str, running: Sequence[Mapping[str, Any]], login: str) -> tuple[str, str]:
    """Return how to begin.

    Commands for an application of the first mode, a line for one of each other; without an X there is neither.
    """
    by_mode: dict[str, Mapping[str, Any]] = {}
    for app in running:
        if app["numbers"]:
            by_mode.setdefault(app["mode"], app)
    first = by_mode.pop(next(iter(registry.modes())), None)
    others = "".join(_beginning(url, app) for app in by_mode.values())
    if first is None:
        return "", others
    x = first["numbers"][0]
    bind = _first_bind(url, first)
    # in single quotes the shell reads nothing of what a file may name an application
    user = shlex.quote(f'X-AKSK: UsernameToken Username="{first["app_key"]}",PasswordDigest="')
    curl = _CURL.format(
        address=shlex.quote(url + bind["path"]),
        secret=shlex.quote(first["app_secret"]),
        user=user,
        body=shlex.quote(bind["body"]),
    )
    headers = f" -H 'Content-Type: application/json'{login}"
    world = shlex.quote(f"{url}/_privnum/worlds/default")
    begin = _in_words(_FIRST).format(world=world, x=x, curl=curl, headers=headers, login=login)
    return begin, others
