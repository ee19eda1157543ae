"""What a world may do otherwise within the contract.

Its answers, pushes and ids, by contracts/variations.toml.

A world without variations has nothing of this: it takes the plain identity and outbox, and the edge leaves its answers
alone.
"""

from __future__ import annotations

import itertools
import json
from functools import cache
from typing import TYPE_CHECKING, Any, Final

import orjson

from privnum import contracts
from privnum.mockserver.core.ids import Ids
from privnum.mockserver.pushes.outbox import Outbox
from privnum.mockserver.pushes.push import two_copies

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from privnum.mockserver.core.answers import Answer
    from privnum.mockserver.core.applications import Application
    from privnum.mockserver.core.assumptions import Assumptions
    from privnum.mockserver.core.timers import Timers
    from privnum.mockserver.pushes.push import Push

__all__ = ["Variations", "VariedIdentity", "VariedOutbox"]

#: Seconds of world time by which a push may be late (pushes.late, pushes.events_in_any_order).
LATEST_SECONDS: Final = 7

#: Above the numbers of pushes, so that no nonce comes twice.
_FIRST_OF_REPEATS: Final = 10**9
_MOVED: Final = 301
_SHORTEST_TEXT: Final = "-"
_LONGEST_TEXTS: Final = {"common.stop_call": 128}
_LONGEST_TEXT: Final = 256
_CONTENT_TYPE: Final = (b"content-type", b"application/json; charset=UTF-8")


class Variations:
    """The variations of one world.

    Args:
        ids: of contracts/variations.toml.

    Raises:
        ContractError: an unknown id, or two that exclude each other.
    """

    __slots__ = ("_extended", "ids")

    def __init__(self, ids: Iterable[str]) -> None:
        chosen = contracts.chosen_variations(ids)
        self.ids = frozenset(variation.id for variation in chosen)
        #: Objects that have got fields which no document names.
        self._extended = 0

    def __contains__(self, id_: str) -> bool:
        return id_ in self.ids

    # ── answers ──────────────────────────────────────────────────────────────────────────────────────────────────────

    def answer(self, method: str, path: str, answer: Answer) -> Answer:
        """Return an answer of the API plane as this world gives it.

        `path` without the prefix of the world.
        """
        if answer.status == _MOVED or not answer.body.startswith(b"{"):
            return answer  # a redirect, a file, or nothing
        fields: dict[str, Any] = orjson.loads(answer.body)
        operation = _operations().get((method, path), "")
        if answer.status == 200:
            self._fill(fields, operation, "answers")
        if "answers.short_text" in self:
            fields["resultdesc"] = _SHORTEST_TEXT
        elif "answers.long_text" in self:
            length = _LONGEST_TEXTS.get(operation, _LONGEST_TEXT)
            fields["resultdesc"] = fields["resultdesc"][:length].ljust(length, ".")
        if "answers.extra_fields" in self:
            self._extend(fields)
        if "answers.other_spelling" not in self:
            return answer._replace(body=orjson.dumps(fields))
        headers = tuple(_CONTENT_TYPE if name == b"content-type" else (name, value) for name, value in answer.headers)
        return answer._replace(body=_respelled_json(fields), headers=headers)

    # ── pushes ───────────────────────────────────────────────────────────────────────────────────────────────────────

    def push(self, callback: str, body: bytes) -> bytes:
        """Return the body of a push ("axb.cdr") as this world sends it."""
        fields: dict[str, Any] = orjson.loads(body)
        for message in (callback, f"{callback}.{fields.get('eventType')}"):
            self._fill(fields, message, "pushes")
        if "pushes.extra_fields" in self:
            self._extend(fields)
        return _respelled_json(fields) if "pushes.other_spelling" in self else orjson.dumps(fields)

    def _fill(self, fields: dict[str, Any], message: str, plane: str) -> None:
        """Leave out optional fields, and put empty texts where they may be."""
        for path in self._paths(f"{plane}.optional_left_out", message):
            for owner, name in _owners(fields, path):
                owner.pop(name, None)
        empty = "answers.empty_for_unset" if plane == "answers" else "pushes.empty_times"
        for path in self._paths(empty, message):
            for owner, name in _owners(fields, path):
                owner.setdefault(name, "")

    def _paths(self, variation: str, message: str) -> tuple[str, ...]:
        if variation not in self.ids:
            return ()
        paths: tuple[str, ...] = contracts.variations()[variation].fields.get(message, ())
        return paths

    def _extend(self, fields: dict[str, Any]) -> None:
        """Give the message, and each object in it, fields that no document names."""
        for owner in _objects(fields):
            self._extended += 1
            owner["revision"] = self._extended
            owner["reserved1"] = None
        fields["extInfo"] = {"extParas": [{"key": "zone", "value": "cn-north-1"}], "ratio": 0.5, "final": True}


