"""What is AX's own in a binding.

An X of A's own, by which anybody reaches him, and he his temporary callee.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.ax.invalid_requests import IN_FORCE, TONES, WRONGS
from privnum.suites.checks.ax.scenarios import call_for_a
from privnum.suites.checks.bindings.binding import AnyBinding, Route
from privnum.suites.checks.bindings.profile import BindingProfile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer

__all__ = ["AxBindings"]

CODES = {
    "BIND-005": "1016002",
    "BIND-010": "1011001",
    "BIND-012": "1011002",
    "BIND-015": "1010002",
    "BIND-030": "1010002",
}
UNSHOWN = {"origNum": "QUERY-107", "privateNum": "QUERY-107"}
"""What real clients need has a rule of its own."""

SETTINGS: Sequence[Mapping[str, Any]] = (
    {"callDirection": 1},
    {"maxDuration": 30},
    {"privateSms": "false"},
    {"turnFlag": "off"},
    {"calleeNumDisplay": "0"},
    {"userData": "order-42"},
    {"callDirection": 2, "maxDuration": 1440, "privateSms": "true", "turnFlag": "on", "userData": "x" * 256},
)
ENDS: Sequence[Mapping[str, Any]] = (
    *({"callDirection": value} for value in (0, 1, 2)),
    *({"maxDuration": value} for value in (0, 1, 1440)),
    *({"turnFlag": value} for value in ("on", "off")),
)


class AxBindings(BindingProfile):
    """Bindings of AX."""

    mode, not_found, not_bound_cause = "AX", None, 8018
    modifiable_users = ("origNum",)
    optional = ("privateSms", "recordFlag", "maxDuration", "lastMinVoice", "userData", "turnFlag", "callDirection")
    at_bind = (
        *("privateNumType", "areaCode", "areaMatchMode", "recordHintTone", "calleeNumDisplay"),
        "preVoice",
    )
    narrowing = ("origNum",)
    misfits = ({"callDirection": 7}, {"maxDuration": -1})
    wrongs = WRONGS
    codes = CODES
    unshown = UNSHOWN
    tones = TONES
    beside_tones = IN_FORCE
    modify_by_x = True
    flags = ("privateSms", "recordFlag")
    numbers_as_text: ClassVar[Mapping[str, str]] = {"callDirection": "1", "maxDuration": "30"}
    settings_shown = SETTINGS
    ends_at_modify = ENDS
    beside_area: ClassVar[Mapping[str, Any]] = {"privateNumType": "mobile-virtual"}
    may_ignore_recording = True

    def read(self, body: Mapping[str, Any], answer: Answer) -> AnyBinding:
        """See BindingProfile."""
        a, x = str(body["origNum"]), str(body["privateNum"])
        return AnyBinding(x, str(answer["subscriptionId"]), (a,), body, self.there(x), answer)

    def routes(self, binding: AnyBinding) -> Sequence[Route]:
        """Somebody calls A; A calls his temporary callee, who is set for one call."""
        (a,) = binding.users
        owner = next((app for app in self.side.apps if binding.x in {x.number for x in app.numbers}), None)
        callee = call_for_a(self.context, binding.sub, app=owner)
        return (Route(self.context.user(), binding.x, a, {}), Route(a, binding.x, callee, {}))

    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        """See BindingProfile."""
        return answer.items("privateNumList")

    def change(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {"callDirection": 1}

    def settings(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {
            "callDirection": 1,
            "maxDuration": 30,
            "privateSms": "false",
            "turnFlag": "off",
            "userData": "mark-1",
        }

    def recording_fields(self) -> dict[str, Any]:
        """See BindingProfile."""
        tone = self.side.tone()
        return {"recordFlag": "true", "recordHintTone": tone, "preVoice": {"callerHintTone": tone}}

    def changes(self) -> Sequence[Mapping[str, Any]]:
        """See BindingProfile."""
        return (
            {"callDirection": 2},
            {"maxDuration": 7},
            {"privateSms": "true"},
            {"turnFlag": "on"},
            {"userData": "later"},
            {"callDirection": 0, "maxDuration": 0},
            {"origNum": self.context.user()},
        )

    def other_settings(self, binding: AnyBinding) -> dict[str, Any]:
        """See BindingProfile."""
        del binding
        return {"callDirection": 2, "userData": "again"}

    def incomplete(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        del binding
        return ({}, {"subscriptionId": "", "privateNum": ""})

    def incomplete_for_modify(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """See BindingProfile; origNum alone is no selector but a new A."""
        return (*self.incomplete(binding), {"origNum": binding.users[0]})

    def let_go(self, answer: Answer) -> None:
        """See BindingProfile."""
        self.unbind(subscriptionId=answer["subscriptionId"])

    def everywhere(self) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        return tuple(self.there(x.number) for x in self.app.numbers)
