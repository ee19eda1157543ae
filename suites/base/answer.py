"""The answer to a request as checks see it.

Status, headers, and the JSON object in the body.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import orjson

__all__ = ["DEEPEST", "Answer", "is_deep", "json_object"]

DEEPEST = 50
"""Levels of JSON; the messages of the contract have four. What is deeper overflows who prints or compares it."""


@dataclass(frozen=True, slots=True)
class Answer:
    """The answer to one request.

    `body` is the JSON object in it, None if there is none; `seconds` it took.
    """

    status: int
    headers: tuple[tuple[str, str], ...]
    content: bytes
    body: dict[str, Any] | None
    seconds: float = 0.0

    @property
    def text(self) -> str:
        """The body as text; what is not UTF-8 is replaced."""
        return self.content.decode("utf-8", "replace")

    @property
    def code(self) -> str | None:
        """resultcode, None if there is none or it is no text."""
        code = (self.body or {}).get("resultcode")
        return code if isinstance(code, str) else None

    @property
    def desc(self) -> str:
        """resultdesc, empty if there is none."""
        desc = (self.body or {}).get("resultdesc")
        return desc if isinstance(desc, str) else ""

    @property
    def ok(self) -> bool:
        """200 with resultcode "0" (COM-ENV-002)."""
        return self.status == 200 and self.code == "0"

    @property
    def summary(self) -> str:
        """In a few words what came.

        Status, code and text, or how the body begins where it is no JSON object.
        """
        if self.body is not None:
            return f"{self.key:.60} {self.desc:.200}".rstrip()
        place = self.header("location")
        there = f", Location {place[:80]!r}" if place is not None and 300 <= self.status < 400 else ""
        begin = self.content[:400].decode("utf-8", "replace")[:80]
        return f"HTTP {self.status} without a JSON object: {begin!r}{there}"

    @property
    def key(self) -> str:
        """Status and code as the contract writes them: "403/1012010".

        "200/0" for a success.
        """
        return f"{self.status}/{self.code}"

    def __getitem__(self, name: str) -> Any:
        """A field of the body; None if it is not there."""
        return (self.body or {}).get(name)

    def items(self, name: str) -> list[dict[str, Any]]:
        """The objects in a list of the body.

        Whatever else stands there breaks the answer's schema, and fails there.
        """
        found = self[name]
        return [item for item in found if isinstance(item, dict)] if isinstance(found, list) else []

    def header(self, name: str) -> str | None:
        """The first header of that name, in any case."""
        wanted = name.lower()
        return next((value for key, value in self.headers if key.lower() == wanted), None)


def json_object(content: bytes) -> dict[str, Any] | None:
    """The JSON object that the bytes are.

    None if they are none, or one that is nested deeper than DEEPEST.
    """
    try:
        found = orjson.loads(content) if content else None
    except orjson.JSONDecodeError:
        return None
    return found if isinstance(found, dict) and not is_deep(content, found) else None


def is_deep(content: bytes, value: Any) -> bool:
    """Whether the value that the bytes are is nested deeper than DEEPEST."""
    if content.count(b"{") + content.count(b"[") <= DEEPEST:
        return False
    level = [value]
    for _ in range(DEEPEST):
        inner = [part.values() if isinstance(part, dict) else part for part in level if isinstance(part, dict | list)]
        level = [item for items in inner for item in items]
        if not level:
            return False
    return True