class VariedIdentity(Ids):
    """Names of other forms than the captured ones.

    Every one of them is new, and the same for the same inputs.
    """

    __slots__ = ("_bindings", "_variations")

    def __init__(self, seed: str, variations: Variations) -> None:
        super().__init__(seed)
        self._variations = variations
        self._bindings = 0

    def subscription_id(self) -> str:
        """See Ids."""
        plain = super().subscription_id()
        self._bindings += 1
        if "ids.subscription_short" in self._variations:
            return str(self._bindings)
        if "ids.subscription_long" in self._variations:
            return f"{self._bindings}+/= {plain}".ljust(64, "A")
        return plain

    def session_id(self, now_ms: int) -> str:
        """See Ids."""
        plain = super().session_id(now_ms)
        if "ids.session_short" in self._variations:
            return str(self._calls)
        if "ids.session_long" in self._variations:
            return plain.ljust(256, "x")
        if "ids.session_of_2022" in self._variations:
            return f"+8613010112500_+8613800000099_4_{now_ms // 1000:x}_{self._calls}_669_1_0"
        return plain

    def nonce(self, push_id: str, attempt: int) -> str:
        """See Ids."""
        plain = super().nonce(push_id, attempt)
        if "ids.nonce_long" in self._variations:
            return plain.upper().ljust(128, "z")
        if "ids.nonce_short" in self._variations:
            number = int(push_id.removeprefix("push-"))
            return str(number if attempt == 1 else attempt * _FIRST_OF_REPEATS + number)
        return plain


class VariedOutbox(Outbox):
    """Pushes that are written otherwise, late, sent twice, or reordered."""

    __slots__ = ("_due", "_variations")

    def __init__(self, assumptions: Assumptions, identity: Ids, timers: Timers, variations: Variations) -> None:
        self._variations = variations
        super().__init__(assumptions, identity, timers)

    def clear(self) -> None:
        """See Outbox."""
        super().clear()
        #: When the last push of each call is due, so that its events keep their order.
        self._due: dict[str, int] = {}

    def send(self, app: Application, kind: str, url: str, body: bytes, **options: Any) -> Push:
        """See Outbox."""
        common = f"common.{kind}"
        callback = common if common in contracts.callbacks() else f"{app.mode.lower()}.{kind}"
        return super().send(app, kind, url, self._variations.push(callback, body), **options)

    def begin(self, push: Push) -> None:
        """See Outbox.begin: a late push is first tried when it leaves.

        The minutes of its repeats count from there. A question is never late: a caller waits for its answer.
        """
        due = push.first_ms
        if push.question is not None:
            super().begin(push)
            return
        if "pushes.events_in_any_order" in self._variations:
            due += 1000 * self._identity.below(LATEST_SECONDS + 1)
        elif "pushes.late" in self._variations:
            due += 1000 * (1 + self._identity.below(LATEST_SECONDS))
            due = self._due[push.stream] = max(due, self._due.get(push.stream, 0))
        if due == push.first_ms:
            super().begin(push)
        else:
            self.begin_at(push, due)

    def take(self, now_ms: int) -> list[Push]:
        """See Outbox. The second copy of a push goes out with the first.

        The outcome of the first counts.
        """
        taken = super().take(now_ms)
        if "pushes.duplicated" in self._variations:
            taken = [each for push in taken for each in two_copies(push)]
        return taken

    def arranged_pushes(self, pushes: list[Push]) -> list[Push]:
        """See Outbox."""
        pushes = super().arranged_pushes(pushes)
        if "pushes.events_in_any_order" in self._variations:
            pushes = self._identity.shuffled_copy(pushes)
        elif "pushes.any_order" in self._variations:
            streams: dict[str, list[Push]] = {}
            for push in pushes:
                streams.setdefault(push.stream, []).append(push)
            pushes = list(itertools.chain.from_iterable(self._identity.shuffled_copy(streams.values())))
        if "pushes.cdr_first" in self._variations:
            pushes.sort(key=lambda push: push.kind != "cdr")
        return pushes


@cache
def _operations() -> Mapping[tuple[str, str], str]:
    """Id of the operation of a method and path."""
    return {(op.method, op.path): op.id for op in contracts.operations().values()}


def _owners(fields: dict[str, Any], path: str) -> Iterator[tuple[dict[str, Any], str]]:
    """The objects that hold the field at a path ("feeLst[].icid"); its name."""
    step, dot, rest = path.partition(".")
    if not dot:
        yield fields, path
    elif step.endswith("[]"):
        for element in fields.get(step[:-2], ()):
            yield from _owners(element, rest)
    elif step in fields:
        yield from _owners(fields[step], rest)


def _objects(fields: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A message, and every object in it."""
    for value in list(fields.values()):
        for each in value if isinstance(value, list) else (value,):
            if isinstance(each, dict):
                yield from _objects(each)
    yield fields


def _respelled_json(fields: dict[str, Any]) -> bytes:
    """JSON in another spelling."""
    text = json.dumps(fields, indent=2, sort_keys=True)
    return text.replace("+", "\\u002b").replace("/", "\\/").encode()
