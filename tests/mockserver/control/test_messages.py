"""Control messages that cannot be read, or name what cannot be."""

from __future__ import annotations

import pytest

from tests.mockserver.control.test_plane import APP, Console
from tests.mockserver.rig import A, X


def test_a_byte_that_is_no_character_is_named() -> None:
    status, told = Console().send("POST", "/worlds", b'{"id":"\xff"}')
    assert (status, told["where"]) == (400, "body")
    assert told["error"].startswith("the body is not UTF-8 (at byte 8, 0xff, ")
    assert Console().send("POST", "/worlds", b"{")[1]["error"].startswith("the body is not JSON (")


@pytest.mark.parametrize("number", ["+86138x", "Bob", "+", "+86 13812345678", ""])
@pytest.mark.parametrize(("path", "names"), [("calls", ("caller", "called")), ("sms", ("from", "to"))])
def test_what_nobody_can_dial_is_refused(path: str, names: tuple[str, str], number: str) -> None:
    """By the schema, before anything is looked for."""
    console = Console()
    console.world(id="w", applications=[APP])
    for name in names:
        good = dict(zip(names, (A, X), strict=True)) | ({"text": "hello"} if path == "sms" else {})
        status, told = console.send("POST", f"/worlds/w/{path}", good | {name: number})
        assert (status, told["where"]) == (400, name)
        assert not number or "digits, with or without a +" in told["error"]
