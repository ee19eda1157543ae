"""Every request and answer: what their tables say of each field.

An answer is checked by what it may not be; where a page prints "1 to 128" of a text that may be left out, an
empty one is no fault. What is not here is in no public copy of a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from privnum.suites.printed.fields import Digits, Group, Only, Rows, Seconds, Text, Time, Tone, Whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.printed.fields import Field

__all__ = ["ANSWERS", "EXAMPLES", "REQUESTS", "SELECTORS", "Example"]

# ── requests ─────────────────────────────────────────────────────────────────────────────────────────────────────────

_NUMBER, _TONE, _DATA = Text(4, 31), Text(0, 128), Text(1, 256)
_FLAG, _ZERO_OR_ONE = Only(("true", "false")), Only(("0", "1"))
_PRE_VOICE = Group({}, {"callerHintTone": _TONE, "calleeHintTone": _TONE})
_SETTINGS: Mapping[str, Field] = {
    "callDirection": Whole(0, 2),
    "duration": Whole(0, 7776000),
    "recordFlag": _FLAG,
    "maxDuration": Whole(0, 1440),
    "lastMinVoice": _TONE,
    "privateSms": _FLAG,
    "preVoice": _PRE_VOICE,
    "userData": _DATA,
}
"""What an AXB bind and modify have alike (02_0002, 02_0004)."""
_AXE_SETTINGS: Mapping[str, Field] = {
    "displayNumMode": _ZERO_OR_ONE,
    "recordFlag": _FLAG,
    "recordHintTone": _TONE,
    "timeUnit": _ZERO_OR_ONE,
}
_APP_KEY: Mapping[str, Field] = {"app_key": Text(1, 128)}
"""It stands in the query string of every AXYB request (axyb_0017 to axyb_0019)."""
_X_OF_AXE: Mapping[str, Field] = {"virtualNum": Text(1, 32), "extendNum": Digits(1, 4)}
_CURSOR = Only(("0000000000000_0", "1" * 13 + "_" + "9" * 20), ("1" * 12 + "_0", "1" * 13 + "_", "1" * 14 + "_0", "0"))
_LIMIT = Only(("1", "50", "100"), ("x", "1.5", "ten"))

_AX_SETTINGS: Mapping[str, Field] = {
    "recordFlag": _FLAG,
    "privateSms": _FLAG,
    "maxDuration": Whole(0, 1440),
    "lastMinVoice": _TONE,
    "userData": _DATA,
    "turnFlag": Only(("on", "off"), ("ON", "true", "1", "2")),
    "callDirection": Whole(0, 2),
}
"""What an AX bind and modify have alike (02_0011, 02_0013)."""

REQUESTS: Mapping[str, Group] = {
    "ax/bind.body": Group(
        {"origNum": Text(1, 32)},
        {
            "privateNum": Text(1, 32),
            "privateNumType": Only(("mobile-virtual",), ("mobile", "fixed-virtual")),
            "areaCode": Text(0, 32),
            "areaMatchMode": _ZERO_OR_ONE,
            "recordHintTone": _TONE,
            "calleeNumDisplay": _ZERO_OR_ONE,
            "preVoice": _PRE_VOICE,
            **_AX_SETTINGS,
        },
    ),
    "ax/modify.body": Group(
        {}, {"subscriptionId": Text(1, 64), "privateNum": Text(1, 32), "origNum": Text(1, 32), **_AX_SETTINGS}
    ),
    "ax/query.query": Group({}, {"origNum": Text(1, 32), "subscriptionId": Text(1, 64), "privateNum": Text(1, 32)}),
    "ax/unbind.query": Group({}, {"origNum": Text(1, 32), "subscriptionId": Text(1, 64), "privateNum": Text(1, 32)}),
    "ax/set_callee.body": Group(
        {"calleeNum": _NUMBER},
        {
            "origNum": _NUMBER,
            "privateNum": _NUMBER,
            "subscriptionId": Text(0, 64),
            "duration": Whole(1, 259200),
            "userData": _DATA,
        },
    ),
    "axb/bind.body": Group(
        {"callerNum": _NUMBER, "calleeNum": _NUMBER},
        {
            "relationNum": _NUMBER,
            "areaCode": Text(0, 32),
            "areaMatchMode": _ZERO_OR_ONE,
            **_SETTINGS,
            "recordHintTone": _TONE,
        },
    ),
    "axb/modify.body": Group(
        {"subscriptionId": Text(1, 64)}, {"callerNum": _NUMBER, "calleeNum": _NUMBER, **_SETTINGS}
    ),
    "axb/query.query": Group(
        {},
        {
            "subscriptionId": Text(1, 64),
            "relationNum": _NUMBER,
            "callerNum": Text(4, 128),
            "calleeNum": Text(4, 128),
            "pageIndex": Only(("1", "2", "100"), ()),  # no page says what becomes of 0 or of a text
            "pageSize": Only(("10", "100", "9", "101"), ()),  # outside 10 to 100 it is 50
        },
    ),
    "axb/unbind.query": Group({}, {"subscriptionId": Text(1, 64), "relationNum": _NUMBER}),
    "axe/bind.body": Group(
        {"bindNum": Text(1, 32)},
        {
            "virtualNum": Text(0, 32),
            "areaCode": Text(0, 32),
            "areaMatchMode": _ZERO_OR_ONE,
            "extendNum": Digits(0, 4),
            **_AXE_SETTINGS,
            "callbackTone": Text(1, 128),
            "callbackNum": Text(1, 32),
            "userData": _DATA,
            "bindExpiredTime": Whole(0, 720),
            "callbackExpiredTime": Whole(0, 168),
        },
    ),
    "axe/modify.body": Group(
        {},
        {
            "subscriptionId": Text(0, 64),
            "virtualNum": Text(0, 32),
            "extendNum": Digits(0, 4),
            **_AXE_SETTINGS,
            "callbackTone": Text(0, 128),
            "callbackNum": Text(0, 32),
        },
    ),
    "axe/query.query": Group({}, {**_X_OF_AXE, "subscriptionId": Text(0, 64)}),
    "axe/unbind.query": Group({}, {**_X_OF_AXE, "subscriptionId": Text(1, 64)}),
    "axe/query_v2.query": Group({}, {**_X_OF_AXE, "subscriptionId": Text(0, 64), "cursor": _CURSOR, "limit": _LIMIT}),
    "axe/query_count.query": Group({}, {"number": Text(1, 32), "cursor": Digits(1, 20), "limit": _LIMIT}),
    "axyb/bind.query": Group(_APP_KEY),
    "axyb/bind.body": Group(
        {"origNum": Text(1, 32)},
        {
            "subscriptionId": Text(1, 64),
            "areaCode": Text(1, 32),
            "areaMatchMode": _ZERO_OR_ONE,
            "callDirection": Whole(0, 2),
            "duration": Seconds(60, 7776000),
            "ybDuration": Seconds(60, 7776000),
            "recordFlag": _FLAG,
            "recordHintTone": Text(1, 128),
            "preVoiceX": Text(1, 128),
            "preVoiceY": Text(1, 128),
            "userData": _DATA,
        },
    ),
    "axyb/unbind.query": Group(_APP_KEY, {"subscriptionId": Text(1, 64), "yNum": Text(1, 32), "bNum": Text(1, 32)}),
    "axyb/query.query": Group(_APP_KEY, {"subscriptionId": Text(1, 64), "relationNum": Text(1, 32)}),
    "common/stop_call.body": Group(
        {"sessionid": Text(1, 256), "signal": Only(("call_stop",), ("call_hold", "CALL_STOP", ""))}
    ),
    "common/recording.query": Group({"fileName": Text(1, 128), "recordDomain": Text(1, 128)}),
}
"""Bodies and query strings. A value of a query is text, whatever its table says: it stands in an address."""

_EITHER = ({"subscriptionId": "s"}, {"relationNum": "+8617000000001"})
_EITHER_OF_AXE = ({"subscriptionId": "s"}, {"virtualNum": "+8617300000001", "extendNum": "1"})

_X_OF_AX, _A_OF_AX = {"privateNum": "+8617600000001"}, {"origNum": "+8613000000021"}
_EITHER_OF_AX = ({"subscriptionId": "s"}, _X_OF_AX)

SELECTORS: Mapping[str, tuple[Mapping[str, str], ...]] = {
    "ax.bind": ({**_A_OF_AX, **_X_OF_AX}, {**_A_OF_AX, "areaCode": "0755"}),
    "ax.query": (*_EITHER_OF_AX, _A_OF_AX),
    "ax.unbind": _EITHER_OF_AX,
    "ax.modify": _EITHER_OF_AX,
    "ax.set_callee": tuple({"calleeNum": "+8613000000022", **selector} for selector in _EITHER_OF_AX),
    "axb.query": _EITHER,
    "axb.unbind": _EITHER,
    "axe.query": _EITHER_OF_AXE,
    "axe.unbind": _EITHER_OF_AXE,
    "axe.modify": _EITHER_OF_AXE,
    "axe.query_v2": ({"subscriptionId": "s"}, {"virtualNum": "+8617300000001"}),
    "axyb.unbind": ({"app_key": "k", "subscriptionId": "s"},),
    "axyb.query": ({"app_key": "k", "subscriptionId": "s"}, {"app_key": "k", "relationNum": "+8617300000001"}),
}
"""What says which binding is meant: any one of these, and nothing less."""


class Example(NamedTuple):
    """A request whose fields hang together, and whether the pages allow it."""

    message: str
    content: Mapping[str, Any]
    fits: bool


def _times(message: str, more: Mapping[str, Any]) -> list[Example]:
    """AXE's times by their unit: 720 and 168 hours, 43200 and 10080 minutes."""
    rows = []
    for unit, bind, callback in ((None, 720, 168), ("0", 720, 168), ("1", 43200, 10080)):
        base = {**more, **({} if unit is None else {"timeUnit": unit})}
        for name, highest in (("bindExpiredTime", bind), ("callbackExpiredTime", callback)):
            rows += [Example(message, {**base, name: value}, True) for value in (0, highest)]
            rows += [Example(message, {**base, name: value}, False) for value in (-1, highest + 1, "one")]
    return rows


