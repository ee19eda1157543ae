"""The settings that requests carry, whatever the mode.

With what a change of them does to a binding and its calls.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from privnum.suites.oracle.routing import note_settings

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Mapping

    from privnum.suites.oracle.calls import ExpectedCall
    from privnum.suites.oracle.state import OracleState
    from privnum.suites.oracle.types import Binding

    State = OracleState[Any, Any, Any]

__all__ = ["cleared_by", "note_change", "settings_of", "users_change"]

FLAGS = ("recordFlag", "privateSms")


def settings_of(body: Mapping[str, object], but: Collection[str]) -> dict[str, object]:
    """The settings of a bind or modify in one form.

    Flags as bool, tones without their object, nothing of `but`.
    """
    carried = {name: value for name, value in body.items() if value is not None and name not in but}
    voice = carried.pop("preVoice", None)
    if isinstance(voice, dict):
        carried |= voice
    for flag in FLAGS:
        if flag in carried:
            carried[flag] = carried[flag] in (True, "true")
    return carried


def cleared_by(state: State, fields: Mapping[str, object], tones: Iterable[str]) -> tuple[set[str], set[str]]:
    """The tones that a modify carries empty, and takes away.

    Raises Undecided where it is open whether it takes them away.
    """
    empty = {tone for tone in tones if fields.get(tone) == ""}
    if empty and state.assumptions.choose("binding.modify_empty_tone", "clear", "unchanged") == "clear":
        return empty, empty
    return empty, set()


def users_change(state: State, binding: Binding, change: Callable[[ExpectedCall], None] | None = None) -> None:
    """The users of `binding` become others: its calls go on, or end.

    `change` is done to those that go on.
    """
    if "ends" in state.assumptions.any_of("call.users_of_running_call", "goes_on", "ends"):
        state.give_up(binding)
    for call in state.running() if change else ():
        if change and call.subscription_id == binding.subscription_id:
            change(call)


def note_change(state: State, binding: Binding) -> None:
    """Settings of `binding` have changed.

    The CDR of a call that runs may show those before and these.
    """
    for call in state.running():
        if call.subscription_id == binding.subscription_id:
            note_settings(call, binding)
