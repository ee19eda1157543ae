"""Calls to an X: whom they reach, how they go on, and what pushes say of them."""

from __future__ import annotations

import itertools
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

from examples.platform.fields import is_fixed_line
from examples.platform.recordings import DOMAIN, Recordings

if TYPE_CHECKING:
    from examples.platform.bindings import Bindings
    from examples.platform.clock import Clock
    from examples.platform.pushes import Pushes

__all__ = ["FAILS", "Calls"]

Call = dict[str, Any]

HUNG_UP, TOO_LONG, NOT_BOUND, WRONG_WAY, FIXED_LINE, NO_ANSWER, SILENT = 0, 8010, 8014, 8016, 8023, 8101, 8035
FROZEN = 7108
GAVE_UP_EARLY, GAVE_UP, REJECTED = 7501, 7502, 7504
FAILS = {"busy": 8102, "powered_off": 8104, "out_of_service": 8105, "not_exist": 8100, "unreachable": 8103}
FAILS |= {"unregistered": 8058}
RINGS_AT_MOST, CONNECTS_AT_MOST = 60, 90
"""Seconds after which we give up."""
SHORT = 3
"""Seconds of talk below which nothing is recorded."""
Q850 = {8102: 17, 8101: 19, 7504: 21, 8100: 1, 8103: 20, 8104: 20, 8105: 27, 8035: 18}


def stamp(second: int | None) -> str:
    """UTC, as pushes have it; empty where it did not come to that."""
    return "" if second is None else datetime.fromtimestamp(second, UTC).strftime("%Y-%m-%d %H:%M:%S")


