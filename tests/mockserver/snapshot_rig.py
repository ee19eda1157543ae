"""A world of all five modes in process, to which anything may happen; its customer answers by what he is sent."""

from __future__ import annotations

import base64
import hmac
import json
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlencode
from zlib import crc32

from hypothesis import strategies as st

from privnum import contracts
from privnum.mockserver.core.timestamps import iso
from privnum.mockserver.embed.direct import DirectServer
from privnum.mockserver.http.faulty import AnswerLost
from tests.mockserver.rig import EDGE_MS, A, B, C, D

if TYPE_CHECKING:
    from privnum.mockserver.worlds.world import World

MODES = ("AX", "AXB", "AXE", "AXYB", "X")
#: Two X of each mode.
XS = {mode: (f"+861700000{place}01", f"+861700000{place}02") for place, mode in enumerate(MODES, start=10)}
_USERS = st.sampled_from([A, B, C])
_X = st.sampled_from([x for xs in XS.values() for x in xs])
_CONNECT = {"operation": "connect", "connectInfo": {"calleeNum": D}}
_VERDICT = {"actions": [{"operation": "vNumberRoute", "message": {"called": D}}]}
_VARIATIONS: tuple[list[str], ...] = (
    [],
    ["pushes.late", "ids.subscription_short"],
    ["answers.extra_fields", "pushes.duplicated"],
)

Step = tuple[Any, ...]


def _spec(variations: list[str]) -> dict[str, Any]:
    urls = {name: f"http://c/{name}" for name in ("event_url", "fee_url", "sms_notify_url", "sms_control_url")}
    apps = [
        {
            "mode": mode,
            "app_key": f"key-{mode}",
            "app_secret": "secret",
            "numbers": [{"number": x, "area_code": "0755"} for x in XS[mode]],
            **urls,
        }
        for mode in MODES
    ]
    return {"id": "w", "applications": apps, "keep": 5, "variations": variations}


class SnapshotRig:
    """The world, what its customer got, and what a client remembers of its answers."""

    def __init__(self, variations: list[str]) -> None:
        self.server = DirectServer(
            seed=3, customer=self._customer, edge_now_ms=lambda: EDGE_MS, sleep=lambda seconds: None
        )
        #: What the customer was sent, in order.
        self.pushed: list[tuple[str, list[tuple[str, str]], bytes]] = []
        #: The subscriptionId that a mode's bind has given last, and the call that was placed last.
        self.latest: dict[str, Any] = {}
        assert self.control("POST", "/worlds", _spec(variations))[0] == 201

    @property
    def world(self) -> World:
        return self.server.platform.worlds["w"]

    def _customer(self, url: str, headers: list[tuple[str, str]], body: bytes) -> tuple[int, bytes]:
        self.pushed.append((url, headers, body))
        if crc32(body) % 4 == 0:
            return 500, b""
        answer = _VERDICT if b'"Block"' in body and b"smsEvent" in body else _CONNECT
        return 200, json.dumps(answer).encode()

    def control(self, method: str, path: str, message: Any = None) -> Any:
        """Send a control message; return status and body."""
        status, _, body = self.server.request(
            method, f"/_privnum{path}", body=b"" if message is None else json.dumps(message).encode()
        )
        return status, json.loads(body) if body else None

    def of_world(self, method: str, path: str, message: Any = None) -> Any:
        """Send a control message about the world."""
        return self.control(method, f"/worlds/w{path}", message)

    def request(self, operation: str, query: dict[str, Any], body: dict[str, Any] | None) -> Any:
        """Send a request of the API, and return all of its answer."""
        known, mode = contracts.operations()[operation], operation.partition(".")[0].upper()
        nonce, created = "5f0c1d2e3a4b5", iso(EDGE_MS)
        digest = base64.b64encode(hmac.digest(b"secret", (nonce + created).encode(), "sha256")).decode()
        token = f'UsernameToken Username="key-{mode}",PasswordDigest="{digest}",Nonce="{nonce}",Created="{created}"'
        headers = [
            ("Content-Type", "application/json"),
            ("Authorization", 'AKSK realm="SDP",profile="UsernameToken",type="Appkey"'),
            ("X-AKSK", token),
        ]
        query = {"app_key": "key-AXYB", **query} if mode == "AXYB" else query
        sent = b"" if body is None else json.dumps(body).encode()
        try:
            answer = self.server.request(known.method, f"/w/w{known.path}", urlencode(query), headers, sent)
        except AnswerLost as lost:
            return str(lost)
        if operation.endswith(".bind") and answer[0] == 200:
            said = json.loads(answer[2])
            self.latest[mode] = said.get("subscriptionId", "")
            if mode == "AXE":
                self.latest["extension"] = said.get("extendNum", "")
        return answer

    def play(self, steps: list[Step]) -> list[Any]:
        """Carry out steps; return everything that came out of the world."""
        self.pushed.clear()
        answers = [self._step(*step) for step in steps]
        shown = [self.of_world("GET", path) for path in ("", "/bindings", "/calls", "/sms", "/pushes", "/faults")]
        return [*answers, *shown, list(self.pushed)]

    def _step(self, kind: str, *given: Any) -> Any:
        if kind == "bind":
            return self._bind(*given)
        if kind in ("modify", "unbind"):
            return self._change(kind, *given)
        if kind == "callee":
            return self.request("ax.set_callee", {}, {"privateNum": XS["AX"][0], "calleeNum": given[0]})
        if kind == "call":
            caller, x, behaviour, digits = given
            message = {"caller": caller, "called": x, "callee": {"behaviour": behaviour, "hang_up_after": 9}}
            entered = self.latest.get("extension", "") if digits == "latest" else digits
            placed = self.of_world("POST", "/calls", message | ({"digits": entered} if x in XS["AXE"] else {}))
            self.latest["call"] = (placed[1] or {}).get("id", "")
            return placed
        if kind == "hang_up":
            return self.of_world("POST", f"/calls/{self.latest.get('call') or 'none'}/hang_up", {"by": given[0]})
        if kind == "control":
            method, path, message = given
            return self.of_world(method, path, message)
        raise AssertionError(kind)

    def _bind(self, mode: str, a: str, b: str, place: int, seconds: int) -> Any:
        x = XS[mode][place]
        if mode == "AX":
            return self.request("ax.bind", {}, {"origNum": a, "privateNum": x})
        if mode == "AXB":
            fields = {"callerNum": a, "calleeNum": b, "relationNum": x, "duration": seconds, "recordFlag": "true"}
            return self.request("axb.bind", {}, fields)
        if mode == "AXE":
            return self.request("axe.bind", {}, {"bindNum": a, "virtualNum": x, "bindExpiredTime": 1})
        held = self.latest.get("AXYB")
        owner = {"subscriptionId": held} if place and held else {"areaCode": "0755", "duration": str(seconds)}
        return self.request("axyb.bind", {}, {"origNum": b if "subscriptionId" in owner else a, **owner})

    def _change(self, kind: str, mode: str, a: str) -> Any:
        held = self.latest.get(mode, "none")
        if kind == "unbind":
            return self.request(f"{mode.lower()}.unbind", {"subscriptionId": held}, None)
        fields: dict[str, dict[str, Any]] = {
            "AX": {"origNum": a},
            "AXB": {"callerNum": a},
            "AXE": {"bindExpiredTime": 2},
        }
        return self.request(f"{mode.lower()}.modify", {}, {"subscriptionId": held, **fields[mode]})


