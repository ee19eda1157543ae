"""What is AXB's own in a binding.

A pair of users on X, who call each other by it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, ClassVar

from privnum.suites.checks.axb.invalid_requests import IN_FORCE, TONES, WRONGS
from privnum.suites.checks.bindings.binding import AnyBinding, Route
from privnum.suites.checks.bindings.profile import BindingProfile

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from privnum.suites.base.answer import Answer

__all__ = ["AxbBindings"]

NOT_FOUND = "1012007"
CODES = {
    "BIND-005": "1012010",
    "BIND-012": "1012008",
    "BIND-015": "1010002",
    "BIND-030": "1010002",
    "UNBIND-006": NOT_FOUND,
    "QUERY-007": NOT_FOUND,
}
UNSHOWN = dict.fromkeys(("relationNum", "callerNum", "calleeNum"), "QUERY-108")
"""What real clients need has a rule of its own."""

SETTINGS: Sequence[Mapping[str, Any]] = (
    {"callDirection": 1},
    {"duration": 3600},
    {"maxDuration": 30},
    {"privateSms": "false"},
    {"userData": "order-42"},
    {"callDirection": 2, "duration": 60, "maxDuration": 1440, "privateSms": "true", "userData": "x" * 256},
)
ENDS: Sequence[Mapping[str, Any]] = (
    *({"callDirection": value} for value in (0, 1, 2)),
    *({"duration": value} for value in (0, 1, 7776000)),
    *({"maxDuration": value} for value in (0, 1, 1440)),
)


class AxbBindings(BindingProfile):
    """Bindings of AXB."""

    mode, not_found, not_bound_cause = "AXB", NOT_FOUND, 8014
    modifiable_users = ("callerNum", "calleeNum")
    optional = (
        "callDirection",
        "duration",
        "recordFlag",
        "maxDuration",
        "lastMinVoice",
        "privateSms",
        "preVoice",
        "userData",
    )
    at_bind = ("areaCode", "areaMatchMode", "recordHintTone")
    narrowing = ("callerNum", "calleeNum", "pageIndex", "pageSize")
    misfits = ({"callDirection": 7}, {"duration": -1})
    wrongs = WRONGS
    paging = (("query", (("pageIndex", "one"), ("pageIndex", "1.5"), ("pageSize", "[10]"))),)
    lifetime = "duration"
    lifetimes, endless = (1, 7776000), ({}, {"duration": 0})
    codes = CODES
    unshown = UNSHOWN
    tones = TONES
    beside_tones = IN_FORCE
    flags = ("privateSms", "recordFlag")
    numbers_as_text: ClassVar[Mapping[str, str]] = {"callDirection": "1", "maxDuration": "30"}
    settings_shown = SETTINGS
    ends_at_modify = ENDS

    def read(self, body: Mapping[str, Any], answer: Answer) -> AnyBinding:
        """See BindingProfile."""
        a, b, x = str(body["callerNum"]), str(body["calleeNum"]), str(body["relationNum"])
        return AnyBinding(x, str(answer["subscriptionId"]), (a, b), body, self.there(x), answer)

    def lasting(self, seconds: int) -> tuple[dict[str, Any], int]:
        """See BindingProfile."""
        return {"duration": seconds}, seconds

    def routes(self, binding: AnyBinding) -> Sequence[Route]:
        """See BindingProfile."""
        a, b = binding.users
        return (Route(a, binding.x, b, {}), Route(b, binding.x, a, {}))

    def infos(self, answer: Answer) -> list[dict[str, Any]]:
        """See BindingProfile."""
        return answer.items("relationNumList")

    def change(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {"callDirection": 1}

    def settings(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {
            "callDirection": 1,
            "duration": 3600,
            "maxDuration": 30,
            "privateSms": "false",
            "userData": "mark-1",
        }

    def recording_fields(self) -> dict[str, Any]:
        """See BindingProfile."""
        return {
            "recordFlag": "true",
            "recordHintTone": self.side.tone(),
            "preVoice": {"callerHintTone": self.side.tone()},
        }

    def changes(self) -> Sequence[Mapping[str, Any]]:
        """See BindingProfile."""
        return (
            {"callDirection": 2},
            {"duration": 7200},
            {"maxDuration": 7},
            {"privateSms": "true"},
            {"userData": "later"},
            {"callDirection": 0, "maxDuration": 0},
            {"callerNum": self.context.user()},
            {"calleeNum": self.context.user()},
        )

    def other_settings(self, binding: AnyBinding) -> dict[str, Any]:
        """See BindingProfile."""
        del binding
        return {"duration": 60, "callDirection": 2}

    def incomplete(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        del binding
        return ({}, {"subscriptionId": "", "relationNum": ""})

    def incomplete_for_modify(self, binding: AnyBinding) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        # callerNum is no selector of a modify but the new A, here the one that is there
        return ({}, {"relationNum": binding.x, "callerNum": binding.users[0]})

    def everywhere(self) -> Sequence[Mapping[str, str]]:
        """See BindingProfile."""
        return tuple(self.there(x.number) for x in self.app.numbers)
