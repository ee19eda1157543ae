"""What is AXE's own in a binding.

A on X, whom anybody reaches who enters the extension.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from privnum.suites.checks.axe.invalid_requests import RECORDED, TONES, WRONGS
from privnum.suites.checks.bindings.binding import AnyBinding, Route
from privnum.suites.checks.bindings.profile import BindingProfile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer

__all__ = ["AxeBindings"]

CODES = {"BIND-015": "1010002", "BIND-030": "1010002"}
STRANGE_PAGES = (("limit", "ten"), ("limit", "1.5"), ("cursor", "x"), ("cursor", "-1"))


class AxeBindings(BindingProfile):
    """Bindings of AXE."""

    mode, not_found, not_bound_cause = "AXE", "1016001", 8022
    optional = (
        "displayNumMode",
        "recordFlag",
        "recordHintTone",
        "callbackTone",
        "callbackNum",
        "timeUnit",
        "bindExpiredTime",
        "callbackExpiredTime",
    )
    at_bind = ("areaCode", "areaMatchMode", "extendNum", "userData")
    misfits = ({"timeUnit": "7"}, {"bindExpiredTime": -1})
    wrongs = WRONGS
    paging = tuple((name, STRANGE_PAGES) for name in ("query_v2", "query_count"))
    lifetime = "bindExpiredTime"
    lifetimes, endless = (60, 43200 * 60), ({"bindExpiredTime": 0, "callbackExpiredTime": 0},)
    codes = CODES
    tones = TONES
    beside_tones = RECORDED
    modify_by_x = True
    may_ignore_recording = True
    counted_down = ("bindExpiredTime",)

    def read(self, body: Mapping[str, Any], answer: Answer) -> AnyBinding:
        """See BindingProfile."""
        a, x, extension = str(body["bindNum"]), str(body["virtualNum"]), str(answer["extendNum"])
        there = {"virtualNum": x, "extendNum": extension}
        return AnyBinding(x, str(answer["subscriptionId"]), (a,), body, there, answer)

    def lasting(self, seconds: int) -> tuple[dict[str, Any], int]:
        """See BindingProfile."""
        minutes = -(-seconds // 60)
        return {"timeUnit": "1", "bindExpiredTime": minutes, "callbackExpiredTime": 1}, 60 * minutes

    def routes(self, binding: AnyBinding) -> Sequence[Route]:
        """See BindingProfile."""
        digits = {"digits": [binding.there["extendNum"]]}
        return (Route(self.context.user(), binding.x, binding.users[0], digits),)

    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        """See BindingProfile."""
        return [dict(answer.body or {})] if answer.ok else []

    def change(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {"callbackNum": self.context.user()}

    def settings(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {
            "displayNumMode": "0",
            "bindExpiredTime": 100,
            "callbackExpiredTime": 5,
            "callbackNum": self.context.user(),
            "userData": "one",
        }

    def recording_fields(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {"recordFlag": "true", "recordHintTone": self.side.tone(1), "callbackTone": self.side.tone()}

    def changes(self) -> Sequence[Mapping[str, Any]]:
        """See BindingProfile."""
        return (
            {"callbackNum": self.context.user()},
            {"displayNumMode": "0"},
            {"bindExpiredTime": 200, "callbackExpiredTime": 6},
        )

    def other_settings(self, binding: AnyBinding) -> dict[str, Any]:
        """See BindingProfile."""
        return {"extendNum": self.other_extension(binding)}

    def incomplete(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        return (
            {},
            {"subscriptionId": "", "virtualNum": "", "extendNum": ""},
            {"virtualNum": binding.x},
            {"extendNum": binding.there["extendNum"]},
            {"virtualNum": binding.x, "extendNum": ""},
        )

    def fixed_fields(self, binding: AnyBinding) -> dict[str, str]:
        """See BindingProfile."""
        return {"subscriptionId": binding.sub, "bindNum": binding.users[0], **binding.there}

    def there(self, x: str) -> dict[str, str]:
        """See BindingProfile."""
        return {"virtualNum": x, "extendNum": "1" * self.app.extension_digits}

    def selected_by(self, body: Mapping[str, Any]) -> dict[str, str] | None:
        """See BindingProfile."""
        return {name: str(body[name]) for name in ("virtualNum", "extendNum")} if "extendNum" in body else None

    def faults_of_answer(self, binding: AnyBinding) -> Sequence[str]:
        """See BindingProfile."""
        extension = binding.answer["extendNum"]
        ok = isinstance(extension, str) and bool(re.fullmatch(r"[0-9]{1,4}", extension))
        return () if ok else (f"extendNum: expected 1 to 4 digits, came {extension!r}",)

    def other_extension(self, binding: AnyBinding) -> str:
        """Return an extension of the same length that is not the binding's."""
        digits = self.app.extension_digits
        texts = (f"{number:0{digits}d}" for number in (1, 2))
        return next(text for text in texts if text != binding.there["extendNum"])
