"""Bodies of the pushes that the customer gets of a call.

The bodies of call events and CDRs, keys in the documented order.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum import contracts
from privnum.mockserver.core.recordings import DOMAIN, Recording, Recordings
from privnum.mockserver.core.timestamps import stamp

if TYPE_CHECKING:
    from privnum.mockserver.calls.call import Call
    from privnum.mockserver.core.applications import Application, XNumber
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.ids import Ids
    from privnum.mockserver.core.modes import BindingSnapshot
    from privnum.mockserver.core.timers import Timers
    from privnum.mockserver.pushes.outbox import Outbox
    from privnum.mockserver.pushes.push import Question

__all__ = ["Notifier"]

#: Rank of CDR windows within an instant: after the calls that end at it.
RANK: Final = 2
#: Most CDRs of one message (CDR-003).
CDRS_A_MESSAGE: Final = 50
#: A call this short, in seconds, has no recording file (CDR-015).
SHORTEST_RECORDING: Final = 3

#: With which status of a number its cause is reported, by the choice at number_status.cause.
_WITH_CAUSE: Final = {"unavailable": ("10",), "unusable": ("9", "10"), "any": ("5", "9", "10", "11")}

#: callRelDirection, by who hung up.
_SIDES: Final = {"caller": 1, "callee": 2}
#: What says whether a CDR without a binding has an empty subscriptionId, by whether the customer is asked of calls.
_UNNAMED: Final = {False: "cdr.subscription_id_of_refused", True: "x.cdr_subscription_id"}


class Notifier:
    """Makes events and CDRs of calls and hands them to the outbox.

    CDRs wait for others to be merged with.
    """

    __slots__ = ("_assumptions", "_identity", "_outbox", "_timers", "recordings")

    def __init__(self, assumptions: Assumptions, identity: Ids, outbox: Outbox, timers: Timers) -> None:
        self._assumptions = assumptions
        self._identity = identity
        self._outbox = outbox
        self._timers = timers
        #: The recordings that CDRs name.
        self.recordings = Recordings()

    def event(self, call: Call, event_type: str, now_ms: int) -> None:
        """Push a call event, if the application has an address for it.

        COM-PUSH-006, COM-PUSH-009.
        """
        app = call.x.app
        url = app.address_of(event_type)
        if url is None:
            return
        body = orjson.dumps({"eventType": event_type, "statusInfo": self._status_info(call, event_type, now_ms)})
        asking = call.asking if event_type == "callin" else None
        question = None if asking is None else asking.question
        minutes = self._minutes_of_x(question) if call.mode.asks else None
        stream = call.session_id
        self._outbox.send(
            app, "call_event", url, body, stream=stream, now_ms=now_ms, minutes=minutes, question=question
        )

    def _minutes_of_x(self, question: Question | None) -> tuple[int, ...] | None:
        """Return when an event of X is repeated; either callin or the others are.

        X-OPEN-009.
        """
        repeated = (self._assumptions["x.event_repeats"] == "callin") == (question is not None)
        return None if repeated else ()

    def _status_info(self, call: Call, event_type: str, now_ms: int) -> dict[str, Any]:
        caller, called = self._numbers(call, event_type)
        info: dict[str, Any] = {
            "sessionId": call.session_id,
            "timestamp": stamp(now_ms),
            "caller": caller,
            "called": called,
        }
        if event_type == "disconnect" and call.release_cause is not None:
            info["stateCode"] = call.release_cause
            info["stateDesc"] = contracts.release_causes()[call.release_cause].state_desc
        if call.mode.asks:
            self._add_answer(info, call, event_type)
        elif call.terms is not None:
            self._add_binding(info, call, call.terms, event_type)
        return info

    def _add_answer(self, info: dict[str, Any], call: Call, event_type: str) -> None:
        """Say whether the event is a question.

        And what the customer's answer gave for later ones.

        X-EVENT-101, X-EVENT-102, X-EVENT-103, X-EVENT-105.
        """
        if event_type == "callin":
            info["notifyMode"] = "Block" if call.asking is not None else "Notify"
            return
        if self._assumptions["x.later_notify_mode"] == "notify":
            info["notifyMode"] = "Notify"
        if call.terms is not None and call.terms.user_data is not None:
            info["userData"] = call.terms.user_data
        if event_type == "disconnect":
            self._add_side(info, call)

    def _add_side(self, message: dict[str, Any], call: Call) -> None:
        """Say who hung up a call that was answered (X-EVENT-105, X-CDR-102)."""
        if call.hung_up_by is not None and self._assumptions["x.call_rel_direction"] == "present":
            message["callRelDirection"] = _SIDES[call.hung_up_by]

    def _add_binding(self, info: dict[str, Any], call: Call, terms: BindingSnapshot, event_type: str) -> None:
        """Name the binding and the customer's own text.

        EVENT-010, AXE-EVENT-008, COM-OPEN-075.
        """
        named = call.mode.callin_names_binding
        if event_type != "callin" or named:
            info["subscriptionId"] = terms.subscription_id
        if event_type != "callin":
            carried = call.forwarded_to is not None and self._assumptions["call.later_user_data"] == "present"
        else:
            open_point = call.mode.callin_user_data
            carried = open_point is None or self._assumptions[open_point] == "present"
        if carried and terms.user_data is not None:
            info["userData"] = terms.user_data

    def push_collect_info(self, call: Call, digits: str, now_ms: int) -> None:
        """Push a collectInfo: what the caller entered (AXE-EVENT-102)."""
        app = call.x.app
        if app.event_url is None:
            return
        info = {"sessionId": call.session_id, "timestamp": stamp(now_ms), "digitInfo": digits}
        body = orjson.dumps({"eventType": "collectInfo", "statusInfo": info})
        self._outbox.send(app, "call_event", app.event_url, body, stream=call.session_id, now_ms=now_ms)

    def number_status(self, x: XNumber, now_ms: int) -> None:
        """Push the status of an X, to the address for it or that of call events.

        COM-STATUS-001, COM-STATUS-002, COM-STATUS-003, COM-STATUS-005, COM-STATUS-006.
        """
        url = x.app.number_status_url or x.app.event_url
        if url is None:
            return
        info = {"number": x.number, "status": x.status}
        if x.cause is not None and x.status in _WITH_CAUSE[self._assumptions.text("number_status.cause")]:
            info["cause"] = x.cause
        body = orjson.dumps({"eventType": "numStatus", "numInfo": [info]})
        minutes = () if self._assumptions["number_status.retry"] == "once" else None
        stream = f"number {x.number}"
        self._outbox.send(x.app, "number_status", url, body, stream=stream, now_ms=now_ms, minutes=minutes)

    def _numbers(self, call: Call, event_type: str) -> tuple[str, str]:
        """Return caller and called of an event.

        Those of the first leg, or of the second (EVENT-006, 007).
        """
        x = call.x.number
        to = call.forwarded_to
        if event_type == "callin" or to is None:
            return call.caller, x
        shown = call.displayed or x
        if event_type == "disconnect":
            return (shown, to) if self._assumptions["call.disconnect_numbers"] == "second_leg" else (call.caller, x)
        return (shown if self._assumptions["call.second_leg_caller"] == "x" else call.caller), to

    def cdr(self, call: Call, now_ms: int) -> None:
        """Write the CDR of a call that has just ended.

        It leaves when the merge window closes (CDR-001).
        """
        app = call.x.app
        if app.fee_url is None:
            return
        app.fees.append(self._fee_info(call))
        if len(app.fees) == 1:
            self._timers.add(now_ms + self._assumptions.number("cdr.merge_seconds") * 1000, RANK, app)
        elif len(app.fees) == CDRS_A_MESSAGE:
            self._timers.cancel(app)
            self.flush(app, now_ms)

    def flush(self, app: Application, now_ms: int) -> None:
        """Push the CDRs that wait, in one message, behind their calls' events.

        CDR-003.
        """
        fees, app.fees = app.fees, []
        if fees and app.fee_url is not None:
            self.recordings.keep((fee["recordObjectName"] for fee in fees if "recordObjectName" in fee), now_ms)
            body = orjson.dumps({"eventType": "fee", "feeLst": fees})
            calls = frozenset(str(fee["sessionId"]) for fee in fees)
            stream = f"cdr {app.app_key}"
            self._outbox.send(app, "cdr", app.fee_url, body, stream=stream, now_ms=now_ms, after=calls)

    def _fee_info(self, call: Call) -> dict[str, Any]:
        """Return a CDR with the keys of a captured one, in its order.

        AXB-CDR-101.
        """
        app = call.x.app
        terms = call.terms
        fee: dict[str, Any] = {
            "direction": call.direction,
            "spId": app.sp_id,
            "appKey": app.app_key,
            "icid": self._identity.icid(),
            "bindNum": (terms.private_number if terms else None) or call.x.number,
            "sessionId": call.session_id,
        }
        binding = terms.subscription_id if terms else ""
        named = bool(binding) or self._assumptions[_UNNAMED[call.mode.asks]] == "empty"
        if named:
            fee["subscriptionId"] = binding
        extension = call.extension
        if extension is None and terms and self._assumptions["axe.cdr_extension_of_callback"] == "present":
            extension = terms.extension
        if extension is not None:
            fee[self._assumptions.text("axe.cdr_extension_field")] = extension
        self._add_course(fee, call)
        self._add_recording(fee, call)
        fee["ttsPlayTimes"] = 0
        fee["ttsTransDuration"] = 0
        if named:
            fee["mptyId"] = binding
        fee["serviceType"] = call.mode.service_type
        fee["hostName"] = self._identity.host_name
        fee["voiceCheckType"] = 0
        if self._assumptions["cdr.ask_support_fields"] == "present":
            fee["areaCode"] = call.x.area_code or ""
            fee["callDuration"] = _talk_seconds(call)
        if terms and terms.user_data is not None:
            fee["userData"] = terms.user_data
        if call.mode.asks:
            self._add_side(fee, call)
            fee["notifyMode"] = "Block"
        return fee

    @staticmethod
    def _add_course(fee: dict[str, Any], call: Call) -> None:
        """Say who called whom, when, and how it ended."""
        cause = call.release_cause or 0
        said = contracts.release_causes()[cause]
        fee["callerNum"] = call.caller
        fee["calleeNum"] = call.x.number
        if call.forwarded_to is not None:
            fee["fwdDisplayNum"] = call.displayed
            fee["fwdDstNum"] = call.forwarded_to
        fee["callInTime"] = stamp(call.started_ms)
        _set_time(fee, "fwdStartTime", call.forwarded_ms)
        _set_time(fee, "fwdAlertingTime", call.alerting_ms)
        _set_time(fee, "fwdAnswerTime", call.answered_ms)
        _set_time(fee, "callEndTime", call.ended_ms)
        fee["fwdUnaswRsn"] = said.q850 if call.answered_ms is None else 0
        if call.answered_ms is None:
            _set_time(fee, "failTime", call.ended_ms)
        fee["ulFailReason"] = cause
        fee["sipStatusCode"] = said.sip if call.answered_ms is None else 0
        fee["callOutUnaswRsn"] = 0

    def _add_recording(self, fee: dict[str, Any], call: Call) -> None:
        """Keep and name the recording of an answered call that is recorded.

        CDR-011, CDR-015.
        """
        app = call.x.app
        recorded = call.terms is not None and call.terms.record and app.recording
        if not recorded or call.answered_ms is None or _talk_seconds(call) < SHORTEST_RECORDING:
            fee["recordFlag"] = 0
            return
        talk_ms = (call.ended_ms or call.answered_ms) - call.answered_ms
        started = stamp(call.answered_ms)
        digits = "".join(c for c in started[2:] if c.isdigit())
        name = f"{digits}{self._identity.recording_number()}.wav"
        fee["recordFlag"] = 1
        fee["recordStartTime"] = started
        fee["recordDomain"] = DOMAIN
        fee["recordBucketName"] = f"sp-{app.app_key.lower()}"
        fee["recordObjectName"] = call.recording = name
        self.recordings.add(name, Recording(app, talk_ms))


def _set_time(fee: dict[str, Any], key: str, ms: int | None) -> None:
    if ms is not None:
        fee[key] = stamp(ms)


def _talk_seconds(call: Call) -> int:
    if call.answered_ms is None or call.ended_ms is None:
        return 0
    return call.ended_ms // 1000 - call.answered_ms // 1000
