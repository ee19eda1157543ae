"""Makes of a failure's commands a script that undoes what it does.

It runs in a shell of its own and says what came.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from privnum import contracts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from privnum.suites.base.trace import Step

__all__ = [
    "BEGIN",
    "CALL_KEY",
    "CAME",
    "END",
    "JSON",
    "LOOKED_AT",
    "UNDO_AT_END",
    "former_settings",
    "stop_without",
    "undoing",
    "verdict",
]

BEGIN: Final = "(  # a shell of its own, which undoes what it did when it ends"
END: Final = ")"
JSON: Final = "-H 'Content-Type: application/json'"
CAME: Final = (
    "came() { CAME=$(cat); echo \"$CAME\"; STATUS=${CAME##*$'\\n'}; BODY=${CAME%$'\\n'*}; "
    "KEY=$STATUS/$(jq -r '.resultcode // empty' <<<\"$BODY\" 2>/dev/null); }"
)
"""Takes an answer with its status in the last line, shows it and takes it apart."""
CALL_KEY: Final = 'KEY=$(jq -r \'"\\(.state)/\\(.release_cause // "")"\' <<<"$BODY")'
"""The same of a call that is looked at: its state and cause."""
LOOKED_AT: Final = "calls.get"
UNDO_AT_END: Final = "trap undo EXIT; trap 'trap \"\" TERM; exit 143' TERM"
"""Undoes at the end; a second signal to end the script does not end what undoes."""
AGAIN, OTHERWISE, LOOK = 1, 0, 2
"""Exit statuses: it came again, something else came, or somebody has to look at what came."""


def undoing(settings: Sequence[str], binds: Sequence[tuple[str, Step]], calls: int, *, own_world: bool) -> list[str]:
    """Lines that undo everything when the shell ends, however it ends.

    `settings` are the commands that put settings back, `binds` the variables of bindings. Settings come before
    bindings: a blocked X, or a frozen application, may keep them.
    """
    if own_world:
        return ['undo() { curl -sS -o /dev/null -X DELETE "$DRIVER/_privnum/worlds/$ID"; }; ' + UNDO_AT_END]
    commands = [_hang_up(number) for number in range(1, calls + 1)]
    commands += [f"{command};" for command in settings]
    commands += [_dissolve(variable, bind) for variable, bind in binds]
    return [f"undo() {{ {' '.join(commands)} }}; {UNDO_AT_END}"] if commands else []


def former_settings(steps: Iterable[Step]) -> dict[tuple[str, str], dict[str, Any]]:
    """How the settings were that the steps changed.

    By the message of the driver protocol and its places.
    """
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for step in steps:
        if step.kind == "control" and step.undo:
            found[step.text, step.target] = {**step.undo, **found.get((step.text, step.target), {})}
    return found


def _hang_up(number: int) -> str:
    message = '{"by":"caller"}'
    call = f"$DRIVER/_privnum/worlds/$ID/calls/$CALL{number}/hang_up"
    curl = f"curl -sS -o /dev/null {JSON} -X POST"
    return f'[ -z "${{CALL{number}-}}" ] || {curl} "{call}" --data-binary \'{message}\';'


def _dissolve(variable: str, bind: Step) -> str:
    unbind = contracts.operations()[bind.text.replace(".bind", ".unbind")]
    selector = f'--data-urlencode "subscriptionId=${variable}"'
    curl = f'curl -sS -o /dev/null -G -X {unbind.method} "$BASE{unbind.path}" "${{A[@]}}" {selector}'
    return f'[ -z "${{{variable}-}}" ] || {{ fresh {bind.app}; {curl}; }};'


def stop_without(variable: str, what: str) -> str:
    """A line that stops where what the failure needs did not come about."""
    told = _shell_quote(f"LOOK at what came: there is no {what}, as there was in the run")
    return f'[ -n "${variable}" ] || {{ echo {told}; exit {LOOK}; }}'


def _key_of(step: Step | None) -> str | None:
    """What came last, in short: "403/1012010"; of a call "ended/8010"."""
    if step is None or step.kind == "request":
        return step.answer.key if step is not None and step.answer is not None else None
    if step.text != LOOKED_AT or not isinstance(step.result, dict):
        return None
    cause = step.result.get("release_cause")
    return f"{step.result.get('state')}/{'' if cause is None else cause}"


def _parts(key: str, step: Step | None) -> list[str]:
    """What the message names, if the failure lies in what came last."""
    return [key] if step is not None and step.kind == "request" else list(filter(None, key.split("/")))


def verdict(steps: Sequence[Step], broken: tuple[str, str] | None) -> list[str]:
    """Lines that say whether it is as in the run.

    By the answer to the last request, where the failure lies in that.
    """
    rule, message = broken or ("the rule", "see the report")
    last = next((step for step in reversed(steps) if step.kind in ("request", "control")), None)
    key = _key_of(last)
    if key is None or not all(part in message for part in _parts(key, last)):
        return [f"echo {_shell_quote(f'LOOK at what came: {rule}: {message}')}; exit {LOOK}"]
    # Nobody home, a wrong secret or a gateway between: nothing is said of the rule. A bent signature may be refused.
    silent = '""|000|429|5??' if last is not None and last.bent else '""|000|401|429|5??'
    unsure = _shell_quote("LOOK at what came: it is no answer of the platform to this: ")
    again = _shell_quote(f"FAILED as in the run: {rule}: {message}")
    other = _shell_quote(f"NOT as in the run, where {key} came; here it is ")
    return [
        f'if [ "$KEY" = {_shell_quote(key)} ]; then echo {again}; exit {AGAIN}; fi',
        f'case "$STATUS" in {silent}) echo {unsure}"$KEY"; exit {LOOK};; esac',
        f'echo {other}"$KEY"; exit {OTHERWISE}',
    ]


def _shell_quote(text: str) -> str:
    """In single quotes, on one line: the text may be the target's."""
    plain = "".join(sign if sign.isprintable() else " " for sign in text)
    return "'" + plain.replace("'", "'\"'\"'") + "'"
