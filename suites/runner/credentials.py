"""Whether a target takes the keys of target.toml.

With wrong ones every check would fail, and say of none why.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from privnum import contracts
from privnum.suites.base.claims import NoAnswer, Unreachable
from privnum.suites.target.config import TargetError
from privnum.suites.target.modes import MODES
from privnum.suites.transport.client import JSON_TYPE, Scheme, encode_query, sign

if TYPE_CHECKING:
    from privnum.suites.base.answer import Answer
    from privnum.suites.runner.environment import Environment
    from privnum.suites.target.config import App
    from privnum.suites.transport.api import Transport

__all__ = ["check_credentials"]

#: A wrong digest, and an app_key that nobody has: answers that name what target.toml may have wrong.
_REFUSED: Final = frozenset({"1010010", "1010003"})
_ASKED_OF_ALL: Final = "common.recording"
"""What an application of a mode without bindings asks, and changes nothing by it."""
_SCHEMES: Final[tuple[Scheme, ...]] = ("aksk", "wsse")


def check_credentials(transport: Transport, environment: Environment) -> None:
    """Ask each application of a checked mode for the bindings of its first X.

    Anybody who answers nonsense, or nothing, is checked for it.

    Raises:
        TargetError: an application's signature is refused in both generations of the headers.
    """
    checked = MODES.keys() & (environment.session.target.modes or MODES.keys())
    for app in environment.apps:
        if app.mode not in checked or not app.numbers:
            continue
        answers = []
        for scheme in _SCHEMES:
            answers.append(_ask(transport, environment, app, scheme))
            if answers[-1] is None or answers[-1].code not in _REFUSED:
                break
        else:
            said = next(answer for answer in answers if answer is not None)
            raise TargetError(
                f"the {app.mode} application {app.key} of target.toml is refused: "
                f"{said.status}/{said.code} {contracts.mask(said.desc).rstrip('.')}; are its app_key and app_secret "
                "right? Nothing can be checked with them (docs/target.md)"
            )


def _ask(transport: Transport, environment: Environment, app: App, scheme: Scheme) -> Answer | None:
    mode = MODES[app.mode]
    known = contracts.operations()[mode.operation("query") if mode.binds else _ASKED_OF_ALL]
    about = {mode.x_field: app.numbers[0].number} if mode.binds else {}
    query = encode_query(mode.query(app, about))
    try:
        return transport.request(
            known.method, environment.prefix + known.path, query, [*sign(app, scheme), JSON_TYPE], b""
        )
    except Unreachable:
        raise
    except NoAnswer:
        return None
