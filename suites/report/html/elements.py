"""Elements of a page. Text is escaped because it is text.

Only what was built here is taken for markup.
"""

from __future__ import annotations

from html import escape
from typing import TYPE_CHECKING, TypeAlias

from privnum.suites.base.printing import visible

if TYPE_CHECKING:
    from collections.abc import Iterable

__all__ = ["Child", "Html", "join", "tag"]


class Html(str):
    """Text that is markup already."""

    __slots__ = ()


Child: TypeAlias = "str | Html | Iterable[Child] | None"

_VOID = frozenset({"br", "hr", "input", "link", "meta"})


def join(*children: Child) -> Html:
    """Children one after the other, without an element around them."""
    return Html("".join(_flat(children)))


def _flat(child: Child) -> Iterable[str]:
    if child is None:
        return
    if isinstance(child, Html):
        yield child
    elif isinstance(child, str):
        yield escape(visible(child))
    else:
        for inner in child:
            yield from _flat(inner)


def tag(name: str, /, *children: Child, **attributes: str | int | bool | None) -> Html:
    """An element. `class_` is class and `data_mode` data-mode.

    An attribute that is None or False is left out.
    """
    written = "".join(_attribute(key, value) for key, value in attributes.items())
    if name in _VOID:
        return Html(f"<{name}{written}>")
    return Html(f"<{name}{written}>{join(*children)}</{name}>")


def _attribute(key: str, value: str | int | bool | None) -> str:
    if value is None or value is False:
        return ""
    name = key.rstrip("_").replace("_", "-")
    return f" {name}" if value is True else f' {name}="{escape(visible(str(value)))}"'
