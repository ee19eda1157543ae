"""A history as commands for bash with curl, jq and openssl."""

from __future__ import annotations

import re
import shlex
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

import orjson

from privnum import contracts
from privnum.suites.runner.replay import (
    BEGIN,
    CALL_KEY,
    CAME,
    END,
    JSON,
    LOOKED_AT,
    former_settings,
    stop_without,
    undoing,
    verdict,
)
from privnum.suites.transport.client import Signature

if TYPE_CHECKING:
    from privnum.suites.base.trace import Step
    from privnum.suites.target.config import Target

__all__ = ["commands"]

_LONG = 8192
"""Bytes of a body that are printed."""
_PLAIN = re.compile(r"[A-Za-z0-9_.:-]+")
"""Ids that cannot upset the quotes around them: they come from the target."""
_ACTIVE = re.compile(r'["`\\]|\$(?!(?:W3|[KNCD])\b)')
"""What a shell acts on between double quotes, but for the variables of a signature."""

_CURL = "curl -sSw '\\n'"
"""Says what it cannot do, and ends each answer with a line."""
_CHECKED = "curl -sSw '\\n%{http_code}\\n'"
"""The same, with the status in a line of its own."""

_FRESH = (
    'fresh() { eval "K=\\$KEY$1 S=\\$SECRET$1"; N=${2:-$(openssl rand -hex 16)}; '
    "C=${3:-$(date -u +%Y-%m-%dT%H:%M:%SZ)}; "
    'D=$(printf %s "$N$C" | openssl dgst -sha256 -hmac "$S" -binary | openssl base64 -A); '
    'W3=$(printf %s "$N$C$S" | openssl dgst -sha256 -binary | openssl base64 -A); '
    'A=(-H \'Authorization: AKSK realm="SDP",profile="UsernameToken",type="Appkey"\' '
    '-H "X-AKSK: UsernameToken Username=\\"$K\\",PasswordDigest=\\"$D\\",Nonce=\\"$N\\",Created=\\"$C\\""); }'
)


def commands(
    steps: list[Step], target: Target, broken: tuple[str, str] | None = None, whole: list[Step] | None = None
) -> list[str]:
    """The commands, one a line, the first of them comments on what to set.

    The last say whether it came again.

    They stand in a shell of their own, which undoes what was done. `broken` is the rule and what was found, `whole` the
    history of which some steps are left out. Exit status: 1 it came again, 0 it did not, 2 somebody has to look.

    Numbers stay as they are on a target of this machine, where they are made up, unless its file says that only named
    ones may be touched; elsewhere they are masked. Secrets are variables everywhere.
    """
    writer = _Writer(target)
    last = next((step for step in reversed(steps) if step.kind in ("request", "control")), None)
    lines = [line for step in steps for line in writer.lines(step, last=step is last)]
    comment, *head = writer.head(steps)
    own_world = any(step.kind == "world" and step.payload is not None for step in steps)
    settings = writer.settings(whole or steps)
    undo = [] if target.driver_place else undoing(settings, writer.binds, writer.calls, own_world=own_world)
    return [comment, BEGIN, *head, CAME, *undo, *lines, *verdict(steps, broken), END]