EXAMPLES = (
    *_times("axe/bind.body", {"bindNum": "+8613000000021"}),
    *_times("axe/modify.body", {"subscriptionId": "s"}),
    Example("ax/bind.body", {**_A_OF_AX, **_X_OF_AX, "userData": "订单"}, False),
    Example("ax/modify.body", {"subscriptionId": "s", "userData": "订单"}, False),
    Example("ax/set_callee.body", {"subscriptionId": "s", "calleeNum": "+8613000000022", "userData": "订单"}, False),
    Example("axb/bind.body", {"callerNum": "+8613000000021", "calleeNum": "+8613900000021", "userData": "订单"}, False),
    Example("axb/modify.body", {"subscriptionId": "s", "userData": "订单"}, False),
    Example("axe/bind.body", {"bindNum": "+8613000000021", "userData": "订单"}, False),
    Example("axyb/bind.body", {"origNum": "+8613000000021", "userData": "订单"}, False),
    Example(
        "x/callin.answer",
        {"operation": "connect", "connectInfo": {"calleeNum": "+8613000000021", "userData": "订单"}},
        False,
    ),
    Example("x/callin.answer", {"operation": "close", "closeInfo": {"userData": "订单"}}, False),
)
"""userData must be without Chinese (FAQ on 1010002; of X, its page of events)."""

# ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────────

_CODE, _DESC = Text(1, 32), Text(1, 256)
_FAILURE: Mapping[str, Field] = {"resultcode": _CODE, "resultdesc": _DESC}
_SUCCESS: Mapping[str, Field] = {"resultcode": Only(("0",), ("",)), "resultdesc": _DESC}
_SUB, _SHORT = Text(1, 64), Text(1, 32)
_LIMITS: Mapping[str, Field] = {
    "callDirection": Whole(0, 2),
    "duration": Whole(0, 7776000),
    "maxDuration": Whole(0, 1440),
}
_BINDING = Group(
    {"subscriptionId": _SUB, "relationNum": _SHORT, "callerNum": _SHORT, "calleeNum": _SHORT},
    {
        "recordFlag": _FLAG,
        "recordHintTone": _TONE,
        "subscribeTime": Time(),
        **_LIMITS,
        "privateSms": _FLAG,
        "preVoice": _PRE_VOICE,
        "userData": Text(0, 256),
    },
)
_AXE_TIMES: Mapping[str, Field] = {"bindExpiredTime": Whole(0, 43200), "callbackExpiredTime": Whole(0, 10080)}

_CONNECT_INFO = Group(
    {"calleeNum": _NUMBER},
    {
        "displayCalleeNum": _NUMBER,
        "maxDuration": Whole(0, 1440),
        **dict.fromkeys(("waitVoice", "recordHintTone", "lastMinVoice"), Tone(0, 128)),
        "recordFlag": _FLAG,
        "userData": Text(0, 256),
    },
)
"""The customer's answer to a callin of X mode (02_0006_2)."""


def _verdicts(**more: Field) -> tuple[Group, ...]:
    """The customer's answers to a Block (02_0008, 02_0008_3)."""
    to = Group({}, {"called": Text(1, 64), "calling": Text(1, 64)})
    extras = Rows(Group({}), 0, None)
    route = Group({"operation": Only(("vNumberRoute",))}, {"message": to, "extParas": extras, **more})
    discard = Group({"operation": Only(("DiscardMessage",))}, {"extParas": extras, **more})
    return tuple(Group({"actions": Rows(each, 1, None)}) for each in (route, discard))


_RELATION = Group(
    {},
    {
        "bindId": _SUB,
        **dict.fromkeys(("numA", "numX", "numY", "numB"), _SHORT),
        "recordFlag": _FLAG,
        "recordHintTone": _TONE,
        "subscribeTime": Time(),
        "callDirection": Whole(0, 2),
        **dict.fromkeys(("duration", "ybDuration"), Digits(1, 32)),
        **dict.fromkeys(("preVoiceX", "preVoiceY"), _TONE),
        "userData": Text(0, 256),
    },
)
"""axyb_0019; which must be there was not visible. Printed as 1 to 5, though each caller is given a Y (axyb_0016)."""