_CLOCK = ("POST", "/clock")
_TIMES: list[Step] = [
    *(("control", *_CLOCK, {"advance_seconds": seconds}) for seconds in (1, 3, 9, 61, 3600)),
    *(("control", *_CLOCK, {"mode": mode}) for mode in ("frozen", "jumping", "running")),
    ("control", *_CLOCK, {"now": "2026-03-02T00:00:00Z"}),
    ("control", *_CLOCK, {"mode": "running", "rate": 60}),
]
_FAULTS = (
    {"operation": "axb.bind", "code": "403/1012010", "probability": 0.5},
    {"operation": "any", "fault": "dropped", "times": 1},
    {"push": "any", "fault": "duplicated", "probability": 0.5},
    {"push": "call_event", "fault": "reordered", "times": 2},
    {"push": "cdr", "delay_seconds": 30},
)
_SETTINGS = (
    {"event_url": "inbox:"},
    {"status": "frozen", "in_force_after": 5},
    {"requests_per_minute": 2},
    {"recording": False, "fee_url": None},
)
_CHANGES: list[Step] = [
    *(("control", "POST", "/faults", fault) for fault in _FAULTS),
    ("control", "DELETE", "/faults", None),
    ("control", "POST", "/reset", None),
    *(("control", "POST", "/trigger", {"kind": kind}) for kind in ("cdr", "sms_notify", "number_status")),
    ("control", "POST", "/pushes/push-1/resend", {}),
    ("control", "POST", "/applications", {"mode": "AXB", "numbers": ["+8617000009901"], "event_url": "inbox:"}),
    *(("control", "PATCH", f"/applications/key-{mode}", setting) for mode in MODES for setting in _SETTINGS),
    *(
        ("control", "PATCH", f"/numbers/{quote(xs[0])}", change)
        for xs in XS.values()
        for change in ({"status": "9"}, {"area_code": "010"}, {"sms": False})
    ),
]
_BINDS: st.SearchStrategy[Step] = st.tuples(
    st.just("bind"), st.sampled_from(MODES[:4]), _USERS, _USERS, st.sampled_from([0, 1]), st.sampled_from([0, 60])
)
_CALLS: st.SearchStrategy[Step] = st.tuples(
    st.just("call"), _USERS, _X, st.sampled_from(["answer", "busy", "no_answer"]), st.sampled_from(["latest", "77", ""])
)
_STEPS: st.SearchStrategy[Step] = st.one_of(
    _BINDS,
    _CALLS,
    _CALLS.map(tuple),  # twice as often: most else is about them
    st.sampled_from(_TIMES),
    st.sampled_from(_CHANGES),
    st.tuples(st.just("modify"), st.sampled_from(MODES[:3]), _USERS),
    st.tuples(st.just("unbind"), st.sampled_from(MODES[:4]), _USERS),
    st.tuples(st.just("callee"), _USERS),
    st.tuples(st.just("hang_up"), st.sampled_from(["caller", "callee"])),
    st.builds(lambda a, x: ("control", "POST", "/sms", {"from": a, "to": x, "text": "hello"}), _USERS, _X),
)

#: A binding of each mode, by which calls and SMS go somewhere.
BOUND: list[Step] = [("bind", mode, A, B, 0, 0) for mode in MODES[:4]]
HISTORIES = st.lists(_STEPS, max_size=14)
VARIATIONS = st.sampled_from(_VARIATIONS)
