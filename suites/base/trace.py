"""What happened on a context, step by step, kept raw.

`runner.counterexample` puts it into words and commands.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Literal, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer

__all__ = ["Step"]

Kind = Literal["world", "request", "control", "push", "note"]


class Step(NamedTuple):
    """One thing that was done or came in.

    world    `payload` is the world as it was asked for
    request  to the API; `target` is path and query, `app` the number of the application (1 is the first of the world),
             `bent` the parts of the signature that were bent, `answer` what came back
    control  to the driver; `target` is the path behind /_privnum/worlds/<id>, `payload` what was sent, `result` the
             reply; `undo` puts back what it changed, as far as that is known
    push     from the platform; `payload` is its body, `text` the kind, `target` its id in the contract, if it has one,
             `content` what it was answered with
    note     `text` of the check itself
    """

    kind: Kind
    text: str = ""
    method: str = ""
    target: str = ""
    app: int = 0
    bent: Mapping[str, Any] | None = None
    headers: Sequence[tuple[str, str]] = ()
    content: bytes = b""
    payload: Any = None
    answer: Answer | None = None
    result: Any = None
    undo: Mapping[str, Any] | None = None
