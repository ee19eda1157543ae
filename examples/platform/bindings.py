"""Who is bound to whom on which X: one dictionary by id, one by X and user."""

from __future__ import annotations

import heapq
import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from examples.platform.errors import Refused
from examples.platform.fields import a_flag, a_number, a_phone, a_text, a_tone, a_voice, is_fixed_line, is_mobile

__all__ = ["Bindings"]

Record = dict[str, Any]

PAIRS_ON_X = 5000
MOST_MINUTES = 1440
CHINA = timedelta(hours=8)
GUANGDONG = ("020", "066", "075", "076")
"""We have numbers in this province; every other city counts as a province of its own."""


def province(area: str) -> str:
    """The province of a city code."""
    return "Guangdong" if area.startswith(GUANGDONG) else area


class Bindings:
    """The bindings of all applications. Every method gets the time, in seconds since 1970."""

    def __init__(self, apps: dict[str, Record]) -> None:
        self._apps = apps
        self._owner = {x["number"]: app["app_key"] for app in apps.values() for x in app["numbers"]}
        self._ids = itertools.count(1)
        self._by_id: dict[str, Record] = {}
        self._by_user: dict[tuple[str, str], Record] = {}
        self._by_x: dict[str, dict[str, Record]] = {x: {} for x in self._owner}
        self._ends: list[tuple[int, str]] = []

    def owner(self, x: str) -> Record | None:
        """The application of that X."""
        return self._apps.get(self._owner.get(x, ""))

    def of_caller(self, x: str, caller: str, now: int) -> Record | None:
        """The binding by which this caller may be put through."""
        self._drop_ended(now)
        return self._by_user.get((x, caller))

    # ── the four requests ────────────────────────────────────────────────────────────────────────────────────────────

    def bind(self, app: Record, body: Record, now: int) -> Record:
        """Bind A and B on an X; what the answer says."""
        self._drop_ended(now)
        a, b = str(a_phone(body, "callerNum", needed=True)), str(a_phone(body, "calleeNum", needed=True))
        record: Record = {"direction": 0, "duration": 0, "minutes": 0, "sms": True, "recorded": False, "voice": {}}
        record |= self._settings(app, body)
        record["hint"] = self._tone(app, body, "recordHintTone")
        if a == b:
            raise Refused("1012010", "callerNum and calleeNum are the same")
        x = self._wanted_x(app, body) or self._picked_x(app, body, a, b)
        if x in (a, b):
            raise Refused("1010002", "X cannot be bound to itself")
        if len(self._by_x[x]) >= PAIRS_ON_X:
            raise Refused("1012009")
        if not self._is_free(x, a, b):
            raise Refused("1012010")
        record |= {"id": f"b{next(self._ids):07d}", "app": app["app_key"], "x": x, "a": a, "b": b}
        record |= {"bound_at": now, "changed_at": now}
        self._by_id[record["id"]] = self._by_x[x][record["id"]] = record
        self._by_user[x, a] = self._by_user[x, b] = record
        self._set_end(record)
        return {
            "subscriptionId": record["id"],
            "relationNum": x,
            "callDirection": record["direction"],
            "duration": record["duration"],
            "maxDuration": record["minutes"],
        }

    def modify(self, app: Record, body: Record, now: int) -> Record:
        """Change what the body carries; the answer says no more than that it went well."""
        self._drop_ended(now)
        sub = a_text(body, "subscriptionId", 64)
        if sub is None:
            raise Refused("1010002", "subscriptionId is missing")
        changes = self._settings(app, body)
        new_a, new_b = a_phone(body, "callerNum"), a_phone(body, "calleeNum")
        record = self._own(app, sub)
        a, b, x = new_a or record["a"], new_b or record["b"], record["x"]
        if a == b or any(self._by_user.get((x, user), record) is not record for user in (a, b)):
            raise Refused("1012010")
        del self._by_user[x, record["a"]], self._by_user[x, record["b"]]
        self._by_user[x, a] = self._by_user[x, b] = record
        changes["voice"] = record["voice"] | changes.get("voice", {})
        record |= changes | {"a": a, "b": b, "changed_at": now}
        if "duration" in changes:
            self._set_end(record)
        return {}

    def unbind(self, app: Record, query: dict[str, str], now: int) -> Record:
        """Dissolve by id or by X."""
        self._drop_ended(now)
        if query.get("subscriptionId"):
            self._drop(self._own(app, query["subscriptionId"]))
            return {}
        if not query.get("relationNum"):
            raise Refused("1010002", "subscriptionId or relationNum is needed")
        there = self._own_x(app, query["relationNum"])
        if not there:
            raise Refused("1012007")
        self._drop(next(reversed(there.values())))
        return {}

    def query(self, app: Record, query: dict[str, str], now: int) -> Record:
        """One binding, or a page of those of an X."""
        self._drop_ended(now)
        if query.get("subscriptionId"):
            return self._listing([self._own(app, query["subscriptionId"])], 1, 50)
        x, a, b = (query.get(name) for name in ("relationNum", "callerNum", "calleeNum"))
        if not x:
            raise Refused("1010002", "subscriptionId or relationNum is needed")
        found = [r for r in self._own_x(app, x).values() if a in (None, "", r["a"]) and b in (None, "", r["b"])]
        if not found:
            raise Refused("1012007")
        if a or b:
            return self._listing(found, 1, 50)
        index, size = self._page(query, "pageIndex", 1), self._page(query, "pageSize", 50)
        size = size if 10 <= size <= 100 else 50
        if index < 1:
            raise Refused("1010002", "pageIndex")
        page = self._listing(found, index, size)
        if not page["relationNumList"]:
            raise Refused("1012007", "there are fewer pages")
        return page

    # ── finding ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def _own(self, app: Record, sub: str) -> Record:
        record = self._by_id.get(sub)
        if record is None or record["app"] != app["app_key"]:
            raise Refused("1012007")
        return record

    def _own_x(self, app: Record, x: str) -> dict[str, Record]:
        if self._owner.get(x) != app["app_key"]:
            raise Refused("1012001" if is_mobile(x) else "1010002")
        return self._by_x[x]

    def _wanted_x(self, app: Record, body: Record) -> str | None:
        x = a_text(body, "relationNum", 31, 4)
        if x is not None:
            self._own_x(app, x)
        return x

    def _picked_x(self, app: Record, body: Record, a: str, b: str) -> str:
        """Any free X of the area that is asked for, or of A's own if he is on a fixed line."""
        area = a_text(body, "areaCode", 32)
        mode = body.get("areaMatchMode")
        if mode not in (None, "0", "1"):
            raise Refused("1010002", "areaMatchMode")
        if area is None and is_fixed_line(a):
            area = "010" if a.startswith("+8610") else a[3:5] if a[3] == "2" else a[3:6]
        numbers = app["numbers"]
        if area is not None:
            area = area if area.startswith("0") else "0" + area
            there = [x for x in numbers if x["area_code"] == area]
            if mode == "1":
                there = [x for x in numbers if province(x["area_code"]) == province(area)] or numbers
            numbers = there
        if not numbers:
            raise Refused("1012008", "no number in that area")
        free = [x["number"] for x in numbers if self._is_free(x["number"], a, b)]
        if not free:
            raise Refused("1012010", "on every number")
        return str(random.choice(free))

    def _is_free(self, x: str, a: str, b: str) -> bool:
        return (x, a) not in self._by_user and (x, b) not in self._by_user

    # ── settings ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _settings(self, app: Record, body: Record) -> Record:
        """The settings that a bind or a modify carries."""
        user_data = a_text(body, "userData", 256)
        if user_data is not None and set(user_data) & set("^{}"):
            raise Refused("1010002", "userData with one of ^ { }")
        carried: Record = {
            "direction": a_number(body, "callDirection", 2),
            "duration": a_number(body, "duration", None),
            "minutes": a_number(body, "maxDuration", MOST_MINUTES),
            "sms": a_flag(body, "privateSms"),
            "recorded": a_flag(body, "recordFlag"),
            "last_minute": self._tone(app, body, "lastMinVoice"),
            "voice": a_voice(body) or None,
            "user_data": user_data,
        }
        if carried["recorded"] and not app["recording"]:
            raise Refused("1012012")
        for tone in (carried["voice"] or {}).values():
            self._require_tone(app, tone)
        return {name: value for name, value in carried.items() if value is not None}

    def _tone(self, app: Record, body: Record, name: str) -> str | None:
        tone = a_tone(body, name)
        if tone is not None:
            self._require_tone(app, tone)
        return tone

    @staticmethod
    def _require_tone(app: Record, tone: str) -> None:
        if app["tones"] is not None and tone not in app["tones"]:
            raise Refused("1010002", "a tone of that name was not uploaded")

    # ── ending ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def _set_end(self, record: Record) -> None:
        record["ends_at"] = None
        if record["duration"]:
            record["ends_at"] = record["bound_at"] + record["duration"]
            heapq.heappush(self._ends, (record["ends_at"], record["id"]))

    def _drop_ended(self, now: int) -> None:
        """A binding is there until the second of its end is over."""
        while self._ends and self._ends[0][0] < now:
            end, sub = heapq.heappop(self._ends)
            record = self._by_id.get(sub)
            if record is not None and record["ends_at"] == end:
                self._drop(record)

    def _drop(self, record: Record) -> None:
        del self._by_id[record["id"]], self._by_x[record["x"]][record["id"]]
        del self._by_user[record["x"], record["a"]], self._by_user[record["x"], record["b"]]

    # ── showing ──────────────────────────────────────────────────────────────────────────────────────────────────────

    @staticmethod
    def _page(query: dict[str, str], name: str, usual: int) -> int:
        text = query.get(name)
        if not text:
            return usual
        try:
            return int(text)
        except ValueError:
            raise Refused("1010002", name) from None

    def _listing(self, found: list[Record], index: int, size: int) -> Record:
        page = found[(index - 1) * size : index * size]
        shown = [self._shown_fields(record) for record in page]
        return {"totalCount": len(found), "pageIndex": index, "pageSize": size, "relationNumList": shown}

    @staticmethod
    def _shown_fields(record: Record) -> Record:
        """As a query shows it; a setting that was never given is left out, times are those of China."""
        changed = datetime.fromtimestamp(record["changed_at"], UTC) + CHINA
        shown = {
            "subscriptionId": record["id"],
            "relationNum": record["x"],
            "callerNum": record["a"],
            "calleeNum": record["b"],
            "subscribeTime": changed.strftime("%Y-%m-%d %H:%M:%S"),
            "callDirection": record["direction"],
            "duration": record["duration"],
            "maxDuration": record["minutes"],
            "privateSms": "true" if record["sms"] else "false",
            "recordFlag": "true" if record["recorded"] else "false",
        }
        for name, key in (("recordHintTone", "hint"), ("lastMinVoice", "last_minute"), ("userData", "user_data")):
            if record.get(key):
                shown[name] = record[key]
        return shown | ({"preVoice": record["voice"]} if record["voice"] else {})
