"""What `privnum serve` starts with: a world with one made-up application per mode, and a first request to try."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts
from privnum.mockserver.pushes.addresses import shown

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

__all__ = ["applications", "overview", "summary"]

#: One application per mode. Keys, secrets and numbers are made up and stay the same from start to start.
_APPLICATIONS: Final[tuple[dict[str, Any], ...]] = (
    {
        "mode": "AXB",
        "app_key": "axb-demo-key-0000000000000000001",
        "app_secret": "axb-demo-secret-0000000000000001",
        "numbers": (
            {"number": "+8617000000001", "area_code": "0755"},
            {"number": "+8617000000002", "area_code": "0755"},
            {"number": "+8617000000003", "area_code": "010"},
            {"number": "+8617000000004", "area_code": "021"},
        ),
    },
    {
        "mode": "AXE",
        "app_key": "axe-demo-key-0000000000000000001",
        "app_secret": "axe-demo-secret-0000000000000001",
        "numbers": (
            {"number": "+8617000000011", "area_code": "0755"},
            {"number": "+8617000000012", "area_code": "010"},
        ),
        "extension_digits": 4,
        "repeat_collections": 2,
    },
)

_OVERVIEW: Final = """\
privnum stands in for PrivateNumber at {url}

{applications}

Bind two users to {x}:

{curl}

Let one of them call it, half a minute pass, and look at what was pushed:

  curl -s {url}/_privnum/worlds/default/calls{headers} -d '{{"caller":"+8613800000001","called":"{x}"}}'
  curl -s {url}/_privnum/worlds/default/clock{headers} -d '{{"advance_seconds":30}}'
  curl -s {url}/_privnum/worlds/default/pushes{login}

{axe}The control plane is at {url}/_privnum; privnum rules --list messages shows what it takes.
Pushes go to {pushes}.
Bindings, calls and pushes live in memory: they are gone when the server ends. --seed {seed} makes the same ids again.
More options: privnum serve --help. Ctrl+C stops.
"""

# A digest is good for some hours only, so the command makes its own.
_CURL: Final = """\
  N=$(openssl rand -hex 16) T=$(date -u +%Y-%m-%dT%H:%M:%SZ); \\
  D=$(printf %s "$N$T" | openssl dgst -sha256 -hmac {app_secret} -binary | openssl base64); \\
  curl -s {url}/rest/caas/relationnumber/partners/v1.0 \\
    -H 'Content-Type: application/json;charset=UTF-8' \\
    -H 'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"' \\
    -H "X-AKSK: UsernameToken Username=\\"{app_key}\\",PasswordDigest=\\"$D\\",Nonce=\\"$N\\",Created=\\"$T\\"" \\
    -d '{{"callerNum":"+8613800000001","calleeNum":"+8613900000002","relationNum":"{x}"}}'"""

#: What is different with an AXE application.
_AXE: Final = """\
With the AXE application POST {{"bindNum":"+8613800000001","virtualNum":"{x}"}} to {url}{path};
a caller of {x} then enters the extendNum of the answer: add "digits":"<extendNum>" to the call.

"""

_APPLICATION: Final = """\
  {mode} app_key     {app_key}
      app_secret  {app_secret}
      X numbers   {numbers}"""


def applications(event_url: str, fee_url: str) -> list[dict[str, Any]]:
    """Return the applications of the default world, as the control plane's message has them."""
    return [
        {**app, "numbers": [dict(x) for x in app["numbers"]], "event_url": event_url, "fee_url": fee_url}
        for app in _APPLICATIONS
    ]


def summary(url: str, apps: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return what a program needs to begin: addresses, and each application's mode, key, secret and numbers."""
    return {
        "url": url,
        "control_url": f"{url}/_privnum",
        "applications": [
            {
                "mode": app["mode"],
                "app_key": app["app_key"],
                "app_secret": app["app_secret"],
                "numbers": [x["number"] for x in app["numbers"]],
            }
            for app in apps
        ],
    }


def overview(
    url: str, apps: Sequence[Mapping[str, Any]], push_urls: tuple[str, str], seed: int, token: str | None
) -> str:
    """Return what a newcomer needs to begin, with commands to copy.

    Args:
        url: of the server.
        apps: of the default world.
        push_urls: where call events and CDRs go.
        seed: of the ids.
        token: what control messages must carry, if anything.
    """
    told = summary(url, apps)["applications"]
    listed = "\n".join(_APPLICATION.format(**{**app, "numbers": " ".join(app["numbers"])}) for app in told)
    x = told[0]["numbers"][0]
    curl = _CURL.format(url=url, x=x, **{key: told[0][key] for key in ("app_key", "app_secret")})
    places = " and ".join(dict.fromkeys(shown(url) for url in push_urls))
    pushes = "a built-in inbox (see /_privnum/worlds/default/pushes)" if places == "inbox:" else places
    axe = "".join(
        _AXE.format(url=url, x=app["numbers"][0], path=contracts.operations()["axe.bind"].path)
        for app in told
        if app["mode"] == "AXE"
    )
    login = "" if token is None else f" -H 'Authorization: Bearer {token}'"
    headers = f" -H 'Content-Type: application/json'{login}"
    return _OVERVIEW.format(
        url=url,
        applications=listed,
        x=x,
        curl=curl,
        axe=axe,
        pushes=pushes,
        seed=seed,
        login=login,
        headers=headers,
    )