_AX_BINDING = Group(
    {"origNum": _SHORT, "privateNum": _SHORT, "subscriptionId": _SUB},
    {
        "privateNumType": Only(("mobile-virtual",), ("mobile", "2")),
        "subscribeTime": Time(),
        "recordFlag": _FLAG,
        "recordHintTone": _TONE,
        "preVoice": _PRE_VOICE,
        "calleeNumDisplay": _ZERO_OR_ONE,
        "privateSms": _FLAG,
        "maxDuration": Whole(0, 1440),
        "lastMinVoice": _TONE,
        "turnFlag": Only(("on", "off"), ("true", "2")),
        "callDirection": Whole(0, 2),
        "userData": Text(0, 256),
    },
)
"""02_0014; real clients need A, X and the id, which the table calls not mandatory."""

ANSWERS: Mapping[str, tuple[Group, ...]] = {
    "ax/bind.response": (
        Group(_FAILURE, {"origNum": _SHORT, "privateNum": _SHORT, "subscriptionId": _SUB}),
        Group({**_SUCCESS, "origNum": _SHORT, "privateNum": _SHORT, "subscriptionId": _SUB}),
    ),
    "ax/modify.response": (Group(_FAILURE),),
    "ax/unbind.response": (Group(_FAILURE),),
    "ax/set_callee.response": (Group(_FAILURE),),
    "ax/query.response": (Group(_FAILURE), Group({**_SUCCESS, "privateNumList": Rows(_AX_BINDING, 0, None)})),
    "axb/bind.response": (
        Group(_FAILURE, {"subscriptionId": _SUB, "relationNum": _SHORT, **_LIMITS}),
        Group({**_SUCCESS, "subscriptionId": _SUB, "relationNum": _SHORT, **_LIMITS}),
    ),
    "axb/modify.response": (Group(_FAILURE),),
    "axb/unbind.response": (Group(_FAILURE),),
    "axb/query.response": (
        Group(_FAILURE),
        Group(
            {**_SUCCESS, "relationNumList": Rows(_BINDING, 0, 100)},
            {"totalCount": Whole(0), "pageIndex": Whole(1), "pageSize": Whole(1, 100)},
        ),
    ),
    "axe/bind.response": (
        Group(_FAILURE),
        Group({**_SUCCESS, "subscriptionId": _SUB, "virtualNum": _SHORT, "extendNum": Digits(1, 4)}, _AXE_TIMES),
    ),
    "axe/modify.response": (Group(_FAILURE),),
    "axe/unbind.response": (Group(_FAILURE),),
    "axe/query.response": (
        Group(_FAILURE),
        Group(
            {**_SUCCESS, "subscriptionId": _SUB},
            {
                "virtualNum": _SHORT,
                "extendNum": Digits(1, 4),
                "bindNum": _SHORT,
                "displayNumMode": _ZERO_OR_ONE,
                "recordFlag": _FLAG,
                "recordHintTone": _TONE,
                "callbackTone": _TONE,
                "callbackNum": Text(0, 32),
                "timeUnit": _ZERO_OR_ONE,
                **_AXE_TIMES,
                "userData": Text(0, 256),
            },
        ),
    ),
    "axe/query_v2.response": (Group(_FAILURE, {"nextCusor": Text(0, 34)}),),
    "axe/query_count.response": (Group(_FAILURE, {"nextCursor": Text(0, 20)}),),
    "axyb/bind.response": (
        Group(_FAILURE),
        Group({**_SUCCESS, "subscriptionId": _SUB, "relationNumber": _SHORT}),
    ),
    "axyb/unbind.response": (Group(_FAILURE),),
    "x/callin.answer": (
        Group(
            {"operation": Only(("close",))},
            {"closeInfo": Group({}, {"closeHintTone": Tone(0, 128), "userData": Text(0, 256)})},
        ),
        Group({"operation": Only(("connect",)), "connectInfo": _CONNECT_INFO}),
    ),
    "ax/sms_block.answer": _verdicts(userData=Text(1, 256)),
    "x/sms_block.answer": _verdicts(),
    "axyb/query.response": (Group(_FAILURE), Group({**_SUCCESS, "xyRelationNumList": Rows(_RELATION, 1, None)})),
    "common/envelope": (Group(_FAILURE),),
    "common/stop_call.response": (Group({"resultcode": _CODE, "resultdesc": Text(1, 128)}),),
    "common/recording.response": (Group({}, _FAILURE),),
}
"""Of each answer: what holds for all, then for one that succeeds. The lists of query v2 and count are not public."""
