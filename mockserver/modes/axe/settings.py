"""AXE: an application's settings of extensions and of call-backs.

The latter count for an A without a record.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, ClassVar

from privnum.mockserver.core.modes import Settings

if TYPE_CHECKING:
    from privnum.mockserver.core.applications import Application

__all__ = ["ExtensionSettings", "settings_of"]


class ExtensionSettings(Settings):
    """Digits of an extension, repeated prompts, and the missing record.

    The last is what A gets who dials X without one.
    """

    __slots__ = ("extension_digits", "no_record", "repeat_collections")
    names: ClassVar = ("extension_digits", "repeat_collections", "no_record")
    nullable: ClassVar = frozenset({"no_record"})

    def __init__(self) -> None:
        self.extension_digits = 4
        self.repeat_collections = 0
        self.no_record: dict[str, str] | None = None


def settings_of(app: Application) -> ExtensionSettings:
    """Return the settings of an application of this mode."""
    settings = app.settings
    if not isinstance(settings, ExtensionSettings):
        raise TypeError(f"an application of mode {app.mode} has no extensions")
    return settings