class Calls:
    """The calls that there were."""

    def __init__(self, clock: Clock, bindings: Bindings, pushes: Pushes) -> None:
        self._clock = clock
        self._bindings = bindings
        self._pushes = pushes
        self._numbers = itertools.count(1)
        self.all: dict[str, Call] = {}
        self.recordings = Recordings()

    def place(self, caller: str, x: str, callee: Call, caller_hangs_up_after: int | None) -> Call:
        """Somebody dials X. Raises KeyError for an X that we do not have."""
        app, now = self._bindings.owner(x), self._clock.now()
        if app is None:
            raise KeyError(x)
        number = next(self._numbers)
        call: Call = {"id": str(number), "session": f"node1.{now}.{number}", "app": app, "x": x, "caller": caller}
        call |= {"state": "incoming", "to": None, "cause": None, "came_at": now}
        call |= {"forwarded_at": None, "rang_at": None, "answered_at": None, "ended_at": None}
        self.all[call["id"]] = call
        bound = call["bound"] = self._bindings.of_caller(x, caller, now)
        if bound is not None:
            bound = call["bound"] = dict(bound)
        if app["status"] == "frozen":
            self._end(call, FROZEN)
        elif is_fixed_line(caller):
            self._end(call, FIXED_LINE)
        elif bound is None:
            self._end(call, NOT_BOUND)
        elif bound["direction"] == (2 if caller == bound["a"] else 1):
            self._end(call, WRONG_WAY)
        else:
            self._forward(call, bound, callee)
            if caller_hangs_up_after is not None:
                self._clock.at(now + caller_hangs_up_after, lambda: self.hang_up(call, "caller"))
        return call

    def hang_up(self, call: Call, by: str) -> None:
        """One side hangs up, if the call is still there."""
        if call["state"] == "answered":
            self._end(call, HUNG_UP)
        elif by == "callee":
            self._end(call, REJECTED)
        else:
            self._end(call, GAVE_UP if call["state"] == "alerting" else GAVE_UP_EARLY)

    # ── how it goes on ───────────────────────────────────────────────────────────────────────────────────────────────

    def _forward(self, call: Call, bound: Call, callee: Call) -> None:
        now = self._clock.now()
        call |= {"state": "forwarded", "forwarded_at": now}
        call["to"] = bound["b"] if call["caller"] == bound["a"] else bound["a"]
        self._push_event(call, "callin")
        self._push_event(call, "callout")
        behaviour = callee["behaviour"]
        ring = now + callee["ring_after"]
        if bound["minutes"]:
            self._later(call, now + 60 * bound["minutes"], TOO_LONG)
        if behaviour in FAILS:
            self._later(call, ring, FAILS[behaviour])
        elif behaviour == "silent":
            self._later(call, now + CONNECTS_AT_MOST, SILENT)
        else:
            self._clock.at(ring, lambda: self._ring(call, callee))

    def _later(self, call: Call, second: int, cause: int) -> None:
        self._clock.at(second, lambda: self._end(call, cause))

    def _ring(self, call: Call, callee: Call) -> None:
        if call["state"] != "forwarded":
            return
        now = self._clock.now()
        call |= {"state": "alerting", "rang_at": now}
        self._push_event(call, "alerting")
        acts = now + callee["answer_after"]
        if callee["behaviour"] == "reject":
            self._later(call, acts, REJECTED)
        elif callee["behaviour"] == "no_answer":
            self._later(call, now + RINGS_AT_MOST, NO_ANSWER)
        else:
            self._clock.at(acts, lambda: self._answer(call, callee["hang_up_after"]))

    def _answer(self, call: Call, hangs_up_after: int | None) -> None:
        if call["state"] != "alerting":
            return
        call |= {"state": "answered", "answered_at": self._clock.now()}
        self._push_event(call, "answer")
        if hangs_up_after is not None:
            self._clock.at(self._clock.now() + hangs_up_after, lambda: self.hang_up(call, "callee"))

    def _end(self, call: Call, cause: int) -> None:
        if call["state"] == "ended":
            return
        call |= {"state": "ended", "ended_at": self._clock.now(), "cause": cause}
        self._push_event(call, "disconnect")
        self._pushes.push(call["app"], "cdr", {"eventType": "fee", "feeLst": [self._cdr(call)]})

    # ── what is reported ─────────────────────────────────────────────────────────────────────────────────────────────

    def _push_event(self, call: Call, event: str) -> None:
        """Caller and called of an event are always those who talk; only callin and refused calls name X."""
        info = {"timestamp": stamp(self._clock.now()), "sessionId": call["session"], "caller": call["caller"]}
        info["called"] = call["x"] if event == "callin" or call["to"] is None else call["to"]
        if call["to"] is not None:
            info["subscriptionId"] = call["bound"]["id"]
        if event == "callin" and call["bound"] is not None and call["bound"].get("user_data"):
            info["userData"] = call["bound"]["user_data"]
        if event == "disconnect":
            info |= {"stateCode": call["cause"], "stateDesc": f"cause {call['cause']}"}
        self._pushes.push(call["app"], "call_event", {"eventType": event, "statusInfo": info})

    def _cdr(self, call: Call) -> Call:
        bound, answered = call["bound"], call["answered_at"] is not None
        forwarded = call["to"] is not None
        talk = call["ended_at"] - call["answered_at"] if answered else 0
        cdr = {
            "direction": 2 if bound is None else 1 if call["caller"] == bound["a"] else 0,
            "spId": call["app"]["sp_id"],
            "appKey": call["app"]["app_key"],
            "icid": call["session"],
            "bindNum": call["x"],
            "sessionId": call["session"],
            "callerNum": call["caller"],
            "calleeNum": call["x"],
            "callInTime": stamp(call["came_at"]),
            "fwdStartTime": stamp(call["forwarded_at"]),
            "fwdAlertingTime": stamp(call["rang_at"]),
            "fwdAnswerTime": stamp(call["answered_at"]),
            "callEndTime": stamp(call["ended_at"]),
            "failTime": "" if answered else stamp(call["ended_at"]),
            "fwdUnaswRsn": 0 if answered else Q850.get(call["cause"], 0),
            "ulFailReason": call["cause"],
            "sipStatusCode": 0,
            "recordFlag": 0,
            "serviceType": "004",
            "hostName": "node1",
            "callDuration": talk,
        }
        if bound is not None and bound["recorded"] and talk >= SHORT:
            cdr |= {"recordFlag": 1, "recordStartTime": cdr["fwdAnswerTime"]}
            cdr |= {"recordDomain": DOMAIN, "recordObjectName": f"{call['session']}.wav"}
            self.recordings.keep(cdr["recordObjectName"], call["app"], talk, self._clock.now())
        if forwarded:
            cdr |= {"subscriptionId": bound["id"], "fwdDisplayNum": call["x"], "fwdDstNum": call["to"]}
        return cdr
