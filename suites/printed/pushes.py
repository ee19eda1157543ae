"""Every push: what its tables say of each field.

A push is checked by what it may not be. What is not here is in no public copy of a table.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from privnum.suites.printed.fields import Digits, Group, Only, Rows, Text, Time, Whole

if TYPE_CHECKING:
    from collections.abc import Mapping

    from privnum.suites.printed.fields import Field

__all__ = ["PUSHES"]

_SESSION = Text(1, 256)
_STATUS_INFO: Mapping[str, Field] = {
    "caller": Text(1, 32),
    "called": Text(1, 32),
    "subscriptionId": Text(0, 64),
    "userData": Text(0, 256),
    "stateCode": Whole(),
    "stateDesc": Text(1, 128),
}
_OTHER_WORDS = ("fee", "callIn", "ringing", "2", "")
_CALL_TIMES = ("callInTime", "fwdStartTime", "fwdAlertingTime", "fwdAnswerTime", "callEndTime", "failTime")
_FEE_MUST: Mapping[str, Field] = {
    "direction": Whole(0, 2),
    "spId": Text(1, 32),
    "appKey": Text(1, 128),
    "bindNum": Text(1, 32),
    "sessionId": _SESSION,
    "calleeNum": Text(1, 128),
}
_FEE_MAY: Mapping[str, Field] = {
    "icid": Text(0, 64),
    "subscriptionId": Text(0, 64),
    "callerNum": Text(0, 32),
    "fwdDisplayNum": Text(0, 32),
    "fwdDstNum": Text(0, 32),
    **dict.fromkeys((*_CALL_TIMES, "recordStartTime"), Time(open=True)),
    "fwdUnaswRsn": Whole(0, 127),  # a cause of Q.850
    **dict.fromkeys(("ulFailReason", "sipStatusCode", "ttsPlayTimes", "ttsTransDuration"), Whole()),
    "recordFlag": Whole(0, 1),
    "recordDomain": Text(0, 256),
    "recordFileDownloadUrl": Text(0, 1024),
    "recordBucketName": Text(0),
    "recordObjectName": Text(0),
    "serviceType": Text(0, 32),
    "hostName": Text(0, 128),
    "areaCode": Text(0, 32),
    "callDuration": Whole(0),
    "userData": Text(0, 256),
}


def _events(*words: str, **more: Field) -> Group:
    info = Group({"timestamp": Time(), "sessionId": _SESSION}, {**_STATUS_INFO, **more})
    return Group({"eventType": Only(words, _OTHER_WORDS), "statusInfo": info})


def _cdrs(**more: Field) -> Group:
    rows = Rows(Group(_FEE_MUST, {**_FEE_MAY, **more}), 1, 50)
    return Group({"eventType": Only(("fee",), ("callin", "Fee", "")), "feeLst": rows})


_NUMBERS = Rows(
    Group(
        {"number": Text(1), "status": Only(("5", "9", "10", "11"), ("0", "2", "4", "normal", ""))},
        {"cause": Only(("1", "2", "3", "5", "6", "7", "8", "9"), ("0", "4", "10", ""))},
    ),
    1,
    100,
)

_WORDS: Mapping[str, tuple[str, ...]] = {
    "Notify": ("Block", "notify", "2", ""),
    "Block": ("Notify", "block", "2", ""),
}


def _sms(mode: str, **more: Field) -> Group:
    must: Mapping[str, Field] = {
        "smsIdentifier": Text(1, 64),
        "notificationMode": Only((mode,), _WORDS[mode]),
        "event": Text(1, 16),
        "timeStamp": Text(1, 32),
    }
    paras = Rows(Group({}, {"key": Text(0, 32), "value": Text(0, 32)}), 0, None)
    may: Mapping[str, Field] = {
        "calling": Text(1, 32),
        "virtualNumber": Text(1, 32),
        "smsContent": Text(0),
        "extInfo": Group({}, {"extParas": paras}),
        "areaCode": Text(0, 32),
        "sendResult": Whole(),
    }
    return Group({"smsEvent": Group(must, {**may, **more})}, {"appKey": Text(1, 32)})


_BOUND: Mapping[str, Field] = {"subscriptionId": Text(0, 64), "userData": Text(0, 256)}
_NOTIFIED: Mapping[str, Field] = {"called": Text(1, 32), "sendResult": Whole(0, 13)}
PUSHES: Mapping[str, Group] = {
    "ax/call_event": _events("callin", "callout", "alerting", "answer", "disconnect"),
    "axb/call_event": _events("callin", "callout", "alerting", "answer", "disconnect"),
    "axe/call_event": _events(
        "callin", "collectInfo", "callout", "alerting", "answer", "disconnect", digitInfo=Text(0)
    ),
    "ax/cdr": _cdrs(callOutUnaswRsn=Whole()),
    "axb/cdr": _cdrs(callOutUnaswRsn=Whole()),
    "axyb/call_event": _events("callin", "callout", "alerting", "answer", "disconnect"),
    "axyb/cdr": _cdrs(callOutUnaswRsn=Whole()),
    "x/call_event": _events(
        *("callin", "callout", "alerting", "answer", "disconnect"),
        notifyMode=Only(("Block", "Notify"), ("block", "2", "")),
        callRelDirection=Whole(),
    ),
    "x/cdr": _cdrs(callOutUnaswRsn=Whole(), notifyMode=Only(("Block",), ("Notify", "")), callRelDirection=Whole()),
    "axe/cdr": _cdrs(extendNumber=Digits(0, 4), extendNum=Digits(0, 4)),
    "ax/sms_notify": _sms("Notify", **_NOTIFIED, **_BOUND),
    "ax/sms_block": _sms("Block", **_BOUND),
    "axb/sms_notify": _sms("Notify", **_NOTIFIED, **_BOUND),
    "x/sms_notify": _sms("Notify", **_NOTIFIED, userData=Text(0, 256)),
    "x/sms_block": _sms("Block"),
    "common/number_status": Group(
        {"eventType": Only(("numStatus",), ("fee", "numstatus", "2", "")), "numInfo": _NUMBERS}
    ),
}
"""Pages 02_0006, 02_0006a, 02_0006_3, 02_0006_3a, those of X (_2, _2a), numstatus_notify_axe, 02_0008 to 02_0008_3.

Times of a CDR that are not there may come empty.
"""