class _Writer:
    """Keeps the ids that came back, each of which becomes a variable."""

    def __init__(self, target: Target) -> None:
        self._target = target
        self._variables: dict[str, str] = {}
        self.calls = self.messages = 0
        self.binds: list[tuple[str, Step]] = []
        """The variable of each binding's id, and the bind that brought it."""

    def head(self, steps: list[Step]) -> list[str]:
        """What has to be set before."""
        apps = sorted({step.app for step in steps if step.kind == "request"})
        lines = [
            "# bash, with curl, jq and openssl"
            + ("" if self._target.numbers_made_up else "; numbers are masked, put in yours")
        ]
        recipe = next((step.payload for step in steps if step.kind == "world"), None)
        if recipe is not None and self._target.driver_place is not None:
            lines.append(f"# driver: worlds.create {orjson.dumps(recipe).decode()}")
            lines.append(f"BASE=…  # url of that world; the driver is {self._target.driver_place.name}")
            lines += [f"KEY{n}=…; SECRET{n}=…  # those of application {n} of that world" for n in apps]
        elif recipe is not None:
            driver = self._target.driver_url or "http://127.0.0.1:8080"
            lines.append(f"DRIVER={shlex.quote(driver)}" + ("" if self._target.driver_url else "  # privnum serve"))
            asked = self._quote(_with_inbox(recipe))
            lines.append(f"""WORLD=$(curl -sS {JSON} "$DRIVER/_privnum/worlds" --data-binary {asked})""")
            lines.append('ID=$(jq -r .id <<<"$WORLD"); BASE=$(jq -r .url <<<"$WORLD")')
            for app in apps:
                part = f".applications[{app - 1}]"
                lines.append(
                    f'KEY{app}=$(jq -r {part}.app_key <<<"$WORLD"); SECRET{app}=$(jq -r {part}.app_secret <<<"$WORLD")'
                )
        else:
            lines.append(f"BASE={shlex.quote(self._target.base_url or 'http://127.0.0.1:8080')}")
            if self._target.driver_url:
                driver, world = shlex.quote(self._target.driver_url), shlex.quote(self._target.world or "default")
                lines.append(f"DRIVER={driver}; ID={world}")
            lines += [self._keys(n) for n in apps]
        return [*lines, _FRESH] if apps else lines

    def _keys(self, index: int) -> str:
        """The key of an application of target.toml, and how to ask its secret."""
        key = next((app.key for app in self._target.applications if app.index == index), "")
        if not _PLAIN.fullmatch(key):
            return f"KEY{index}=${{KEY{index}:?is its app_key}}; SECRET{index}=${{SECRET{index}:?is its app_secret}}"
        return f"KEY{index}={key}; SECRET{index}=${{SECRET{index}:?is the app_secret of {key}}}"

    def lines(self, step: Step, *, last: bool) -> list[str]:
        """The commands of one step, the `last` that is checked among them.

        A push is a comment.
        """
        if step.kind == "request":
            return [self._request(step, last=last)]
        if step.kind == "control":
            return self._control(step, last=last)
        if step.kind == "push":
            return [f"# pushed: {step.text[:40]!r}"]
        return []

    def _request(self, step: Step, *, last: bool) -> str:
        parts = [f"{_CHECKED if last else _CURL} -X {step.method}", f'"$BASE"{self._quote(step.target)}']
        parts += self._signature(step)
        parts += [f"-H {self._quote(f'{name}: {value}')}" for name, value in step.headers]
        cut = ""
        if step.content:
            shown = step.content[:_LONG].decode("utf-8", "backslashreplace")
            parts.append(f"--data-binary {self._quote(shown)}")
            if len(step.content) > _LONG:
                cut = f"  # the body had {len(step.content)} bytes; these are its first {_LONG}"
        signed = "" if step.bent == {"signed": "not at all"} else f"{self._fresh(step)}; "
        curl = " ".join(parts)
        sub = step.answer["subscriptionId"] if step.answer is not None else None
        if not (step.text.endswith(".bind") and isinstance(sub, str) and sub not in self._variables):
            return f"{signed}{f'came < <({curl})' if last else curl}{cut}"
        name = self._variables[sub] = f"SUB{len(self._variables) + 1}"
        self.binds.append((name, step))
        if last:
            return f"{signed}came < <({curl}); {name}=$(jq -r '.subscriptionId // empty' <<<\"$BODY\"){cut}"
        bind = f"{signed}{name}=$({curl} | tee /dev/stderr | jq -r '.subscriptionId // empty')"
        return f"{bind}; {stop_without(name, 'binding')}{cut}"

    def _fresh(self, step: Step) -> str:
        bent = step.bent or {}
        given = [_text(bent.get(name)) for name in ("nonce", "created")]
        if not any(given):
            return f"fresh {step.app}"
        return f"fresh {step.app} {self._quote(given[0] or '')} {self._quote(given[1] or '')}".rstrip()

    def _signature(self, step: Step) -> list[str]:
        if not step.bent:
            return ['"${A[@]}"']
        if "signed" in step.bent:
            return []
        bent = {name: _text(value) if name == "created" else value for name, value in step.bent.items()}
        scheme = bent.get("scheme", "aksk")
        shown: dict[str, Any] = {"digest": "$W3" if scheme == "wsse" else "$D"}
        shown |= {name: value for name, value in bent.items() if name != "scheme"}
        for name, variable in (("nonce", "$N"), ("created", "$C")):
            if shown.get(name, "") is not None:
                shown[name] = variable
        signature = Signature("$K", "", "$N", "$C", scheme="wsse" if scheme == "wsse" else "aksk").with_parts(shown)
        return ['-H "' + _ACTIVE.sub(r"\\\g<0>", f"{name}: {value}") + '"' for name, value in signature.headers()]

    def settings(self, steps: list[Step]) -> list[str]:
        """The commands that put back what the steps changed.

        But for addresses with a login: no report repeats one.
        """
        found = []
        for (operation, places), before in former_settings(steps).items():
            shown = {name: value for name, value in before.items() if not _has_login(value)}
            if shown:
                curl = self._curl("curl -sS -o /dev/null", operation, places)
                found.append(f"{curl} {JSON} --data-binary {self._quote(orjson.dumps(shown).decode())}")
        return found

    def _curl(self, curl: str, operation: str, places: str) -> str:
        """The command of a control message, without its body."""
        message = contracts.control_operations()[operation]
        path = message.path.replace("{world}", "$ID")
        for name, value in orjson.loads(places).items():
            path = path.replace("{" + name + "}", self._variable(str(value)))
        return f'{curl} -X {message.method} "$DRIVER{path}"'

    def _control(self, step: Step, *, last: bool) -> list[str]:
        if self._target.driver_place is not None:
            text = orjson.dumps(step.payload).decode()
            text = text if self._target.numbers_made_up else contracts.mask(text)
            return [f"# driver: {step.text} {step.target} {text}"]
        if last and step.text == LOOKED_AT:
            return [f"came < <({self._curl(_CHECKED, step.text, step.target)}); {CALL_KEY}"]
        command = self._curl(_CURL, step.text, step.target)
        if step.payload is not None:
            payload = _local(step.payload)
            command += f" {JSON} --data-binary {self._quote(orjson.dumps(payload).decode())}"
        if step.text == "sms.create":
            self.messages += 1
            sms = f"SMS{self.messages}"
            self._variables |= {step.result["id"]: sms}
            return [f'{sms}=$({command}); echo "${sms}"', f'{sms}=$(jq -r .id <<<"${sms}")']
        if step.text != "calls.create":
            return [command]
        self.calls += 1
        call, session = f"CALL{self.calls}", f"SESSION{self.calls}"
        self._variables |= {step.result["id"]: call, step.result["session_id"]: session}
        return [
            f'{call}=$({command}); echo "${call}"',
            f'{session}=$(jq -r .session_id <<<"${call}"); {call}=$(jq -r ".id // empty" <<<"${call}"); '
            + stop_without(call, "call"),
        ]

    def _variable(self, value: str) -> str:
        value = value if self._target.numbers_made_up else contracts.mask(value)
        return f"${self._variables[value]}" if value in self._variables else quote(value, safe="")

    def _quote(self, text: str) -> str:
        """In single quotes, with the ids that came back as variables."""
        text = text if self._target.numbers_made_up else contracts.mask(text)
        quoted = "'" + text.replace("'", "'\"'\"'") + "'"
        for value, name in self._variables.items():
            if len(value) > 3 and _PLAIN.fullmatch(value):
                quoted = quoted.replace(value, f"'\"${name}\"'")
        return quoted


def _text(value: Any) -> str | None:
    return None if value is None else value if isinstance(value, str) else value.strftime("%Y-%m-%dT%H:%M:%SZ")


def _has_login(value: Any) -> bool:
    """Whether it is an address with credentials, which no report repeats."""
    return isinstance(value, str) and "://" in value and ("@" in value or "?" in value)


def _local(message: Any) -> Any:
    """Addresses of the run's receiver are gone when someone replays it.

    The built-in inbox takes their place.
    """
    if not isinstance(message, dict):
        return message
    urls = {name: "inbox:" for name in message if name.endswith("_url") and message[name]}
    return message | urls


def _with_inbox(recipe: dict[str, Any]) -> str:
    applications = [_local(app) for app in recipe["applications"]]
    return orjson.dumps(recipe | {"id": f"replay-{recipe['id']}", "applications": applications}).decode()
